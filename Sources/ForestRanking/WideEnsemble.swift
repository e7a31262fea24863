package import CForestKernels
package import ForestIR

/// An ensemble of trees of many leaves laid out for speed: a `RankedEnsemble` whose ranks have 16 bits.
///
/// Rows walk through nodes here, many of them through one tree at a time, so that a tree is near as long as it is asked. A split is
/// eight bytes, whatever the width of its threshold. `CForestKernels` describes them and does the work.
package struct WideEnsemble: Sendable {
  /// Numbered from 1 on by the kernels, for which column 0 holds zeros.
  package let columns: [RankedEnsemble.Column]
  package private(set) var trees: [forest_wide_tree] = []
  package private(set) var nodes: [forest_wide_node] = []
  /// The values of the leaves, times the tree's weight where there is one, rounded once; the same values once only in a tree, since
  /// most leaves of a classifier that was grown until they are pure have the same few.
  package private(set) var leaves: [Double] = []
  /// For each node that is a leaf, the leaf's index in its tree; else −1.
  package private(set) var leafIndices: [Int32] = []
  package let leafWidth: Int
  /// What each sum starts from.
  package let start: [Double]
  /// The width of leaf values and sums.
  package let width: Width

  /// Thresholds of one column.
  package static let thresholdLimit = Int(UInt16.max) - 1
  /// Where a column starts must be said in 16 bits.
  package static let columnLimit = Int(UInt16.max) / Int(FOREST_LANES)
  /// What a number of a leaf is less than.
  private static let leafLimit = 1 << 16
  /// What a place of a node is less than. (It could have one bit more.)
  private static let nodeLimit = 1 << 31

  /// The columns as kernels know them, and the thresholds of all of them, one after another.
  package var thresholdTable: (columns: [forest_column], thresholds: [Double]) {
    var found: [forest_column] = [], thresholds: [Double] = []
    for column in columns {
      found.append(
        forest_column(
          first: UInt32(thresholds.count), feature: UInt32(column.feature), count: UInt16(column.thresholds.count),
          nan_rank: column.nanGoesLeft ? 0 : .max))
      thresholds += column.thresholds
    }
    return (found, thresholds)
  }

  /// Nil for an ensemble that cannot be laid out so: folds other than sums, splits on linear forms or category sets, leaves that are
  /// linear models, a tree with more than 65536 different leaves, or more thresholds than 4095 columns hold.
  ///
  /// - Parameter featureWidth: the width of the numbers that the trees read.
  /// - Complexity: O(n log n) for n splits.
  package init?(_ ensemble: TreeEnsemble, featureWidth: Width) {
    guard case .sum(let start) = ensemble.fold,
      ensemble.trees.allSatisfy({ tree in
        tree.leafForms == nil && tree.splits.allSatisfy { $0.test == .less || $0.test == .lessOrEqual }
      }),
      ensemble.trees.reduce(0, { $0 + 2 * $1.leafCount }) < WideEnsemble.nodeLimit
    else { return nil }
    leafWidth = ensemble.leafWidth
    self.start = start.elements
    width = ensemble.width

    let questions = ensemble.trees.map { $0.splits.map { RankedQuestion($0, width: featureWidth) } }
    guard
      let ranking = Ranking(questions, columnLimit: WideEnsemble.columnLimit, thresholdLimit: WideEnsemble.thresholdLimit)
    else { return nil }
    columns = ranking.columns
    for (index, tree) in ensemble.trees.enumerated() {
      let firstLeaf = leaves.count / leafWidth
      guard let numbers = appendLeaves(of: tree, weight: ensemble.weights?.elements[index]) else { return nil }
      let firstNode = nodes.count
      let (least, most) = appendNodes(of: tree, asked: questions[index].map(ranking.place), leafNumbers: numbers)
      trees.append(
        forest_wide_tree(
          first_node: UInt32(firstNode), node_count: UInt32(nodes.count - firstNode), first_leaf: UInt32(firstLeaf),
          leaf_count: UInt32(leaves.count / leafWidth - firstLeaf), output: UInt32(ensemble.groups[index]),
          least_steps: UInt32(least), most_steps: UInt32(most)))
    }
  }

  /// The values of a leaf by their bits, since 0 and −0 are not the same to a sum.
  private struct LeafBits: Hashable {
    let first: UInt64
    /// Most leaves have none, and so need no memory of their own.
    let others: [UInt64]

    init(_ values: [Double]) {
      first = values[0].bitPattern
      others = values.dropFirst().map(\.bitPattern)
    }
  }

  /// For each leaf the number that its values have; nil if there are too many.
  private mutating func appendLeaves(of tree: Tree, weight: Double?) -> [UInt16]? {
    var known: [LeafBits: UInt16] = [:]
    var numbers: [UInt16] = []
    numbers.reserveCapacity(tree.leafCount)
    for leaf in 0..<tree.leafCount {
      let plain = tree.leaves[leaf * leafWidth..<(leaf + 1) * leafWidth]
      let values = weight.map { weight in plain.map { width.rounded(weight * $0) } } ?? Array(plain)
      let bits = LeafBits(values)
      if let number = known[bits] {
        numbers.append(number)
        continue
      }
      guard known.count < WideEnsemble.leafLimit else { return nil }
      numbers.append(UInt16(known.count))
      known[bits] = numbers[leaf]
      leaves += values
    }
    return numbers
  }

  /// Appends the root, then the two children of each split side by side, with everything below the left one before what is below the
  /// right one: so the next node of a way is often in the line of memory that has been fetched for the last one.
  ///
  /// - Returns: the fewest and the most splits on a way.
  private mutating func appendNodes(
    of tree: Tree, asked: [(column: Int, rank: Int)], leafNumbers: [UInt16]
  ) -> (least: Int, most: Int) {
    var least = tree.depth
    var open: [(child: Child, place: Int, depth: Int)] = []
    func reserve(_ child: Child, _ depth: Int) {
      open.append((child, nodes.count, depth))
      nodes.append(forest_wide_node(test: 0, place: 0))
      leafIndices.append(-1)
    }
    reserve(tree.splits.isEmpty ? .leaf(0) : .split(0), 0)
    while let (child, place, depth) = open.popLast() {
      if child.isLeaf {
        least = min(least, depth)
        nodes[place] = forest_wide_node(test: UInt32(leafNumbers[child.index]) << 16, place: UInt32(place))
        leafIndices[place] = Int32(child.index)
      } else {
        let split = tree.splits[child.index], (column, rank) = asked[child.index]
        let offset = (column + 1) * Int(FOREST_LANES), complement = (1 << 16) - rank
        nodes[place] = forest_wide_node(test: UInt32(offset) | UInt32(complement) << 16, place: UInt32(nodes.count))
        reserve(split.left, depth + 1)
        reserve(split.right, depth + 1)
        open.swapAt(open.count - 1, open.count - 2)
      }
    }
    return (least, tree.depth)
  }
}
