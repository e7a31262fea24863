import Decimals

/// Decimal numbers as they stand in attributes and text: blanks around them do not count.
enum NumberText {
  /// The nearest float64 (ties to even); nil for anything but a decimal number, `inf` and `nan` included.
  static func double(_ bytes: Span<UInt8>) -> Double? {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return DecimalText.double(bytes.extracting(start..<end))
  }

  static func double(_ text: some StringProtocol) -> Double? {
    double(Array(text.utf8).span)
  }
}
