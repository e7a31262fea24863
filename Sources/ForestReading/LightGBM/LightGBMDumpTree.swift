import ForestIR

/// A tree of `dump_model`, whose nodes stand inside each other, on its way to the lists of `LightGBMTree`.
///
/// Nodes are numbered as they come; the depth is bounded by the cursor's limit and needs no recursion.
struct LightGBMDumpTree {
  private struct Node {
    var feature: Int32?
    var threshold: Double?
    var categories: [UInt32]?
    var isCategorical: Bool?
    var defaultLeft: Bool?
    var missing: LightGBMTree.MissingType?
    var leafIndex: Int?
    var leafValue: Double?
    var leafConstant: Double?
    var leafFeatures: [Int32] = []
    var leafCoefficients: [Double] = []
    var left: Int32?
    var right: Int32?
  }

  private var nodes: [Node] = []
  /// How many words of category sets may still be taken: a single number of a few digits may stand for a long set.
  private(set) var wordBudget: Int
  /// Whether a threshold was taken for an infinity.
  private(set) var hasStandIns = false
  let place: JSONCursor.Place

  /// JSON has no infinities: LightGBM writes this number instead (`Common::AvoidInf`), for thresholds that divide missing values
  /// from all others.
  static let standInForInfinity = 1e300
  /// Words of category sets in a whole file.
  static let wordLimit = 1 << 24

  init(place: JSONCursor.Place, wordBudget: Int) {
    self.place = place
    self.wordBudget = wordBudget
  }

  /// Reads the root, which stands next, with all that is below it.
  mutating func read(_ cursor: inout JSONCursor) throws(ReadError) {
    nodes = [Node()]
    // The nodes whose object is open.
    var open = [0]
    try cursor.beginObject()
    while let node = open.last {
      guard let key = try cursor.nextKey() else {
        open.removeLast()
        continue
      }
      switch key {
      case "left_child", "right_child":
        guard nodes.count < Tree.leafLimit else { throw cursor.fault(.limit, "too many nodes") }
        let child = nodes.count
        // A name comes once in an object: the cursor sees to that.
        if key == "left_child" { nodes[node].left = Int32(child) } else { nodes[node].right = Int32(child) }
        nodes.append(Node())
        open.append(child)
        try cursor.beginObject()
      default: try readMember(key, node, &cursor)
      }
    }
  }

  private mutating func readMember(_ key: String, _ node: Int, _ cursor: inout JSONCursor) throws(ReadError) {
    switch key {
    case "split_feature": nodes[node].feature = Int32(try cursor.integer(in: 0...Int(Int32.max), "the feature of a split"))
    case "threshold":
      if try cursor.kind() == .string {
        nodes[node].categories = try categories(&cursor)
      } else {
        let threshold = try cursor.number()
        let isStandIn = threshold.magnitude == Self.standInForInfinity
        nodes[node].threshold = isStandIn ? .infinity * threshold : threshold
        hasStandIns = hasStandIns || isStandIn
      }
    case "decision_type":
      let start = cursor.nextByte()
      let type = try cursor.string()
      guard type == "<=" || type == "==" else {
        throw cursor.fault(.unsupported, at: start, "the decision type \"\(JSONCursor.clipped(type))\" is not known")
      }
      nodes[node].isCategorical = type == "=="
    case "default_left": nodes[node].defaultLeft = try cursor.bool()
    case "missing_type":
      let start = cursor.nextByte()
      let type = try cursor.string()
      guard let missing = Self.missingTypes[type] else {
        throw cursor.fault(.outOfRange, at: start, "the missing type \"\(JSONCursor.clipped(type))\" is not known")
      }
      nodes[node].missing = missing
    case "leaf_index": nodes[node].leafIndex = try cursor.integer(in: 0...Tree.leafLimit, "the index of a leaf")
    case "leaf_value": nodes[node].leafValue = try cursor.number()
    case "leaf_const": nodes[node].leafConstant = try cursor.number()
    case "leaf_features":
      try cursor.beginArray()
      while try cursor.nextElement() {
        nodes[node].leafFeatures.append(Int32(try cursor.integer(in: 0...Int(Int32.max), "the feature of a leaf")))
      }
    case "leaf_coeff":
      try cursor.beginArray()
      while try cursor.nextElement() { nodes[node].leafCoefficients.append(try cursor.number()) }
    default: break
    }
  }

  private static let missingTypes: [String: LightGBMTree.MissingType] = ["None": .none, "Zero": .zero, "NaN": .nan]

