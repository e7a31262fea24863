import ForestEvaluation
import ForestIR
import ForestRanking
import ForestTesting
import Testing

/// Trees asked by ranks of 16 bits, against the reference and against walks.
struct WideTreesTests {
  @Test(arguments: UInt64(0)..<12) func equalsReferenceAtEveryThreshold(seed: UInt64) throws {
    var generator = ForestGenerator(seed: seed)
    generator.limits.splits = seed % 3 == 0 ? 600 : 20
    let forest = generator.plainForest(
      inputs: 3, trees: seed % 4 == 0 ? 40 : 8, depth: seed % 4 == 1 ? 9 : nil, groups: 2,
      inputWidth: generator.random.pick(Width.allCases), width: generator.random.pick(Width.allCases),
      leafWidth: seed % 5 == 4 ? 3 : 1)
    var rows = Array(ProbeRows(forest).everyCandidate(seed: seed).shuffled(using: &generator.random).prefix(600))
    rows += SpecialNumbers.all.map { [$0, $0, $0] }
    let reference = ReferenceEvaluator(forest)
    let expected = rows.map { reference.evaluate(row: $0) }

    let evaluator = try Evaluator(forest.model, strategy: .wideRanks)
    let found = evaluator.evaluate(rows: rows.flatMap { $0 }, leaves: true)
    #expect(sameBits(found.results, expected.flatMap(\.results)))
    #expect(found.leaves == expected.flatMap(\.leaves))
    var session = evaluator.session(leaves: true)
    for (row, answer) in zip(rows, expected).prefix(100) {
      session.evaluate(row: row)
      #expect(sameBits(session.results, answer.results) && session.leaves == answer.leaves, "\(row)")
    }
  }

  /// Every batch size up to some groups of rows, then more rows than a block has, on several threads.
  @Test(arguments: [300, 5000]) func everyBatchSize(leafCount: Int) throws {
    for (width, leafWidth) in [(Width.float32, 1), (.float64, 1), (.float32, 3), (.float64, 2)] {
      let trees = (0..<18).map { balancedTree($0, leafCount: leafCount, width: width, leafWidth: leafWidth) }
      let start = Vector((0..<max(leafWidth, 2)).map { width.rounded(Double($0) * 0.3) })
      let ensemble = try TreeEnsemble(
        trees: trees, groups: trees.indices.map { leafWidth == 1 ? Int32($0 % 2) : 0 },
        weights: trees.indices.map { width.rounded(1 / Double($0 + 1)) }, width: width, fold: .sum(start: start))
      let model = model(ensemble, inputs: 2, width: width)
      var random = SplitMix64(seed: 5)
      var rows = (0..<10_000).map { _ in Double.random(in: -0.1...1.1, using: &random) }
      for place in stride(from: 0, to: rows.count, by: 37) { rows[place] = random.pick(SpecialNumbers.all) }
      let fast = try [Evaluator.Strategy.wideRanks, .automatic].map { try Evaluator(model, strategy: $0) }
      let expected = try Evaluator(model, strategy: .walks).evaluate(rows: rows, leaves: true)
      for evaluator in fast {
        for count in Array(1...66) + [100, 129, 200] {
          let found = evaluator.evaluate(rows: Array(rows.prefix(2 * count)))
          #expect(sameBits(found.results, Array(expected.results.prefix(count * evaluator.columnCount))), "\(count) rows")
        }
        let found = evaluator.evaluate(rows: rows, threads: 3, leaves: true)
        #expect(sameBits(found.results, expected.results) && found.leaves == expected.leaves)
      }
    }
  }

