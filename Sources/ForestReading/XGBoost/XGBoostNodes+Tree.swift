import ForestIR

// From columns to a tree: every index is proved, every node is reached at most once, without recursion.

extension XGBoostNodes {
  /// The tree. Its leaves carry the numbers of their nodes.
  ///
  /// A test of categories is turned round: XGBoost sends what is in the list to the right.
  ///
  /// - Parameters:
  ///   - categoryBudget: see `categorySets(_:budget:)`.
  ///   - remark: told about oddities.
  /// - Complexity: O(nodes).
  func tree(categoryBudget: inout Int, remark: (String) -> Void) throws(ReadError) -> Tree {
    let count = try checkedCount()
    guard let left, let right, let feature, let condition else { throw refusal(.missing, "", "the tree is not complete") }
    let (sets, setOfNode) = try categorySets(count, budget: &categoryBudget)
    let rows = try leafRows(count)
    var walk = NodeWalk(
      columns: self, left: left, right: right, feature: feature, condition: condition, setOfNode: setOfNode, rows: rows)
    try walk.run()
    if walk.hasOddOrder {
      remark("a right child does not follow the left one; XGBoost scores such a tree in two ways, here by the children it names")
    }
    let left0 = count - walk.reached
    if left0 > 0, let deletedCount, deletedCount != left0 {
      remark("\(left0) nodes of a tree cannot be reached from its root, and \(deletedCount) are said to be deleted")
    }
    do throws(ForestFault) {
      return try Tree(
        splits: walk.splits, leaves: walk.leaves, leafWidth: leafWidth, leafNumbers: walk.leafNumbers, categorySets: sets)
    } catch {
      throw refusal(error.code == .limit ? .limit : .inconsistent, "", error.message)
    }
  }

  /// Where the numbers of leaves stand that hold more than one.
  struct LeafRows {
    let numbers: [Float]
    let width: Int
    let name: String
    /// The row is named by the leaf's right child (from 3.2 on), else it is that of the leaf's node.
    let isNamedByRightChild: Bool
  }

  private func leafRows(_ count: Int) throws(ReadError) -> LeafRows? {
    guard leafWidth > 1 else { return nil }
    if let leafWeights {
      guard leafWeights.count % leafWidth == 0 else {
        throw refusal(.inconsistent, "leaf_weights", "\(leafWeights.count) numbers for leaves of \(leafWidth) each")
      }
      return LeafRows(numbers: leafWeights, width: leafWidth, name: "leaf_weights", isNamedByRightChild: true)
    }
    guard let nodeWeights else {
      throw refusal(.missing, "", "the tree has no \"leaf_weights\", while others of the model have them or single leaves")
    }
    return LeafRows(numbers: nodeWeights, width: leafWidth, name: "base_weights", isNamedByRightChild: false)
  }
}

/// The walk over the nodes of a tree, from the root, left before right.
private struct NodeWalk {
  let columns: XGBoostNodes
  let left: [Int32]
  let right: [Int32]
  let feature: [Int32]
  let condition: [Float]
  let setOfNode: [Int32]
  let rows: XGBoostNodes.LeafRows?

  var splits: [Split] = []
  var leaves: [Double] = []
  var leafNumbers: [Int32] = []
  var reached = 0
  var hasOddOrder = false
  /// The rows that leaves have named: each has its own, so that no few bytes stand for many numbers.
  private var namedRows: Set<Int> = []

  init(
    columns: XGBoostNodes, left: [Int32], right: [Int32], feature: [Int32], condition: [Float], setOfNode: [Int32],
    rows: XGBoostNodes.LeafRows?
  ) {
    self.columns = columns
    self.left = left
    self.right = right
    self.feature = feature
    self.condition = condition
    self.setOfNode = setOfNode
    self.rows = rows
  }

