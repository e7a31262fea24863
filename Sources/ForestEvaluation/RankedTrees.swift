import CForestKernels
import ForestIR
import ForestRanking

/// A `RankedEnsemble` as the kernels read it: numbers in one of two widths.
final class RankedTrees: Sendable {
  let columns: [forest_column]
  let trees: [forest_tree]
  let nodes: [forest_node]
  let testColumns: [UInt8]
  let testComplements: [UInt8]
  let sides: [forest_side]
  let splits: [forest_split]
  /// Thresholds where float32 numbers are compared, and where float64 ones are; one of them is empty.
  let thresholds32: [Float]
  let thresholds64: [Double]
  let leaves32: [Float]
  let leaves64: [Double]
  let comparesFloat32: Bool
  let addsFloat32: Bool
  let leafWidth: Int
  let start: [Double]
  /// For each leaf as kernels count it, its number.
  let leafNumbers: [Int32]
  /// The column of the block at which the features start.
  let firstFeature: Int
  let featureCount: Int

  /// More sums would need too much room for a block of rows.
  private static let sumLimit = 1024

  /// Nil for an ensemble that cannot be laid out so.
  ///
  /// - Parameters:
  ///   - features: the vector that the trees read.
  ///   - width: the width of its numbers.
  init?(_ ensemble: TreeEnsemble, features: Columns, width: Width) {
    guard let ranked = RankedEnsemble(ensemble, featureWidth: width), ranked.start.count <= RankedTrees.sumLimit else { return nil }
    let thresholds: [Double]
    (columns, thresholds) = ranked.thresholdTable
    (trees, nodes, sides, splits) = (ranked.trees, ranked.nodes, ranked.sides, ranked.splits)
    (testColumns, testComplements) = (ranked.testColumns, ranked.testComplements)
    comparesFloat32 = width == .float32
    addsFloat32 = ranked.width == .float32
    thresholds32 = comparesFloat32 ? thresholds.map { Float($0) } : []
    thresholds64 = comparesFloat32 ? [] : thresholds
    leaves32 = addsFloat32 ? ranked.leaves.map { Float($0) } : []
    leaves64 = addsFloat32 ? [] : ranked.leaves
    leafWidth = ranked.leafWidth
    start = ranked.start
    var numbers: [Int32] = []
    numbers.reserveCapacity(ranked.leafIndices.count)
    for (tree, one) in zip(ensemble.trees, ranked.trees) {
      let first = Int(one.first_leaf) / leafWidth
      for index in ranked.leafIndices[first..<first + Int(one.leaf_count)] { numbers.append(tree.number(ofLeaf: Int(index))) }
    }
    leafNumbers = numbers
    firstFeature = features.start
    featureCount = features.count
  }

  /// Whether ranking pays. Compares rough counts of processor cycles for one row: a rank costs about 10, a split for many rows at
  /// once about a sixteenth, a step of a walk 8.
  var isWorthwhile: Bool {
    let steps = trees.reduce(0) { $0 + Int($1.steps) + 2 }
    return columns.count * 10 + testColumns.count / 16 < steps * 8
  }

  /// How few rows at once are faster asked one by one: about the time of 64 rows here divided by that of one there.
  static var fewestRows: Int {
    switch forest_instruction_set() {
    case 2: 8
    case 1: 16
    default: 24
    }
  }
}