  /// Trees as far out of balance as can be, whose ways are of all lengths.
  @Test(arguments: Width.allCases) func chains(width: Width) throws {
    let thresholds = (0..<2000).map { Double($0) * 0.25 }
    let trees = try (0..<9).map { try chain($0 == 4 ? [-.infinity] + thresholds + [.infinity] : thresholds, seed: $0) }
    let model = model(try TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [0.5])), width: width)
    let rows = (0..<5000).map { Double($0) * 0.125 - 20 } + SpecialNumbers.all
    let ranks = try Evaluator(model, strategy: .wideRanks), walks = try Evaluator(model, strategy: .walks)
    let found = ranks.evaluate(rows: rows, leaves: true), expected = walks.evaluate(rows: rows, leaves: true)
    #expect(sameBits(found.results, expected.results) && found.leaves == expected.leaves)
  }

  /// More thresholds on one feature than 16 bits can rank.
  @Test(arguments: Width.allCases) func severalColumnsOfAFeature(width: Width) throws {
    let trees = (0..<24).map { balancedTree($0, leafCount: 5001, width: .float64, featureCount: 1) }
    let ensemble = try TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [0]))
    let wide = try #require(WideEnsemble(ensemble, featureWidth: width))
    #expect(Set(wide.columns.map { [$0.feature, $0.nanGoesLeft ? 1 : 0] }).count < wide.columns.count)
    let model = model(ensemble, width: width)
    let rows = trees.flatMap { $0.splits.prefix(100) }.flatMap { SpecialNumbers.around($0.threshold) } + SpecialNumbers.all
    let ranks = try Evaluator(model, strategy: .wideRanks), walks = try Evaluator(model, strategy: .walks)
    #expect(sameBits(ranks.evaluate(rows: rows).results, walks.evaluate(rows: rows).results))
  }

  /// What counts are the different leaves of a tree; where there are too many, the tree is walked through.
  @Test func moreLeavesThanNumbers() throws {
    let thresholds = (0..<69_999).map { Double($0) * 0.25 }
    for isRepeated in [true, false] {
      let tree = searchTree(thresholds, seed: 0) { isRepeated ? Double($0 % 1000) : Double($0) }
      let ensemble = try TreeEnsemble(trees: [tree, tree], width: .float64, fold: .sum(start: [0]))
      #expect((WideEnsemble(ensemble, featureWidth: .float64) == nil) == !isRepeated)
      let rows = (0..<3000).map { Double($0) * 6.125 } + SpecialNumbers.all
      let model = model(ensemble)
      let ranks = try Evaluator(model, strategy: .wideRanks), walks = try Evaluator(model, strategy: .walks)
      let found = ranks.evaluate(rows: rows, leaves: true), expected = walks.evaluate(rows: rows, leaves: true)
      #expect(sameBits(found.results, expected.results) && found.leaves == expected.leaves)
    }
  }

  /// 0 and −0 are different leaves: −0 + −0 is −0.
  @Test func zerosOfBothSigns() throws {
    let tree = stump(.less, 0.5, leaves: [0, -0.0])
    let model = model(try TreeEnsemble(trees: [tree, tree], width: .float64, fold: .sum(start: [-0.0])))
    let found = try Evaluator(model, strategy: .wideRanks).evaluate(rows: [0, 1])
    #expect(sameBits(found.results, [0, -0.0]))
  }

  /// A tree with thresholds of its own.
  private func balancedTree(_ seed: Int, leafCount: Int, width: Width, leafWidth: Int = 1, featureCount: Int = 2) -> Tree {
    var random = SplitMix64(seed: UInt64(seed))
    let thresholds = (1..<leafCount).map { _ in width.rounded(Double.random(in: 0...1, using: &random)) }.sorted()
    return searchTree(thresholds, seed: seed, featureCount: featureCount, leafWidth: leafWidth) {
      width.rounded(Double($0 % 777) * 0.1)
    }
  }

  /// A search tree over ascending thresholds, in which features take turns every three levels.
  private func searchTree(
    _ thresholds: [Double], seed: Int, featureCount: Int = 1, leafWidth: Int = 1, value: (Int) -> Double
  ) -> Tree {
    var splits: [Split] = [], leafCount = 0
    /// Splits of `range` are appended in preorder; its root, or a leaf.
    func grow(_ range: Range<Int>, level: Int) -> Child {
      guard !range.isEmpty else {
        leafCount += 1
        return .leaf(leafCount - 1)
      }
      let middle = (range.lowerBound + range.upperBound) / 2, place = splits.count
      func split(_ left: Child, _ right: Child) -> Split {
        Split(
          feature: (level + seed) / 3 % featureCount, test: middle % 2 == 0 ? .less : .lessOrEqual,
          threshold: thresholds[middle], nanGoesLeft: (middle + seed) % 3 == 0, left: left, right: right)
      }
      splits.append(split(.leaf(0), .leaf(0)))
      let left = grow(range.lowerBound..<middle, level: level + 1)
      splits[place] = split(left, grow(middle + 1..<range.upperBound, level: level + 1))
      return .split(place)
    }
    _ = grow(thresholds.indices, level: 0)
    return proven { () throws(ForestFault) in
      try Tree(splits: splits, leaves: (0..<leafCount * leafWidth).map(value), leafWidth: leafWidth)
    }
  }

  /// A tree in which each split leads to a leaf on one side.
  private func chain(_ thresholds: [Double], seed: Int) throws -> Tree {
    let isDescending = seed % 2 == 0, last = thresholds.count
    return try Tree(
      splits: thresholds.indices.map {
        let next = $0 + 1 < last ? Child.split($0 + 1) : .leaf(last)
        return Split(
          feature: 0, test: ($0 + seed) % 3 == 0 ? .less : .lessOrEqual,
          threshold: thresholds[isDescending ? last - 1 - $0 : $0], nanGoesLeft: ($0 + seed) % 500 != 0,
          left: isDescending ? next : .leaf($0), right: isDescending ? .leaf($0) : next)
      }, leaves: (0...last).map { Double($0) * 0.1 })
  }
}
