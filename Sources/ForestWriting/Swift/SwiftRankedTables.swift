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
    let splits = ensemble.splits.flatMap { split -> [Int32] in
      [Int32(split.reach), Int32(split.leaves_left) << 16 | Int32(split.column) << 8 | Int32(split.rank)]
    }
    var trees: [Int32] = [], nodes: [UInt32] = [], tests: [Int32] = []
    for (index, tree) in ensemble.trees.enumerated() {
      let heap = SwiftRankedHeap(ensemble, tree: index)
      trees += [
        Int32(nodes.count), Int32(tree.first_leaf), tree.height > 0 ? Int32(tests.count) : Int32(tree.first_split),
        Int32(tree.leaf_count), Int32(tree.split_count), Int32(tree.parent_count), Int32(tree.output), Int32(tree.steps),
        Int32(tree.height), Int32(tree.is_oblivious),
      ]
      if let heap {
        nodes += heap.nodes
        tests += heap.tests
      } else {
        // A tree has as many nodes as splits and leaves.
        nodes += ensemble.nodes[Int(tree.first_node)...].prefix(Int(tree.split_count) + Int(tree.leaf_count))
      }
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
        nodes.map { Int32(bitPattern: $0) }),
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

/// A tree all of whose ways have one length, taken out of the order that C wants it in.
private struct SwiftRankedHeap {
  private let height: Int
  private let isOblivious: Bool
  private let columns: ArraySlice<UInt8>, complements: ArraySlice<UInt8>

  /// Nil for a tree of any shape.
  init?(_ ensemble: RankedEnsemble, tree index: Int) {
    let tree = ensemble.trees[index]
    guard tree.height > 0 else { return nil }
    height = Int(tree.height)
    isOblivious = tree.is_oblivious != 0
    columns = ensemble.testColumns[Int(tree.first_test)...]
    complements = ensemble.testComplements[Int(tree.first_test)...]
  }

  /// Column and complement of a test: the root is 1, below test q are tests 2q and 2q + 1.
  private func asked(_ test: Int) -> (column: UInt8, complement: UInt8) {
    let level = Int.bitWidth - 1 - test.leadingZeroBitCount, top = height - 6
    let place: Int
    if isOblivious {
      place = height - 1 - level
    } else if top <= 0 {
      place = test
    } else if level < top {
      place = 64 * test
    } else {
      let heap = (test >> (level - top)) - (1 << top), below = 1 << (level - top)
      place = 64 * heap + (test & (below - 1) | below)
    }
    return (columns[columns.startIndex + place], complements[complements.startIndex + place])
  }

  /// Level by level, leaves last.
  var nodes: [UInt32] {
    let splitCount = (1 << height) - 1
    return (0..<2 * splitCount + 1).map { index in
      guard index < splitCount else { return UInt32(index - splitCount) | UInt32(index) << 16 }
      let (column, complement) = asked(index + 1)
      return UInt32(column) | (UInt32(complement) + 1) << 8 | UInt32(2 * index + 1) << 16
    }
  }

  /// In preorder; where each level asks one question, one for each level, the root's first.
  var tests: [Int32] {
    var open = [1], found: [Int32] = []
    while let test = open.popLast() {
      let (column, complement) = asked(test)
      found.append(Int32(column) << 8 | (255 - Int32(complement)))
      guard 2 * test < 1 << height else { continue }
      open += isOblivious ? [2 * test] : [2 * test + 1, 2 * test]
    }
    return found
  }
}
