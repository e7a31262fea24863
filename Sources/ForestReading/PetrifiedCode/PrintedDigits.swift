import ForestIR

/// Measures what the digits of printed numbers can no longer say.
///
/// A program that prints a number with too few digits prints another number. Which one it was cannot be known afterwards;
/// what can be known is how far it may lie away, and that a number that float32 does not have was not the trained one.
struct PrintedDigits {
  /// How the writer rounds.
  enum Rounding {
    /// To so many significant digits.
    case significant(Int)
    /// To so many digits after the point.
    case decimals(Int)
    /// Not at all: enough digits that the very number is read back.
    case none
  }

  private(set) var rounding: Rounding
  private(set) var count = 0
  /// How many are not float32 numbers.
  private(set) var foreign = 0
  /// The number of largest size.
  private(set) var widestAt = 0.0

  init(_ rounding: Rounding) { self.rounding = rounding }

  mutating func take(_ value: Double) {
    count += 1
    if !Width.float32.holds(value) { foreign += 1 }
    if abs(value) > abs(widestAt) || count == 1 { widestAt = value }
  }

  /// Says how the numbers were rounded, once that is known.
  mutating func declare(_ rounding: Rounding) { self.rounding = rounding }

  /// The largest half unit of the last printed digit; it belongs to the number of largest size.
  var widest: Double { halfUnit(of: widestAt) }

  private func halfUnit(of value: Double) -> Double {
    switch rounding {
    case .none: return 0
    case .decimals(let digits): return 0.5 * Self.powerOfTen(-digits)
    case .significant(let digits):
      guard value != 0 else { return 0 }
      return 0.5 * Self.powerOfTen(Self.exponent(of: value) - digits + 1)
    }
  }

  /// The power of ten that a positive number begins with: e with 10^e <= |x| < 10^(e+1).
  private static func exponent(of value: Double) -> Int {
    var exponent = 0
    var rest = abs(value)
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<abs(exponent) { power *= 10 }
    return exponent < 0 ? 1 / power : power
  }

  /// The distance as a person reads it: two digits are enough for an estimate.
  static func brief(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let exponent = exponent(of: value)
    let digits = (value / powerOfTen(exponent) * 10).rounded() / 10
    return (-3...5).contains(exponent) ? "\(digits * powerOfTen(exponent))" : "\(digits)e\(exponent)"
  }
}
