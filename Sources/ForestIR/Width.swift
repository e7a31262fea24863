/// The precision in which a quantity is stored and a rounding happens.
///
/// Both are IEEE 754 binary formats, rounded to nearest, ties to even. Every float32 number is also a float64
/// number, so values are *held* as `Double` throughout and a width says which of them may occur.
package enum Width: String, Sendable, Hashable, CaseIterable {
  case float32
  case float64

  /// The number of this width nearest to `value`; NaN stays NaN, too large a number becomes an infinity.
  @inlinable package func rounded(_ value: Double) -> Double {
    switch self {
    case .float32: Double(Float(value))
    case .float64: value
    }
  }

  /// Whether `value` is a number of this width (NaN and infinities are).
  @inlinable package func holds(_ value: Double) -> Bool {
    rounded(value) == value || value.isNaN
  }
}
