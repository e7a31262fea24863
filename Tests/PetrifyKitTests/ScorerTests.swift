import PetrifyKit
import Testing

@Suite struct ScorerTests {
  private let scratch: Scratch
  private let model: PetrifiedModel
  private let events: [[Double]] = [[1.5, 2], [1, 2], [1.5, 0], [0, 0], [.nan, 0]]

  init() throws {
    scratch = try Scratch()
    model = try PetrifiedModel(reading: scratch.file("small.weights.xml", SmallModel.xml()))
  }

  @Test func answersLikeTheModelOneByOne() throws {
    var scorer = try model.scorer()
    #expect(scorer.inputCount == 2 && scorer.outputCount == 1)
    let expected = try model.score(events)
    for (event, scores) in zip(events, expected) { #expect(try scorer.score(event) == scores) }

    for (event, scores) in zip(events, expected) {
      var found = [Double.nan]
      var place = found.mutableSpan
      try scorer.score(event.span, into: &place)
      #expect(found == scores)
    }
  }

  @Test(arguments: [1, 3]) func answersForManyAtOnce(threads: Int) throws {
    let rows = (0..<500).flatMap { events[$0 % events.count] }
    let scores = try model.scorer().score(rows: rows, threads: threads)
    let expected = try model.score(events).flatMap { $0 }
    #expect(scores == (0..<500).map { expected[$0 % events.count] })
    #expect(try model.scorer().score(rows: []).isEmpty)
  }

  @Test func refusesWhatIsNoWholeEvent() throws {
    var scorer = try model.scorer()
    #expect(throws: PetrifyError.self) { try scorer.score(rows: [1, 2, 3]) }
    let error = #expect(throws: PetrifyError.self) { try scorer.score([1]) }
    #expect(error?.exitCode == 64)
  }
}
