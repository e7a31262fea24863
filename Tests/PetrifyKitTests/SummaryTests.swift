import Foundation
import PetrifyKit
import Testing

@Suite struct SummaryTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func summary(_ xml: String) throws -> ModelSummary {
    try PetrifiedModel(reading: scratch.file("BDT.weights.xml", xml)).summary
  }

  @Test func countsAndMeasures() throws {
    let summary = try summary(SmallModel.xml())
    #expect(summary.trees == 2)
    #expect(summary.splits == 2)
    #expect(summary.leaves == 4)
    #expect(summary.depth == 1)
    #expect(summary.inputs.map(\.splits) == [1, 1])
    #expect(summary.inputs[1].expression == "abs(e)")
    #expect(summary.inputs[0].trainingRange?.highest == 9)
    #expect(summary.mixedFeatures.isEmpty)
    #expect(summary.trainer == "TMVA 4.2.1")
  }

  @Test func boundsTheScoreByItsLeaves() throws {
    let range = try #require(try summary(SmallModel.xml()).outputs[0].range)
    #expect(range.lowest == -1)
    #expect(range.highest == 1)
    #expect(range.exceptions == [-999])
  }

  @Test func isReadableAtAHundredColumns() throws {
    let long = String(repeating: "a very long title ", count: 40)
    let text = try summary(SmallModel.xml(title: long, unit: long)).text()
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text.hasSuffix("\n"))
  }

  @Test func letsNoControlCharacterOut() throws {
    // Characters that XML allows and that steer a terminal or turn text around.
    let text = try summary(SmallModel.xml(title: "a&#x9B;31m\u{202E}b&#9;&#10;c", unit: "\u{85}\u{200B}")).text()
    #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format) })
  }

  @Test func saysTheSameToPrograms() throws {
    let summary = try summary(SmallModel.xml(title: "&quot;p\\T&quot;"))
    let object = try JSONSerialization.jsonObject(with: Data(summary.json.utf8)) as? [String: Any]
    let json = try #require(object)
    #expect(
      Set(json.keys) == [
        "petrify", "file", "format", "kind", "trainer", "facts", "forest", "inputs", "mixed_features", "outputs", "choices",
        "oddities", "source_sha256", "digest", "name",
      ])
    #expect((json["forest"] as? [String: Any])?["trees"] as? Int == 2)
    let inputs = try #require(json["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["label"] as? String } == ["pt", "eta"])
    #expect(inputs[0]["title"] as? String == "\"p\\T\"")
    #expect(inputs[0]["highest"] as? Double == 9)
    #expect(try self.summary(SmallModel.xml(title: "&quot;p\\T&quot;")).json == summary.json)
  }
}
