import ForestIR

extension EstimatorLowering {
  /// `−(2 ** −(Σ depths / (trees · c)))`, where each leaf's depth includes the expected rest of a tree that was not grown.
  mutating func isolationForest(_ estimator: Estimator, _ x: Value) throws(ReadError) -> Prediction {
    let members = try members(of: estimator)
    let subsets = try featureSubsets(of: estimator, count: members.count, featureCount: builder.shape(of: x).count)
    let offset = try double("offset_", of: estimator)
    let samples = try double("max_samples_", of: estimator)
    guard samples >= 1, samples <= Double(NodeArrays.nodeLimit), samples == samples.rounded() else {
      throw fault(.outOfRange, estimator, "max_samples_", "max_samples_ is \(samples)")
    }
    let norm = try optionalDouble("average_path_length_max_samples", of: estimator) ?? computedPathLength(Int(samples))
    var trees: [Tree] = []
    for (index, member) in members.enumerated() {
      try expectPlainTree(member, PlainTrees.regressors)
      let lengths = try optionalDoubles("average_path_length", of: member)
      if let lengths, let tree = member.tree, lengths.count != tree.nodeCount {
        throw fault(.inconsistent, member, "average_path_length", "\(lengths.count) path lengths for \(tree.nodeCount) nodes")
      }
      let features = try subset(index, subsets, member)
      let limit = builder.shape(of: x).count
      trees.append(
        try irTree(member, features: features, featureCount: limit, leafWidth: 1) { (tree) throws(ReadError) in
          guard let samples = tree.leafSamples else {
            throw cursor.fault(.missing, at: tree.place, "the tree has no \"n_node_samples\"")
          }
          return tree.leafDepths.enumerated().map { leaf, depth in
            let rest = lengths?[Int(tree.leafNumbers?[leaf] ?? Int32(leaf))] ?? computedPathLength(Int(samples[leaf]))
            return (Double(depth) + rest) - 1
          }
        })
    }
    let depths = try ask(trees, fold: .sum(start: [0]), float32(x))
    let divisor = Double(members.count) * norm
    let ratio = divisor == 0 ? try constant([1]) : try apply(.divide, depths, divisor)
    let score = try apply(.negate, apply(.power, 2, apply(.negate, ratio)))
    return .outliers(score: score, decision: try apply(.subtract, score, offset))
  }

  /// The average depth of a leaf in a random binary tree of n samples.
  private func computedPathLength(_ n: Int) -> Double {
    if n <= 1 { return 0 }
    if n == 2 { return 1 }
    remarks.note(.choice, "average path lengths that the file does not hold were computed with this machine's logarithm")
    let n = Double(n)
    return 2 * (CLogarithm.natural(n - 1) + 0.5772156649015329) - 2 * (n - 1) / n
  }
}

extension NodeTree {
  /// The depth of each leaf, 1 for a root.
  var leafDepths: [Int] {
    var depths = [Int](repeating: 1, count: splits.count)
    var leafDepths = [Int](repeating: 1, count: splits.count + 1)
    // A split comes before its children.
    for (index, split) in splits.enumerated() {
      for child in [split.left, split.right] {
        if child.isLeaf { leafDepths[child.index] = depths[index] + 1 } else { depths[child.index] = depths[index] + 1 }
      }
    }
    return leafDepths
  }
}
