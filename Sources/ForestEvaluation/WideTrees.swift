import CForestKernels
import ForestIR
import ForestRanking

/// A `WideEnsemble` as the kernels read it: numbers in one of two widths.
final class WideTrees: Sendable {
  let columns: [forest_column]
  let trees: [forest_wide_tree]
  let nodes: [forest_wide_node]
  /// Thresholds where float32 numbers are compared, and where float64 ones are; one of them is empty.
  let thresholds32: [Float]
  let thresholds64: [Double]
  let leaves32: [Float]
  let leaves64: [Double]
  let comparesFloat32: Bool
  let addsFloat32: Bool
  let leafWidth: Int
  let start: [Double]
  /// For each node that is a leaf, its number.
  let leafNumbers: [Int32]
  /// The column of the block at which the features start.
  let firstFeature: Int
  let featureCount: Int

  /// How long a group's ranks are.
  var groupSize: Int { (columns.count + 1) * Int(FOREST_LANES) }

  /// More sums would need too much room for a block of rows.
  private static let sumLimit = 1024

  /// How few rows at once are faster asked one by one: a group that is not full costs as much as a full one.
  static let fewestRows = 12

  /// Nil for an ensemble that cannot be laid out so.
  ///
  /// - Parameters:
  ///   - features: the vector that the trees read.
  ///   - width: the width of its numbers.
  init?(_ ensemble: TreeEnsemble, features: Columns, width: Width) {
    guard ensemble.resultCount <= WideTrees.sumLimit, let wide = WideEnsemble(ensemble, featureWidth: width) else { return nil }
    let thresholds: [Double]
    (columns, thresholds) = wide.thresholdTable
    (trees, nodes) = (wide.trees, wide.nodes)
    comparesFloat32 = width == .float32
    addsFloat32 = wide.width == .float32
    thresholds32 = comparesFloat32 ? thresholds.map { Float($0) } : []
    thresholds64 = comparesFloat32 ? [] : thresholds
    leaves32 = addsFloat32 ? wide.leaves.map { Float($0) } : []
    leaves64 = addsFloat32 ? [] : wide.leaves
    leafWidth = wide.leafWidth
    start = wide.start
    var numbers = wide.leafIndices
    for (tree, one) in zip(ensemble.trees, wide.trees) where tree.leafNumbers != nil {
      for place in Int(one.first_node)..<Int(one.first_node + one.node_count) where numbers[place] >= 0 {
        numbers[place] = tree.number(ofLeaf: Int(numbers[place]))
      }
    }
    leafNumbers = numbers
    firstFeature = features.start
    featureCount = features.count
  }

  /// Whether ranking pays. Compares rough counts of processor cycles for one row: a step of the search for a rank costs about 4, a
  /// step of a walk 8 less than it otherwise does.
  var isWorthwhile: Bool {
    let searches = columns.reduce(0) { $0 + 4 * (UInt16.bitWidth - $1.count.leadingZeroBitCount) + 10 }
    // In a tree that is out of balance hardly any row goes the longest way.
    let steps = trees.reduce(0) { $0 + min(Int($1.most_steps), 2 * (UInt32.bitWidth - $1.node_count.leadingZeroBitCount)) }
    return searches < steps * 8
  }
}
