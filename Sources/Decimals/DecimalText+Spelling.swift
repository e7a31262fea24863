extension DecimalText {
  /// Appends the shortest decimal text that reads back to the same float64.
  ///
  /// Whole numbers end in `.0` (`3.0`, `-0.0`); from 2^53 on and below 10^-4 there is an exponent (`1e+16`, `1e-05`,
  /// `5e-324`). Every NaN is `nan`, the infinities are `inf` and `-inf`.
  package static func append(_ value: Double, to text: inout [UInt8]) {
    append(to: &text) { bytes, start in write(value, to: &bytes, at: start) }
  }

  /// Appends the shortest decimal text that reads back to the same float32; spelled like a float64.
  package static func append(_ value: Float, to text: inout [UInt8]) {
    append(to: &text) { bytes, start in write(value, to: &bytes, at: start) }
  }

  /// The shortest decimal text that reads back to the same float64; see `append(_:to:)`.
  package static func spelling(_ value: Double) -> String {
    value.isNaN ? "nan" : value.description
  }

  /// Appends the digits of a whole number.
  package static func append(_ value: Int64, to text: inout [UInt8]) {
    append(to: &text) { bytes, start in write(whole: Int(value), to: &bytes, at: start) }
  }

  /// Makes room at the end of a text, and gives back what `write` leaves of it.
  @inline(__always)
  private static func append(to text: inout [UInt8], _ write: (inout MutableRawSpan, Int) -> Int) {
    let start = text.count
    text.append(contentsOf: repeatElement(0, count: room))
    var span = text.mutableSpan
    var bytes = span.mutableBytes
    let end = write(&bytes, start)
    text.removeLast(start + room - end)
  }
}
