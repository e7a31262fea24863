import PetrifyKit
import Testing

@Suite struct ModelTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func model(_ xml: String, _ choices: ReadingChoices = ReadingChoices()) throws -> PetrifiedModel {
    try PetrifiedModel(reading: scratch.file("small.weights.xml", xml), choices)
  }

  @Test func knowsItsEnds() throws {
    let model = try model(SmallModel.xml())
    #expect(model.inputs == ["pt", "eta"])
    #expect(model.outputs == ["score"])
    #expect(model.treeCount == 2)
  }

  @Test(arguments: [
    ("TMVAClassification_BDT.weights.xml", "TMVAClassification_BDT"), ("a b-c.xml", "a_b_minus_c"),
    ("weights.xml", "weights"), ("2016.weights.xml", "model_2016"), ("class.xml", "class_2"), ("Δ.XML", "model"),
    ("no ending", "no_ending"), (".xml", "xml"),
  ])
  func isCalledAfterItsFile(_ file: String, _ name: String) throws {
    #expect(try PetrifiedModel(reading: scratch.file(file, SmallModel.xml())).defaultName == name)
  }

  @Test func scoresEvents() throws {
    let scores = try model(SmallModel.xml()).score([[1.5, 2], [1, 2], [1.5, 0], [0, 0], [.nan, 0]])
    // (±0.5 ± 0.25) / 0.75
    #expect(scores == [[1], [-0.25 / 0.75], [0.25 / 0.75], [-1], [-999]])
  }

  @Test func refusesEventsOfAnotherLength() throws {
    let model = try model(SmallModel.xml())
    #expect(throws: PetrifyError.self) { try model.score([[1, 2], [1]]) }
  }

  @Test func isIdentifiedByWhatItComputes() throws {
    let digest = try model(SmallModel.xml()).digest
    #expect(digest.count == 64)
    #expect(try model(SmallModel.xml(title: "p_{T}", unit: "MeV")).digest == digest)
    #expect(try model(SmallModel.xml(cut: "1.50000012")).digest != digest)
  }

  @Test func takesAStandInAsMissing() throws {
    var choices = ReadingChoices()
    choices.missingValue = -999.9
    let model = try model(SmallModel.xml(), choices)
    // The model works on float32, so the stand-in is found however it was rounded on the way.
    let scores = try model.score([[1.5, 2], [-999.9, 2], [1.5, Double(Float(-999.9))], [-999, 2]])
    #expect(scores == [[1], [-999], [-999], [-0.25 / 0.75]])
    #expect(model.summary.choices.contains { $0.text == "inputs equal to -999.9 are taken as missing (NaN), as asked for" })
    #expect(model.summary.inputs.map(\.splits) == [1, 1])
  }

  @Test(arguments: [
    ("format", "petrify: error: no format is called \"gbdt\"\nhint: formats that are read: "),
    ("dialect", "petrify: error: no dialect is called \"modern\"\nhint: dialects: "),
    ("both", "petrify: error: the dialects multiclass-softmax and multiclass-pairwise exclude each other"),
    ("nan", "petrify: error: NaN always means \"missing\""),
  ])
  func refusesChoicesThatAreNone(_ what: String, _ words: String) throws {
    var choices = ReadingChoices()
    switch what {
    case "format": choices.format = "gbdt"
    case "dialect": choices.dialects = ["modern"]
    case "both": choices.dialects = ["multiclass-softmax", "multiclass-pairwise"]
    default: choices.missingValue = .nan
    }
    let error = #expect(throws: PetrifyError.self) { try model(SmallModel.xml(), choices) }
    #expect(error?.kind == .usage)
    #expect(error?.description.hasPrefix(words) == true)
  }

  @Test func tellsWhereAFileIsBad() throws {
    let error = #expect(throws: PetrifyError.self) { try model(SmallModel.xml(cut: "many")) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("small.weights.xml:18:") == true)
    #expect(error?.description.contains(": error: ") == true)
  }

  @Test func tellsThatAFileIsMissing() throws {
    let error = #expect(throws: PetrifyError.self) { try PetrifiedModel(reading: scratch.path + "/none.xml") }
    #expect(error?.exitCode == 74)
  }

  @Test func letsNoControlCharacterOut() throws {
    let error = #expect(throws: PetrifyError.self) { try PetrifiedModel(reading: scratch.path + "/\u{1B}[31m\u{202E}") }
    #expect(error?.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } == false)
  }
}
