/// What is assumed of the events for which two models are compared.
package struct EventDomain: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// All inputs are float32 numbers.
  package static let float32 = EventDomain(rawValue: 1)
  /// No input is NaN.
  package static let withoutNaN = EventDomain(rawValue: 2)
}
