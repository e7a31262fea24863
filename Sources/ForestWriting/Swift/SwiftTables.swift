/// The constant tables of a program: one structure of pointers, filled once, on first use.
///
/// Tables of up to `literalLimit` numbers are written as plain lists. Longer ones would cost the compiler more than
/// proportionally, so they are written as one text of hexadecimal digits each.
struct SwiftTables {
  let tables: [Program.Table]

  static let literalLimit = 1000

  func print(to printer: inout CodePrinter) {
    guard !tables.isEmpty else { return }
    printer.line("/// The constants of the model, filled in once, before they are first used, and never changed after.")
    printer.line("///")
    printer.line("/// Pointers, because reading through them needs no checks: every index in the program is within its table.")
    printer.line("/// `@unchecked Sendable`, because nobody writes to what they point to.")
    printer.line("private struct Tables: @unchecked Sendable {")
    printer.indent()
    printer.line("static let shared = Tables()")
    for table in tables {
      printer.line()
      for line in SafeText.lines("\(table.comment) (\(table.numbers.count) numbers)", width: 106) { printer.line("/// " + line) }
      printer.line("let \(table.name): UnsafePointer<\(Self.element(table.numbers))>")
    }
    printer.line()
    printer.line("init() {")
    printer.indented { printer in
      for table in tables { fill(table, to: &printer) }
    }
    printer.line("}")
    printer.line()
    printer.line(
      """
      private static func kept<Number>(_ list: [Number]) -> UnsafePointer<Number> {
        let numbers = UnsafeMutablePointer<Number>.allocate(capacity: list.count)
        for i in 0..<list.count { (numbers + i).initialize(to: list[i]) }
        return UnsafePointer(numbers)
      }
      """)
    if tables.contains(where: { $0.numbers.count > Self.literalLimit }) {
      printer.line()
      printer.line(
        """
        /// Reads a table from a text that gives the bits of each number in `digits` hexadecimal digits.
        private static func kept<Number>(
          _ text: StaticString, count: Int, digits: Int, _ number: (UInt64) -> Number
        ) -> UnsafePointer<Number> {
          let numbers = UnsafeMutablePointer<Number>.allocate(capacity: count)
          var reader = HexadecimalReader(text)
          for i in 0..<count { (numbers + i).initialize(to: number(reader.next(digits))) }
          return UnsafePointer(numbers)
        }
        """)
    }
    printer.outdent()
    printer.line("}")
  }

  private func fill(_ table: Program.Table, to printer: inout CodePrinter) {
    guard table.numbers.count > Self.literalLimit else {
      printer.line("\(table.name) = Tables.kept([")
      printer.indented { $0.filled(Self.literals(table.numbers)) }
      printer.line("] as [\(Self.element(table.numbers))])")
      return
    }
    let (bits, digits) = Self.bits(table.numbers)
    printer.line("\(table.name) = Tables.kept(")
    printer.indented { printer in
      SwiftText.hexadecimal(bits.lazy.map { ($0, digits) }, terminator: ",", to: &printer)
      let number =
        switch table.numbers {
        case .float64: "{ Double(bitPattern: $0) }"
        case .float32: "{ Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }"
        case .integers: "{ \(Self.element(table.numbers))(truncatingIfNeeded: $0) }"
        }
      printer.line("count: \(table.numbers.count), digits: \(digits), \(number))")
    }
  }

  private static func element(_ numbers: Program.Table.Numbers) -> String {
    switch numbers {
    case .float32: "Float"
    case .float64: "Double"
    case .integers(_, let storage): "Int\(storage.rawValue * 8)"
    }
  }

  private static func literals(_ numbers: Program.Table.Numbers) -> [String] {
    switch numbers {
    case .float32(let list): list.map(SwiftNumbers.float32)
    case .float64(let list): list.map(SwiftNumbers.float64)
    case .integers(let list, _): list.map(String.init)
    }
  }

  /// The bits of each number, and how many hexadecimal digits hold them.
  private static func bits(_ numbers: Program.Table.Numbers) -> (bits: [UInt64], digits: Int) {
    switch numbers {
    case .float32(let list): (list.map { UInt64($0.bitPattern) }, 8)
    case .float64(let list): (list.map(\.bitPattern), 16)
    case .integers(let list, let storage):
      (list.map { UInt64(UInt32(bitPattern: $0)) & (1 << UInt64(storage.rawValue * 8) - 1) }, storage.rawValue * 2)
    }
  }

  /// What reads the texts.
  static let reader = """
    /// Reads numbers from hexadecimal digits; everything else in the text is skipped.
    private struct HexadecimalReader {
      private var place: UnsafePointer<UInt8>
      private let end: UnsafePointer<UInt8>

      /// - Parameter text: begins with the number of its format, which is 1.
      init(_ text: StaticString) {
        place = text.utf8Start
        end = place + text.utf8CodeUnitCount
        precondition(place < end && place.pointee == 0x31, "this text is of another format")
        place += 1
      }

      /// The next number of `digits` digits.
      mutating func next(_ digits: Int) -> UInt64 {
        var bits: UInt64 = 0
        var missing = digits
        while missing > 0 {
          precondition(place < end, "this text is incomplete")
          let byte = place.pointee
          place += 1
          // "0" to "9", then "a" to "f".
          if byte &- 0x30 < 10 {
            bits = bits << 4 | UInt64(byte &- 0x30)
            missing -= 1
          } else if byte &- 0x61 < 6 {
            bits = bits << 4 | UInt64(byte &- 0x57)
            missing -= 1
          }
        }
        return bits
      }
    }
    """
}
