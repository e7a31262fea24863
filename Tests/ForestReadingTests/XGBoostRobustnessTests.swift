import FileBytes
import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// No bytes make the readers trap, and no part of a model is taken for the whole.
@Suite struct XGBoostRobustnessTests {
  static let names = ["small.json", "v176_aft/model.json", "v176_forest/model.ubj", "v090_poisson/model.bin", "small.bin"]

  static func content(_ name: String) throws -> (bytes: [UInt8], format: ModelFormat) {
    let format: ModelFormat = name.hasSuffix("json") ? .xgboostJSON : name.hasSuffix("ubj") ? .xgboostUBJSON : .xgboostBinary
    switch name {
    case "small.json":
      var file = XGBoostFile()
      file.attributes = #"{"best_iteration":"0"}"#
      file.trees[0].types = "[1,0,0]"
      file.trees[0].categories = #""categories":[2,33],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[2]"#
      return (Array(file.json.utf8), format)
    case "small.bin":
      var file = XGBoostLegacyTests.File()
      (file.booster, file.version, file.hasAttributes) = ("dart", (1, 7), 1)
      file.rest =
        XGBoostLegacyTests.File.long(1) + XGBoostLegacyTests.File.float(0.5) + XGBoostLegacyTests.File.long(1)
        + XGBoostLegacyTests.File.text("best_iteration") + XGBoostLegacyTests.File.text("0")
      return (file.bytes, format)
    default:
      var source = try ByteSource(path: XGBoostCaseTests.path(name) + ".gz", hashing: false)
      return (try source.readAll(limit: 1 << 24), format)
    }
  }

  @Test(arguments: names) func everyTruncationIsRefused(_ name: String) throws {
    let (bytes, format) = try Self.content(name)
    #expect(throws: Never.self) { try ModelReading.forest(bytes: bytes, name: "whole", format: format) }
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 25)) + [bytes.count - 1] {
      #expect(throws: ReadError.self) { try ModelReading.forest(bytes: Array(bytes[..<length]), name: "part", format: format) }
    }
  }

  @Test(arguments: names) func everyMutationIsReadOrRefused(_ name: String) throws {
    let (original, format) = try Self.content(name)
    var random = SplitMix64(seed: UInt64(original.count))
    // Reading takes longer the longer the file is.
    for _ in 0..<max(20, min(50, 400_000 / original.count)) {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(random.pick(Array("[]{}\":,0123456789-.eElLdUi#$".utf8)), at: place)
        case 3: bytes[place] = random.pick(Array("0123456789".utf8) + [0, 1, 127, 128, 255])
        case 4:
          let end = min(bytes.count, place + Int.random(in: 1..<60, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<60, using: &random)))
        }
      }
      guard let forest = try? ModelReading.forest(bytes: bytes, name: "mutated", format: format) else { continue }
      let row = (0..<forest.inputs.count).map { Double($0) - 0.5 }
      #expect(score(forest, row).count == forest.printedColumns.count)
    }
  }
}
