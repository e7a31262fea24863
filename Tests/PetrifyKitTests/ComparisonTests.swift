import PetrifyKit
import Testing

@Suite struct ComparisonTests {
  private let scratch: Scratch
  private let model: PetrifiedModel
  private let events: String

  init() throws {
    scratch = try Scratch()
    model = try PetrifiedModel(reading: scratch.file("BDT.weights.xml", SmallModel.xml()))
    events = try scratch.file("events.csv", "pt,eta\n1.5,2\n1,2\n,0\n")
  }

  @Test func findsEverythingIdentical() throws {
    let comparison = try model.compare(
      events: events, reference: scratch.file("scores.csv", "id,score\n1,1\n2,-0.3333333333333333\n3,-999\n"),
      targets: Target.list("evaluator,python", computing: true))
    #expect(comparison.holds)
    #expect(comparison.results.map(\.identicalRows) == [3, 3])
    #expect(comparison.columns == ["score"])
    #expect(
      comparison.sentence.hasPrefix(
        "With petrify \(PetrifyTool.version), the evaluator and Python reproduce the original scores (scores.csv) of BDT.weights.xml (SHA-256 "))
    #expect(comparison.sentence.hasSuffix(") to the last bit for all 3 events in events.csv."))
  }

  @Test func showsTheFirstDifferenceBitByBit() throws {
    let reference = try scratch.file("scores.csv", "score\n1.0000000000000002\n-0.3333333333333333\n-999\n")
    let comparison = try model.compare(events: events, reference: reference, targets: [.evaluator])
    #expect(!comparison.holds)
    let result = try #require(comparison.results.first)
    #expect(result.identicalRows == 2)
    #expect(result.worstULP == 1)
    let text = comparison.text()
    for line in [
      "target     rows  identical  worst ULP  worst |Δ|  first difference",
      "evaluator     3          2          1   2.22e-16  row 1, score",
      "  original   0x1.0000000000001p+0  1.0000000000000002",
      "  evaluator  0x1p+0                1.0",
      "  pt         0x1.8p+0              1.5",
      "  eta        0x1p+1                2.0",
    ] {
      #expect(text.split(separator: "\n").contains(line[...]), "\(line)")
    }
    #expect(comparison.sentence.contains("differs from the original scores (scores.csv)"))
    #expect(comparison.sentence.hasSuffix("in 1 of 3 events in events.csv, by at most 1 ulp (2.22e-16 in absolute terms)."))
    #expect(try model.compare(events: events, reference: reference, targets: [.evaluator], maximumULP: 1).holds)
  }

  @Test func comparesWithTheReferenceEvaluator() throws {
    let comparison = try model.compare(events: events, targets: [.evaluator])
    #expect(comparison.holds)
    #expect(comparison.sentence.contains("the plain reference evaluation of BDT.weights.xml"))
  }

  @Test(arguments: [
    ("score\n1\n", "1 rows of original scores for 3 rows of events"), ("scores\n1\n1\n1\n", "none of the model's results"),
    ("score,score\n1,1\n1,1\n1,1\n", "the column 'score' occurs 2 times"),
    ("score\n1\nx\n1\n", "holds something that is not a number"),
  ])
  func refusesOriginalScoresThatDoNotFit(_ table: String, _ words: String) throws {
    let error = #expect(throws: PetrifyError.self) {
      try model.compare(events: events, reference: scratch.file("scores.csv", table), targets: [.evaluator])
    }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains(words) == true)
  }

  @Test func refusesAnEmptyTable() throws {
    let error = #expect(throws: PetrifyError.self) {
      try model.compare(events: scratch.file("none.csv", "pt,eta\n"), targets: [.evaluator])
    }
    #expect(error?.exitCode == 65)
  }
}
