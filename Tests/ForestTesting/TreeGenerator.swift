package import ForestIR

/// Makes random trees of any shape, every kind of split and every kind of number among them.
package struct TreeGenerator: Sendable {
  package var random: SplitMix64

  package init(seed: UInt64) { random = SplitMix64(seed: seed) }
  package init(random: SplitMix64) { self.random = random }

  /// A tree of at most `splitLimit` splits, grown at random ends, over `featureCount` features.
  ///
  /// - Parameters:
  ///   - width: the width of leaf values.
  ///   - linear: whether it may test linear forms.
  package mutating func tree(
    featureCount: Int, splitLimit: Int, width: Width, linear: Bool = true
  ) -> Tree {
    shaped(
      featureCount: featureCount, splitCount: Int.random(in: 0...splitLimit, using: &random), width: width,
      linear: linear, isBalanced: random.oneIn(3))
  }

  /// A tree in which all leaves lie `depth` splits deep, without linear tests.
  package mutating func fullTree(featureCount: Int, depth: Int, width: Width) -> Tree {
    shaped(featureCount: featureCount, splitCount: (1 << depth) - 1, width: width, linear: false, isBalanced: true)
  }

  private mutating func shaped(
    featureCount: Int, splitCount: Int, width: Width, linear: Bool, isBalanced: Bool
  ) -> Tree {
    // Which split hangs where: grown from the root, each new split taking one of the open ends.
    var children = [[Int?]](repeating: [nil, nil], count: splitCount)
    var ends: [(parent: Int, side: Int)] = [(0, 0), (0, 1)]
    for split in stride(from: 1, to: splitCount, by: 1) {
      let position = isBalanced ? 0 : Int.random(in: 0..<ends.count, using: &random)
      let end = ends.remove(at: position)
      children[end.parent][end.side] = split
      ends.append((split, 0))
      ends.append((split, 1))
    }

    // Leaves are counted from left to right.
    var leafOfEnd = [[Int]](repeating: [-1, -1], count: splitCount)
    var leafCount = 0
    var open: [(parent: Int, side: Int)] = splitCount > 0 ? [(0, 1), (0, 0)] : []
    while let (parent, side) = open.popLast() {
      if let child = children[parent][side] {
        open.append((child, 1))
        open.append((child, 0))
      } else {
        leafOfEnd[parent][side] = leafCount
        leafCount += 1
      }
    }

    let forms = linear && random.oneIn(3) ? (0..<3).map { _ in linearForm(featureCount: featureCount) } : []
    let splits = (0..<splitCount).map { index in
      func child(_ side: Int) -> Child {
        if let split = children[index][side] { .split(split) } else { .leaf(leafOfEnd[index][side]) }
      }
      let isLinear = !forms.isEmpty && random.oneIn(2)
      return Split(
        feature: Int.random(in: 0..<(isLinear ? forms.count : featureCount), using: &random),
        test: isLinear ? .linearLessOrEqual : random.pick([.less, .lessOrEqual]),
        // A threshold need not be a number of the width of what it is compared with.
        threshold: random.wildNumber(random.pick(Width.allCases)), nanGoesLeft: random.oneIn(2),
        left: child(0), right: child(1))
    }
    let leaves = (0...splitCount).map { _ in random.oneIn(50) ? random.wildNumber(width) : random.number(width) }
    let numbers = random.oneIn(3) ? (0...splitCount).map { Int32($0 * 3 + 1) }.shuffled(using: &random) : nil
    return proven { () throws(ForestFault) in
      try Tree(splits: splits, leaves: leaves, leafNumbers: numbers, linearForms: forms)
    }
  }

  private mutating func linearForm(featureCount: Int) -> LinearForm {
    let count = Int.random(in: 0...featureCount, using: &random)
    return LinearForm(
      offset: random.number(.float64), coefficients: (0..<count).map { _ in random.oneIn(4) ? 0 : random.number(.float64) })
  }
}

/// What is built by a generator fits together; if not, the generator is wrong and the test must not go on.
package func proven<T>(_ build: () throws(ForestFault) -> T) -> T {
  do { return try build() } catch { fatalError("a generated model was refused: \(error)") }
}
