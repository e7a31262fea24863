import FileBytes
import ForestIR
import Testing

@testable import ForestReading

/// The old binary format, built byte by byte.
@Suite struct XGBoostLegacyTests {
  struct File {
    var mark = ""
    var baseScore: Float = 0.5
    var featureCount = 2
    var classCount = 0
    var hasAttributes = 0
    var version = (0, 0)
    var objective = "reg:linear"
    var booster = "gbtree"
    var treeCount = 1
    var buffer = 0
    var roots = 1
    var nodeCount = 3
    var leafVector = 0
    /// Left, right, feature with the direction in bit 31, threshold or value.
    var nodes: [(Int32, Int32, UInt32, Float)] = [(1, 2, 1 | 1 << 31, 1.5), (-1, -1, 0, 10), (-1, -1, 0, 20)]
    var outputs: [Int32] = [0]
    var rest: [UInt8] = []

    static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    static func long(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    static func text(_ text: String) -> [UInt8] { long(text.utf8.count) + Array(text.utf8) }
    static func float(_ value: Float) -> [UInt8] { word(Int(value.bitPattern)) }

    var bytes: [UInt8] {
      var bytes = Array(mark.utf8) + Self.float(baseScore)
      for value in [featureCount, classCount, hasAttributes, 0, version.0, version.1] { bytes += Self.word(value) }
      bytes += [UInt8](repeating: 0, count: 136 - 28) + Self.text(objective) + Self.text(booster)
      bytes += Self.word(treeCount) + Self.word(1) + Self.word(featureCount) + Self.word(0) + Self.long(buffer)
      bytes += [UInt8](repeating: 0, count: 160 - 24)
      for value in [roots, nodeCount, 0, 0, featureCount, leafVector] { bytes += Self.word(value) }
      bytes += [UInt8](repeating: 0, count: 148 - 24)
      for (left, right, split, value) in nodes {
        bytes += Self.word(0) + Self.word(Int(left)) + Self.word(Int(right)) + Self.word(Int(split)) + Self.float(value)
      }
      bytes += [UInt8](repeating: 0, count: 16 * nodes.count)
      for output in outputs { bytes += Self.word(Int(output)) }
      return bytes + rest
    }

    func read() throws(ReadError) -> Forest { try ModelReading.forest(bytes: bytes, name: "old.model") }
  }

  @Test(arguments: ["", "binf"]) func isRead(_ mark: String) throws {
    var file = File()
    file.mark = mark
    let forest = try file.read()
    #expect(score(forest, [0, 1]) == [10.5, 10.5] && score(forest, [0, 1.5]) == [20.5, 20.5])
    #expect(score(forest, [0, .nan]) == [10.5, 10.5])
    #expect(forest.provenance.trainer == "XGBoost before 1.0")
    #expect(forest.model.ensembles[0].trees[0].leafNumbers == [1, 2])
  }

  /// Before 1.0 the base score was kept as the margin, from then on as a probability.
  @Test(arguments: [(0, 0.25), (1, -1.0986123)] as [(Int, Float)])
  func baseScore(_ major: Int, _ margin: Float) throws {
    var file = File()
    (file.objective, file.baseScore, file.version) = ("binary:logistic", 0.25, (major, 3))
    file.nodes[1].3 = 0
    #expect(score(try file.read(), [0, 1])[0] == Double(margin))
  }

  @Test func attributesFollow() throws {
    var file = File()
    file.hasAttributes = 1
    file.rest = File.long(2) + File.text("best_iteration") + File.text("0") + File.text("note") + File.text("any")
    let forest = try file.read()
    #expect(forest.provenance.facts.contains(Provenance.Fact("best_iteration", "0")))
    #expect(!forest.provenance.notes.contains { $0.kind == .oddity })
    file.rest += [1, 2, 3]
    #expect(try file.read().provenance.notes.contains { $0.kind == .oddity && $0.text.contains("follows the end") })
  }

  static let refused: [(ReadError.Code, @Sendable (inout File) -> Void)] = [
    (.unsupported, { $0.booster = "gblinear" }), (.unsupported, { $0.buffer = 1 }), (.unsupported, { $0.roots = 2 }),
    (.unsupported, { $0.leafVector = 3 }), (.outOfRange, { $0.nodeCount = 0 }), (.notWellFormed, { $0.nodeCount = 1 << 30 }),
    (.notWellFormed, { $0.treeCount = 1 << 30 }), (.outOfRange, { $0.treeCount = -1 }), (.outOfRange, { $0.featureCount = -1 }),
    (.outOfRange, { $0.nodes[0].0 = 7 }), (.outOfRange, { $0.nodes[0].1 = -5 }), (.inconsistent, { $0.nodes[0].1 = 1 }),
    (.inconsistent, { $0.nodes[0].1 = -1 }), (.notFinite, { $0.nodes[1].3 = .nan }), (.notFinite, { $0.nodes[0].3 = .nan }),
    (.outOfRange, { $0.nodes[0].2 = 2 }), (.outOfRange, { $0.outputs = [1] }), (.notWellFormed, { $0.outputs = [] }),
    (.outOfRange, { $0.version = (4, 0) }), (.outOfRange, { $0.baseScore = .nan }), (.outOfRange, { $0.classCount = -3 }),
    (.notWellFormed, {
      $0.hasAttributes = 1
      $0.rest = File.long(1 << 50)
    }),
    (.limit, {
      $0.hasAttributes = 1
      $0.rest = File.long(1) + File.long(1 << 40)
    }),
  ]

  @Test(arguments: refused.indices) func isRefused(_ index: Int) throws {
    var file = File()
    Self.refused[index].1(&file)
    let error = try #require(throws: ReadError.self) {
      try ModelReading.forest(bytes: file.bytes, name: "old.model", format: .xgboostBinary)
    }
    #expect(error.code == Self.refused[index].0, "\(error)")
    #expect(error.mark.byte != nil)
  }

  /// Only what begins as such a file must is taken for one.
  @Test func isRecognisedWithCare() {
    let plain = File().bytes
    #expect(ModelFormat(recognising: plain.span) == .xgboostBinary)
    for (offset, byte) in [(3, 0x7F), (2, 0x80), (7, 0x80), (12, 2), (50, 1), (135, 1), (136, 0), (143, 1), (144, 0), (162, 65)] {
      var bytes = plain
      bytes[offset] = UInt8(byte)
      let isSame = offset == 2 || offset == 3
      #expect((ModelFormat(recognising: bytes.span) == .xgboostBinary) == isSame, "byte \(offset)")
    }
    #expect(ModelFormat(recognising: Array(plain[..<150]).span) == .unknown)
    #expect(ModelFormat(recognising: [UInt8](repeating: 0, count: 500).span) == .unknown)
  }
}
