import EventData
import FileBytes
import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// Models of scikit-learn, compared with what their own estimators made of the same events: every bit of every column.
@Suite struct ScikitLearnCaseTests {
  static let cases = [
    "dt_classifier_missing", "sk12_dt_classifier_counts", "gb_reg_initdt", "gb_binary_initrf", "hgb_categorical",
    "sk12_hgb_categorical_raw", "bagging_subsets", "samme_10_classes", "samme_r_10_classes", "pipeline_imputer",
    "isolation_subsets", "several_outputs", "sk13_gb_new_scipy",
  ]

  static func folder(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/sklearn/" + name
  }

  @Test(arguments: cases) func bits(of name: String) throws {
    let folder = Self.folder(name)
    let forest = try ModelReading.forest(path: folder + "/model.json.gz")
    let events = try EventTable.read(
      path: folder + "/events.csv.gz", inputs: forest.inputs.map(\.label), byPosition: forest.inputs[0].isUnnamed)
    let scores = try ReferenceTable.read(path: folder + "/scores.csv.gz")
    #expect(scores.columns.map(\.name) == forest.columns.map(\.name))
    #expect(scores.rowCount == events.rowCount && events.rowCount >= 60)
    let columns = try scores.columns.map { column -> [Double] in
      guard case .numbers(let numbers) = column.values else { throw WrongColumn() }
      return numbers
    }
    let evaluator = ReferenceEvaluator(forest)
    for row in 0..<events.rowCount {
      let results = evaluator.evaluate(row: Array(events.row(row))).results
      let expected = columns.map { $0[row] }
      #expect(results.map(\.bitPattern) == expected.map(\.bitPattern), "row \(row): \(results), not \(expected)")
    }
  }

  private struct WrongColumn: Error {}

  /// Leaves are reported by the trainer's node numbers.
  @Test func leafNumbers() throws {
    let forest = try ModelReading.forest(path: Self.folder("dt_classifier_missing") + "/model.json.gz")
    let numbers = try #require(forest.model.ensembles[0].trees[0].leafNumbers)
    #expect(numbers.count > 50 && Set(numbers).count == numbers.count)
    #expect(numbers.first! > 0 && Int(numbers.max()!) < 2 * numbers.count - 1)
  }

  @Test func provenance() throws {
    let forest = try ModelReading.forest(path: Self.folder("gb_binary_initrf") + "/model.json.gz")
    #expect(forest.provenance.trainer == "scikit-learn 1.9.1")
    #expect(forest.provenance.kind == "GradientBoostingClassifier")
    #expect(forest.provenance.source?.fileName == "model.json")
    #expect(forest.columns.map(\.role) == [.margin, .response, .response, .label])
    #expect(forest.inputs.map(\.label).prefix(2) == ["pt1", "pt2"])
  }
}
