/// The one place where text becomes numbers, and numbers become text.
///
/// Text is ASCII: an optional sign, digits with at most one point among or around them, and an optional exponent
/// (`12`, `-0.5`, `.5`, `5.`, `+1e-7`). No locale, no blanks, no hexadecimal; anything else gives `nil`, and so does
/// text with something after the number. The value is the float nearest to the written number, ties to even, whatever
/// the number of digits; beyond the range that is infinity, below it zero, as IEEE 754 has it. The sign of zero is kept.
package enum DecimalText {
  /// Whether `nan`, `inf` and `infinity` (any case, with or without a sign) are numbers; their callers differ.
  package enum Words: Sendable {
    case refused
    case accepted
  }

  /// The float64 that `text` says. A NaN is the positive quiet one, whatever its sign.
  package static func double(_ text: Span<UInt8>, words: Words = .refused) -> Double? {
    guard let number = DecimalNumber(seventeenDigits: text) ?? DecimalNumber(text) else {
      return words == .accepted ? word(text) : nil
    }
    let magnitude = number.double() ?? number.exactly(text) { Double($0) }
    return number.isNegative ? -magnitude : magnitude
  }

  /// The float32 that `text` says, rounded once, straight from the text.
  package static func float(_ text: Span<UInt8>, words: Words = .refused) -> Float? {
    guard let number = DecimalNumber(text) else {
      return words == .accepted ? word(text).map { Float($0) } : nil
    }
    let magnitude = number.float() ?? number.exactly(text) { Float($0) }
    return number.isNegative ? -magnitude : magnitude
  }

  /// The float64 that a string says; see `double(_:words:)`.
  package static func double(_ text: some StringProtocol, words: Words = .refused) -> Double? {
    double(Array(text.utf8).span, words: words)
  }

  /// The float32 that a string says; see `float(_:words:)`.
  package static func float(_ text: some StringProtocol, words: Words = .refused) -> Float? {
    float(Array(text.utf8).span, words: words)
  }

  private static func word(_ text: Span<UInt8>) -> Double? {
    // The longest is "-infinity".
    guard text.count >= 3, text.count <= 9 else { return nil }
    let isNegative = text[0] == UInt8(ascii: "-")
    let start = isNegative || text[0] == UInt8(ascii: "+") ? 1 : 0
    func spells(_ word: StaticString) -> Bool {
      guard text.count - start == word.utf8CodeUnitCount else { return false }
      return word.withUTF8Buffer { letters in
        letters.indices.allSatisfy { text[start + $0] | 0x20 == letters[$0] }
      }
    }
    if spells("nan") { return .nan }
    if spells("inf") || spells("infinity") { return isNegative ? -.infinity : .infinity }
    return nil
  }
}
