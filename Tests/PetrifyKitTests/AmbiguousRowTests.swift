import ForestIR
import ForestWriting
import Testing

@testable import PetrifyKit

/// A model of two categories that overlap: x > 0 and x > 1.
@Suite struct AmbiguousRowTests {
  private let scratch: Scratch
  private let model: PetrifiedModel

  init() throws {
    scratch = try Scratch()
    var inner = ModelBuilder(inputCount: 1, width: .float64)
    let tree = try Tree(
      splits: [Split(feature: 0, test: .less, threshold: 0.5, nanGoesLeft: true, left: .leaf(0), right: .leaf(1))],
      leaves: [1, 2])
    let sum = try inner.add(.trees(TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0])), .inputs))
    let member = try inner.model(result: sum)
    var outer = ModelBuilder(inputCount: 1, width: .float64)
    let zero = try outer.add(.constant([0], .float64)), one = try outer.add(.constant([1], .float64))
    let first = try outer.add(.compare(.greater, .inputs, zero)), second = try outer.add(.compare(.greater, .inputs, one))
    let choice = try outer.add(
      .choose(
        Choice(
          branches: [
            Choice.Branch(condition: first, model: member, argument: .inputs),
            Choice.Branch(condition: second, model: member, argument: .inputs),
          ], otherwise: zero, ambiguity: .refused)))
    model = PetrifiedModel(
      forest: try Forest(
        inputs: [Input(label: "x")], model: outer.model(result: choice),
        columns: [Column(name: "score", role: .response, meaning: "", width: .float64)],
        provenance: Provenance(trainer: "none", kind: "made up", format: "none")), path: "made-up")
  }

  @Test func answersWhereOneCategoryApplies() throws {
    #expect(try model.score([[0.25], [0.75], [-1]]) == [[1], [2], [0]])
  }

  @Test func aScorerRefusesOneEventAndGoesOn() throws {
    var scorer = try model.scorer()
    let error = #expect(throws: PetrifyError.self) { try scorer.score([2]) }
    #expect(error?.description.contains("made-up: error: the event belongs to more than one category") == true)
    #expect(try scorer.score([0.75]) == [2])
  }

  @Test(arguments: [1, 2, 7]) func namesTheRowThatHasNoAnswer(threads: Int) throws {
    // Later faults do not count, not even where they are found earlier.
    let rows = String(repeating: "0.25\n", count: 17_000)
    let events = try scratch.file("events.csv", "x\n" + rows + "2\n" + rows + "?\n")
    let error = #expect(throws: PetrifyError.self) {
      try model.score(table: events, to: .file(scratch.path + "/out.csv"), threads: threads)
    }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("events.csv: error: row 17001 belongs to more than one category") == true)
    #expect(try scratch.names == ["events.csv"])
  }

  @Test func hasNoSuchEventInASelfTest() throws {
    let events = try model.referenceEvents(table: nil).events
    #expect(events.count == PetrifiedModel.generatedEventCount)
    #expect(events.allSatisfy { $0.inputs[0] <= 1 })
    #expect(throws: PetrifyError.self) { try model.referenceEvents(table: scratch.file("events.csv", "x\n0.5\n2\n")) }
  }

  @Test func isNotCompared() throws {
    let error = #expect(throws: PetrifyError.self) {
      try model.compare(events: scratch.file("events.csv", "x\n0.5\n2\n"), targets: [.evaluator])
    }
    #expect(error?.description.contains("row 2 belongs") == true)
  }
}
