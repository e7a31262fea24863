import ForestIR

extension TreeTables {
  /// The tables of `TreeEnsembleRegressor` (`prefix` "target") and `TreeEnsembleClassifier` ("class").
  init(prefix: String, targetCount: Int, _ attributes: inout OperatorAttributes, _ numbers: NumberColumns) throws(ReadError) {
    let columns = try NodeTable(&attributes, numbers)
    var leafOfNode = [Int32](repeating: -1, count: columns.treeIDs.count)
    var leafCount: Int32 = 0
    var runs: [NodeRun] = []
    var treeOfID: [Int64: Int] = [:]
    var start = 0
    while start < columns.treeIDs.count {
      var end = start + 1
      while end < columns.treeIDs.count, columns.treeIDs[end] == columns.treeIDs[start] { end += 1 }
      guard treeOfID.updateValue(runs.count, forKey: columns.treeIDs[start]) == nil else {
        throw attributes.fault(.duplicate, "nodes_treeids", "tree \(columns.treeIDs[start]) comes back after another tree")
      }
      runs.append(try NodeRun(start..<end, columns, attributes))
      start = end
    }
    for run in runs {
      trees.append(try run.tree(columns, &leafOfNode, &leafCount, attributes))
    }
    try readWeights(prefix, targetCount, &attributes, numbers) { treeID, nodeID in
      guard let tree = treeOfID[treeID], let node = runs[tree].row(nodeID) else { return nil }
      return leafOfNode[node]
    } leafCount: { Int(leafCount) }
  }

  /// - Parameter leaf: the leaf with these ids; −1 for an inner node; nil where there is no such node.
  private mutating func readWeights(
    _ prefix: String, _ targetCount: Int, _ attributes: inout OperatorAttributes, _ numbers: NumberColumns,
    leaf: (Int64, Int64) -> Int32?, leafCount: () -> Int
  ) throws(ReadError) {
    guard let values = try numbers.column(prefix + "_weights", &attributes) else { throw attributes.missing(prefix + "_weights") }
    var ids: [[Int64]] = []
    for name in ["_treeids", "_nodeids", "_ids"].map({ prefix + $0 }) {
      guard let column = try attributes.integers(name) else { throw attributes.missing(name) }
      guard column.count == values.count else {
        throw attributes.fault(.inconsistent, name, "\(column.count) entries for \(values.count) weights")
      }
      ids.append(column)
    }
    var places: [Int32] = []
    var counts = [Int32](repeating: 0, count: leafCount() + 1)
    places.reserveCapacity(values.count)
    var onInnerNodes = 0
    for row in values.indices {
      guard let place = leaf(ids[0][row], ids[1][row]) else {
        throw attributes.fault(.inconsistent, prefix + "_nodeids", "weight \(row) belongs to node \(ids[1][row]) of tree \(ids[0][row]), which is not there")
      }
      guard ids[2][row] >= 0, ids[2][row] < targetCount else {
        throw attributes.fault(.outOfRange, prefix + "_ids", "weight \(row) is for \(prefix) \(ids[2][row]) of \(targetCount)")
      }
      guard !values[row].isNaN else { throw attributes.fault(.notFinite, prefix + "_weights", "weight \(row) is NaN") }
      places.append(place)
      if place >= 0 { counts[Int(place) + 1] += 1 } else { onInnerNodes += 1 }
    }
    if onInnerNodes > 0 {
      attributes.context.remarks.note(
        .oddity, "\(onInnerNodes) weights belong to inner nodes; they never count", place: attributes.path)
    }
    if let leaf = counts.dropFirst().firstIndex(of: 0) {
      throw attributes.fault(.missing, prefix + "_weights", "a leaf (number \(leaf - 1) in the order of the trees) has no weight")
    }
    for leaf in 1..<counts.count { counts[leaf] += counts[leaf - 1] }
    weights.ranges = (1..<counts.count).map { counts[$0 - 1]..<counts[$0] }
    weights.targets = [Int32](repeating: 0, count: values.count - onInnerNodes)
    weights.values = [Double](repeating: 0, count: values.count - onInnerNodes)
    for row in values.indices where places[row] >= 0 {
      let place = Int(counts[Int(places[row])])
      counts[Int(places[row])] += 1
      weights.targets[place] = Int32(ids[2][row])
      weights.values[place] = values[row]
    }
  }
}

