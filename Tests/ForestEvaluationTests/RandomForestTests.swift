import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// What the other tests trust in the random forests for.
@Suite struct RandomForestTests {
  /// The random forests would prove little if they left something out.
  @Test func randomForestsUseTheWholeIR() {
    var kinds: Set<String> = []
    var ambiguous = 0, asked = 0, skipped = 0, numbers = 0
    for seed in UInt64(0)..<250 {
      var generator = ForestGenerator(seed: seed)
      let forest = generator.forest()
      kinds.formUnion(operations(of: forest.model))
      for row in ProbeRows(forest).rows(5, seed: seed) {
        let found = ReferenceEvaluator(forest).evaluate(row: row)
        ambiguous += found.isAmbiguous ? 1 : 0
        asked += found.leaves.count { $0 >= 0 }
        skipped += found.leaves.count { $0 < 0 }
        numbers += found.results.count { !$0.isNaN }
      }
    }
    #expect(kinds.count == 24, "\(kinds.sorted())")
    #expect(ambiguous > 0 && asked > 1000 && skipped > 100 && numbers > 1000)
  }

  private func operations(of model: Model) -> Set<String> {
    model.steps.reduce(into: []) { kinds, step in
      kinds.insert(String(String(describing: step).prefix { $0 != "(" }))
      for model in step.models { kinds.formUnion(operations(of: model)) }
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func aSeedNamesItsForests(seed: UInt64) {
    var one = ForestGenerator(seed: seed), other = ForestGenerator(seed: seed)
    let first = one.forest(), second = one.forest()
    #expect(other.forest() == first && other.forest() == second)
    #expect(first != second)
    let rows = ProbeRows(first).rows(9, seed: seed)
    #expect(rows.elementsEqual(ProbeRows(first).rows(9, seed: seed), by: sameBits))
    #expect(rows.allSatisfy { $0.count == first.inputs.count })
  }
}
