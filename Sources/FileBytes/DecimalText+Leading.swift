extension DecimalText {
  /// The float64 that stands at `start` in a longer text, in one pass; `start` moves behind it.
  ///
  /// Only the numbers of JSON (RFC 8259, section 6) that are usual are read: at most 19 digits, at most three of an
  /// exponent, not too large for a float64, and with 64 bytes of text from their start on, so that nothing in here runs
  /// into the end. `nil` for all others, and for what is no number: then `start` stays, and the caller takes its slower way.
  /// What follows the number is not looked at, but that it cannot belong to it.
  package static func leadingDouble(_ text: Span<UInt8>, from start: inout Int) -> Double? {
    guard start >= 0, start <= text.count - 64 else { return nil }
    var index = start
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var significand = UInt64(text[index] &- UInt8(ascii: "0"))
    guard significand <= 9 else { return nil }
    index += 1
    // A zero before the point is no digit that counts, and nothing but the point or the exponent follows it.
    var digits = significand == 0 ? 0 : 1
    while case let digit = text[index] &- UInt8(ascii: "0"), digit <= 9 {
      guard digits > 0, digits < 19 else { return nil }
      significand = significand &* 10 &+ UInt64(digit)
      digits += 1
      index += 1
    }
    var exponent = 0
    if text[index] == UInt8(ascii: ".") {
      index += 1
      let fraction = index
      while true {
        let word = text.eightBytes(at: index)
        let count = EightDigits.leading(word)
        index += count
        if count == 8 {
          significand = significand &* 100_000_000 &+ EightDigits.number(word & 0x0F0F_0F0F_0F0F_0F0F)
          // Three times eight are too many in any case.
          guard index - fraction <= 16 else { return nil }
        } else {
          if count > 0 {
            // The digits move to the end; zeros come in front of them.
            let last = (word & 0x0F0F_0F0F_0F0F_0F0F) << UInt64(64 - 8 * count)
            significand = significand &* EightDigits.powers[count] &+ EightDigits.number(last)
          }
          break
        }
      }
      exponent = fraction - index
      guard exponent < 0, digits - exponent <= 19 else { return nil }
    }
    if text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      let isDown = text[index] == UInt8(ascii: "-")
      if isDown || text[index] == UInt8(ascii: "+") { index += 1 }
      let first = index
      var power = 0
      while case let digit = text[index] &- UInt8(ascii: "0"), digit <= 9 {
        guard index - first < 3 else { return nil }
        power = power * 10 + Int(digit)
        index += 1
      }
      guard index > first else { return nil }
      exponent += isDown ? -power : power
    }
    guard let magnitude = PowersOfTen.double(significand, exponent), magnitude.isFinite else { return nil }
    start = index
    return isNegative ? -magnitude : magnitude
  }
}
