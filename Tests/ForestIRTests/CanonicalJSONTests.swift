import ForestIR
import ForestTesting
import Foundation
import Testing

@Suite struct CanonicalJSONTests {
  /// The canonical form of two forests, byte for byte. PETRIFY_RECORD=1 writes the snapshots anew, and fails.
  @Test(arguments: ["described", "every-operation"]) func snapshot(name: String) throws {
    let forest = try name == "described" ? SampleForests.described() : SampleForests.everyOperation()
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Snapshots/\(name).forest.json")
    let text = String(decoding: forest.canonicalJSON, as: UTF8.self)
    if ProcessInfo.processInfo.environment["PETRIFY_RECORD"] != nil {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent)")
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected)
  }

  @Test(arguments: [
    (0.0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (0.1, "0.1"), (-1.5, "-1.5"), (1e-5, "1e-05"), (1e16, "1e+16"),
    (9_007_199_254_740_992, "9007199254740992.0"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
    (.leastNonzeroMagnitude, "5e-324"), (.leastNormalMagnitude, "2.2250738585072014e-308"),
    (Double(Float(0.1)), "0.10000000149011612"), (.infinity, "\"Infinity\""), (-.infinity, "\"-Infinity\""),
    (.nan, "\"NaN\""), (-.nan, "\"NaN:fff8000000000000\""), (Double(bitPattern: 0x7FF8_0000_0000_00AB), "\"NaN:7ff80000000000ab\""),
  ] as [(Double, String)]) func numbers(value: Double, spelling: String) {
    var text = JSONText()
    text.number(value)
    #expect(String(decoding: text.bytes, as: UTF8.self) == spelling)
  }

  @Test func shortestNumbersReadBack() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      var text = JSONText()
      text.number(value)
      let back = try #require(Double(String(decoding: text.bytes, as: UTF8.self)))
      #expect(back.bitPattern == value.bitPattern)
    }
  }

  @Test(arguments: [
    ("", #""""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\n\r\t", #""\n\r\t""#), ("\0\u{1}\u{1F}\u{7F}", #""\u0000\u0001\u001f\u007f""#),
    ("é π \u{1F333}", "\"é π \u{1F333}\""), ("\u{2028}", "\"\u{2028}\""),
  ]) func strings(value: String, spelling: String) {
    var text = JSONText()
    text.string(value)
    #expect(text.bytes == Array(spelling.utf8))
  }

  @Test(arguments: [0, 1, -1, 10, 99, -100, Int.max, Int.min]) func integers(value: Int) {
    var text = JSONText()
    text.integer(value)
    #expect(String(decoding: text.bytes, as: UTF8.self) == "\(value)")
  }

  /// Handed on in pieces or not, the text is the same, line breaks of wrapped arrays included.
  @Test(arguments: [JSONText.Layout.readable, .compact]) func piecesMakeTheWhole(_ layout: JSONText.Layout) {
    func write(_ text: inout JSONText) {
      text.array(.lines) { text in
        for row in 0..<200 {
          text.next()
          text.numbers((0..<200).map { Double(row) / Double($0 + 1) })
        }
      }
      text.finish()
    }
    var whole = JSONText(layout: layout)
    write(&whole)
    var pieces: [[UInt8]] = []
    var text = JSONText(layout: layout) { pieces.append($0) }
    write(&text)
    #expect(pieces.count > 5)
    #expect(pieces.allSatisfy { $0.count < 70_000 })
    #expect(Array(pieces.joined()) == whole.bytes)
    #expect(text.bytes.isEmpty)
  }

  @Test func longArraysAreWrapped() {
    var text = JSONText()
    text.object(.lines) { text in
      text.name("short")
      text.numbers([1, 2])
      text.name("none")
      text.numbers([])
      text.name("long")
      text.numbers([Double](repeating: -2.2250738585072014e-308, count: 100))
    }
    let lines = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines[1] == "  \"short\": [1.0, 2.0],")
    #expect(lines[2] == "  \"none\": [],")
    #expect(lines.count > 20)
    #expect(lines.allSatisfy { $0.utf8.count <= 112 })
    #expect(lines.dropFirst(4).dropLast().allSatisfy { $0.hasPrefix("    -2") })
  }

  @Test func compactHasNoSpace() throws {
    let bytes = try SampleForests.described().meaningBytes
    #expect(!bytes.contains(UInt8(ascii: " ")) && !bytes.contains(UInt8(ascii: "\n")))
  }

  // MARK: Identity

  static func described(
    label: String = "x", title: String = "", column: String = "y", meaning: String = "", printed: Bool = true,
    leaf: Double = 1, trainer: String = "A"
  ) throws -> Forest {
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let tree = try Tree(splits: [], leaves: [leaf])
    let each = try builder.add(.trees(TreeEnsemble(trees: [tree], width: .float64, fold: .each), .inputs))
    let both = try builder.add(.concatenate([each, each]))
    return try Forest(
      inputs: [Input(label: label, title: title)], model: builder.model(result: both),
      columns: [
        Column(name: column, role: .response, meaning: meaning, width: .float64, isPrinted: printed),
        Column(name: "z", role: .margin, meaning: "", width: .float64),
      ], provenance: Provenance(trainer: trainer, kind: "", format: "", facts: [.init("a", "b")]))
  }

  @Test func identityIsWhatIsComputed() throws {
    let original = try Self.described().meaningBytes
    #expect(try Self.described(trainer: "B").meaningBytes == original)
    #expect(try Self.described(title: "caption").meaningBytes == original)
    #expect(try Self.described(meaning: "a sentence").meaningBytes == original)
    #expect(try Self.described(label: "x2").meaningBytes != original)
    #expect(try Self.described(column: "y2").meaningBytes != original)
    #expect(try Self.described(printed: false).meaningBytes != original)
    #expect(try Self.described(leaf: 1.nextUp).meaningBytes != original)
    #expect(try Self.described(leaf: 0).meaningBytes != Self.described(leaf: -0.0).meaningBytes)
  }

  /// No two of many random forests are taken for one another, and the same one always has the same bytes.
  @Test func bytesTellForestsApart() {
    var seen: Set<[UInt8]> = []
    for seed in 0..<50 as Range<UInt64> {
      var generator = ForestGenerator(seed: seed)
      var again = ForestGenerator(seed: seed)
      let forest = generator.forest()
      let inserted = seen.insert(forest.meaningBytes).inserted
      #expect(inserted)
      #expect(again.forest().canonicalJSON == forest.canonicalJSON)
    }
  }
}
