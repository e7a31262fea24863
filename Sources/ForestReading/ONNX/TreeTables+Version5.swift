import ForestIR

extension TreeTables {
  /// The tables of `TreeEnsemble`.
  init(version5 attributes: inout OperatorAttributes, targetCount: Int, _ numbers: NumberColumns) throws(ReadError) {
    let nodes = try Version5Nodes(&attributes, numbers)
    sets = try Self.sets(nodes, &attributes, numbers)
    guard let targets = try attributes.integers("leaf_targetids") else { throw attributes.missing("leaf_targetids") }
    guard let values = try numbers.tensor("leaf_weights", &attributes) else { throw attributes.missing("leaf_weights") }
    guard targets.count == values.count, !values.isEmpty, values.count <= Self.sizeLimit else {
      throw attributes.fault(.inconsistent, "leaf_weights", "\(values.count) weights for \(targets.count) leaves")
    }
    for (leaf, target) in targets.enumerated() {
      guard target >= 0, target < targetCount else {
        throw attributes.fault(.outOfRange, "leaf_targetids", "leaf \(leaf) is for target \(target) of \(targetCount)")
      }
      guard !values[leaf].isNaN else { throw attributes.fault(.notFinite, "leaf_weights", "the weight of leaf \(leaf) is NaN") }
    }
    weights = Weights(
      targets: targets.map { Int32($0) }, values: values, ranges: values.indices.map { Int32($0)..<Int32($0 + 1) })
    guard let roots = try attributes.integers("tree_roots"), !roots.isEmpty else { throw attributes.missing("tree_roots") }
    var seen = [Bool](repeating: false, count: nodes.count)
    for root in roots {
      guard root >= 0, root < nodes.count else {
        throw attributes.fault(.outOfRange, "tree_roots", "root \(root) of \(nodes.count) nodes")
      }
      trees.append(try nodes.tree(from: Int(root), leafCount: values.count, &seen, attributes))
    }
    if seen.contains(false) {
      attributes.context.remarks.note(.oddity, "some nodes belong to no tree; they never count", place: attributes.path)
    }
  }

  /// The sets of the `member` nodes, which stand one after another with NaN between them.
  private static func sets(
    _ nodes: Version5Nodes, _ attributes: inout OperatorAttributes, _ numbers: NumberColumns
  ) throws(ReadError) -> [[Double]] {
    let members = try numbers.tensor("membership_values", &attributes) ?? []
    var sets: [[Double]] = []
    var current: [Double] = []
    for member in members {
      if member.isNaN {
        sets.append(current)
        current = []
        continue
      }
      guard member == member.rounded(), abs(member) <= 0x1p53 else {
        throw attributes.fault(
          .unsupported, "membership_values", "the set member \(member) is not an integer: runtimes differ in what they make of it")
      }
      current.append(member)
    }
    if !current.isEmpty { sets.append(current) }
    guard sets.count == nodes.memberCount else {
      throw attributes.fault(.inconsistent, "membership_values", "\(sets.count) sets for \(nodes.memberCount) nodes that ask for one")
    }
    if !sets.isEmpty {
      attributes.context.remarks.note(
        .choice, "a set is asked whether it holds exactly the feature's value; onnxruntime agrees for integers, and for other values not always",
        place: attributes.path)
    }
    return sets
  }
}

/// The node tables of version 5.
private struct Version5Nodes {
  let features: [Int64]
  let modes: [TreeTables.Mode]
  /// For a `member` node the number of its set.
  let values: [Double]
  let children: [(whenTrue: Int64, whenFalse: Int64, trueIsLeaf: Bool, falseIsLeaf: Bool)]
  let missingGoesTrue: [Bool]
  let memberCount: Int

  var count: Int { features.count }

