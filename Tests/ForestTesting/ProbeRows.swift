package import ForestIR

/// Events aimed at a forest: on, just below and just above everything that it compares with, and the numbers
/// on which comparisons are got wrong.
package struct ProbeRows: Sendable {
  /// For each input the values worth trying.
  package let candidates: [[Double]]

  /// Collects the thresholds by the feature they are compared with, wherever in the model that is. Where
  /// trees read other vectors than the inputs that only aims less well.
  package init(_ forest: Forest) {
    let inputCount = forest.inputs.count
    var candidates = [[Double]](repeating: SpecialNumbers.all + [-2, 2, 0.3], count: inputCount)
    for tree in forest.model.ensembles.flatMap(\.trees) {
      for split in tree.splits {
        let feature = split.test == .linearLessOrEqual ? 0 : Int(split.feature)
        candidates[feature % inputCount] +=
          split.test == .inSet
          ? tree.categorySets[Int(split.threshold)].probes : SpecialNumbers.around(split.threshold)
      }
    }
    for constant in forest.model.constants {
      for input in candidates.indices { candidates[input] += SpecialNumbers.around(constant) }
    }
    self.candidates = candidates
  }

  /// `count` rows, each value drawn from its candidates; special numbers are kept rare enough for most rows
  /// to get somewhere.
  package func rows(_ count: Int, seed: UInt64) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      candidates.map { random.oneIn(3) ? random.number(.float64) : random.pick($0) }
    }
  }

  /// One row for each candidate of each input, the other inputs drawn at random.
  package func everyCandidate(seed: UInt64) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    var rows: [[Double]] = []
    for (input, values) in candidates.enumerated() {
      for value in values {
        var row = candidates.map { random.oneIn(3) ? random.number(.float64) : random.pick($0) }
        row[input] = value
        rows.append(row)
      }
    }
    return rows
  }
}

extension Model {
  /// The constants of the model and of the models inside it, what look-ups know among them.
  fileprivate var constants: [Double] {
    steps.flatMap { step -> [Double] in
      if case .constant(let vector, _) = step { return vector.elements }
      if case .lookUp(let tables, _) = step { return tables.flatMap { $0.elements.prefix(4) } }
      return step.models.flatMap(\.constants)
    }
  }
}
