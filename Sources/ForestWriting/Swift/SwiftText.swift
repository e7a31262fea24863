/// Helpers for laying out text.
enum SwiftText {
  static func literal(_ text: String) -> String { "\"" + SafeText.swiftLiteral(text) + "\"" }

  /// A literal of several lines that holds the format number and the digits of all numbers.
  static func hexadecimal(
    _ numbers: some Sequence<(bits: UInt64, digits: Int)>, terminator: String, to printer: inout CodePrinter
  ) {
    printer.line("\"\"\"")
    printer.line("1")
    var line: [UInt8] = []
    for (bits, digits) in numbers {
      for digit in stride(from: (digits - 1) * 4, through: 0, by: -4) {
        let value = UInt8(truncatingIfNeeded: bits >> UInt64(digit)) & 15
        line.append(value < 10 ? 0x30 + value : 0x57 + value)
      }
      if line.count >= 96 {
        printer.line(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      }
    }
    if !line.isEmpty { printer.line(String(decoding: line, as: UTF8.self)) }
    printer.line("\"\"\"" + terminator)
  }
}
