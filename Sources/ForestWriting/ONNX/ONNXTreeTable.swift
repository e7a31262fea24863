import ForestIR
import ONNXProto

/// Collects trees and says them in the tables of version 3 or 5.
struct ONNXTreeTable {
  private struct Node {
    let tree: Int
    /// Counted from 0 in each tree.
    let id: Int
    let mode: UInt8
    var feature = 0
    var value = 0.0
    var missingGoesTrue = false
    /// Ids in the same tree; in the tables of version 5, leaves count on their own.
    var whenTrue = 0
    var whenFalse = 0
  }

  /// The modes by their number in version 5.
  private enum Mode {
    static let lessOrEqual: UInt8 = 0, less: UInt8 = 1, greater: UInt8 = 3, leaf: UInt8 = 255
    static func name(_ mode: UInt8) -> String {
      switch mode {
      case lessOrEqual: "BRANCH_LEQ"
      case less: "BRANCH_LT"
      case greater: "BRANCH_GT"
      default: "LEAF"
      }
    }
  }

  private let width: Width
  private let memberships: ONNXMemberships
  private var nodes: [Node] = []
  private var treeCount = 0
  /// The node of each weight, by its place in `nodes`.
  private var weightNodes: [Int] = []
  private var weightTargets: [Int] = []
  private var weights: [Double] = []

  init(width: Width, memberships: ONNXMemberships) {
    self.width = width
    self.memberships = memberships
  }

  /// A tree of one leaf.
  mutating func addConstant(_ value: Double, target: Int) {
    addLeaf([value], [target], id: 0)
    treeCount += 1
  }

  /// - Parameters:
  ///   - targets: for each number of a leaf the output that it is added to.
  ///   - splitsVectors: whether a leaf may hold one number only, so that a tree is written once for each.
  mutating func add(_ tree: Tree, terms: [Double], targets: [Int], splitsVectors: Bool) {
    if splitsVectors, targets.count > 1 {
      for place in targets.indices {
        let part = stride(from: place, to: terms.count, by: targets.count).map { terms[$0] }
        add(tree, terms: part, targets: [targets[place]])
      }
    } else {
      add(tree, terms: terms, targets: targets)
    }
  }

  /// Splits keep their numbers; leaves follow.
  private mutating func add(_ tree: Tree, terms: [Double], targets: [Int]) {
    func id(_ child: Child) -> Int { child.isLeaf ? tree.splits.count + child.index : child.index }
    for (index, split) in tree.splits.enumerated() {
      var node = Node(tree: treeCount, id: index, mode: split.test == .less ? Mode.less : split.test == .inSet ? Mode.greater : Mode.lessOrEqual)
      if split.test == .inSet {
        node.feature = memberships.element(split, of: tree)
        node.value = 0.5
      } else {
        node.feature = Int(split.feature)
        node.value = threshold(split)
      }
      node.missingGoesTrue = split.nanGoesLeft
      node.whenTrue = id(split.left)
      node.whenFalse = id(split.right)
      nodes.append(node)
    }
    for leaf in 0..<tree.leafCount {
      addLeaf(Array(terms[leaf * targets.count..<(leaf + 1) * targets.count]), targets, id: tree.splits.count + leaf)
    }
    treeCount += 1
  }

  private mutating func addLeaf(_ values: [Double], _ targets: [Int], id: Int) {
    for (value, target) in zip(values, targets) {
      weightNodes.append(nodes.count)
      weightTargets.append(target)
      weights.append(value)
    }
    nodes.append(Node(tree: treeCount, id: id, mode: Mode.leaf))
  }

  /// The threshold in the operator's width: for float32 features `x <= t` asks the same of the float32 number at or below t, `x < t` of
  /// that at or above.
  private func threshold(_ split: Split) -> Double {
    guard width == .float32 else { return split.threshold }
    let near = Float(split.threshold)
    if split.test == .less { return Double(Double(near) < split.threshold ? near.nextUp : near) }
    return Double(Double(near) > split.threshold ? near.nextDown : near)
  }

  // MARK: Attributes

  /// Of `TreeEnsembleRegressor`, in float32.
  func version3(targetCount: Int) -> [ONNXAttribute] {
    [
      .integer("n_targets", Int64(targetCount)),
      .integers("nodes_falsenodeids", nodes.map(\.whenFalse)),
      .integers("nodes_featureids", nodes.map(\.feature)),
      .integers("nodes_missing_value_tracks_true", nodes.map { $0.missingGoesTrue ? 1 : 0 }),
      .texts("nodes_modes", nodes.map { Mode.name($0.mode) }),
      .integers("nodes_nodeids", nodes.map(\.id)),
      .integers("nodes_treeids", nodes.map(\.tree)),
      .integers("nodes_truenodeids", nodes.map(\.whenTrue)),
      .numbers("nodes_values", nodes.map(\.value)),
      .text("post_transform", "NONE"),
      .integers("target_ids", weightTargets),
      .integers("target_nodeids", weightNodes.map { nodes[$0].id }),
      .integers("target_treeids", weightNodes.map { nodes[$0].tree }),
      .numbers("target_weights", weights),
    ]
  }

  /// Of `TreeEnsemble`, in either width: inner nodes and leaves in tables of their own, one number a leaf.
  func version5(targetCount: Int) -> [ONNXAttribute] {
    // Where each node is, among the inner nodes or among the leaves. A tree of one leaf is a node that leads there on both ways.
    var places: [Int] = []
    var starts: [Int] = []
    var innerCount = 0, leafCount = 0
    for (index, node) in nodes.enumerated() {
      if node.id == 0 { starts.append(index) }
      if node.mode == Mode.leaf {
        places.append(leafCount)
        leafCount += 1
        if node.id == 0 { innerCount += 1 }
      } else {
        places.append(innerCount)
        innerCount += 1
      }
    }
    var roots: [Int] = []
    var features: [Int] = [], modes: [UInt8] = [], splits: [Double] = [], missing: [Int] = []
    var whenTrue: [Int] = [], whenFalse: [Int] = [], trueLeaf: [Int] = [], falseLeaf: [Int] = []
    for (index, node) in nodes.enumerated() where node.mode != Mode.leaf || node.id == 0 {
      if node.id == 0 { roots.append(modes.count) }
      features.append(node.feature)
      modes.append(node.mode == Mode.leaf ? Mode.lessOrEqual : node.mode)
      splits.append(node.value)
      missing.append(node.missingGoesTrue ? 1 : 0)
      let start = starts[node.tree]
      let yes = node.mode == Mode.leaf ? index : start + node.whenTrue, no = node.mode == Mode.leaf ? index : start + node.whenFalse
      whenTrue.append(places[yes])
      whenFalse.append(places[no])
      trueLeaf.append(nodes[yes].mode == Mode.leaf ? 1 : 0)
      falseLeaf.append(nodes[no].mode == Mode.leaf ? 1 : 0)
    }
    return [
      .integer("aggregate_function", 1),
      .integers("leaf_targetids", weightTargets),
      .tensor("leaf_weights", .numbers(weights, width)),
      .integer("n_targets", Int64(targetCount)),
      .integers("nodes_falseleafs", falseLeaf),
      .integers("nodes_falsenodeids", whenFalse),
      .integers("nodes_featureids", features),
      .integers("nodes_missing_value_tracks_true", missing),
      .tensor("nodes_modes", .bytes(modes)),
      .tensor("nodes_splits", .numbers(splits, width)),
      .integers("nodes_trueleafs", trueLeaf),
      .integers("nodes_truenodeids", whenTrue),
      .integer("post_transform", 0),
      .integers("tree_roots", roots),
    ]
  }
}
