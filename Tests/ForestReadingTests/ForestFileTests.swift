import FileBytes
import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// The canonical JSON form as a model file.
struct ForestFileTests {
  static func read(_ bytes: [UInt8], _ name: String = "folder/Tagger.forest.json") throws -> Forest {
    try ModelReading.forest(bytes: bytes, name: name)
  }

  @Test func isRecognisedAndKeepsItsOrigin() throws {
    let described = try SampleForests.described(), about = described.provenance
    let forest = described.with(
      provenance: Provenance(
        trainer: about.trainer, kind: about.kind, format: about.format,
        source: .init(fileName: "Tagger.weights.xml", sha256: SHA256Digest(of: []).hex), facts: about.facts, notes: about.notes))
    let bytes = forest.canonicalJSON
    let copy = try Self.read(bytes)
    #expect(copy.with(provenance: forest.provenance) == forest)
    let (was, now) = (forest.provenance, copy.provenance)
    #expect((now.trainer, now.kind, now.format) == (was.trainer, was.kind, was.format))
    #expect(now.notes == was.notes)
    #expect(now.source == was.source)
    let digest = SHA256Digest(of: bytes).hex
    #expect(now.facts == was.facts + [.init("read from", "Tagger.forest.json, a forest as JSON, SHA-256 \(digest)")])
  }

  @Test func anotherPassageReplacesTheFact() throws {
    let once = try Self.read(SampleForests.described().canonicalJSON)
    let twice = try Self.read(once.canonicalJSON, "again.json")
    #expect(twice.provenance.facts.count == once.provenance.facts.count)
    #expect(twice.provenance.facts.last?.value.hasPrefix("again.json, ") == true)
  }

  @Test func withoutASourceTheFileIsOne() throws {
    let forest = try SampleForests.described()
    let bytes = forest.with(provenance: Provenance(trainer: "t", kind: "k", format: "f")).canonicalJSON
    #expect(
      try Self.read(bytes).provenance.source == .init(fileName: "Tagger.forest.json", sha256: SHA256Digest(of: bytes).hex))
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func randomForests(seed: UInt64) throws {
    var generator = ForestGenerator(seed: seed)
    let forest = generator.forest()
    #expect(try Self.read(forest.canonicalJSON).meaningBytes == forest.meaningBytes)
  }

  /// More than a window of text, so that the parser has to go on reading in the middle of trees.
  @Test func longerThanTheWindow() throws {
    var generator = ForestGenerator(seed: 5)
    let forest = generator.plainForest(inputs: 7, trees: 4000, groups: 3, width: .float64, linear: true)
    let bytes = forest.canonicalJSON
    // The window has 256 KiB.
    #expect(bytes.count > 600_000)
    #expect(try Self.read(bytes).meaningBytes == forest.meaningBytes)
    for length in stride(from: 1, to: bytes.count - 1, by: bytes.count / 7) {
      #expect(throws: ReadError.self) { try ModelReading.forest(bytes: Array(bytes[..<length]), name: "part", format: .forest) }
    }
  }

  @Test func anErrorHasItsLine() throws {
    let text = String(decoding: try SampleForests.described().canonicalJSON, as: UTF8.self)
    let broken = text.replacing("\"format_version\": 1", with: "\"format_version\": 9")
    #expect(broken != text)
    let error = try #require(throws: ReadError.self) { try Self.read(Array(broken.utf8)) }
    #expect(error.description.hasPrefix("folder/Tagger.forest.json:3:"), "\(error.description)")
    #expect(error.exitCode == 65)
  }
}
