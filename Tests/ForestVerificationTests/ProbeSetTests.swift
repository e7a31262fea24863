import ForestIR
import ForestTesting
import ForestVerification
import Testing

@Suite struct ProbeSetTests {
  private func forest(
    _ thresholds: [Double], width: Width = .float32, range: Input.TrainingRange? = nil, kind: Input.Kind = .real
  ) throws -> Forest {
    let trees = try thresholds.map { threshold in
      try Tree(
        splits: [Split(feature: 0, test: .less, threshold: threshold, nanGoesLeft: true, left: .leaf(0), right: .leaf(1))],
        leaves: [1, 2])
    }
    var builder = ModelBuilder(inputCount: 2, width: width)
    let sum = try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [0])), .inputs))
    return try Forest(
      inputs: ["a", "b"].map { Input(label: $0, kind: kind, trainingRange: range) }, model: builder.model(result: sum),
      columns: [Column(name: "sum", role: .margin, meaning: "", width: .float64)],
      provenance: Provenance(trainer: "", kind: "", format: ""))
  }

  @Test func collectsThresholdsOnceAndInOrder() throws {
    let probes = try ProbeSet(forest([3, 1, 3, .infinity, 2]))
    #expect(probes.thresholds == [[1, 2, 3], []])
  }

  @Test func isTheSameEveryTime() throws {
    let first = try ProbeSet(forest([0.5, 7])), second = try ProbeSet(forest([0.5, 7]))
    #expect(first.referenceRows(16) == second.referenceRows(16))
    let bits = [first, second].map { $0.hostileRows(50, seed: 1).map { $0.map(\.bitPattern) } }
    #expect(bits[0] == bits[1])
  }

  @Test func staysInsideTrainingRangesOnEvenRows() throws {
    let range = Input.TrainingRange(lowest: -2.3, highest: 5.1)
    let rows = try ProbeSet(forest([100], range: range)).referenceRows(16)
    #expect(rows.count == 16)
    for (index, row) in rows.enumerated() {
      #expect(row.allSatisfy { $0.isFinite })
      if index % 2 == 0 { #expect(row.allSatisfy { (-2.3...5.1).contains($0) }) }
    }
  }

  @Test func hitsThresholdsAndTheirNeighbours() throws {
    let values = try Set(ProbeSet(forest([0.1])).referenceRows(200).map { $0[0] })
    // The forest rounds to float32, so its neighbours are float32 numbers.
    #expect(values.isSuperset(of: [0.1, Double(Float(0.1).nextUp), Double(Float(0.1).nextDown)]))
  }

  @Test func keepsIntegersWhole() throws {
    let rows = try ProbeSet(forest([3.5], range: .init(lowest: 0, highest: 7), kind: .integer)).referenceRows(16)
    #expect(rows.enumerated().allSatisfy { $0.offset % 2 == 1 || $0.element.allSatisfy { $0 == $0.rounded() } })
  }

  @Test(arguments: [
    (-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude), (.nan, .nan), (5, 5), (3, -3), (-.infinity, 0),
    (0, Double.leastNonzeroMagnitude),
  ])
  func survivesOddTrainingRanges(_ lowest: Double, _ highest: Double) throws {
    let forest = try forest([1e308, -1e308], width: .float64, range: .init(lowest: lowest, highest: highest))
    #expect(ProbeSet(forest).referenceRows(64).joined().allSatisfy { $0.isFinite })
  }

  @Test func attacksWithSpecialNumbers() throws {
    let rows = try ProbeSet(forest([1])).hostileRows(2000, seed: 3)
    let values = rows.flatMap { $0 }
    #expect(values.contains { $0.isNaN })
    #expect(values.contains(.infinity))
    #expect(values.contains { $0 == 0 && $0.sign == .minus })
    #expect(values.contains(Double(Float(1).nextDown)))
  }
}
