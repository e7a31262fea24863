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

  /// Whether a number stands at `start` in a longer text; `start` moves behind it. What the number is, is not worked out.
  ///
  /// The numbers of JSON (RFC 8259, section 6) that are not too long are known, with 64 bytes of text from their start on.
  /// `false` for all others, and for what is no number: then `start` stays, and the caller takes its slower way.
  package static func passLeadingNumber(_ text: Span<UInt8>, from start: inout Int) -> Bool {
    guard start >= 0, start <= text.count - 64 else { return false }
    var index = start
    if text[index] == UInt8(ascii: "-") { index += 1 }
    let first = index
    // A zero in front stands alone.
    guard passDigits(text, &index), text[first] != UInt8(ascii: "0") || index == first + 1 else { return false }
    if text[index] == UInt8(ascii: ".") {
      index += 1
      guard passDigits(text, &index) else { return false }
    }
    if text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") { index += 1 }
      guard passDigits(text, &index) else { return false }
    }
    start = index
    return true
  }

  /// Passes over 1 to 15 digits; three such runs with their signs and the point are shorter than 64 bytes.
  @inline(__always)
  private static func passDigits(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
    var count = EightDigits.leading(text.eightBytes(at: index))
    if count == 8 {
      count += EightDigits.leading(text.eightBytes(at: index + 8))
      guard count < 16 else { return false }
    }
    index += count
    return count > 0
  }

  /// The float32 that stands at `start` in a longer text, rounded once; see `leadingDouble(_:from:)`.
  ///
  /// `nil`, too, where the float64 does not decide which float32 is the nearest.
  package static func leadingFloat(_ text: Span<UInt8>, from start: inout Int) -> Float? {
    var index = start
    guard let double = leadingDouble(text, from: &index) else { return nil }
    // Rounding twice differs from rounding once only if the first step lands on the middle between two floats: bit 28 set, all
    // below it clear. Where floats are subnormal the middle lies elsewhere.
    let magnitude = double.magnitude
    guard magnitude >= Double(Float.leastNormalMagnitude) || magnitude == 0, double.bitPattern & 0x1fff_ffff != 0x1000_0000
    else { return nil }
    let float = Float(double)
    guard float.isFinite else { return nil }
    start = index
    return float
  }
}
