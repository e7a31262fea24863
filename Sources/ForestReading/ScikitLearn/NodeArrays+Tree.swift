import ForestIR

// From parallel arrays to a tree: every index is proved, every node is reached once, without recursion.

extension NodeArrays {
  /// The tree.
  ///
  /// - Parameters:
  ///   - featureCount: an upper bound of the number of features, where one is known already.
  ///   - keepsSamples: whether `n_node_samples` may be needed.
  ///   - remark: told about nodes that nothing leads to.
  /// - Complexity: O(nodes).
  func tree(
    featureCount: Int?, keepsSamples: Bool, _ cursor: JSONCursor, remark: (String) -> Void
  ) throws(ReadError) -> NodeTree {
    let left = try needed(self.left, names.left, cursor)
    let right = try needed(self.right, names.right, cursor)
    let feature = try needed(self.feature, names.feature, cursor)
    let threshold = try needed(self.threshold, names.threshold, cursor)
    let value = try needed(self.value, "value", cursor)
    let count = left.count
    guard count > 0 else { throw cursor.fault(.inconsistent, at: place, "a tree without nodes") }
    if let nodeCount, nodeCount != count {
      throw cursor.fault(.inconsistent, at: place, below: ".node_count", "node_count is \(nodeCount), but \(names.left) has \(count) elements")
    }
    var lengths: [(name: String, count: Int?)] = [
      (names.right, right.count), (names.feature, feature.count), (names.threshold, threshold.count),
      ("missing_go_to_left", missingLeft?.count), ("n_node_samples", samples?.count), ("is_leaf", isLeaf?.count),
      ("is_categorical", isCategorical?.count), ("bitset_idx", bitsetIndex?.count),
    ]
    lengths += counted.map { ($0.name, $0.count) }
    for (name, length) in lengths where length != nil && length != count {
      throw cursor.fault(.inconsistent, at: place, below: ".\(name)", "\(name) has \(length!) elements, \(names.left) has \(count)")
    }
    guard value.count % count == 0, value.count > 0, valueShape.count == 1 || valueShape[0] == count else {
      throw cursor.fault(.inconsistent, at: place, below: ".value", "value has \(valueShape[0]) rows for \(count) nodes")
    }

    var walk = Walk(self, left, right, feature, threshold, value, featureCount, keepsSamples ? samples : nil, cursor)
    try walk.run()
    if walk.reached < count { remark("\(count - walk.reached) nodes of a tree cannot be reached from its root; they are left out") }
    return NodeTree(
      splits: walk.splits, leaves: walk.leaves, rowLength: value.count / count,
      rowShape: valueShape.count == 3 ? (valueShape[1], valueShape[2]) : nil,
      leafNumbers: isNumbered ? walk.leafNumbers : nil, leafSamples: walk.leafSamples, nodeCount: count,
      hasMissingRoutes: missingLeft != nil, categorySets: bitsets, place: place)
  }

  private func needed<Part>(_ part: Part?, _ name: String, _ cursor: JSONCursor) throws(ReadError) -> Part {
    guard let part else { throw cursor.fault(.missing, at: place, "the tree has no \"\(name)\"") }
    return part
  }
}

/// The walk over the nodes of a tree, from the root, left before right.
private struct Walk {
  let arrays: NodeArrays
  let left: [Int32]
  let right: [Int32]
  let feature: [Int32]
  let threshold: [Double]
  let value: [Double]
  let featureCount: Int?
  let samples: [Int32]?
  let cursor: JSONCursor

  var splits: [Split] = []
  var leaves: [Double] = []
  var leafNumbers: [Int32] = []
  var leafSamples: [Int32]?
  var reached = 0

  init(
    _ arrays: NodeArrays, _ left: [Int32], _ right: [Int32], _ feature: [Int32], _ threshold: [Double], _ value: [Double],
    _ featureCount: Int?, _ samples: [Int32]?, _ cursor: JSONCursor
  ) {
    self.arrays = arrays
    self.left = left
    self.right = right
    self.feature = feature
    self.threshold = threshold
    self.value = value
    self.featureCount = featureCount
    self.samples = samples
    self.cursor = cursor
  }