  /// Categories as they stand in a threshold: `1||3||7`.
  private mutating func categories(_ cursor: inout JSONCursor) throws(ReadError) -> [UInt32] {
    let start = cursor.nextByte()
    let text = try cursor.string()
    var words: [UInt32] = []
    for part in text.split(separator: "||", omittingEmptySubsequences: false) {
      guard let category = Int(part), category >= 0 else {
        throw cursor.fault(.malformed, at: start, "\"\(JSONCursor.clipped(String(part)))\" is no category, a whole number from 0 on")
      }
      let word = category / 32
      guard word < min(Tree.categoryWordLimit, wordBudget) else {
        throw cursor.fault(.limit, at: start, "the category \(category) makes for sets of categories that are larger than any model's")
      }
      while words.count <= word { words.append(0) }
      words[word] |= 1 << UInt32(category % 32)
    }
    wordBudget -= words.count
    return words
  }

  // MARK: Lists

  /// The same as parallel lists: inner nodes in the order in which they came, leaves in the order of their indices.
  func lists(_ cursor: JSONCursor) throws(ReadError) -> LightGBMTree {
    var tree = LightGBMTree()
    tree.mark = cursor.fault(.malformed, at: place, "").mark
    func fault(_ code: ReadError.Code, _ message: String) -> ReadError { cursor.fault(code, at: place, message) }

    let leaves = nodes.indices.filter { nodes[$0].left == nil && nodes[$0].right == nil }
    tree.leafCount = leaves.count
    tree.leafValue = [Double](repeating: .nan, count: leaves.count)
    tree.isLinear = nodes.contains { $0.leafConstant != nil }
    var codes = [Int32](repeating: 0, count: nodes.count)
    var leafNodes = [Int?](repeating: nil, count: leaves.count)
    for node in leaves {
      guard let index = nodes[node].leafIndex ?? (leaves.count == 1 ? 0 : nil) else { throw fault(.missing, "a leaf without leaf_index") }
      guard index < leaves.count, leafNodes[index] == nil else {
        throw fault(.inconsistent, "the leaf_index \(index) comes twice, or is beyond the \(leaves.count) leaves")
      }
      guard let value = nodes[node].leafValue else { throw fault(.missing, "leaf \(index) has no leaf_value") }
      guard tree.isLinear == (nodes[node].leafConstant != nil) else {
        throw fault(.inconsistent, "some leaves are linear, and leaf \(index) is not or the other way round")
      }
      guard nodes[node].leafFeatures.count == nodes[node].leafCoefficients.count else {
        throw fault(
          .inconsistent,
          "leaf \(index) has \(nodes[node].leafCoefficients.count) coefficients for \(nodes[node].leafFeatures.count) features")
      }
      leafNodes[index] = node
      tree.leafValue[index] = value
      codes[node] = ~Int32(index)
    }
    if tree.isLinear {
      for node in leafNodes.compactMap({ $0 }) {
        tree.leafConstant.append(nodes[node].leafConstant ?? .nan)
        tree.leafFeatureCount.append(Int32(clamping: nodes[node].leafFeatures.count))
        tree.leafFeatures += nodes[node].leafFeatures
        tree.leafCoefficients += nodes[node].leafCoefficients
      }
    }

    var inner: Int32 = 0
    for node in nodes.indices where nodes[node].left != nil || nodes[node].right != nil {
      codes[node] = inner
      inner += 1
    }
    for node in nodes where node.left != nil || node.right != nil {
      guard let left = node.left, let right = node.right else { throw fault(.inconsistent, "a node with one child only") }
      guard node.leafValue == nil, node.leafIndex == nil else { throw fault(.inconsistent, "a node is both a split and a leaf") }
      try add(node, &tree, fault)
      tree.leftChild.append(codes[Int(left)])
      tree.rightChild.append(codes[Int(right)])
    }
    return tree
  }

  private func add(
    _ node: Node, _ tree: inout LightGBMTree, _ fault: (ReadError.Code, String) -> ReadError
  ) throws(ReadError) {
    guard let feature = node.feature else { throw fault(.missing, "a split without split_feature") }
    guard let isCategorical = node.isCategorical else { throw fault(.missing, "a split without decision_type") }
    tree.splitFeature.append(feature)
    if isCategorical {
      guard let words = node.categories else { throw fault(.malformed, "a split by categories needs text such as \"1||3\" as its threshold") }
      if tree.categoryBoundaries.isEmpty { tree.categoryBoundaries = [0] }
      tree.threshold.append(Double(tree.categoricalCount))
      tree.decisionType.append(LightGBMTree.DecisionBits.categorical)
      tree.categoricalCount += 1
      tree.categoryWords += words
      tree.categoryBoundaries.append(Int32(clamping: tree.categoryWords.count))
    } else {
      guard let threshold = node.threshold, let defaultLeft = node.defaultLeft, let missing = node.missing else {
        throw fault(.missing, "a split needs a number as its threshold, default_left and missing_type")
      }
      tree.threshold.append(threshold)
      tree.decisionType.append(
        missing.rawValue << LightGBMTree.DecisionBits.missingShift | (defaultLeft ? LightGBMTree.DecisionBits.defaultLeft : 0))
    }
  }
}
