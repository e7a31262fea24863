import EventData
import ForestEvaluation
import ForestIR
import Testing

@testable import ForestReading

/// Models of XGBoost, compared with what the release that saved them made of the same events: every bit of every column.
@Suite struct XGBoostCaseTests {
  static let cases = [
    "binary_logistic/model.ubj", "categorical/model.json", "v214_multitarget_vectorleaf/model.json",
    "multitarget_vectorleaf/model.json", "multi_softmax/model.json", "v090_dart/model.bin", "v090_poisson/model.bin",
    "v090_squared/model.bin", "v121_logitraw/model.bin", "v121_softprob/model.json", "v176_softprob/model.bin",
    "v176_aft/model.json", "v176_forest/model.ubj", "v203_dart/model.bin",
  ]

  static func path(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/xgboost/" + name
  }

  @Test(arguments: cases) func bits(of name: String) throws {
    let folder = Self.path(name.split(separator: "/").first.map(String.init) ?? "")
    let forest = try ModelReading.forest(path: Self.path(name) + ".gz")
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
      // The sign of zero is not in the trainer's text.
      #expect(results == expected || results.map(\.bitPattern) == expected.map(\.bitPattern), "row \(row): \(results), not \(expected)")
    }
  }

  private struct WrongColumn: Error {}

  @Test(arguments: [
    ("binary_logistic/model.ubj", "XGBoost 3.2.0"), ("v090_dart/model.bin", "XGBoost before 1.0"),
    ("v121_logitraw/model.bin", "XGBoost 1.2"), ("v176_softprob/model.bin", "XGBoost 1.7"), ("v121_softprob/model.json", "XGBoost 1.2.1"),
  ])
  func release(_ name: String, _ trainer: String) throws {
    let forest = try ModelReading.forest(path: Self.path(name) + ".gz")
    #expect(forest.provenance.trainer == trainer)
    #expect(forest.provenance.source?.fileName == "model." + name.suffix(from: name.lastIndex(of: ".") ?? name.endIndex).dropFirst())
  }

  /// Leaves are reported by the numbers of their nodes.
  @Test func leafNumbers() throws {
    let forest = try ModelReading.forest(path: Self.path("binary_logistic/model.ubj.gz"))
    let tree = forest.model.ensembles[0].trees[0]
    #expect(tree.leafNumbers == Array(15...30))
    #expect(forest.inputs.map(\.label).prefix(2) == ["pt1", "pt2"])
    #expect(forest.columns.map(\.role) == [.margin, .response])
  }

  /// The best iteration is the fourth of six everywhere; in the forest each has four trees, with three classes three.
  @Test(arguments: [
    ("v090_dart/model.bin", 4), ("v121_softprob/model.json", 12), ("v176_softprob/model.bin", 12), ("v176_forest/model.ubj", 16),
  ])
  func bestIteration(_ name: String, _ count: Int) throws {
    let all = try ModelReading.forest(path: Self.path(name) + ".gz")
    let best = try ModelReading.forest(path: Self.path(name) + ".gz", options: ReadingOptions(iterations: .best))
    #expect(all.model.treeCount == count / 4 * 6)
    #expect(best.model.treeCount == count)
    #expect(all.provenance.notes.contains { $0.text.contains("best iteration") })
    #expect(best.provenance.notes.contains { $0.text.contains("as asked for") })
    #expect(best.model.ensembles[0].trees == Array(all.model.ensembles[0].trees.prefix(count)))
  }

  @Test func withoutEarlyStoppingTheBestIterationsAreAll() throws {
    let path = Self.path("categorical/model.json.gz")
    let best = try ModelReading.forest(path: path, options: ReadingOptions(iterations: .best))
    let all = try ModelReading.forest(path: path)
    #expect(best.model == all.model)
    #expect(best.provenance.notes.contains { $0.text.contains("names no best iteration") })
    #expect(!all.provenance.notes.contains { $0.text.contains("best iteration") })
  }
}
