import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// Models within models: which one is asked, and what is said of the others.
@Suite struct ChoiceTests {
  /// Asks a stump of leaves 1, 2 if x0 > 0, one of leaves 10, 20 if x1 > 0, else answers −5.
  private func chooser(_ ambiguity: Choice.Ambiguity) throws -> Model {
    var builder = ModelBuilder(inputCount: 2, width: .float64)
    let zero = try builder.add(.constant([0], .float64))
    let otherwise = try builder.add(.constant([-5], .float64))
    let before = try builder.add(.trees(TreeEnsemble(trees: [stump(.less, 0)], width: .float64, fold: .each), .inputs))
    var branches: [Choice.Branch] = []
    for (input, leaves) in [(Int32(0), [1.0, 2.0]), (1, [10, 20])] {
      let x = try builder.add(.gather(.inputs, [input]))
      let ensemble = try TreeEnsemble(
        trees: [stump(.less, 5, leaves: leaves)], width: .float64, fold: .sum(start: [0]))
      branches.append(
        Choice.Branch(
          condition: try builder.add(.compare(.greater, x, zero)), model: model(ensemble), argument: x))
    }
    let choice = try builder.add(.choose(Choice(branches: branches, otherwise: otherwise, ambiguity: ambiguity)))
    return try builder.finish(.concatenate([choice, before]))
  }

  @Test(arguments: Choice.Ambiguity.allCases)
  func oneConditionOrNone(_ ambiguity: Choice.Ambiguity) throws {
    let evaluator = ReferenceEvaluator(try chooser(ambiguity))
    let first = evaluator.evaluate(row: [3, -1])
    #expect(first.results == [1, 2])
    #expect(first.leaves == [1, 0, -1])
    let second = evaluator.evaluate(row: [-3, 7])
    #expect(second.results == [20, 1])
    #expect(second.leaves == [0, -1, 1])
    let none = evaluator.evaluate(row: [-3, .nan])
    #expect(none.results == [-5, 1])
    #expect(none.leaves == [0, -1, -1])
    #expect(!first.isAmbiguous && !second.isAmbiguous && !none.isAmbiguous)
  }

  @Test func severalConditions() throws {
    let first = ReferenceEvaluator(try chooser(.first)).evaluate(row: [3, 7])
    #expect(first.results == [1, 2])
    #expect(first.leaves == [1, 0, -1])
    #expect(!first.isAmbiguous)
    let refused = ReferenceEvaluator(try chooser(.refused)).evaluate(row: [3, 7])
    #expect(refused.results[0].isNaN && refused.results[1] == 2)
    #expect(refused.leaves == [1, -1, -1])
    #expect(refused.isAmbiguous)
  }

  @Test func onlyWhatTheResultNeedsMakesARowAmbiguous() throws {
    var builder = ModelBuilder(inputCount: 2, width: .float64)
    _ = try builder.add(.members([chooser(.refused)], .inputs))
    let model = try builder.model(result: .inputs)
    let found = ReferenceEvaluator(model).evaluate(row: [3, 7])
    #expect(found.results == [3, 7] && !found.isAmbiguous)
  }

  @Test func membersRoundOnEntryAndNumberTheirTreesInTurn() throws {
    let ensemble = try TreeEnsemble(trees: [stump(.less, 1), stump(.less, 2)], width: .float64, fold: .each)
    let members = [model(ensemble, width: .float64), model(ensemble, width: .float32)]
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let whole = try builder.finish(.members(members, .inputs))
    let found = ReferenceEvaluator(whole).evaluate(row: [(1.0).nextDown])
    #expect(found.results == [1, 1, 2, 1])
    #expect(found.leaves == [0, 0, 1, 0])
  }
}
