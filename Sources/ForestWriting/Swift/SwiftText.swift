import Decimals

/// Helpers for laying out text.
enum SwiftText {
  static func literal(_ text: String) -> String { "\"" + SafeText.swiftLiteral(text) + "\"" }

  /// A literal of several lines that holds the format number and the digits of all numbers.
  static func hexadecimal(
    _ numbers: some Sequence<(bits: UInt64, digits: Int)>, terminator: String, to printer: inout CodePrinter
  ) {
    printer.line("\"\"\"")
    printer.line("1")
    var line = TextBuffer()
    line.append(printer.margin)
    for (bits, digits) in numbers {
      line.append(hexadecimal: bits, digits: digits)
      if line.count - printer.margin.count >= 96 {
        line.append(0x0A)
        printer.verbatim(line.bytes)
        line.truncate(to: printer.margin.count)
      }
    }
    if line.count > printer.margin.count {
      line.append(0x0A)
      printer.verbatim(line.bytes)
    }
    printer.line("\"\"\"" + terminator)
  }
}