/// The rows of one tree in the node tables.
private struct NodeRun {
  let rows: Range<Int>
  /// Where each node id stands; nil where ids count from 0, which is usual.
  let rowOfID: [Int64: Int]?

  init(_ rows: Range<Int>, _ columns: NodeTable, _ attributes: OperatorAttributes) throws(ReadError) {
    self.rows = rows
    if rows.allSatisfy({ columns.nodeIDs[$0] == Int64($0 - rows.lowerBound) }) {
      rowOfID = nil
      return
    }
    var found: [Int64: Int] = [:]
    for row in rows {
      guard found.updateValue(row, forKey: columns.nodeIDs[row]) == nil else {
        throw attributes.fault(.duplicate, "nodes_nodeids", "node \(columns.nodeIDs[row]) of tree \(columns.treeIDs[row]) stands there twice")
      }
    }
    rowOfID = found
  }

  func row(_ id: Int64) -> Int? {
    if let rowOfID { return rowOfID[id] }
    guard id >= 0, id < rows.count else { return nil }
    return rows.lowerBound + Int(id)
  }

  /// Walks the tree from its first row and proves that it is one.
  func tree(
    _ columns: NodeTable, _ leafOfNode: inout [Int32], _ leafCount: inout Int32, _ attributes: OperatorAttributes
  ) throws(ReadError) -> TreeTables.RawTree {
    var tree = TreeTables.RawTree()
    var seen = [Bool](repeating: false, count: rows.count)
    /// A row to be visited, and the branch and side that lead to it.
    var open: [(row: Int, parent: Int, isTrue: Bool)] = [(rows.lowerBound, -1, true)]
    var visited = 0
    while let (row, parent, isTrue) = open.popLast() {
      guard !seen[row - rows.lowerBound] else {
        throw attributes.fault(
          .inconsistent, "nodes_nodeids", "node \(columns.nodeIDs[row]) of tree \(columns.treeIDs[row]) is reached twice")
      }
      seen[row - rows.lowerBound] = true
      visited += 1
      let child: Child
      if let mode = columns.modes[row] {
        guard let feature = Int32(exactly: columns.features[row]), feature >= 0, feature < Int32.max else {
          throw attributes.fault(.outOfRange, "nodes_featureids", "node \(columns.nodeIDs[row]) asks for feature \(columns.features[row])")
        }
        guard !columns.values[row].isNaN else {
          throw attributes.fault(.notFinite, "nodes_values", "the threshold of node \(columns.nodeIDs[row]) of tree \(columns.treeIDs[row]) is NaN")
        }
        child = .split(tree.branches.count)
        for (id, side) in [(columns.whenFalse[row], false), (columns.whenTrue[row], true)] {
          guard let next = self.row(id) else {
            throw attributes.fault(
              .outOfRange, side ? "nodes_truenodeids" : "nodes_falsenodeids",
              "node \(columns.nodeIDs[row]) of tree \(columns.treeIDs[row]) leads to node \(id), which is not in this tree")
          }
          open.append((next, tree.branches.count, side))
        }
        tree.branches.append(
          TreeTables.Branch(
            feature: feature, mode: mode, value: columns.values[row], missingGoesTrue: columns.missingGoesTrue[row]))
      } else {
        child = .leaf(tree.leaves.count)
        leafOfNode[row] = leafCount
        tree.leaves.append(leafCount)
        tree.leafNumbers.append(columns.nodeIDs[row])
        leafCount += 1
      }
      guard parent >= 0 else { continue }
      if isTrue { tree.branches[parent].whenTrue = child } else { tree.branches[parent].whenFalse = child }
    }
    guard visited == rows.count else {
      throw attributes.fault(
        .inconsistent, "nodes_nodeids", "\(rows.count - visited) nodes of tree \(columns.treeIDs[rows.lowerBound]) cannot be reached from its first")
    }
    return tree
  }
}
