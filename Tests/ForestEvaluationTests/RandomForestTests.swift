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

  /// Every kind of ensemble, category sets that are asked in earnest, and sums long enough for each way of adding.
  @Test func randomForestsUseEveryKindOfTree() {
    var kinds: Set<[Bool]> = []
    var mixed = 0, sets = 0, forms = 0, longestHeap = 0, severalLongHeaps = 0
    for seed in UInt64(0)..<250 {
      var generator = ForestGenerator(seed: seed)
      let model = generator.forest().model
      let ensembles = model.ensembles
      for ensemble in ensembles {
        kinds.insert([ensemble.leafWidth > 1, ensemble.fold == .each, ensemble.weights != nil, ensemble.width == .float32])
        forms += ensemble.trees.count { $0.leafForms?.contains { !$0.features.isEmpty } == true }
        sets += ensemble.trees.count { tree in
          tree.splits.contains { $0.test == .inSet && !tree.categorySets[Int($0.threshold)].members.isEmpty }
        }
      }
      if Set(ensembles.map(\.leafWidth)).count > 2 { mixed += 1 }
      for step in model.steps {
        guard case .reduce(.pairwiseSum, let a, let heaps) = step else { continue }
        let length = model.shape(of: a).count / heaps
        longestHeap = max(longestHeap, length)
        if heaps > 1, length > 8 { severalLongHeaps += 1 }
      }
    }
    #expect(kinds.count == 16)
    #expect(mixed > 10 && forms > 50 && sets > 100 && longestHeap > 256 && severalLongHeaps > 0)
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
