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
  ///   - leafWidth: how many numbers a leaf holds.
  ///   - linear: whether it may test linear forms.
  ///   - sets: whether it may test category sets.
  ///   - leafForms: whether its leaves may be linear models; only where a leaf holds one float64 number.
  package mutating func tree(
    featureCount: Int, splitLimit: Int, width: Width, leafWidth: Int = 1, linear: Bool = true, sets: Bool = false,
    leafForms: Bool = false
  ) -> Tree {
    shaped(
      featureCount: featureCount, splitCount: Int.random(in: 0...splitLimit, using: &random), width: width,
      leafWidth: leafWidth, linear: linear, sets: sets, leafForms: leafForms, isBalanced: random.oneIn(3))
  }

  /// A tree in which all leaves lie `depth` splits deep, without linear tests.
  package mutating func fullTree(
    featureCount: Int, depth: Int, width: Width, leafWidth: Int = 1, sets: Bool = false
  ) -> Tree {
    shaped(
      featureCount: featureCount, splitCount: (1 << depth) - 1, width: width, leafWidth: leafWidth, linear: false,
      sets: sets, isBalanced: true)
  }

  private mutating func shaped(
    featureCount: Int, splitCount: Int, width: Width, leafWidth: Int, linear: Bool, sets: Bool,
    leafForms: Bool = false, isBalanced: Bool
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
    let categorySets = sets && random.oneIn(2) ? (0..<3).map { _ in categorySet() } : []
    let splits = (0..<splitCount).map { index in
      func child(_ side: Int) -> Child {
        if let split = children[index][side] { .split(split) } else { .leaf(leafOfEnd[index][side]) }
      }
      if !categorySets.isEmpty, random.oneIn(2) {
        return Split(
          feature: Int.random(in: 0..<featureCount, using: &random), test: .inSet,
          threshold: Double(Int.random(in: 0..<categorySets.count, using: &random)), nanGoesLeft: random.oneIn(2),
          left: child(0), right: child(1))
      }
      let isLinear = !forms.isEmpty && random.oneIn(2)
      return Split(
        feature: Int.random(in: 0..<(isLinear ? forms.count : featureCount), using: &random),
        test: isLinear ? .linearLessOrEqual : random.pick([.less, .lessOrEqual]),
        // A threshold need not be a number of the width of what it is compared with.
        threshold: random.wildNumber(random.pick(Width.allCases)), nanGoesLeft: random.oneIn(2),
        left: child(0), right: child(1))
    }
    let leaves = (0..<(splitCount + 1) * leafWidth).map { _ in
      random.oneIn(50) ? random.wildNumber(width) : random.number(width)
    }
    let numbers = random.oneIn(3) ? (0...splitCount).map { Int32($0 * 3 + 1) }.shuffled(using: &random) : nil
    let models =
      leafForms && leafWidth == 1 && width == .float64 && random.oneIn(2)
      ? (0...splitCount).map { _ in leafForm(featureCount: featureCount) } : nil
    return proven { () throws(ForestFault) in
      try Tree(
        splits: splits, leaves: leaves, leafWidth: leafWidth, leafNumbers: numbers, linearForms: forms,
        categorySets: categorySets, leafForms: models)
    }
  }

  /// Any set of up to 200 categories and more; now and then one without members or without words.
  private mutating func categorySet() -> CategorySet {
    let wordCount = random.pick([0, 1, 1, 1, 2, 7])
    let words = (0..<wordCount).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
    return CategorySet(words: random.oneIn(8) ? words.map { _ in 0 } : words)
  }

  private mutating func leafForm(featureCount: Int) -> LeafForm {
    let count = Int.random(in: 0...min(3, featureCount), using: &random)
    return LeafForm(
      offset: random.number(.float64), features: (0..<count).map { _ in Int32.random(in: 0..<Int32(featureCount), using: &random) },
      coefficients: (0..<count).map { _ in random.oneIn(4) ? 0 : random.number(.float64) })
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
