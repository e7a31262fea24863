extension DecimalText {
  /// Appends the shortest decimal text that reads back to the same float64.
  ///
  /// Whole numbers end in `.0` (`3.0`, `-0.0`); from 2^53 on and below 10^-4 there is an exponent (`1e+16`, `1e-05`,
  /// `5e-324`). Every NaN is `nan`, the infinities are `inf` and `-inf`.
  package static func append(_ value: Double, to text: inout [UInt8]) {
    // Labels and counts are whole numbers; they have a quicker way. Negative zero has not.
    if value.magnitude < 9_007_199_254_740_992, value != 0 || value.sign == .plus {
      let whole = Int64(value)
      if Double(whole) == value {
        append(whole, to: &text)
        text.append(UInt8(ascii: "."))
        text.append(UInt8(ascii: "0"))
        return
      }
    }
    appendDescription(of: value, to: &text)
  }

  /// Appends the shortest decimal text that reads back to the same float32; spelled like a float64.
  package static func append(_ value: Float, to text: inout [UInt8]) {
    appendDescription(of: value, to: &text)
  }

  /// The shortest decimal text that reads back to the same float64; see `append(_:to:)`.
  package static func spelling(_ value: Double) -> String {
    value.isNaN ? "nan" : value.description
  }

  /// Appends the digits of a whole number.
  package static func append(_ value: Int64, to text: inout [UInt8]) {
    if value < 0 { text.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    if rest < 10 {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest))
      return
    }
    let start = text.count
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    text[start...].reverse()
  }

  /// The description of a floating-point value is, by its documentation, the shortest text that reads back.
  private static func appendDescription<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    of value: Value, to text: inout [UInt8]
  ) {
    // A signaling NaN would be spelled otherwise.
    var words = value.isNaN ? "nan" : value.description
    words.withUTF8 { text.append(contentsOf: $0) }
  }
}
