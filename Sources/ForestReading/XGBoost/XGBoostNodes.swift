import ForestIR

/// The nodes of one tree as parallel columns, before they are proved to be a tree.
struct XGBoostNodes {
  var left: [Int32]?
  var right: [Int32]?
  var feature: [Int32]?
  /// The threshold of an inner node, the value of a leaf.
  var condition: [Float]?
  var defaultLeft: [Bool]?
  /// 0: numerical, 1: categorical; nil: all numerical.
  var splitType: [Int32]?

  // Categories: the node of position j has `categories[segments[j]..<segments[j] + sizes[j]]`.
  var categories: [Int32] = []
  var categoryNodes: [Int32] = []
  var categorySegments: [Int32] = []
  var categorySizes: [Int32] = []

  /// Rows of numbers, one for each leaf.
  var leafWeights: [Float]?
  /// Rows of numbers, one for each node, where they may be needed.
  var nodeWeights: [Float]?
  /// How many elements columns have that are not kept.
  var counted: [(name: String, count: Int, isRows: Bool)] = []

  var nodeCount: Int?
  var deletedCount: Int?
  var leafVectorSize: Int?
  /// The number of the tree, where it says so.
  var id: Int?
  let mark: SourceMark

  init(mark: SourceMark) { self.mark = mark }

  /// How many numbers a leaf holds. (0 and 1 both mean: one.)
  var leafWidth: Int { max(1, leafVectorSize ?? 1) }

  /// No tree may have more nodes: they are numbered in 32 bits.
  static let nodeLimit = Int(Int32.max) - 1
  /// Categories from here on are never asked for.
  static let categoryEnd = 16_777_216

  func refusal(_ code: ReadError.Code, _ column: String, _ message: String) -> ReadError {
    refusal(code, column, nil, message)
  }

  /// - Parameter index: which element of the column is wrong.
  func refusal(_ code: ReadError.Code, _ column: String, _ index: Int?, _ message: String) -> ReadError {
    var place = mark
    let below = column.isEmpty ? "" : ".\(column)" + (index.map { "[\($0)]" } ?? "")
    place.path = (place.path ?? "") + below
    return ReadError(code, at: place, message)
  }
}

extension XGBoostNodes {
  /// Proves that all columns are there and equally long, and says how long.
  func checkedCount() throws(ReadError) -> Int {
    guard let left else { throw refusal(.missing, "", "the tree has no \"left_children\"") }
    let count = left.count
    guard count > 0 else { throw refusal(.inconsistent, "left_children", "a tree without nodes") }
    if let nodeCount, nodeCount != count {
      throw refusal(.inconsistent, "tree_param.num_nodes", "num_nodes is \(nodeCount), but left_children has \(count) elements")
    }
    let needed = [("right_children", right?.count), ("split_indices", feature?.count), ("split_conditions", condition?.count)]
    for (name, length) in needed where length == nil { throw refusal(.missing, "", "the tree has no \"\(name)\"") }
    let rowLength = leafWidth
    let (rowCount, overflow) = count.multipliedReportingOverflow(by: rowLength)
    var lengths: [(name: String, count: Int?, expected: Int)] = needed.map { ($0, $1, count) }
    lengths.append(("default_left", defaultLeft?.count, count))
    lengths.append(("split_type", splitType?.count, count))
    lengths.append(("base_weights", nodeWeights?.count, rowCount))
    lengths += counted.map { ($0.name, $0.count, $0.isRows ? rowCount : count) }
    for (name, length, expected) in lengths where length != nil && (overflow || length != expected) {
      throw refusal(.inconsistent, name, "\(name) has \(length ?? 0) elements where \(count) nodes need \(expected)")
    }
    guard categorySegments.count == categoryNodes.count, categorySizes.count == categoryNodes.count else {
      throw refusal(
        .inconsistent, "categories_nodes",
        "\(categoryNodes.count) nodes with categories, \(categorySegments.count) segments, \(categorySizes.count) sizes")
    }
    return count
  }

  /// The sets of categories, and for each node the index of its own (−1: none).
  ///
  /// - Parameter budget: how many words of 32 bits all sets of the model together may still have.
  func categorySets(_ count: Int, budget: inout Int) throws(ReadError) -> (sets: [CategorySet], ofNode: [Int32]) {
    guard !categoryNodes.isEmpty else { return ([], []) }
    var ofNode = [Int32](repeating: -1, count: count)
    var sets: [CategorySet] = []
    sets.reserveCapacity(min(categoryNodes.count, count))
    for (position, node) in categoryNodes.enumerated() {
      guard node >= 0, node < count else {
        throw refusal(.outOfRange, "categories_nodes", position, "node \(node) of \(count) has categories")
      }
      guard ofNode[Int(node)] < 0 else {
        throw refusal(.duplicate, "categories_nodes", position, "the categories of node \(node) are given twice")
      }
      let start = Int(categorySegments[position])
      let size = Int(categorySizes[position])
      guard start >= 0, size >= 0, start <= categories.count, size <= categories.count - start else {
        throw refusal(
          .outOfRange, "categories_segments", position,
          "\(size) categories from number \(start) on, of \(categories.count) in all")
      }
      // The list is what goes right. What can never be asked for is left out.
      let list = categories[start..<start + size].lazy.map { Int($0) }
      if let negative = list.first(where: { $0 < 0 }) {
        throw refusal(.outOfRange, "categories", start, "the category \(negative)")
      }
      let known = list.filter { $0 < XGBoostNodes.categoryEnd }
      let words = max(1, ((known.max() ?? 0) + 32) / 32)
      guard words <= budget else { throw refusal(.limit, "categories", start, "lists of categories that are too long") }
      budget -= words
      var bits = [UInt32](repeating: 0, count: words)
      for category in known { bits[category / 32] |= 1 << UInt32(category % 32) }
      ofNode[Int(node)] = Int32(sets.count)
      sets.append(CategorySet(words: bits))
    }
    return (sets, ofNode)
  }
}
