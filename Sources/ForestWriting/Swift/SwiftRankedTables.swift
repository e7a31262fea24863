import CForestKernels
import ForestRanking

/// The tables of trees that are asked by ranks.
enum SwiftRankedTables {
  /// How many numbers of the table `ranked_tree` belong to each tree, and of `ranked_column` to each column.
  static let treeWidth = 10, columnWidth = 4

  static func tables(_ ranked: RankedProgram) -> [Program.Table] {
    let ensemble = ranked.ensemble
    // A table has at least one number, which nobody reads then.
    func integers(_ name: String, _ comment: String, _ numbers: [Int32]) -> Program.Table {
      .init(name: name, comment: comment, numbers: .integers(numbers.isEmpty ? [0] : numbers, .int32))
    }
    func numbers(_ name: String, _ comment: String, _ numbers: [Double], _ type: ScalarType) -> Program.Table {
      let numbers = numbers.isEmpty ? [0] : numbers
      return .init(
        name: name, comment: comment, numbers: type == .float32 ? .float32(numbers.map { Float($0) }) : .float64(numbers))
    }
    var first = 0
    let columns = ensemble.columns.flatMap { column -> [Int32] in
      defer { first += column.thresholds.count }
      return [Int32(first), Int32(column.feature), Int32(column.thresholds.count), Int32(column.nanRank)]
    }
    let trees = ensemble.trees.flatMap { tree -> [Int32] in
      [
        Int32(tree.first_node), Int32(tree.first_leaf), Int32(tree.first_split), Int32(tree.leaf_count), Int32(tree.split_count),
        Int32(tree.parent_count), Int32(tree.output), Int32(tree.steps), Int32(tree.height), Int32(tree.is_oblivious),
      ]
    }
    let tests = ensemble.tests.map { test -> Int32 in
      let column = Int32(test.offset) / Int32(FOREST_ROWS), rank = 255 - Int32(test.complement)
      return column << 8 | rank
    }
    let splits = ensemble.splits.flatMap { split -> [Int32] in
      [Int32(split.reach), Int32(split.leaves_left) << 16 | Int32(split.column) << 8 | Int32(split.rank)]
    }
    var tables = [
      integers(
        "ranked_column", "Columns: the first threshold, the input or feature, how many thresholds, the rank of NaN.", columns),
      numbers("ranked_threshold", "The thresholds of each column, ascending.", ensemble.columns.flatMap(\.thresholds), ranked.featureType),
      integers(
        "ranked_tree",
        "Trees: the first node, leaf value, and split for many events; how many leaves, splits, and splits with another below; the output; the longest way; the height if all ways are of one length; whether each level asks one question.",
        trees),
      integers(
        "ranked_node",
        "For one event. A split: its column, 256 less the least rank that goes right times 256, the left child times 65536; the right child stands behind it. A leaf: its number; it is its own child.",
        ensemble.nodes.map { Int32(bitPattern: $0) }),
      integers("ranked_test", "For many events, splits of trees with a height: 256 times the column, the least rank that goes right.", tests),
      integers(
        "ranked_split",
        "For many events, splits of other trees: who comes here; 65536 times the leaves on the left, 256 times the column, the least rank that goes right.",
        splits),
      numbers("ranked_leaf", "What each leaf adds.", ensemble.leaves, ranked.sumType),
      numbers("ranked_start", "What each sum starts from.", ensemble.start, ranked.sumType),
    ]
    if let leafNumbers = ranked.leafNumbers {
      tables.append(integers("ranked_leaf_number", "The number by which each leaf is known.", leafNumbers))
    }
    return tables
  }
}
