import EventData
import FileBytes
import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// Weight files of FastBDT 5.2, written and scored by its own classifier, and files with one thing wrong.
@Suite struct FastBDTTests {
  static let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/fastbdt/"

  /// Cuts on values, and cuts on bins, some of them reordered by purity.
  @Test(arguments: ["values", "bins"]) func bits(of name: String) throws {
    let forest = try ModelReading.forest(path: Self.folder + name + "/model.weights.gz")
    let events = try EventTable.read(
      path: Self.folder + name + "/events.csv.gz", inputs: forest.inputs.map(\.label), byPosition: forest.inputs[0].isUnnamed)
    let scores = try ReferenceTable.read(path: Self.folder + name + "/scores.csv.gz")
    #expect(forest.columns.map(\.name) == ["raw", "pred"] && forest.columns.map(\.role) == [.margin, .response])
    guard case .numbers(let expected) = scores.columns[0].values else { throw WrongColumn() }
    #expect(events.rowCount == expected.count && expected.count >= 100 && Set(expected).count > 10)
    let evaluator = ReferenceEvaluator(forest)
    for row in 0..<events.rowCount {
      let result = evaluator.evaluate(row: Array(events.row(row))).results[1]
      #expect(result.bitPattern == expected[row].bitPattern, "row \(row): \(result), not \(expected[row])")
    }
  }

  private struct WrongColumn: Error {}

  /// One tree, three cuts, the last of them invalid; two features.
  static let sound = """
    1
    1
    2
    2 4 4

    0.5
    1
    0
    -1
    2 0 0

    1
    0

    0

    2
    2
    0
    1
    0.25
    0.5
    0
    1
    3
    0
    1.5
    1
    2.0

    1
    -0.5
    1
    1.0

    0
    0
    0
    0

    7 1 2 4 8 16 32 64

    7 0 0 0 0 0 0 0

    7 0 0 0 0 0 0 0


    0
    0
    0
    0

    """

  static func read(_ text: String) throws(ReadError) -> Forest {
    try FastBDTReader.forest(Array(text.utf8), file: "model.weights", nil)
  }

  /// A missing value ends the walk where it is asked for; a node with an invalid cut is a leaf.
  @Test(arguments: [
    ([0, -1], 8.0, 3), ([0, -0.5], 16, 4), ([1.5, 0], 4, 2), ([1.5, .nan], 4, 2), ([.nan, 0], 1, 0), ([0, .nan], 2, 1),
    ([.infinity, 0], 4, 2), ([-.infinity, .infinity], 16, 4), ([-.infinity, -.infinity], 8, 3),
  ] as [([Double], Double, Int32)])
  func walk(_ row: [Double], _ weight: Double, _ leaf: Int32) throws {
    let evaluation = ReferenceEvaluator(try Self.read(Self.sound)).evaluate(row: row)
    // F0 / shrinkage is 0.5.
    #expect(evaluation.results == [(0.5 + weight) * 0.5, (0.5 + weight) * 0.5])
    #expect(evaluation.leaves == [leaf])
  }

  /// What is not at or above a threshold that is NaN goes on to the left.
  @Test func thresholdNaN() throws {
    let forest = try Self.read(Self.sound.replacing("\n1.5\n", with: "\nnan\n"))
    #expect(ReferenceEvaluator(forest).evaluate(row: [5, -1]).leaves == [3])
    #expect(ReferenceEvaluator(forest).evaluate(row: [.nan, -1]).leaves == [0])
  }

  @Test(arguments: [
    ("1\n1\n2\n", "2\n1\n2\n", .unsupported), ("2 4 4", "2 4", .malformed), ("2 4 4", "4000000000 4 4", .notWellFormed),
    ("2 0 0", "2 0 2", .malformed), ("\n1.5\n", "\nhalf\n", .malformed), ("\n1.5\n", "\n1e39\n", .outOfRange),
    ("7 1 2 4", "7 nan 2 4", .notFinite), ("7 1 2 4 8 16 32 64", "6 1 2 4 8 16 32", .inconsistent),
    ("0.25\n0.5\n", "0.25\n0\n", .outOfRange), ("0.25\n0.5\n", "inf\n0.5\n", .malformed), ("1\n-0.5\n", "2\n-0.5\n", .outOfRange),
    ("\n0\n\n0\n\n2\n2\n", "\n0\n\n0\n\n0\n2\n", .outOfRange), ("\n0\n\n0\n\n2\n2\n", "\n0\n\n0\n\n2\n3\n", .inconsistent),
    ("2\n2\n0\n1\n0.25", "2\n2\n0\n0\n0.25", .inconsistent),
  ] as [(String, String, ReadError.Code)])
  func isRefused(_ old: String, _ new: String, _ code: ReadError.Code) throws {
    var text = Self.sound
    text.replaceSubrange(try #require(text.firstRange(of: old)), with: new)
    let error = try #require(throws: ReadError.self) { try Self.read(text) }
    #expect(error.code == code, "\(error)")
  }

  @Test func damage() throws {
    var files = [Array(Self.sound.utf8)]
    for name in ["values", "bins"] {
      files.append(try ByteSource.contents(of: Self.folder + name + "/model.weights.gz", limit: 1 << 20).bytes)
    }
    let head = files[1]
    let format = ModelFormat(recognising: head.span)
    #expect(format == .fastBDT)
    var random = SplitMix64(seed: 9)
    for original in files {
      // The last word is a number of trees: 0.
      let end = original.lastIndex { $0 > 0x20 } ?? 0
      for count in stride(from: 0, through: end, by: max(1, original.count / 150)) {
        #expect(throws: ReadError.self) { try FastBDTReader.forest(Array(original[..<count]), file: "part", nil) }
      }
      for _ in 0..<150 {
        var bytes = original
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = random.pick(Array("0123456789-.e \nn".utf8))
        case 1: bytes.remove(at: place)
        default: bytes.insert(random.pick(Array("0123456789-.e \nn".utf8)), at: place)
        }
        guard let forest = try? FastBDTReader.forest(bytes, file: "changed", nil) else { continue }
        let row = [Double](repeating: 0.5, count: forest.inputs.count)
        #expect(ReferenceEvaluator(forest).evaluate(row: row).results.count == 2)
      }
    }
  }
}
