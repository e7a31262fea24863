package import CForestKernels
package import ForestIR

/// An ensemble laid out for speed: numbers become ranks, trees become comparisons of bytes.
///
/// Each feature that splits compare is first replaced by its **rank** among the thresholds that it is compared with, one byte:
///
///     thresholds of the column    0.5     1.0     2.5     3.1
///     rank of x                0   │   1   │   2   │   3   │   4          x >= 2.5  is  rank >= 3
///
/// which is exact, since only the thresholds' order matters. A feature with more than 254 thresholds has several columns, one for
/// each 254 of them; one that sends NaN to the right in some splits and to the left in others has columns for both.
///
/// Every tree is there twice. As **nodes**, through which one event walks; and for many events side by side either as **tests**
/// (all ways to a leaf are of one length, or nearly, and have been made so) or as **splits** of any shape. `CForestKernels`
/// describes them and does the work.
package struct RankedEnsemble: Sendable {
  /// What is compared with a feature.
  package struct Column: Sendable {
    package let feature: Int
    /// Ascending. The last may be NaN, which no number reaches: what only NaN itself goes right of, or nothing at all.
    package let thresholds: [Double]
    package let nanGoesLeft: Bool

    /// The rank of NaN.
    package var nanRank: UInt8 { nanGoesLeft ? 0 : 255 }
  }

  package private(set) var columns: [Column] = []
  package private(set) var trees: [forest_tree] = []
  package private(set) var nodes: [forest_node] = []
  package private(set) var tests: [forest_test] = []
  package private(set) var splits: [forest_split] = []
  /// The values of all leaves, times the tree's weight where there is one, rounded once. `trees` tells where a tree's are.
  package private(set) var leaves: [Double] = []
  /// For each leaf as kernels count it, from `first_leaf / leafWidth` on, the leaf's index in its tree.
  package private(set) var leafIndices: [Int32] = []
  package let leafWidth: Int
  /// What each sum starts from.
  package let start: [Double]
  /// The width of leaf values and sums.
  package let width: Width
  /// The width of the features, in which thresholds are exact.
  package let featureWidth: Width

  /// More leaves cannot be counted in a byte.
  package static let leafLimit = 256
  /// Thresholds of one column.
  package static let thresholdLimit = 254
  package static let columnLimit = Int(FOREST_COLUMNS)

  /// Nil for an ensemble that cannot be laid out so: folds other than sums, splits on linear forms or category sets, leaves that are
  /// linear models, trees of more than 256 leaves, or more thresholds than 256 columns hold.
  ///
  /// - Parameter featureWidth: the width of the numbers that the trees read.
  /// - Complexity: O(n log n) for n splits.
  package init?(_ ensemble: TreeEnsemble, featureWidth: Width) {
    guard case .sum(let start) = ensemble.fold, start.count <= Int(UInt16.max),
      ensemble.trees.allSatisfy({ tree in
        tree.leafCount <= RankedEnsemble.leafLimit && tree.leafForms == nil
          && tree.splits.allSatisfy { $0.test == .less || $0.test == .lessOrEqual }
      })
    else { return nil }
    leafWidth = ensemble.leafWidth
    self.start = start.elements
    width = ensemble.width
    self.featureWidth = featureWidth

    let questions = ensemble.trees.map { $0.splits.map { RankedQuestion($0, width: featureWidth) } }
    guard
      let ranking = Ranking(questions, columnLimit: RankedEnsemble.columnLimit, thresholdLimit: RankedEnsemble.thresholdLimit)
    else { return nil }
    columns = ranking.columns
    for index in ensemble.trees.indices {
      append(
        RankedTree(ensemble.trees[index], asked: questions[index].map(ranking.bytes)), ensemble.trees[index],
        weight: ensemble.weights?.elements[index], output: Int(ensemble.groups[index]))
    }
  }

  private mutating func append(_ ranked: RankedTree, _ tree: Tree, weight: Double?, output: Int) {
    trees.append(
      forest_tree(
        first_node: UInt32(nodes.count), first_leaf: UInt32(leaves.count),
        first_split: UInt32(ranked.height > 0 ? tests.count : splits.count), leaf_count: UInt16(ranked.leafOrder.count),
        split_count: UInt16(ranked.splits.count), parent_count: UInt16(ranked.parentCount), output: UInt16(output),
        steps: UInt8(tree.depth), height: UInt8(ranked.height), is_oblivious: ranked.isOblivious ? 1 : 0))
    nodes += ranked.nodes
    tests += ranked.tests
    splits += ranked.splits
    leafIndices += ranked.leafOrder.map { Int32($0) }
    for place in 0..<leafWidth {
      for leaf in ranked.leafOrder {
        let plain = tree.leaves[leaf * leafWidth + place]
        leaves.append(weight.map { width.rounded($0 * plain) } ?? plain)
      }
    }
  }
}

extension Ranking {
  /// `place`, where all columns and ranks are bytes.
  fileprivate func bytes(of question: RankedQuestion) -> (column: UInt8, rank: UInt8) {
    let (column, rank) = place(of: question)
    return (UInt8(column), UInt8(rank))
  }
}