  init(_ attributes: inout OperatorAttributes, _ numbers: NumberColumns) throws(ReadError) {
    guard let features = try attributes.integers("nodes_featureids"), !features.isEmpty else {
      throw attributes.missing("nodes_featureids")
    }
    let count = features.count
    guard count <= TreeTables.sizeLimit else { throw attributes.fault(.limit, "nodes_featureids", "\(count) nodes") }
    guard let modes = try attributes.tensor("nodes_modes") else { throw attributes.missing("nodes_modes") }
    guard modes.element == .byte, modes.dimensions == [count] else {
      throw attributes.fault(.inconsistent, "nodes_modes", "the modes are not \(count) bytes")
    }
    guard let splits = try numbers.tensor("nodes_splits", &attributes) else { throw attributes.missing("nodes_splits") }
    guard splits.count == count else {
      throw attributes.fault(.inconsistent, "nodes_splits", "\(splits.count) entries for \(count) nodes")
    }
    var memberCount = 0
    var kinds: [TreeTables.Mode] = []
    var values: [Double] = []
    for (node, number) in modes.numbers.enumerated() {
      guard let mode = TreeTables.Mode(rawValue: UInt8(exactly: number) ?? .max) else {
        throw attributes.fault(.unsupported, "nodes_modes", "the mode \(number) of node \(node) is not known")
      }
      kinds.append(mode)
      if mode == .member {
        values.append(Double(memberCount))
        memberCount += 1
      } else {
        guard !splits[node].isNaN else { throw attributes.fault(.notFinite, "nodes_splits", "the threshold of node \(node) is NaN") }
        values.append(splits[node])
      }
    }
    func column(_ name: String) throws(ReadError) -> [Int64] {
      guard let column = try attributes.integers(name) else { throw attributes.missing(name) }
      guard column.count == count else { throw attributes.fault(.inconsistent, name, "\(column.count) entries for \(count) nodes") }
      return column
    }
    let whenTrue = try column("nodes_truenodeids"), whenFalse = try column("nodes_falsenodeids")
    let trueLeaf = try NodeTable.truths(column("nodes_trueleafs"), count: count, "nodes_trueleafs", attributes)
    let falseLeaf = try NodeTable.truths(column("nodes_falseleafs"), count: count, "nodes_falseleafs", attributes)
    let missing = try attributes.integers("nodes_missing_value_tracks_true") ?? []
    missingGoesTrue = try NodeTable.truths(missing, count: count, "nodes_missing_value_tracks_true", attributes)
    children = features.indices.map { (whenTrue[$0], whenFalse[$0], trueLeaf[$0], falseLeaf[$0]) }
    attributes.ignore("nodes_hitrates")
    self.features = features
    self.modes = kinds
    self.values = values
    self.memberCount = memberCount
  }

  /// Walks one tree and proves that it is one; leaves may be shared, nodes may not.
  func tree(
    from root: Int, leafCount: Int, _ seen: inout [Bool], _ attributes: OperatorAttributes
  ) throws(ReadError) -> TreeTables.RawTree {
    var tree = TreeTables.RawTree()
    var open: [(target: Int64, isLeaf: Bool, parent: Int, isTrue: Bool)] = [(Int64(root), false, -1, true)]
    while let (target, isLeaf, parent, isTrue) = open.popLast() {
      let child: Child
      var leaf = isLeaf ? target : -1
      if !isLeaf {
        guard target >= 0, target < count else {
          throw attributes.fault(.outOfRange, isTrue ? "nodes_truenodeids" : "nodes_falsenodeids", "node \(target) of \(count)")
        }
        let node = Int(target)
        guard !seen[node] else { throw attributes.fault(.inconsistent, "nodes_truenodeids", "node \(node) is reached twice") }
        seen[node] = true
        let ways = children[node]
        // A node whose branches name the same leaf is that leaf: so a tree of one leaf is written.
        if ways.trueIsLeaf, ways.falseIsLeaf, ways.whenTrue == ways.whenFalse { leaf = ways.whenTrue }
        if leaf < 0 {
          guard let feature = Int32(exactly: features[node]), feature >= 0, feature < Int32.max else {
            throw attributes.fault(.outOfRange, "nodes_featureids", "node \(node) asks for feature \(features[node])")
          }
          open.append((ways.whenFalse, ways.falseIsLeaf, tree.branches.count, false))
          open.append((ways.whenTrue, ways.trueIsLeaf, tree.branches.count, true))
          tree.branches.append(
            TreeTables.Branch(feature: feature, mode: modes[node], value: values[node], missingGoesTrue: missingGoesTrue[node]))
        }
      }
      if leaf >= 0 || isLeaf {
        guard leaf >= 0, leaf < leafCount else {
          throw attributes.fault(.outOfRange, isTrue ? "nodes_truenodeids" : "nodes_falsenodeids", "leaf \(leaf) of \(leafCount)")
        }
        child = .leaf(tree.leaves.count)
        tree.leaves.append(Int32(leaf))
        tree.leafNumbers.append(leaf)
      } else {
        child = .split(tree.branches.count - 1)
      }
      guard parent >= 0 else { continue }
      if isTrue { tree.branches[parent].whenTrue = child } else { tree.branches[parent].whenFalse = child }
    }
    return tree
  }
}
