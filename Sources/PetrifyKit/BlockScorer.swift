import EventData
import ForestEvaluation
import ForestIR

/// Makes the lines of results from blocks of rows.
struct BlockScorer: Sendable {
  /// How many numbers a block has at most, so that it stays in the cache of a processor.
  private static let numbers = 1 << 16

  private let model: PetrifiedModel
  private let evaluator: Evaluator
  private let table: String
  /// The columns that are printed; `nil` if those are all, in their order.
  private let printed: [Int]?
  private let width: Int
  /// How many rows make a block.
  let blockSize: Int

  /// - Parameter table: what the rows come from, for messages.
  init(_ model: PetrifiedModel, table: String) throws(PetrifyError) {
    self.model = model
    self.table = table
    evaluator = try model.evaluator()
    let printed = model.forest.printedColumns
    width = printed.count
    self.printed = printed == Array(0..<evaluator.columnCount) ? nil : printed
    // Enough rows for the way of evaluating that suits many.
    blockSize = max(1024, min(8192, Self.numbers / max(1, evaluator.inputCount, evaluator.columnCount)))
  }

  /// The lines of some rows, of which the first is the row `firstRow` of the table, counted from 0.
  func lines(of rows: [Double], firstRow: Int) -> ScoringPipeline.Outcome {
    let found = evaluator.evaluate(rows: rows)
    do {
      try model.refuseAmbiguous(found, firstRow: firstRow, in: table)
    } catch {
      return .failure(error)
    }
    var text: [UInt8] = []
    if let printed {
      var results: [Double] = []
      results.reserveCapacity(found.rowCount * printed.count)
      let all = found.results.span
      var start = 0
      for _ in 0..<found.rowCount {
        for column in printed { results.append(all[start + column]) }
        start += found.columnCount
      }
      CSVWriter.append(rows: results.span, width: width, to: &text)
    } else {
      CSVWriter.append(rows: found.results.span, width: width, to: &text)
    }
    return .lines(text, rows: found.rowCount)
  }
}
