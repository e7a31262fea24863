import ForestIR

/// A tree whose nodes stand one after another and name their children by number, as scikit-learn's do.
struct CodeNodeTable {
  private struct Node {
    /// Nil for a leaf.
    var variable: Int?
    /// The cut, or the leaf's value.
    var number: Double
    var left = 0
    var right = 0
  }

  private var nodes: [Node] = []

  var count: Int { nodes.count }

  mutating func addLeaf(_ value: Double) { nodes.append(Node(variable: nil, number: value)) }

  /// `x[variable] <= cut` leads to the node `left`, everything else, NaN too, to `right`.
  mutating func addSplit(variable: Int, cut: Double, left: Int, right: Int) {
    nodes.append(Node(variable: variable, number: cut, left: left, right: right))
  }

  /// The tree from node 0; leaves are reported by the numbers of their nodes.
  ///
  /// - Throws: `ForestFault` if a child is not there or a node is not reached exactly once.
  func tree() throws(ForestFault) -> Tree {
    var splits: [Split] = []
    var leaves: [Double] = []
    var numbers: [Int32] = []
    var codes: [Child] = []
    var splitCount = 0
    var leafCount = 0
    for node in nodes {
      codes.append(node.variable == nil ? .leaf(leafCount) : .split(splitCount))
      if node.variable == nil { leafCount += 1 } else { splitCount += 1 }
    }
    for (index, node) in nodes.enumerated() {
      if let variable = node.variable {
        guard nodes.indices.contains(node.left), nodes.indices.contains(node.right) else {
          throw ForestFault(.index, "node \(index) leads to node \(max(node.left, node.right)), which is not there", node: index)
        }
        splits.append(
          Split(
            feature: variable, test: .lessOrEqual, threshold: node.number, nanGoesLeft: false, left: codes[node.left],
            right: codes[node.right]))
      } else {
        leaves.append(node.number)
        numbers.append(Int32(clamping: index))
      }
    }
    guard let root = codes.first, !root.isLeaf || nodes.count == 1 else {
      throw ForestFault(.structure, "node 0 is a leaf, and there are others")
    }
    return try Tree(splits: splits, leaves: leaves, leafNumbers: numbers)
  }
}