  mutating func run() throws(ReadError) {
    let count = left.count
    let rowLength = value.count / count
    var isReached = [Bool](repeating: false, count: count)
    // The codes of the two children of each split, filled in when the child is reached.
    var inner: [Int32] = []
    var codes: [(left: Int32, right: Int32)] = []
    var open: [(node: Int, parent: Int, isRight: Bool)] = [(0, -1, false)]
    isReached[0] = true
    // Exact capacities: these arrays stay.
    var leafCount = 0
    for node in 0..<count where isLeaf(node) { leafCount += 1 }
    leaves.reserveCapacity(leafCount * rowLength)
    leafNumbers.reserveCapacity(leafCount)
    if samples != nil {
      leafSamples = []
      leafSamples?.reserveCapacity(leafCount)
    }
    while let (node, parent, isRight) = open.popLast() {
      reached += 1
      let code: Int32
      if isLeaf(node) {
        try checkLeaf(node)
        code = ~Int32(leafNumbers.count)
        leafNumbers.append(Int32(node))
        leaves.append(contentsOf: value[node * rowLength..<(node + 1) * rowLength])
        if let samples { leafSamples?.append(samples[node]) }
      } else {
        code = Int32(inner.count)
        inner.append(Int32(node))
        codes.append((0, 0))
        try checkSplit(node)
        for (child, isRight) in [(right[node], true), (left[node], false)] {
          let child = Int(child)
          let name = isRight ? arrays.names.right : arrays.names.left
          guard child >= 0, child < count else {
            throw fault(.outOfRange, name, node, "node \(node) leads to node \(child) of \(count)")
          }
          guard !isReached[child] else {
            throw fault(.inconsistent, name, node, child == node ? "node \(node) leads to itself" : "node \(child) is reached twice, again from node \(node)")
          }
          isReached[child] = true
          open.append((child, Int(code), isRight))
        }
      }
      if parent >= 0 {
        if isRight { codes[parent].right = code } else { codes[parent].left = code }
      }
    }
    splits.reserveCapacity(inner.count)
    for (index, node) in inner.enumerated() { splits.append(split(Int(node), codes[index])) }
  }

  private func isLeaf(_ node: Int) -> Bool { arrays.isLeaf?[node] ?? (left[node] == -1 && right[node] == -1) }

  private func split(_ node: Int, _ codes: (left: Int32, right: Int32)) -> Split {
    let isCategorical = arrays.isCategorical?[node] ?? false
    return Split(
      feature: Int(feature[node]), test: isCategorical ? .inSet : arrays.isStrict?[node] == true ? .less : .lessOrEqual,
      threshold: isCategorical ? Double(arrays.bitsetIndex?[node] ?? 0) : threshold[node],
      nanGoesLeft: arrays.missingLeft?[node] ?? false, left: Child(code: codes.left), right: Child(code: codes.right))
  }

  private func checkLeaf(_ node: Int) throws(ReadError) {
    let rowLength = value.count / left.count
    for index in node * rowLength..<(node + 1) * rowLength where value[index].isNaN {
      throw fault(.notFinite, "value", node, "the value of leaf \(node) is NaN")
    }
  }

  private func checkSplit(_ node: Int) throws(ReadError) {
    guard left[node] != -1, right[node] != -1 else {
      throw fault(
        .inconsistent, left[node] == -1 ? arrays.names.left : arrays.names.right, node, "node \(node) has one child only")
    }
    guard feature[node] >= 0 else {
      throw fault(.outOfRange, arrays.names.feature, node, "node \(node) asks for feature \(feature[node])")
    }
    if let featureCount, feature[node] >= featureCount {
      throw fault(.outOfRange, arrays.names.feature, node, "node \(node) asks for feature \(feature[node]) of \(featureCount)")
    }
    if arrays.isCategorical?[node] ?? false {
      guard let bitset = arrays.bitsetIndex?[node], bitset < arrays.bitsets.count else {
        throw fault(
          .outOfRange, "bitset_idx", node,
          "node \(node) names bitset \(arrays.bitsetIndex?[node] ?? 0) of \(arrays.bitsets.count)")
      }
    } else if threshold[node].isNaN {
      throw fault(.notFinite, arrays.names.threshold, node, "the threshold of node \(node) is NaN")
    }
  }

  private func fault(_ code: ReadError.Code, _ array: String, _ node: Int, _ message: String) -> ReadError {
    cursor.fault(code, at: arrays.place, below: ".\(array)[\(node)]", message)
  }
}
