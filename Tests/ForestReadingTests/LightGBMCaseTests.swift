import EventData
import FileBytes
import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// Models of LightGBM, compared with what `Booster.predict` made of the same events: every bit of every column.
@Suite struct LightGBMCaseTests {
  static let cases = [
    "v223_cat/model.txt", "linear_tree_missing/model.txt", "small_zero_as_missing/model.txt", "small_use_missing_false/model.txt",
    "small_rf_ova/model.txt", "small_multiclass_dump/model.json", "small_linear_dump/model.json", "small_lambda/model.txt",
    "small_dart/model.txt",
  ]

  static func path(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/lightgbm/" + name
  }

  @Test(arguments: cases) func bits(of name: String) throws {
    let folder = Self.path(String(name.prefix { $0 != "/" }))
    let forest = try ModelReading.forest(path: Self.path(name) + ".gz")
    let events = try EventTable.read(path: folder + "/events.csv.gz", inputs: forest.inputs.map(\.label), byPosition: false)
    let scores = try ReferenceTable.read(path: folder + "/scores.csv.gz")
    #expect(scores.columns.map(\.name) == forest.columns.map(\.name))
    #expect(scores.rowCount == events.rowCount && events.rowCount >= 150)
    let columns = try scores.columns.map { column -> [Double] in
      guard case .numbers(let numbers) = column.values else { throw WrongColumn() }
      return numbers
    }
    let evaluator = ReferenceEvaluator(forest)
    for row in 0..<events.rowCount {
      let results = evaluator.evaluate(row: Array(events.row(row))).results
      let expected = columns.map { $0[row] }
      #expect(bits(results) == bits(expected), "row \(row): \(results), not \(expected)")
    }
  }

  /// Bit patterns; one for all NaN, whose sign no text keeps.
  private func bits(_ numbers: [Double]) -> [UInt64] { numbers.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }

  private struct WrongColumn: Error {}

  @Test func description() throws {
    let forest = try ModelReading.forest(path: Self.path("v223_cat/model.txt.gz"))
    #expect(forest.provenance.kind == "gradient boosting, binary classification")
    #expect(forest.provenance.source?.fileName == "model.txt")
    #expect(forest.provenance.notes.isEmpty)
    #expect(forest.columns.map(\.role) == [.margin, .response])
    #expect(forest.inputs.map(\.label).prefix(2) == ["pt1", "pt2"])
    #expect(forest.inputs.last?.kind == .integer && forest.inputs.first?.kind == .real)
    let range = try #require(forest.inputs.first?.trainingRange)
    #expect(range.lowest == 25.007478713989258 && range.highest == 462.60745239257812)
  }

  /// Averaged forests: the raw score is the plain sum, and the meaning of the prediction says what it is divided by.
  @Test func averages() throws {
    let forest = try ModelReading.forest(path: Self.path("small_rf_ova/model.txt.gz"))
    #expect(forest.columns.map(\.name) == ["raw_0", "raw_1", "raw_2", "pred_0", "pred_1", "pred_2"])
    #expect(forest.columns[3].meaning.hasSuffix("1 / (1 + exp(-0.7 * m)), m = raw / 3"))
    #expect(forest.provenance.kind == "random forest, multiclass classification, one against all")
  }
}
