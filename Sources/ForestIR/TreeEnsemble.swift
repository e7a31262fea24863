/// Trees that are asked together, in order, and what is made of their leaf values.
package struct TreeEnsemble: Sendable, Hashable {
  package enum Fold: Sendable, Hashable {
    /// One result for each group: `start[g]`, then for each tree of the group, in order, `+ value` (or `+ weight · value`).
    /// Each product and each addition is rounded once, in the ensemble's width. Trees whose leaves are vectors have no group:
    /// number g of the leaf is added to output g.
    case sum(start: Vector)
    /// One result for each tree: its leaf's numbers, not weighted.
    case each
  }

  package let trees: [Tree]
  /// The group (the output) to which each tree adds; as many as trees.
  package let groups: [Int32]
  /// What each tree's value is multiplied by before it is added; nil: nothing, which is not the same as
  /// multiplying by 1 only in cost.
  package let weights: Vector?
  /// The width of leaf values, weights, starts and sums.
  package let width: Width
  package let fold: Fold

  /// How many numbers a leaf holds, the same in all trees.
  package let leafWidth: Int
  /// The smallest number of features that the trees need.
  package let featureCount: Int

  /// - Throws: `ForestFault` when there is no tree, counts disagree, a group is out of range, or a leaf value, a weight or
  ///   a start is NaN or not a number of `width`.
  package init(
    trees: [Tree], groups: [Int32]? = nil, weights: [Double]? = nil, width: Width, fold: Fold
  ) throws(ForestFault) {
    guard let leafWidth = trees.first?.leafWidth else { throw ForestFault(.shape, "an ensemble without trees") }
    if let tree = trees.firstIndex(where: { $0.leafWidth != leafWidth }) {
      throw ForestFault(
        .shape, "the leaves of tree \(tree) hold \(trees[tree].leafWidth) numbers, those of the first tree \(leafWidth)", tree: tree)
    }
    let groups = groups ?? [Int32](repeating: 0, count: trees.count)
    guard groups.count == trees.count else { throw ForestFault(.shape, "\(groups.count) groups for \(trees.count) trees") }
    guard weights == nil || weights!.count == trees.count else {
      throw ForestFault(.shape, "\(weights!.count) weights for \(trees.count) trees")
    }
    if let tree = weights?.firstIndex(where: { $0.isNaN || !width.holds($0) }) {
      throw ForestFault(.number, "the weight of tree \(tree) is not a \(width) number", tree: tree)
    }
    if case .sum(let start) = fold {
      guard start.count > 0, start.elements.allSatisfy({ !$0.isNaN && width.holds($0) }) else {
        throw ForestFault(.number, "the start of the sums is not a list of \(width) numbers")
      }
      if let tree = groups.firstIndex(where: { $0 < 0 || $0 >= start.count }) {
        throw ForestFault(.index, "tree \(tree) adds to output \(groups[tree]) of \(start.count)", tree: tree)
      }
      guard leafWidth == 1 || (leafWidth == start.count && groups.allSatisfy { $0 == 0 }) else {
        throw ForestFault(.shape, "leaves of \(leafWidth) numbers cannot be added to \(start.count) outputs")
      }
    }
    if let tree = trees.firstIndex(where: { $0.leafForms != nil }), width != .float64 || weights != nil {
      throw ForestFault(.shape, "leaves that are linear models are added in float64, without weights", tree: tree)
    }
    for (index, tree) in trees.enumerated() {
      if let leaf = tree.leaves.firstIndex(where: { !width.holds($0) }) {
        throw ForestFault(
          .number, "the value of leaf \(leaf / leafWidth) is not a \(width) number", tree: index, node: leaf / leafWidth)
      }
    }
    self.trees = trees
    self.groups = groups
    self.weights = weights.map(Vector.init)
    self.width = width
    self.fold = fold
    self.leafWidth = leafWidth
    self.featureCount = trees.reduce(0) { max($0, $1.featureCount) }
  }

  /// The length of the vector that comes out.
  package var resultCount: Int {
    switch fold {
    case .sum(let start): start.count
    case .each: trees.count * leafWidth
    }
  }
}
