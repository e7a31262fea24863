/// Builds one tree after the other from the elements inside `BinaryTree`, without recursion.
struct TreeBuilder {
  /// Nodes stand at most this deep; a trainer's limit is far below.
  static let deepest = 1000
  /// Nodes of all trees of a file together.
  static let mostNodes = 1 << 28

  let file: String
  /// The path of the open `BinaryTree`.
  private var place = ""
  private var forest: RawForest?
  private var tree = RawTree(line: 0)
  /// The nodes of the open tree; copied out at its end, so that each tree takes no more than it needs.
  private var nodes: [RawNode] = []
  private var open: [Open] = []
  /// How many elements are open below a leaf; they are passed over.
  private var belowLeaf = 0
  private var nodeCount = 0
  private var layout = NodeLayout()

  /// A node whose end tag has not come.
  private struct Open {
    let index: Int
    var children = 0
    var first = NodeAttributes.Position.root
  }

  init(file: String) { self.file = file }

  /// Begins a tree of `forest`, which stands in `parent`.
  mutating func start(_ tag: borrowing XMLTag, in forest: RawForest, of parent: XMLElement) throws(ReadError) {
    place = "\(parent.path)/BinaryTree[\(forest.trees.count)]"
    tree = RawTree(line: tag.line)
    var index: String?
    var hasType = false
    for attribute in 0..<tag.attributeCount {
      switch tag.attributeName(attribute) {
      case "boostWeight": tree.weight = tag.attributeText(attribute)
      case "itree": index = tag.attributeText(attribute)
      case "type", "Type": hasType = true
      default: break
      }
    }
    guard hasType else { throw error(.missing, tag.line, "", "a tree has no attribute type") }
    if let index {
      guard Int(index) == forest.trees.count else {
        throw error(
          .inconsistent, tag.line, "@itree", "itree=\"\(index)\", but this is tree \(forest.trees.count) (they count from 0)",
          hint: "the file was put together wrongly, or trees are missing")
      }
    } else {
      forest.count(.indexMissing, at: place)
    }
    nodes.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    belowLeaf = 0
    self.forest = forest
  }

  /// Takes an element inside the open tree.
  mutating func startElement(_ tag: borrowing XMLTag) throws(ReadError) {
    guard layout.isNode(tag) else {
      throw error(.unexpected, tag.line, path, "an element \(tag.name) inside a tree")
    }
    if let parent = open.last, !nodes[parent.index].isInner {
      if belowLeaf == 0 { forest?.count(.leafWithChildren, at: place + path) }
      belowLeaf += 1
      guard open.count + belowLeaf <= Self.deepest else { throw tooDeep(tag.line) }
      return
    }
    guard open.count < Self.deepest else { throw tooDeep(tag.line) }
    let attributes: NodeAttributes
    do {
      attributes = try NodeAttributes(tag, &layout)
    } catch {
      let attribute = error.attribute.isEmpty ? "" : "@\(error.attribute)"
      throw self.error(error.code, tag.line, childPath + attribute, error.message)
    }
    if attributes.depth != open.count {
      forest?.count(attributes.depth == nil ? .depthMissing : .depthWrong, at: place + childPath)
    }
    try attach(attributes, line: tag.line)
    nodeCount += 1
    guard nodeCount <= Self.mostNodes else {
      throw error(.limit, tag.line, childPath, "the file has more than \(Self.mostNodes) nodes")
    }
    if let coefficients = attributes.coefficients {
      tree.forms.append(RawTree.Form(node: Int32(nodes.count), coefficients: coefficients))
    }
    open.append(Open(index: nodes.count))
    nodes.append(attributes.node)
  }

  /// Makes the next node a child of the innermost open one.
  private mutating func attach(_ attributes: NodeAttributes, line: Int) throws(ReadError) {
    guard let parent = open.last else {
      guard nodes.isEmpty else { throw error(.duplicate, line, "/Node", "a tree has two root nodes") }
      return
    }
    guard attributes.position != .root else {
      throw error(.malformed, line, childPath + "@pos", "pos=\"s\" (root) in a node that has a parent")
    }
    switch parent.children {
    case 0:
      if attributes.position == .right { nodes[parent.index].flags.insert(.rightFirst) }
      open[open.count - 1].first = attributes.position
    case 1:
      guard attributes.position != parent.first else {
        throw error(
          .duplicate, line, childPath + "@pos",
          "a node has two \(attributes.position == .left ? "left" : "right") children")
      }
      nodes[parent.index].second = Int32(nodes.count)
    default:
      throw error(.unexpected, line, childPath, "a node has more than two children")
    }
    open[open.count - 1].children += 1
  }

  /// Ends an element inside the open tree, or the tree itself, and says whether it is still open.
  mutating func end() throws(ReadError) -> Bool {
    if belowLeaf > 0 {
      belowLeaf -= 1
    } else if let node = open.last {
      guard !nodes[node.index].isInner || node.children == 2 else {
        throw error(
          .missing, Int(nodes[node.index].line), path,
          "an inner node (nType=\"0\") has \(node.children == 0 ? "no children" : "one child"), not two")
      }
      open.removeLast()
    } else if let forest {
      guard !nodes.isEmpty else { throw error(.missing, tree.line, "", "a tree without nodes") }
      tree.nodes = Array(nodes)
      forest.trees.append(tree)
      self.forest = nil
      return false
    }
    return true
  }

  /// The path of the innermost open node below its tree; empty outside of nodes.
  private var path: String {
    open.indices.reduce("") { path, level in
      level == 0 ? "/Node" : "\(path)/Node[\(open[level - 1].children - 1)]"
    }
  }

  /// The path of the node that is just being read.
  private var childPath: String {
    guard let parent = open.last else { return "/Node" }
    return "\(path)/Node[\(parent.children)]"
  }

  private func tooDeep(_ line: Int) -> ReadError {
    error(.limit, line, "", "nodes are nested more than \(Self.deepest) deep")
  }

  private func error(
    _ code: ReadError.Code, _ line: Int, _ path: String, _ message: String, hint: String? = nil
  ) -> ReadError {
    ReadError(code, at: SourceMark(file: file, line: line, path: place + path), message, hint: hint)
  }
}
