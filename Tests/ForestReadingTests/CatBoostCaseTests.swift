import EventData
import FileBytes
import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// Models of CatBoost, compared with what CatBoost made of the same events: every bit of every column.
@Suite struct CatBoostCaseTests {
  static let cases = [
    "scaled/model.json", "scaled/model.cbm", "poisson/model.json", "multirmse/model.cbm", "logloss_missing_max/model.json",
    "depthwise/model.cbm", "multiclass/model.cbm",
  ]

  static let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/catboost/"

  static func forest(_ name: String) throws(ReadError) -> Forest { try ModelReading.forest(path: folder + name + ".gz") }

  static func bytes(_ name: String) throws -> [UInt8] {
    try ByteSource.contents(of: folder + name + ".gz", limit: 1 << 24).bytes
  }

  static func events(_ name: String, _ forest: Forest) throws -> EventTable {
    try EventTable.read(
      path: folder + name.split(separator: "/")[0] + "/events.csv.gz", inputs: forest.inputs.map(\.label), byPosition: false)
  }

  @Test(arguments: cases) func bits(of name: String) throws {
    let forest = try Self.forest(name)
    let events = try Self.events(name, forest)
    let scores = try ReferenceTable.read(path: Self.folder + name.split(separator: "/")[0] + "/scores.csv.gz")
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

  /// The two forms of a file are the same function.
  @Test func bothForms() throws {
    let text = try Self.forest("scaled/model.json")
    let binary = try Self.forest("scaled/model.cbm")
    #expect(text.model == binary.model)
    #expect(text.inputs == binary.inputs && text.columns == binary.columns)
    #expect(text.provenance.facts == binary.provenance.facts && text.provenance.trainer == binary.provenance.trainer)
  }

  /// Leaves are reported by CatBoost's numbers (`calc_leaf_indexes`), in symmetric trees and in others.
  @Test(arguments: [
    ("scaled/model.json", 20, [15, 11, 13, 15, 15, 10, 13, 5, 13, 10, 11, 11, 10, 3]),
    ("depthwise/model.cbm", 0, [0, 0, 0, 0, 0, 3, 13, 22, 5, 0, 5, 3, 1, 7]),
    ("depthwise/model.cbm", 20, [26, 26, 30, 29, 21, 14, 22, 30, 29, 6, 7, 3, 2, 7]),
  ] as [(String, Int, [Int32])])
  func leafNumbers(_ name: String, _ row: Int, _ numbers: [Int32]) throws {
    let forest = try Self.forest(name)
    let events = try Self.events(name, forest)
    let found = ReferenceEvaluator(forest).evaluate(row: Array(events.row(row))).leaves
    #expect(Array(found.prefix(numbers.count)) == numbers)
  }

  /// A symmetric tree is complete, level by level, and asks one question on each level.
  @Test func symmetricTrees() throws {
    let ensemble = try Self.forest("multiclass/model.cbm").model.ensembles[0]
    #expect(ensemble.trees.count == 40 && ensemble.leafWidth == 4)
    for tree in ensemble.trees {
      #expect(tree.splits.count == 31 && tree.leafNumbers == nil)
      for (index, split) in tree.splits.enumerated() where 2 * index + 2 < tree.splits.count {
        #expect(split.left == .split(2 * index + 1) && split.right == .split(2 * index + 2))
        let (left, right) = (tree.splits[2 * index + 1], tree.splits[2 * index + 2])
        #expect(left.feature == right.feature && left.threshold == right.threshold && left.nanGoesLeft == right.nanGoesLeft)
      }
    }
  }

  @Test func provenance() throws {
    let forest = try Self.forest("depthwise/model.cbm")
    #expect(forest.provenance.trainer == "CatBoost 1.2.10")
    #expect(forest.provenance.kind == "gradient boosting, trees, Logloss")
    #expect(forest.provenance.source?.fileName == "model.cbm")
    #expect(forest.columns.map(\.role) == [.margin, .response, .response])
    #expect(forest.inputs.map(\.label).prefix(2) == ["pt1", "pt2"])
    #expect(forest.provenance.notes.isEmpty)
  }
}
