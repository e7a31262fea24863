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
    let isShort = table.numbers.count <= PythonTables.literalLimit
    let reader: String
    let items: [String]
    switch table.numbers {
    case .integers(let numbers, _):
      reader = "_integers"
      items = numbers.map(String.init)
    case .float64(let numbers):
      reader = "_floats"
      items = numbers.map { isShort ? NumberSpelling.python.float64($0) : $0.description }
    case .float32(let numbers):
      reader = "_float32s"
      items = numbers.map { isShort ? NumberSpelling.python.float32($0) : PythonTables.text($0) }
    }
    if isShort {
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
    } else {
      readers.insert(reader)
      printer.line("\(name) = \(reader)(\"\"\"")
      printer.filled(items, separator: " ")
      printer.line("\"\"\")")
    }
  }

  /// The shortest decimal whose float64, rounded to float32, is `value`: what the module does with it.
  private static func text(_ value: Float) -> String {
    let short = value.description
    // Rounding twice could end elsewhere than rounding once, in theory.
    if value.isNaN || value.isInfinite { return short }
    guard let read = Double(short), Float(read) == value else { return Double(value).description }
    return short
  }
}
