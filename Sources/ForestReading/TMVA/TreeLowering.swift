import ForestIR

/// Which number of a leaf is its value.
enum LeafValue {
  /// `res`.
  case response
  /// `purity`.
  case purity
  /// `nType`: 1 or −1.
  case vote
}

/// Turns trees as found in the file into trees of the IR.
///
/// A node sends an event to the right where `x >= cut` (`x > cut` in the older dialect), or, with `cType="0"`, where that
/// is not so. In the IR's words: where `x < cut`, or x is NaN, the event goes left, or right with `cType="0"`. Which child
/// that is, is settled here and nowhere later. Leaves are numbered from left to right as the trainer draws the tree.
struct TreeLowering {
  let section: ForestSection
  let leaf: LeafValue
  let variableCount: Int
  let isStrictGreater: Bool
  let context: TMVAContext
  /// Leaves whose purity is outside 0…1, and Fisher nodes with fewer coefficients than variables: reported once.
  private var unusualPurities = 0
  /// The way through the tree at hand; kept, so that its room serves all trees.
  private var walk = Walk()
  private var shortForms = 0

  init(
    _ section: ForestSection, leaf: LeafValue, variableCount: Int, isStrictGreater: Bool, _ context: TMVAContext
  ) {
    self.section = section
    self.leaf = leaf
    self.variableCount = variableCount
    self.isStrictGreater = isStrictGreater
    self.context = context
  }

  /// All trees, in order; the raw trees are given up one by one, so that both forms are never in memory together.
  mutating func trees() throws(ReadError) -> [Tree] {
    var trees: [Tree] = []
    trees.reserveCapacity(section.forest.trees.count)
    for index in section.forest.trees.indices {
      trees.append(try lower(section.forest.trees[index], index: index))
      section.forest.trees[index].nodes = []
      section.forest.trees[index].forms = []
    }
    if unusualPurities > 0 {
      context.note(
        .oddity, "\(unusualPurities) leaves have a purity outside 0…1, from negative event weights", place: section.element.path)
    }
    if shortForms > 0 {
      context.note(
        .oddity, "\(shortForms) Fisher nodes have fewer coefficients than there are variables", place: section.element.path)
    }
    return trees
  }

  private mutating func lower(_ tree: RawTree, index: Int) throws(ReadError) -> Tree {
    walk.take(tree)
    var splits: [Split] = []
    splits.reserveCapacity(walk.splitCount)
    var leaves: [Double] = []
    leaves.reserveCapacity(walk.leafCount)
    var forms: [LinearForm] = []
    for node in walk.order {
      let raw = tree.nodes[Int(node)]
      guard raw.isInner else {
        leaves.append(try value(of: raw, node: Int(node), tree: index))
        continue
      }
      guard !raw.flags.contains(.badCut) else {
        throw error(.notFinite, index, Int(node), "Cut", "the Cut of an inner node is not a finite number of float32's range")
      }
      var test = isStrictGreater ? Split.Test.lessOrEqual : .less
      var feature = Int(raw.variable)
      if raw.flags.contains(.fisher) {
        feature = forms.count
        forms.append(try form(of: tree, node: Int(node), index: index))
        test = .linearLessOrEqual
      } else if !(0..<variableCount).contains(feature) {
        throw error(
          .outOfRange, index, Int(node), "IVar",
          "IVar=\"\(feature)\" in an inner node, but there are \(variableCount) variables")
      }
      let left = walk.code(Walk.leftChild(of: Int(node), in: tree))
      let right = walk.code(Walk.rightChild(of: Int(node), in: tree))
      let upperIsRight = raw.flags.contains(.upperIsRight)
      splits.append(
        Split(
          feature: feature, test: test, threshold: Double(raw.cut), nanGoesLeft: true,
          left: upperIsRight ? left : right, right: upperIsRight ? right : left))
    }
    do {
      return try Tree(splits: splits, leaves: leaves, linearForms: forms)
    } catch {
      throw ForestSection.error(
        .unsupported, section.element, tree: index, "the tree cannot be represented: \(error.message)", context)
    }
  }