  mutating func run() throws(ReadError) {
    let count = left.count
    var isReached = [Bool](repeating: false, count: count)
    // The node of each split, and the codes of its children, filled in when the child is reached.
    var inner: [Int32] = []
    var codes: [(left: Int32, right: Int32)] = []
    var open: [(node: Int, parent: Int, isRight: Bool)] = [(0, -1, false)]
    isReached[0] = true
    // Exact capacities: these arrays stay.
    var leafCount = 0
    for child in left where child == -1 { leafCount += 1 }
    leafNumbers.reserveCapacity(leafCount)
    inner.reserveCapacity(leafCount)
    codes.reserveCapacity(leafCount)
    open.reserveCapacity(32)
    leaves.reserveCapacity(leafCount * (rows == nil ? 1 : 0))
    while let (node, parent, isRight) = open.popLast() {
      reached += 1
      let code: Int32
      if left[node] == -1 {
        try takeLeaf(node)
        code = ~Int32(leafNumbers.count)
        leafNumbers.append(Int32(node))
      } else {
        code = Int32(inner.count)
        inner.append(Int32(node))
        codes.append((0, 0))
        try checkSplit(node)
        if right[node] != left[node] + 1 { hasOddOrder = true }
        for side in 0..<2 {
          let isRight = side == 0, child = isRight ? right[node] : left[node]
          var name: String { isRight ? "right_children" : "left_children" }
          guard child >= 0, child < count else {
            throw columns.refusal(.outOfRange, name, node, "node \(node) leads to node \(child) of \(count)")
          }
          guard !isReached[Int(child)] else {
            throw columns.refusal(
              .inconsistent, name, node,
              child == node ? "node \(node) leads to itself" : "node \(child) is reached twice, again from node \(node)")
          }
          isReached[Int(child)] = true
          open.append((Int(child), Int(code), isRight))
        }
      }
      if parent >= 0 {
        if isRight { codes[parent].right = code } else { codes[parent].left = code }
      }
    }
    splits.reserveCapacity(inner.count)
    for (index, node) in inner.enumerated() { splits.append(split(Int(node), codes[index])) }
  }

  private mutating func takeLeaf(_ node: Int) throws(ReadError) {
    guard let rows else {
      guard right[node] == -1 else {
        throw columns.refusal(.inconsistent, "left_children", node, "node \(node) has one child only")
      }
      guard !condition[node].isNaN else {
        throw columns.refusal(.notFinite, "split_conditions", node, "the value of leaf \(node) is NaN")
      }
      leaves.append(Double(condition[node]))
      return
    }
    let row = rows.isNamedByRightChild ? Int(right[node]) : node
    guard row >= 0, row < rows.numbers.count / rows.width else {
      throw columns.refusal(
        .outOfRange, "right_children", node, "leaf \(node) names row \(row) of \(rows.numbers.count / rows.width)")
    }
    guard namedRows.insert(row).inserted else {
      throw columns.refusal(.inconsistent, "right_children", node, "leaf \(node) names row \(row), which another leaf has named")
    }
    if !rows.isNamedByRightChild, right[node] != -1 {
      throw columns.refusal(.inconsistent, "left_children", node, "node \(node) has one child only")
    }
    for index in row * rows.width..<(row + 1) * rows.width {
      guard !rows.numbers[index].isNaN else {
        throw columns.refusal(.notFinite, rows.name, index, "a number of leaf \(node) is NaN")
      }
      leaves.append(Double(rows.numbers[index]))
    }
  }

  private func checkSplit(_ node: Int) throws(ReadError) {
    guard right[node] != -1 else {
      throw columns.refusal(.inconsistent, "right_children", node, "node \(node) has one child only")
    }
    guard feature[node] >= 0 else {
      throw columns.refusal(.outOfRange, "split_indices", node, "node \(node) asks for feature \(feature[node])")
    }
    if isCategorical(node) {
      guard !setOfNode.isEmpty, setOfNode[node] >= 0 else {
        throw columns.refusal(.missing, "categories_nodes", "node \(node) asks for categories, but has none")
      }
    } else if condition[node].isNaN {
      throw columns.refusal(.notFinite, "split_conditions", node, "the threshold of node \(node) is NaN")
    }
  }

  private func isCategorical(_ node: Int) -> Bool { columns.splitType?[node] == 1 }

  private func split(_ node: Int, _ codes: (left: Int32, right: Int32)) -> Split {
    let goesLeft = columns.defaultLeft?[node] ?? false
    if isCategorical(node) {
      return Split(
        feature: Int(feature[node]), test: .inSet, threshold: Double(setOfNode[node]), nanGoesLeft: !goesLeft,
        left: Child(code: codes.right), right: Child(code: codes.left))
    }
    return Split(
      feature: Int(feature[node]), test: .less, threshold: Double(condition[node]), nanGoesLeft: goesLeft,
      left: Child(code: codes.left), right: Child(code: codes.right))
  }
}
