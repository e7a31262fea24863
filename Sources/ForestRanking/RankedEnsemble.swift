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
/// A tree whose ways to a leaf are all of one length, or nearly, and have been made so, is a heap of **tests**. One of any shape is
/// there as **nodes**, through which one event walks, as tests with their **sides**, which one event asks all at once, and as
/// **splits**, through which many events go side by side. `CForestKernels` describes them and does the work.
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
  /// Columns and complements, side by side in two tables.
  package private(set) var testColumns: [UInt8] = []
  package private(set) var testComplements: [UInt8] = []
  package private(set) var sides: [forest_side] = []
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
    // 64 trees take turns by kind; their tests stand in the order of the turns.
    for first in stride(from: 0, to: ensemble.trees.count, by: 64) {
      let some = first..<min(first + 64, ensemble.trees.count)
      let ranked = some.map { RankedTree(ensemble.trees[$0], asked: questions[$0].map(ranking.bytes)) }
      for (tree, one) in zip(some, ranked) {
        append(one, ensemble.trees[tree], weight: ensemble.weights?.elements[tree], output: Int(ensemble.groups[tree]))
      }
      let turns = ranked.indices.sorted { (ranked[$0].kind, $0) < (ranked[$1].kind, $1) }
      for (turn, tree) in turns.enumerated() {
        trees[first + turn].turn = UInt8(tree)
        trees[first + turn].alike = UInt8(turns[turn...].prefix { ranked[$0].kind == ranked[tree].kind }.count)
        trees[first + tree].first_test = UInt32(testColumns.count)
        testColumns += ranked[tree].testColumns
        testComplements += ranked[tree].testComplements
      }
    }
    for tree in trees.indices.reversed() {
      let next = tree + 1 < trees.count && trees[tree + 1].output == trees[tree].output ? trees[tree + 1].run : 0
      trees[tree].run = min(next + 1, 64)
    }
    // What is read at once may go beyond the end.
    testColumns += repeatElement(0, count: 64)
    testComplements += repeatElement(0, count: 64)
    sides += repeatElement(forest_side(left: 0, before: 0), count: 32)
  }

  private mutating func append(_ ranked: RankedTree, _ tree: Tree, weight: Double?, output: Int) {
    trees.append(
      forest_tree(
        first_node: UInt32(nodes.count), first_leaf: UInt32(leaves.count), first_test: 0, first_side: UInt32(sides.count),
        first_split: UInt32(splits.count),
        leaf_count: UInt16(ranked.leafOrder.count), split_count: UInt16(ranked.splits.count),
        parent_count: UInt16(ranked.parentCount), output: UInt16(output), steps: UInt8(tree.depth), height: UInt8(ranked.height),
        is_oblivious: ranked.isOblivious ? 1 : 0, upper_count: UInt8(ranked.upperCount), turn: 0, alike: 0, run: 0))
    nodes += ranked.nodes
    sides += ranked.sides
    splits += ranked.splits
    leafIndices += ranked.leafOrder.map { Int32($0) }
    for place in 0..<leafWidth {
      for leaf in ranked.leafOrder {
        let plain = tree.leaves[leaf * leafWidth + place]
        leaves.append(weight.map { width.rounded($0 * plain) } ?? plain)
      }
    }
  }

  /// The columns as kernels know them, and all thresholds: those of a column, then every sixteenth of them once more; at the end 16
  /// numbers that mean nothing.
  package var thresholdTable: (columns: [forest_column], thresholds: [Double]) {
    var found: [forest_column] = [], thresholds: [Double] = []
    for column in columns {
      found.append(
        forest_column(
          first: UInt32(thresholds.count), feature: UInt32(column.feature), count: UInt16(column.thresholds.count),
          nan_rank: UInt16(column.nanRank)))
      thresholds += column.thresholds
      thresholds += stride(from: 15, to: column.thresholds.count, by: 16).map { column.thresholds[$0] }
    }
    return (found, thresholds + repeatElement(0, count: 16))
  }
}

extension Ranking {
  /// `place`, where all columns and ranks are bytes.
  fileprivate func bytes(of question: RankedQuestion) -> (column: UInt8, rank: UInt8) {
    let (column, rank) = place(of: question)
    return (UInt8(column), UInt8(rank))
  }
}
