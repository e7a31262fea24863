import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// No bytes make the reader trap, and no part of a file is taken for the whole.
struct RobustnessTests {
  static let files: [String] = {
    var plain = WeightFile()
    plain.trees += "<!-- the end -->"
    return [plain.xml, TransformationTests.everything().xml, CompoundMethodTests.category().xml, CompoundMethodTests.boost().xml]
  }()

  /// Straight through the parser and the reader, without the file around it.
  func parse(_ bytes: Span<UInt8>) throws(ReadError) -> Forest {
    let listener = TMVADocument.Listener(file: "part")
    var cursor = try XMLCursor(file: "part", events: listener)
    try cursor.feed(bytes)
    try cursor.finish()
    return try TMVAReader.forest(
      listener.document(), context: TMVAContext(file: "part", options: ReadingOptions()), source: nil)
  }

  @Test(arguments: files.indices)
  func everyTruncationIsRefused(_ index: Int) throws {
    let bytes = Array(Self.files[index].utf8)
    #expect(throws: Never.self) { try parse(bytes.span) }
    // The last byte is a newline after the end of the document.
    var readLengths: [Int] = []
    for length in 0..<bytes.count - 1 {
      if (try? parse(bytes.span.extracting(0..<length))) != nil { readLengths.append(length) }
    }
    #expect(readLengths.isEmpty)
  }

  @Test func truncatedFilesAreRefusedAtTheDoor() {
    let bytes = Array(Self.files[0].utf8)
    for length in stride(from: 0, to: bytes.count - 1, by: 97) {
      #expect(throws: ReadError.self) { try ModelReading.forest(bytes: Array(bytes[..<length]), name: "part") }
    }
  }

  @Test(arguments: files.indices)
  func everyMutationIsReadOrRefused(_ index: Int) {
    let original = Array(Self.files[index].utf8)
    var random = SplitMix64(seed: UInt64(index) + 1)
    for _ in 0..<800 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(random.pick(Array("<>\"&;0123456789-+.eE /".utf8)), at: place)
        case 3: bytes[place] = random.pick(Array("0123456789".utf8))
        case 4:
          let end = min(bytes.count, place + Int.random(in: 1..<60, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<60, using: &random)))
        }
      }
      guard let forest = try? parse(bytes.span) else { continue }
      let row = (0..<forest.inputs.count).map { Double($0) - 0.5 }
      #expect(score(forest, row).count == forest.printedColumns.count)
    }
  }

  /// Every attribute left out in turn, and given a text that is no number.
  @Test func everyAttributeMayBeMissing() {
    for file in Self.files {
      let characters = Array(file)
      var starts: [Int] = []
      for index in characters.indices.dropFirst() where characters[index] == " " && index + 1 < characters.count && characters[index + 1].isLetter {
        starts.append(index)
      }
      for start in starts {
        guard let open = characters[start...].firstIndex(of: "\""),
          let close = characters[(open + 1)...].firstIndex(of: "\"")
        else { continue }
        _ = try? parse(Array(String(characters[..<start] + characters[(close + 1)...]).utf8).span)
        _ = try? parse(Array(String(characters[...open] + "?" + characters[close...]).utf8).span)
        _ = try? parse(Array(String(characters[...open] + "-9999999999999999999999" + characters[close...]).utf8).span)
        _ = try? parse(Array(String(characters[...open] + "4000000000" + characters[close...]).utf8).span)
      }
    }
  }
}
