/// Decimals that readers get right which compute `digits · 10^exponent` in float64: one multiplication or division.
///
/// Such a reader (RapidJSON's default, for one) takes the digits as an integer of 64 bits, further digits by `d = d · 10 + digit`, and
/// multiplies by a power of 10 or divides by one. The shortest decimal of a number, of 16 or 17 digits, often comes out as a
/// neighbour. But there are many ways to write a number as a whole number times a power of 10, and one of them comes out right.
package enum FastPathDecimal {
  /// `0.5`, `-7205759403792794e-17`: read as `value` by a reader that rounds once, and by one that computes as above. Always with a
  /// point or an exponent.
  ///
  /// - Precondition: `value` is finite.
  /// - Returns: nil where no such text was found: for one number in tens of thousands, and for very small ones.
  package static func spelling(_ value: Double) -> String? {
    precondition(value.isFinite, "only finite numbers have digits")
    let shortest = value.description, magnitude = value.magnitude
    if value == 0 { return shortest }
    if let (digits, power) = parts(of: magnitude.description), scaled(digits, power) == magnitude { return shortest }
    // More digits of the number itself, or near enough to round to it; zeros behind them change nothing but how the reader rounds.
    for zeros in 0..<285 {
      for count in [18, 17, 16, 19] {
        let (leading, exponent) = DecimalSpelling.digits(of: magnitude, count: count)
        let whole = (leading + [UInt8](repeating: 0, count: count - leading.count)).reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        for shift: Int64 in [0, 7, -7, 15, -15, 30, -30, 45, -45] {
          let all = Array("\(whole &+ UInt64(bitPattern: shift))".utf8) + [UInt8](repeating: 0x30, count: zeros)
          let power = exponent - count + 1 - zeros
          guard read(all, power: power, isNegative: value < 0) == magnitude else { continue }
          let text = String(decoding: all, as: UTF8.self) + "e\(power)"
          if Double(text) == magnitude { return (value < 0 ? "-" : "") + text }
        }
      }
    }
    return nil
  }

  /// What such a reader makes of a whole number, in ASCII digits, and an exponent.
  private static func read(_ digits: [UInt8], power: Int, isNegative: Bool) -> Double {
    // The integers that still take one more digit: up to 2⁶³, and 2⁶⁴ − 1 without a sign.
    let limit: UInt64 = isNegative ? 0x0CCC_CCCC_CCCC_CCCC : 0x1999_9999_9999_9999, lastDigit = isNegative ? 8 : 5
    var integer: UInt64 = 0, value = 0.0, isInteger = true
    for byte in digits {
      let digit = byte & 0xF
      if isInteger, integer < limit || (integer == limit && digit <= lastDigit) {
        integer = integer * 10 + UInt64(digit)
        value = Double(integer)
      } else {
        isInteger = false
        value = value * 10 + Double(digit)
      }
    }
    return scaled(value, power)
  }

  private static func scaled(_ value: Double, _ power: Int) -> Double {
    steps(of: power).reduce(value) { power >= 0 ? $0 * $1 : $0 / $1 }
  }

  /// A power of 10 as such readers use it: at once, or beyond 10³⁰⁸ in two steps.
  private static func steps(of power: Int) -> [Double] {
    let size = Int(power.magnitude)
    return (size > 308 ? [308, size - 308] : [size]).map { Double("1e\($0)") ?? .infinity }
  }

  /// The digits of a description and its exponent, where the digits are a whole number of at most 53 bits.
  private static func parts(of text: String) -> (digits: Double, power: Int)? {
    var digits: Int64 = 0, fraction = 0, isFraction = false
    var rest = Substring(text)
    while let byte = rest.utf8.first, byte != UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: ".") {
        isFraction = true
        continue
      }
      guard digits < 1 << 53 else { return nil }
      digits = digits * 10 + Int64(byte & 0xF)
      if isFraction { fraction += 1 }
    }
    guard digits <= 1 << 53, let exponent = rest.isEmpty ? 0 : Int(rest.dropFirst()) else { return nil }
    return (Double(digits), exponent - fraction)
  }
}