  private mutating func value(of leaf: RawNode, node: Int, tree: Int) throws(ReadError) -> Double {
    switch self.leaf {
    case .vote:
      guard leaf.flags.contains(.signal) || leaf.flags.contains(.background) else {
        throw error(
          .inconsistent, tree, node, "nType",
          "a leaf with nType=\"-99\" in a forest whose leaves vote signal (1) or background (-1)",
          hint: "the option UseYesNoLeaf or the AnalysisType of Weights does not fit the trees")
      }
      return leaf.flags.contains(.signal) ? 1 : -1
    case .response:
      if leaf.flags.contains(.noResponse) { throw error(.missing, tree, node, nil, "a leaf has no attribute res, its value") }
      if leaf.flags.contains(.badResponse) {
        throw error(.notFinite, tree, node, "res", "the value of a leaf (res) is not a finite number of float32's range")
      }
      return Double(leaf.response)
    case .purity:
      if leaf.flags.contains(.noPurity) {
        throw error(.missing, tree, node, nil, "a leaf has no attribute purity, its value, and neither nS and nB")
      }
      if leaf.flags.contains(.badPurity) {
        throw error(.notFinite, tree, node, "purity", "the value of a leaf (purity) is not a finite number")
      }
      if !(0...1).contains(leaf.purity) { unusualPurities += 1 }
      return Double(leaf.purity)
    }
  }

  private mutating func form(of tree: RawTree, node: Int, index: Int) throws(ReadError) -> LinearForm {
    guard let form = tree.form(of: node), form.coefficients.count >= 2 else {
      throw error(.outOfRange, index, node, "NCoef", "a Fisher node needs two coefficients at least")
    }
    guard !tree.nodes[node].flags.contains(.badCoefficient) else {
      throw error(.notFinite, index, node, nil, "a coefficient of a Fisher node is not a finite number")
    }
    let count = form.coefficients.count - 1
    guard count <= variableCount else {
      throw error(
        .outOfRange, index, node, "NCoef",
        "NCoef=\"\(count + 1)\" needs \(count) variables, but there are \(variableCount)")
    }
    if count < variableCount { shortForms += 1 }
    return LinearForm(offset: form.coefficients[count], coefficients: Array(form.coefficients[..<count]))
  }

  private func error(
    _ code: ReadError.Code, _ tree: Int, _ node: Int, _ attribute: String?, _ message: String, hint: String? = nil
  ) -> ReadError {
    ForestSection.error(code, section.element, tree: tree, node: node, attribute: attribute, message, hint: hint, context)
  }
}

/// The nodes of a tree from left to right, each before its children, with their numbers in the IR.
private struct Walk {
  private(set) var order: [Int32] = []
  private(set) var splitCount = 0
  private(set) var leafCount = 0
  /// For each node, as a child: its number among splits or leaves.
  private var codes: [Child] = []
  private var open: [Int] = []

  mutating func take(_ tree: RawTree) {
    splitCount = 0
    leafCount = 0
    codes.removeAll(keepingCapacity: true)
    codes.append(contentsOf: repeatElement(.leaf(0), count: tree.nodes.count))
    order.removeAll(keepingCapacity: true)
    open.append(0)
    while let node = open.popLast() {
      order.append(Int32(node))
      if tree.nodes[node].isInner {
        codes[node] = .split(splitCount)
        splitCount += 1
        open.append(Self.rightChild(of: node, in: tree))
        open.append(Self.leftChild(of: node, in: tree))
      } else {
        codes[node] = .leaf(leafCount)
        leafCount += 1
      }
    }
  }

  func code(_ node: Int) -> Child { codes[node] }

  static func leftChild(of node: Int, in tree: RawTree) -> Int {
    tree.nodes[node].flags.contains(.rightFirst) ? Int(tree.nodes[node].second) : node + 1
  }

  static func rightChild(of node: Int, in tree: RawTree) -> Int {
    tree.nodes[node].flags.contains(.rightFirst) ? node + 1 : Int(tree.nodes[node].second)
  }
}
