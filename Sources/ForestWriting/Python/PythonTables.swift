import Decimals

/// Prints the tables of a program: short ones as tuples, long ones as text that is read when the module is loaded.
///
/// Reading numbers from text takes a tenth of the time that Python's compiler needs for the same numbers as a tuple, and
/// people can still read them. (120 000 numbers: 0.03 s against 0.3 s.)
struct PythonTables {
  /// Tables of up to this many numbers are tuples.
  static let literalLimit = 32

  /// The reading functions that the printed tables call.
  private(set) var readers: Set<String> = []

  mutating func print(_ table: Program.Table, as name: String, to printer: inout CodePrinter) {
    printer.line()
    for line in SafeText.lines(table.comment, width: 110) { printer.line("# " + line) }
    if table.numbers.count <= PythonTables.literalLimit {
      printTuple(table.numbers, as: name, to: &printer)
    } else {
      printText(table.numbers, as: name, to: &printer)
    }
  }

  private mutating func printTuple(_ numbers: Program.Table.Numbers, as name: String, to printer: inout CodePrinter) {
    let items =
      switch numbers {
      case .integers(let numbers, _): numbers.map(String.init)
      case .float64(let numbers): numbers.map(NumberSpelling.python.float64)
      case .float32(let numbers): numbers.map(NumberSpelling.python.float32)
      }
    if items.contains(where: { $0.hasSuffix("_INF") }) { readers.insert("_INF") }
    if items.contains(where: { $0.hasSuffix("_NAN") }) { readers.insert("_NAN") }
    let line = "\(name) = \(PythonText.tuple(items))"
    if line.utf8.count <= 118 {
      printer.line(line)
    } else {
      printer.line("\(name) = (")
      printer.indented { $0.filled(items) }
      printer.line(")")
    }
  }

  private mutating func printText(_ numbers: Program.Table.Numbers, as name: String, to printer: inout CodePrinter) {
    let reader =
      switch numbers {
      case .integers: "_integers"
      case .float64: "_floats"
      case .float32: "_float32s"
      }
    readers.insert(reader)
    printer.line("\(name) = \(reader)(\"\"\"")
    switch numbers {
    case .integers(let numbers, _): printer.filled(numbers, separator: " ") { $0.append(whole: Int($1)) }
    case .float64(let numbers): printer.filled(numbers, separator: " ") { $0.append(number: $1) }
    case .float32(let numbers): printer.filled(numbers, separator: " ", PythonTables.put)
    }
    printer.line("\"\"\")")
  }

  /// The shortest decimal whose float64, rounded to float32, is `value`: what the module does with it.
  private static func put(_ text: inout TextBuffer, _ value: Float) {
    let start = text.count
    text.append(number: value)
    guard value.isFinite else { return }
    // Rounding twice could end elsewhere than rounding once, in theory.
    let written = text.bytes[start...]
    if let read = DecimalText.double(written.span), Float(read) == value { return }
    text.truncate(to: start)
    text.append(number: Double(value))
  }
}
