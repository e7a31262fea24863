import EventData
import ForestIR
import ForestVerification

/// The scores that everything is compared with: those columns of a model's results that somebody vouches for.
struct OriginalScores {
  /// The columns, as far as the original has them.
  let columns: [(name: String, width: Width)]
  /// Where they stand among the printed columns of the model.
  private let positions: [Int]
  private let printedCount: Int
  /// The columns that the original has not.
  let missing: [String]
  /// Row by row, a number for each of `columns`.
  private let values: [Double]

  /// All printed columns, row by row.
  init(_ values: [Double], _ forest: Forest) {
    columns = forest.printedColumns.map { (forest.columns[$0].name, forest.columns[$0].width) }
    positions = Array(columns.indices)
    printedCount = columns.count
    missing = []
    self.values = values
  }

  /// Reads a file of scores. Columns are found by name; at least one must be there.
  init(_ path: String, _ forest: Forest, rows: Int) throws(PetrifyError) {
    let printed = forest.printedColumns.map { forest.columns[$0] }
    let table: ReferenceTable
    do {
      table = try ReferenceTable.read(path: path)
    } catch {
      throw PetrifyError(error)
    }
    var columns: [(name: String, width: Width)] = []
    var positions: [Int] = []
    var numbers: [[Double]] = []
    var missing: [String] = []
    for (position, column) in printed.enumerated() {
      let found = table.columns.filter { $0.name.utf8.elementsEqual(column.name.utf8) }
      guard found.count < 2 else {
        throw PetrifyError(.badInput, path, "the column '\(column.name)' occurs \(found.count) times")
      }
      guard let values = found.first?.values else {
        missing.append(column.name)
        continue
      }
      guard case .numbers(let list) = values else {
        throw PetrifyError(.badInput, path, "the column '\(column.name)' holds something that is not a number")
      }
      columns.append((column.name, column.width))
      positions.append(position)
      numbers.append(list)
    }
    guard !columns.isEmpty else {
      let names = printed.prefix(8).map { "'\($0.name)'" }.joined(separator: ", ")
      throw PetrifyError(
        .badInput, path, "the table has none of the model's results", hint: "the original scores must be in columns called \(names)")
    }
    guard table.rowCount == rows else {
      throw PetrifyError(
        .badInput, path, "\(table.rowCount) rows of original scores for \(rows) rows of events",
        hint: "row by row they must belong together")
    }
    self.columns = columns
    self.positions = positions
    self.missing = missing
    printedCount = printed.count
    values = (0..<rows).flatMap { row in numbers.map { $0[row] } }
  }

  /// Compares scores, a number for each printed column of the model and row, with the originals.
  func verdict(on scores: [Double], events: EventTable) -> Verdict {
    var verdict = Verdict()
    for row in 0..<events.rowCount {
      verdict.compare(
        expected: values[row * columns.count..<(row + 1) * columns.count],
        found: positions.map { scores[row * printedCount + $0] }, columns: columns, inputs: Array(events.row(row)))
    }
    return verdict
  }
}
