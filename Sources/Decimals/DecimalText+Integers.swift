extension DecimalText {
  /// The whole number that `text` says: an optional sign and digits, nothing else.
  ///
  /// `nil` for empty text, for anything that is not a digit, and for a number that `Value` cannot hold. Leading zeros
  /// are read; `-0` is 0.
  package static func integer<Value: FixedWidthInteger>(
    _ text: Span<UInt8>, as type: Value.Type = Value.self
  ) -> Value? {
    var index = 0
    var isNegative = false
    if text.count > 0, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = text[0] == UInt8(ascii: "-")
      index = 1
    }
    guard index < text.count else { return nil }
    var magnitude: UInt64 = 0
    while index < text.count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      let (scaled, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit))
      if tooLarge || overflow { return nil }
      magnitude = sum
      index += 1
    }
    guard isNegative else { return Value(exactly: magnitude) }
    guard magnitude <= UInt64(1) << 63 else { return nil }
    // 0 - 2^63 is the smallest Int64; its magnitude alone would not fit.
    return Value(exactly: Int64(truncatingIfNeeded: 0 &- magnitude))
  }

  /// The whole number that a string says; see `integer(_:as:)`.
  package static func integer<Value: FixedWidthInteger>(
    _ text: some StringProtocol, as type: Value.Type = Value.self
  ) -> Value? {
    integer(Array(text.utf8).span, as: type)
  }
}
