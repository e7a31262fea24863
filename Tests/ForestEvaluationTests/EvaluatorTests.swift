import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// The fast evaluator against the reference, bit for bit.
@Suite struct EvaluatorTests {
  @Test(arguments: UInt64(0)..<250)
  func equalsReferenceOnForestsOfEveryKind(seed: UInt64) throws {
    var generator = ForestGenerator(seed: seed)
    let forest = generator.forest()
    try expectEqual(forest, rows: ProbeRows(forest).rows(90, seed: seed))
  }

  @Test(arguments: UInt64(0)..<40)
  func equalsReferenceAtEveryThreshold(seed: UInt64) throws {
    var generator = ForestGenerator(seed: seed)
    generator.limits.splits = 30
    let forest = generator.plainForest(
      inputs: 3, trees: 8, groups: 2, inputWidth: generator.random.pick(Width.allCases),
      width: generator.random.pick(Width.allCases), leafWidth: seed % 5 == 4 ? 3 : 1, linear: seed % 2 == 0,
      sets: seed % 3 == 0)
    try expectEqual(forest, rows: ProbeRows(forest).everyCandidate(seed: seed))
  }

  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 300], [1, 2, 3, 16])
  func neitherBatchNorThreadsMatter(count: Int, threads: Int) throws {
    var generator = ForestGenerator(seed: 5)
    let forest = generator.plainForest(inputs: 4, trees: 9, groups: 3)
    try expectEqual(forest, rows: ProbeRows(forest).rows(count, seed: 1), threads: threads)
    let sets = generator.plainForest(inputs: 4, trees: 9, leafWidth: 5, sets: true)
    try expectEqual(sets, rows: ProbeRows(sets).rows(count, seed: 1), threads: threads)
  }

  @Test(arguments: Split.Test.allCases, [-Double.infinity, -1, -0.0, 0, 0.1, 1, .greatestFiniteMagnitude, .infinity])
  func everyQuestionAtItsThreshold(test: Split.Test, threshold: Double) throws {
    let form = LinearForm(offset: 0, coefficients: [1])
    for nanGoesLeft in [false, true] {
      let set = CategorySet([0, 31, 40])
      let tree = stump(test, test == .inSet ? 0 : threshold, nanGoesLeft: nanGoesLeft, forms: [form], sets: [set])
      let ensemble = try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0]))
      for width in Width.allCases {
        let forest = ForestGenerator(seed: 0).described(model(ensemble, width: width))
        try expectEqual(forest, rows: (SpecialNumbers.all + SpecialNumbers.around(threshold) + set.probes).map { [$0] })
      }
    }
  }

  /// Vectors too long for the usual block: the block shrinks, the numbers stay.
  @Test func longVectors() throws {
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let many = try builder.add(.gather(.inputs, [Int32](repeating: 0, count: 50_000)))
    let forest = ForestGenerator(seed: 0).described(try builder.finish(.reduce(.sum, many, count: 2)))
    try expectEqual(forest, rows: (0..<9).map { [Double($0) * 0.1] }, threads: 2)
  }

  @Test func deepTreesNeedNoStack() throws {
    let depth = 20_000
    let splits = (0..<depth).map {
      Split(
        feature: 0, test: .less, threshold: Double($0), nanGoesLeft: false, left: .leaf($0),
        right: $0 + 1 < depth ? .split($0 + 1) : .leaf(depth))
    }
    let tree = try Tree(splits: splits, leaves: (0...depth).map(Double.init))
    let ensemble = try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0]))
    let forest = ForestGenerator(seed: 0).described(model(ensemble))
    try expectEqual(forest, rows: [[-1], [0], [10_000.5], [19_999], [1e9], [.nan], [3], [4], [5]])
  }

  @Test func sessionsKeepNothingFromTheEventBefore() throws {
    for seed in UInt64(0)..<50 {
      var generator = ForestGenerator(seed: seed)
      let forest = generator.forest()
      let reference = ReferenceEvaluator(forest)
      var session = try Evaluator(forest).session(leaves: true)
      var plain = try Evaluator(forest).session()
      for row in ProbeRows(forest).rows(20, seed: seed) {
        session.evaluate(row: row)
        let expected = reference.evaluate(row: row)
        #expect(sameBits(session.results, expected.results), "seed \(seed), row \(row)")
        #expect(session.leaves == expected.leaves, "seed \(seed), row \(row)")
        #expect(session.isAmbiguous == expected.isAmbiguous, "seed \(seed), row \(row)")
        plain.evaluate(row: row)
        #expect(sameBits(plain.results, expected.results) && plain.leaves.isEmpty, "seed \(seed), row \(row)")
      }
    }
  }

  /// Parts are whole blocks where there are many rows, and the last one is what is left.
  @Test(arguments: [2, 3, 5, Int.max]) func manyRowsOnSeveralThreads(threads: Int) throws {
    var generator = ForestGenerator(seed: 11)
    let evaluator = try Evaluator(generator.plainForest(inputs: 3, trees: 3))
    for count in [8191, 8192, 20_481, 40_003] {
      let rows = (0..<3 * count).map { Double($0 % 1009) / 100 - 5 }
      #expect(sameBits(evaluator.evaluate(rows: rows, threads: threads).results, evaluator.evaluate(rows: rows).results), "\(count) rows")
    }
  }

  @Test func tooLongVectorsAreRefused() throws {
    var builder = ModelBuilder(inputCount: 3, width: .float64)
    let copy = try builder.add(.gather(.inputs, [0, 1, 2, 0]))
    let model = try builder.finish(.reduce(.sum, copy, count: 2))
    #expect(try Evaluator(model, columnLimit: 9).evaluate(row: [1, 2, 3]).results == [4, 3])
    #expect(throws: ForestFault(.limit, "one event needs room for more than 8 numbers")) {
      try Evaluator(model, columnLimit: 8)
    }
  }

  private func expectEqual(_ forest: Forest, rows: [[Double]], threads: Int = 2) throws {
    let reference = ReferenceEvaluator(forest)
    let expected = rows.map { reference.evaluate(row: $0) }
    for strategy in Evaluator.Strategy.allCases {
      let evaluator = try Evaluator(forest.model, strategy: strategy)
      let plain = evaluator.evaluate(rows: rows.flatMap { $0 }, threads: threads)
      let found = evaluator.evaluate(rows: rows.flatMap { $0 }, threads: threads, leaves: true)
      #expect(plain.rowCount == rows.count && found.rowCount == rows.count)
      #expect(plain.leaves.isEmpty)
      #expect(sameBits(plain.results, found.results) && plain.ambiguousRows == found.ambiguousRows)
      for (index, row) in rows.enumerated() {
        let results = Array(found.results[(index * found.columnCount)..<((index + 1) * found.columnCount)])
        let leaves = Array(found.leaves[(index * found.treeCount)..<((index + 1) * found.treeCount)])
        #expect(sameBits(results, expected[index].results), "\(strategy), row \(index): \(row)")
        #expect(leaves == expected[index].leaves, "\(strategy), row \(index): \(row)")
      }
      #expect(found.ambiguousRows == expected.indices.filter { expected[$0].isAmbiguous })
    }
  }
}
