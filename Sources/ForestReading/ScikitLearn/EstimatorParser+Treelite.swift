import ForestIR

extension EstimatorParser {
  /// The `trees` of a treelite model, which stand next: each a list of node objects.
  mutating func treeliteTrees() throws(ReadError) -> [NodeTree] {
    var trees: [NodeTree] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      let place = cursor.here
      var nodes: [TreeliteNode]?
      try cursor.beginObject()
      while let key = try cursor.nextKey() {
        guard key == "nodes" else { continue }
        var list: [TreeliteNode] = []
        try cursor.beginArray()
        while try cursor.nextElement() { list.append(try TreeliteNode(&cursor)) }
        nodes = list
      }
      guard let nodes else { throw cursor.fault(.missing, at: place, "the tree has no \"nodes\"") }
      let arrays = try TreeliteNode.arrays(nodes, at: place, cursor)
      trees.append(
        try arrays.tree(featureCount: nil, keepsSamples: false, cursor) { remarks.note(.oddity, $0, place: place.path) })
    }
    return trees
  }
}

/// One node of a treelite model.
private struct TreeliteNode {
  var id: Int?
  var feature: Int?
  var threshold: Double?
  var comparison: String?
  var isDefaultLeft = false
  var left: Int?
  var right: Int?
  var leaf: [Double]?

  init(_ cursor: inout JSONCursor) throws(ReadError) {
    let limit = 0...NodeArrays.nodeLimit
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "node_id": id = try cursor.integer(in: limit, "node_id")
      case "split_feature_id": feature = try cursor.integer(in: limit, "a feature")
      case "threshold": threshold = try cursor.number()
      case "comparison_op": comparison = try cursor.string()
      case "default_left": isDefaultLeft = try cursor.kind() == .bool ? cursor.bool() : cursor.integer(in: 0...1, "a flag") == 1
      case "left_child": left = try cursor.integer(in: limit, "a child")
      case "right_child": right = try cursor.integer(in: limit, "a child")
      case "leaf_value": leaf = [try cursor.number()]
      case "leaf_vector": leaf = try cursor.nestedDoubles().numbers
      case "category_list", "categories":
        throw cursor.fault(.unsupported, "categorical nodes of treelite models cannot be read")
      default: break
      }
    }
  }

  /// Parallel arrays of the nodes, in the order of their numbers.
  static func arrays(_ nodes: [TreeliteNode], at place: JSONCursor.Place, _ cursor: JSONCursor) throws(ReadError) -> NodeArrays {
    func fault(_ code: ReadError.Code, _ index: Int, _ message: String) -> ReadError {
      cursor.fault(code, at: place, below: ".nodes[\(index)]", message)
    }
    var position = [Int](repeating: -1, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let id = node.id ?? index
      guard id < nodes.count, position[id] == -1 else { throw fault(.inconsistent, index, "the node number \(id) is out of range or comes twice") }
      position[id] = index
    }
    let rowLength = nodes.first { $0.leaf != nil }?.leaf?.count ?? 0
    guard rowLength > 0 else { throw cursor.fault(.missing, at: place, "a tree without a leaf") }
    var arrays = NodeArrays(place: place)
    var left: [Int32] = [], right: [Int32] = [], feature: [Int32] = [], threshold: [Double] = [], value: [Double] = []
    var missing: [Bool] = [], strict: [Bool] = []
    for index in position {
      let node = nodes[index]
      if let leaf = node.leaf {
        guard leaf.count == rowLength else { throw fault(.inconsistent, index, "leaves of different numbers of values") }
        left.append(-1)
        right.append(-1)
        feature.append(-2)
        threshold.append(-2)
        missing.append(false)
        strict.append(false)
        value += leaf
        continue
      }
      guard let l = node.left, let r = node.right, let split = node.feature, let t = node.threshold else {
        throw fault(.missing, index, "a node with neither a leaf value nor feature, threshold and two children")
      }
      // x > t leads where not (x <= t) leads; NaN goes where the node says, whatever the comparison.
      let isSwapped: Bool
      switch node.comparison {
      case "<=", "<": isSwapped = false
      case ">", ">=": isSwapped = true
      default: throw fault(.unsupported, index, "the comparison is none of <, <=, >, >=")
      }
      strict.append(node.comparison == "<" || node.comparison == ">=")
      left.append(Int32(isSwapped ? r : l))
      right.append(Int32(isSwapped ? l : r))
      missing.append(node.isDefaultLeft != isSwapped)
      feature.append(Int32(split))
      threshold.append(t)
      value += repeatElement(0, count: rowLength)
    }
    arrays.left = left
    arrays.right = right
    arrays.feature = feature
    arrays.threshold = threshold
    arrays.missingLeft = missing
    arrays.isStrict = strict
    arrays.value = value
    arrays.valueShape = [nodes.count, rowLength]
    arrays.names = ("nodes", "nodes", "nodes", "nodes")
    return arrays
  }
}
