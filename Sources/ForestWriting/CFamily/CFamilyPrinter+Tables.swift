import Decimals
import ForestIR

/// Constant tables.
extension CFamilyPrinter {
  /// All tables of a program.
  func tables(of program: Program) -> [CFamilyTable] {
    let plain = program.tables.map { table in
      CFamilyTable(comment: table.comment, type: elementType(of: table), name: table.name, count: table.numbers.count) {
        printNumbers(of: table, to: &$0)
      }
    }
    return plain + (program.ranked.map { rankedTables($0) } ?? [])
  }

  private func elementType(of table: Program.Table) -> String {
    switch table.numbers {
    case .float32: name(of: ScalarType.float32)
    case .float64: name(of: ScalarType.float64)
    case .integers(_, let storage): name(of: storage)
    }
  }

  /// The numbers of a table, comma-separated, in filled lines.
  private func printNumbers(of table: Program.Table, to printer: inout CodePrinter) {
    switch table.numbers {
    case .float32(let numbers): CFamilyTable.fill(numbers, to: &printer) { spelling.put($1, to: &$0) }
    case .float64(let numbers): CFamilyTable.fill(numbers, to: &printer) { spelling.put($1, to: &$0) }
    case .integers(let numbers, _):
      CFamilyTable.fill(numbers, to: &printer) { text, number in
        if number == .min { text.append("-2147483647 - 1") } else { text.append(whole: Int(number)) }
      }
    }
  }
}
