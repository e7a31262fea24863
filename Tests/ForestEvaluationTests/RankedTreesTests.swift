import CForestKernels
import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// Trees asked by ranks, with every instruction set, against the reference and against walks.
///
/// One after another: which instruction set is used is a fact of the whole process. (Tests beside them may be served by a lower
/// set for a while, which must not matter to them.)
@Suite(.serialized) struct RankedTreesTests {
  @Test(arguments: 0...2, UInt64(0)..<10)
  func equalsReferenceAtEveryThreshold(set: Int, seed: UInt64) throws {
    forest_limit_instruction_set(Int32(set))
    defer { forest_limit_instruction_set(2) }
    var generator = ForestGenerator(seed: seed)
    generator.limits.splits = seed % 3 == 0 ? 120 : 20
    let forest = generator.plainForest(
      inputs: 3, trees: 8, depth: seed % 4 == 1 ? 5 : nil, groups: 2, inputWidth: generator.random.pick(Width.allCases),
      width: generator.random.pick(Width.allCases), leafWidth: seed % 5 == 4 ? 3 : 1)
    var rows = Array(ProbeRows(forest).everyCandidate(seed: seed).shuffled(using: &generator.random).prefix(600))
    rows += SpecialNumbers.all.map { [$0, $0, $0] }
    let found = try Evaluator(forest.model, strategy: .ranks).evaluate(rows: rows.flatMap { $0 })
    let reference = ReferenceEvaluator(forest)
    let expected = rows.flatMap { reference.evaluate(row: $0).results }
    #expect(sameBits(found.results, expected))
  }

  /// Every batch size up to some blocks, on leaves of each size of table that the kernels look up in; and one event at a time, for which
  /// a comb of up to 63 leaves is parts below a part, and a longer one is walked through.
  @Test(arguments: 0...2, [1, 2, 8, 9, 16, 17, 32, 33, 63, 64, 65, 128, 129, 256])
  func everyBatchSize(set: Int, leafCount: Int) throws {
    forest_limit_instruction_set(Int32(set))
    defer { forest_limit_instruction_set(2) }
    for width in Width.allCases {
      let forest = try comb(leafCount: leafCount, width: width)
      var rows: [Double] = (0..<600).map { (row: Int) -> Double in Double(row % (leafCount + 2)) - 0.5 * Double(row % 3) }
      rows += [.nan, .infinity, -.infinity]
      let ranks = try Evaluator(forest.model, strategy: .ranks), walks = try Evaluator(forest.model, strategy: .walks)
      for count in Array(stride(from: 1 + set, through: 200, by: 3)) + [64, 128, 255, 256, 257, 512, rows.count] {
        let part = Array(rows.suffix(count))
        #expect(sameBits(ranks.evaluate(rows: part).results, walks.evaluate(rows: part).results), "\(count) rows")
      }
      let expected = walks.evaluate(rows: rows, leaves: true)
      var session = ranks.session(leaves: true)
      for (index, x) in rows.enumerated() {
        session.evaluate(row: [x])
        let leaves = expected.leaves[index * ranks.treeCount..<(index + 1) * ranks.treeCount]
        #expect(sameBits(session.results, [expected.results[index]]) && session.leaves == Array(leaves), "\(x)")
      }
    }
  }

  /// More thresholds on one column than a byte can rank, so that trees fall into several groups; and a tree that has too many alone.
  @Test(arguments: [40, 254, 255]) func manyThresholds(perTree: Int) throws {
    let trees = try (0..<9).map { tree in
      try chain((0..<perTree).map { Double($0 * 9 + tree) * 0.25 })
    }
    var builder = ModelBuilder(inputCount: 1, width: .float32)
    let ensemble = try TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [0.5]))
    let model = try builder.finish(.trees(ensemble, .inputs))
    let rows = (0..<5000).map { Double($0) * 0.125 }
    let ranks = try Evaluator(model, strategy: .ranks), walks = try Evaluator(model, strategy: .walks)
    #expect(sameBits(ranks.evaluate(rows: rows).results, walks.evaluate(rows: rows).results))
  }

  /// A tree in which each split leads to a leaf on the left.
  private func chain(_ thresholds: [Double]) throws -> Tree {
    try Tree(
      splits: thresholds.indices.map {
        Split(
          feature: 0, test: $0 % 2 == 0 ? .less : .lessOrEqual, threshold: thresholds[$0], nanGoesLeft: $0 % 5 == 0,
          left: .leaf($0), right: $0 + 1 < thresholds.count ? .split($0 + 1) : .leaf($0 + 1))
      }, leaves: (0...thresholds.count).map { Double($0) * 0.1 })
  }

  private func comb(leafCount: Int, width: Width) throws -> Forest {
    let tree = try Tree(
      splits: (0..<leafCount - 1).map {
        Split(
          feature: 0, test: .lessOrEqual, threshold: Double(leafCount - 1 - $0), nanGoesLeft: $0 % 2 == 0,
          left: $0 + 2 < leafCount ? .split($0 + 1) : .leaf(leafCount - 1), right: .leaf($0))
      }, leaves: (0..<leafCount).map { width.rounded(Double($0) * 0.1) })
    var builder = ModelBuilder(inputCount: 1, width: width)
    let ensemble = try TreeEnsemble(trees: [tree, tree, tree], weights: [1, 0.5, 3], width: width, fold: .sum(start: [0]))
    return ForestGenerator(seed: 0).described(try builder.finish(.trees(ensemble, .inputs)))
  }
}
