/// Counts that people ask for first.
package struct ForestStatistics: Sendable, Hashable {
  package let trees: Int
  /// Splits and leaves together.
  package let nodes: Int
  package let leaves: Int
  /// The largest number of splits on a way from a root to a leaf.
  package let depth: Int
  /// Trees of a single leaf.
  package let constantTrees: Int
  /// Splits on a linear form of several features.
  package let linearSplits: Int
  /// For each element of the vector that the trees read: how many splits ask for it; a linear form counts for each feature
  /// whose coefficient is not 0. Nil where trees read different vectors (behind choices or in members).
  package let splitsOfFeature: [Int]?
}

extension Forest {
  /// - Complexity: O(nodes).
  package var statistics: ForestStatistics {
    let ensembles = model.ensembles
    var nodes = 0, leaves = 0, depth = 0, constant = 0, linear = 0, trees = 0
    for ensemble in ensembles {
      for tree in ensemble.trees {
        trees += 1
        nodes += tree.splits.count + tree.leafCount
        leaves += tree.leafCount
        depth = max(depth, tree.depth)
        if tree.splits.isEmpty { constant += 1 }
        for split in tree.splits where split.test == .linearLessOrEqual { linear += 1 }
      }
    }
    return ForestStatistics(
      trees: trees, nodes: nodes, leaves: leaves, depth: depth, constantTrees: constant, linearSplits: linear,
      splitsOfFeature: ensembles.count == 1 ? ensembles[0].splitsOfFeature : nil)
  }
}

extension TreeEnsemble {
  /// How many splits ask for each feature, up to the last feature that is asked for.
  package var splitsOfFeature: [Int] {
    var counts = [Int](repeating: 0, count: featureCount)
    for tree in trees {
      for split in tree.splits {
        switch split.test {
        case .less, .lessOrEqual, .inSet: counts[Int(split.feature)] += 1
        case .linearLessOrEqual:
          for (feature, c) in tree.linearForms[Int(split.feature)].coefficients.enumerated() where c != 0 {
            counts[feature] += 1
          }
        }
      }
    }
    return counts
  }
}
