import Foundation
import PetrifyKit
import Testing

@Suite struct ModelEquivalenceTests {
  private let scratch: Scratch
  private let model: PetrifiedModel

  init() throws {
    scratch = try Scratch()
    model = try PetrifiedModel(reading: scratch.file("BDT.weights.xml", SmallModel.xml()))
  }

  private func other(_ xml: String) throws -> PetrifiedModel { try PetrifiedModel(reading: scratch.file("other.weights.xml", xml)) }

  /// TMVA's trees read float32 numbers, so that 1.5 and a number just above part the same events.
  @Test(arguments: ["1.5", "1.5e0", "1.50000000001"]) func provesTheSameFunction(_ cut: String) throws {
    let report = try model.equivalence(with: other(SmallModel.xml(unit: "MeV", cut: cut)))
    #expect(report.finding == .identical)
    #expect(report.holds)
    #expect(report.results.map(\.a) == ["score", "margin"])
    #expect(report.results.allSatisfy { $0.finding == .identical && $0.differingRows == 0 })
    #expect(report.sentence.contains("are the same function (score and margin): proved from their structure, for all events"))
  }

  @Test(arguments: [
    ("Label=\"eta\"", "Label=\"abseta\"", "eta ↔ abseta"), ("Label=\"pt\"", "Label=\"lep_pt\"", "pt ↔ lep_pt"),
  ]) func reportsRenamedInputs(_ old: String, _ new: String, _ words: String) throws {
    let report = try model.equivalence(with: other(SmallModel.xml().replacingOccurrences(of: old, with: new)))
    #expect(report.finding == .identical)
    #expect(report.renamedInputs.map { "\($0.a) ↔ \($0.b)" } == [words])
    #expect(report.text().contains(words))
  }

  @Test func showsTheEventForWhichTheyDiffer() throws {
    let report = try model.equivalence(with: other(SmallModel.xml(cut: "1.5000001")))
    #expect(report.finding == .different)
    #expect(!report.holds)
    let text = report.text()
    for line in [
      "tree 0: some events reach 0.5 in A and -0.5 in B", "  pt           0x1.8p+0               1.5",
    ] {
      #expect(text.contains(line), "\(text)")
    }
    #expect(report.sentence.contains("are different functions"))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect(json["finding"] as? String == "different")
    let example = try #require(json["example"] as? [String: [Double]])
    #expect(try model.score([#require(example["inputs"])])[0][0] == example["a"]?.first)
  }

  @Test func comparesOnlyWhatIsAskedFor() throws {
    var choices = EquivalenceChoices()
    choices.results = try EquivalenceChoices.kinds("margin")
    let report = try model.equivalence(with: other(SmallModel.xml()), choices)
    #expect(report.results.map(\.a) == ["margin"])
    choices.results = ["label"]
    let error = #expect(throws: PetrifyError.self) { try model.equivalence(with: other(SmallModel.xml()), choices) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("no result of one model corresponds") == true)
  }

  @Test func matchesByPosition() throws {
    let swapped = SmallModel.xml().replacingOccurrences(of: "Label=\"pt\"", with: "Label=\"x\"")
      .replacingOccurrences(of: "Label=\"eta\"", with: "Label=\"pt\"").replacingOccurrences(of: "Label=\"x\"", with: "Label=\"eta\"")
    #expect(try model.equivalence(with: other(swapped)).finding == .different)
    var choices = EquivalenceChoices()
    choices.byPosition = true
    #expect(try model.equivalence(with: other(swapped), choices).finding == .identical)
  }

  /// What is written as ONNX is read back as the same sums, exactly, and the same scores, on every event that was asked.
  @Test(arguments: ["xgboost/binary_logistic", "xgboost/v176_forest"]) func onnxIsReadBack(_ fixture: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let original = try PetrifiedModel(reading: folder.appendingPathComponent("Fixtures/\(fixture)/model.ubj.gz").path)
    var choices = EmissionChoices()
    choices.name = "back"
    _ = try original.emit(Target.list("onnx"), into: scratch.path, choices)
    let report = try original.equivalence(with: PetrifiedModel(reading: scratch.path + "/back.onnx"))
    #expect(report.holds && report.results.first { $0.a == "margin" }?.finding == .identical, "\(report.text())")
    #expect(report.probedRows > 1000)
  }
}
