/// Decimals with more digits than the shortest that read back to the same number, for readers that do not round rightly.
///
/// A reader that computes the value of a decimal in a few steps can miss it by a little; the shortest decimal may lie near the
/// middle between two float64 numbers, where a little is enough to end at the wrong one. Eighteen digits lie within a
/// twentieth of a unit in the last place of the number itself.
package enum DecimalSpelling {
  package static let digitCount = 18

  /// `1.5e0`, `-3.25e-7`, `0e0`, `-0e0`: always with an exponent, at most 18 significant digits, half rounded up.
  ///
  /// - Precondition: `value` is finite.
  /// - Complexity: O(e²) for numbers of the magnitude 2^±e.
  package static func scientific(_ value: Double) -> String {
    precondition(value.isFinite, "only finite numbers have digits")
    let sign = value.sign == .minus ? "-" : ""
    guard value != 0 else { return sign + "0e0" }
    let (digits, exponent) = digits(of: value.magnitude, count: digitCount)
    let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    return "\(sign)\(text.prefix(1))\(text.utf8.count == 1 ? "" : "." + text.dropFirst())e\(exponent)"
  }

  /// The leading digits, half rounded up, without zeros at the end, and the power of 10 of the first.
  ///
  /// - Parameter magnitude: positive and finite.
  static func digits(of magnitude: Double, count: Int) -> (digits: [UInt8], exponent: Int) {
    let field = Int(magnitude.bitPattern >> 52 & 0x7FF)
    let bits = magnitude.bitPattern & 0x000F_FFFF_FFFF_FFFF
    var significand = field == 0 ? bits : bits | 1 << 52
    var power = max(field, 1) - 1075
    power += significand.trailingZeroBitCount
    significand >>= UInt64(significand.trailingZeroBitCount)
    // significand · 2^power = whole · 10^(−shift)
    var whole = BigNumber(significand)
    for _ in 0..<max(power, 0) { whole.multiply(by: 2) }
    for _ in 0..<max(-power, 0) { whole.multiply(by: 5) }
    let all = whole.decimal
    var exponent = all.count - 1 - max(-power, 0)
    var digits = Array(all.prefix(count))
    if all.count > count, all[count] >= 5 {
      var place = digits.count - 1
      while place >= 0, digits[place] == 9 {
        digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        digits[place] += 1
      } else {
        digits.insert(1, at: 0)
        exponent += 1
      }
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    return (digits, exponent)
  }

  /// A whole number of any size; the lowest word first.
  private struct BigNumber {
    private var words: [UInt32]

    init(_ value: UInt64) { words = [UInt32(truncatingIfNeeded: value), UInt32(value >> 32)] }

    mutating func multiply(by factor: UInt64) {
      var carry: UInt64 = 0
      for index in words.indices {
        let product = UInt64(words[index]) * factor + carry
        words[index] = UInt32(truncatingIfNeeded: product)
        carry = product >> 32
      }
      if carry != 0 { words.append(UInt32(carry)) }
    }

    /// The digits, the highest first.
    var decimal: [UInt8] {
      var rest = words
      var digits: [UInt8] = []
      while !rest.allSatisfy({ $0 == 0 }) {
        var remainder: UInt64 = 0
        for index in rest.indices.reversed() {
          let value = remainder << 32 | UInt64(rest[index])
          rest[index] = UInt32(value / 1_000_000_000)
          remainder = value % 1_000_000_000
        }
        while rest.last == 0 { rest.removeLast() }
        for _ in 0..<9 {
          digits.append(UInt8(remainder % 10))
          remainder /= 10
        }
      }
      while digits.last == 0 { digits.removeLast() }
      return digits.reversed()
    }
  }
}
