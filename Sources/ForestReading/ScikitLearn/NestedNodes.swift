import ForestIR

/// A tree whose nodes stand inside each other: `{"feature": 0, "threshold": 0.5, "left": {…}, "right": {"value": 1}}`.
///
/// Nodes are numbered as they come; the depth is bounded by the cursor's limit and needs no recursion.
struct NestedNodes {
  private struct Node {
    var feature: Feature?
    var threshold: Double?
    var value: [Double]?
    var left: Int32 = -1
    var right: Int32 = -1
  }

  /// A feature by its index or by its name.
  private enum Feature {
    case index(Int)
    case name(String)
  }

  private var nodes = [Node()]
  let place: JSONCursor.Place

  init(place: JSONCursor.Place) { self.place = place }

  /// The root's own `value`, where it was taken for the array of a tree.
  mutating func takeLeafValue(of arrays: NodeArrays) {
    if nodes[0].value == nil { nodes[0].value = arrays.value }
  }

  /// Reads a member of the root, whose object is open; children with all that is below them.
  mutating func readRootMember(_ key: String, _ cursor: inout JSONCursor) throws(ReadError) {
    // Nodes whose object is open below the root, and whether it stands in an array of children.
    var open: [(node: Int, isInArray: Bool)] = []
    var key: String? = key
    while true {
      if let name = key {
        let node = open.last?.node ?? 0
        switch name {
        case "left", "left_child", "right", "right_child":
          open.append((try child(of: node, isRight: name.hasPrefix("right"), cursor), false))
          try cursor.beginObject()
        case "children":
          try cursor.beginArray()
          guard try cursor.nextElement() else { throw cursor.fault(.inconsistent, "a node has two children or none") }
          open.append((try child(of: node, isRight: false, cursor), true))
          try cursor.beginObject()
        default: try readMember(name, of: node, &cursor)
        }
      } else {
        // The innermost object has ended.
        let (node, isInArray) = open.removeLast()
        if isInArray {
          let parent = open.last?.node ?? 0
          let wasRight = nodes[parent].right == Int32(node)
          guard try cursor.nextElement() == !wasRight else {
            throw cursor.fault(.inconsistent, "a node has two children or none")
          }
          if !wasRight {
            open.append((try child(of: parent, isRight: true, cursor), true))
            try cursor.beginObject()
          }
        }
      }
      if open.isEmpty { return }
      key = try cursor.nextKey()
    }
  }

  private mutating func child(of node: Int, isRight: Bool, _ cursor: JSONCursor) throws(ReadError) -> Int {
    guard (isRight ? nodes[node].right : nodes[node].left) == -1 else {
      throw cursor.fault(.duplicate, "a second \(isRight ? "right" : "left") child")
    }
    guard nodes.count < NodeArrays.nodeLimit else { throw cursor.fault(.limit, "too many nodes") }
    let index = nodes.count
    nodes.append(Node())
    if isRight { nodes[node].right = Int32(index) } else { nodes[node].left = Int32(index) }
    return index
  }

  private mutating func readMember(_ name: String, of node: Int, _ cursor: inout JSONCursor) throws(ReadError) {
    switch name {
    case "feature", "split_feature":
      nodes[node].feature = try cursor.kind() == .string
        ? .name(cursor.string()) : .index(cursor.integer(in: -2...NodeArrays.nodeLimit, "a feature"))
    case "threshold": nodes[node].threshold = try cursor.kind() == .null ? nil : cursor.number()
    case "value", "leaf":
      nodes[node].value = try cursor.kind() == .array ? cursor.nestedDoubles().numbers : [cursor.number()]
    default: break
    }
  }

  /// The same as parallel arrays, without numbers of its own.
  func arrays(names: [String]?, _ cursor: JSONCursor) throws(ReadError) -> NodeArrays {
    var arrays = NodeArrays(place: place)
    arrays.isNumbered = false
    let rowLength = nodes.first { $0.left == -1 && $0.right == -1 }?.value?.count ?? 0
    guard rowLength > 0 else { throw cursor.fault(.missing, at: place, "a leaf without a value") }
    var left: [Int32] = [], right: [Int32] = [], feature: [Int32] = [], threshold: [Double] = [], value: [Double] = []
    for node in nodes {
      left.append(node.left)
      right.append(node.right)
      let isLeaf = node.left == -1 && node.right == -1
      guard isLeaf || (node.feature != nil && node.threshold != nil) else {
        throw cursor.fault(.missing, at: place, "an inner node without feature or threshold")
      }
      threshold.append(node.threshold ?? -2)
      feature.append(isLeaf ? -2 : try index(of: node.feature!, names, cursor))
      if isLeaf {
        guard let numbers = node.value, numbers.count == rowLength else {
          throw cursor.fault(
            node.value == nil ? .missing : .inconsistent, at: place,
            node.value == nil ? "a leaf without a value" : "leaves of different numbers of values")
        }
        value += numbers
      } else {
        value += repeatElement(0, count: rowLength)
      }
    }
    arrays.left = left
    arrays.right = right
    arrays.feature = feature
    arrays.threshold = threshold
    arrays.value = value
    arrays.valueShape = [nodes.count, rowLength]
    return arrays
  }

  private func index(of feature: Feature, _ names: [String]?, _ cursor: JSONCursor) throws(ReadError) -> Int32 {
    switch feature {
    case .index(let index): return Int32(index)
    case .name(let name):
      guard let names else {
        throw cursor.fault(
          .missing, at: place, "the feature \"\(JSONCursor.clipped(name))\" is given by name, but there are no feature_names")
      }
      guard let index = names.firstIndex(of: name), names[(index + 1)...].firstIndex(of: name) == nil else {
        throw cursor.fault(
          .inconsistent, at: place, "the feature \"\(JSONCursor.clipped(name))\" is not exactly once among feature_names")
      }
      return Int32(index)
    }
  }
}
