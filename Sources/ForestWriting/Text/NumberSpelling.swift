import Decimals

/// The exact literal of a number in each language: the one place where numbers become source text.
///
/// A finite number is written as the shortest decimal that a correctly rounding compiler reads back to the same bits
/// (17 digits at most for float64, 9 for float32); −0 keeps its sign. NaN loses its payload.
package struct NumberSpelling: Sendable {
  /// What float32 literals end in.
  let float32Suffix: StaticString
  let infinity64: String
  let infinity32: String
  let nan64: String
  let nan32: String
  /// Whether the language holds float32 numbers in float64: a literal must then be exact in float64.
  let widensFloat32: Bool

  package static let cpp = NumberSpelling(
    float32Suffix: "f", infinity64: "HUGE_VAL", infinity32: "HUGE_VALF", nan64: "static_cast<double>(NAN)", nan32: "NAN",
    widensFloat32: false)
  package static let c = NumberSpelling(
    float32Suffix: "f", infinity64: "HUGE_VAL", infinity32: "HUGE_VALF", nan64: "(double)NAN", nan32: "NAN",
    widensFloat32: false)
  package static let python = NumberSpelling(
    float32Suffix: "", infinity64: "_INF", infinity32: "_INF", nan64: "_NAN", nan32: "_NAN", widensFloat32: true)
  /// Swift has no suffix: the context gives a literal its type, and reads it in that type, rounded once.
  package static let swift = NumberSpelling(
    float32Suffix: "", infinity64: "Double.infinity", infinity32: "Float.infinity", nan64: "Double.nan",
    nan32: "Float.nan", widensFloat32: false)

  package func float64(_ value: Double) -> String {
    if value.isNaN { return nan64 }
    if value.isInfinite { return value < 0 ? "-" + infinity64 : infinity64 }
    return value.description
  }

  package func float32(_ value: Float) -> String {
    if widensFloat32 { return float64(Double(value)) }
    if value.isNaN { return nan32 }
    if value.isInfinite { return value < 0 ? "-" + infinity32 : infinity32 }
    return "\(value)\(float32Suffix)"
  }

  /// Puts down a literal for a long table: that of `float64(_:)`, without a zero in front of the point.
  func put(_ value: Double, to text: inout TextBuffer) {
    guard value.isFinite else { return text.append(float64(value).utf8) }
    let start = text.count
    text.append(number: value)
    if value != 0 { text.dropLeadingZero(from: start) }
  }

  /// The same of `float32(_:)`.
  func put(_ value: Float, to text: inout TextBuffer) {
    guard value.isFinite, !widensFloat32 else { return text.append(float32(value).utf8) }
    let start = text.count
    text.append(number: value)
    if value != 0 { text.dropLeadingZero(from: start) }
    text.append(float32Suffix)
  }

  /// A floating literal of the given type.
  package func floating(_ value: Double, _ type: ScalarType) -> String {
    type == .float32 ? float32(Float(value)) : float64(value)
  }
}
