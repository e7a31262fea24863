/// A node of a tree as the file has it, before anybody knows which of its numbers count.
///
/// 16 bytes, since all nodes of a file are held until its end: what only inner nodes have shares its place with what
/// only leaves have. Nodes stand in document order: the first child of an inner node follows it, the second is at `second`.
struct RawNode {
  struct Flags: OptionSet {
    let rawValue: UInt16
    /// `cType="1"`: the upper side is the right one.
    static let upperIsRight = Flags(rawValue: 1 << 0)
    /// `nType="0"`.
    static let inner = Flags(rawValue: 1 << 1)
    /// `nType="1"`; a leaf that is neither signal nor background has `nType="-99"`.
    static let signal = Flags(rawValue: 1 << 10)
    /// `nType="-1"`.
    static let background = Flags(rawValue: 1 << 11)
    /// The child that comes first in the document is the right one.
    static let rightFirst = Flags(rawValue: 1 << 2)
    /// The test is on a linear form: `RawTree.forms` has an entry for the node.
    static let fisher = Flags(rawValue: 1 << 3)
    static let noResponse = Flags(rawValue: 1 << 4)
    static let noPurity = Flags(rawValue: 1 << 5)
    // Texts that are not finite float32 numbers; they matter only if the number does.
    static let badCut = Flags(rawValue: 1 << 6)
    static let badResponse = Flags(rawValue: 1 << 7)
    static let badPurity = Flags(rawValue: 1 << 8)
    static let badCoefficient = Flags(rawValue: 1 << 9)
  }

  /// `Cut` of an inner node, `res` of a leaf.
  private var number: Float = 0
  /// `second` of an inner node, the bits of `purity` of a leaf.
  private var word: UInt32 = 0
  var line: UInt32 = 0
  /// `IVar`.
  var variable: Int16 = 0
  var flags: Flags = []

  /// In an inner node.
  var cut: Float {
    get { number }
    set { number = newValue }
  }

  /// `res`, in a leaf.
  var response: Float {
    get { number }
    set { number = newValue }
  }

  /// In a leaf.
  var purity: Float {
    get { Float(bitPattern: word) }
    set { word = newValue.bitPattern }
  }

  /// The index of the second child in the tree's nodes, in an inner node; 0 until it has come.
  var second: Int32 {
    get { Int32(bitPattern: word) }
    set { word = UInt32(bitPattern: newValue) }
  }

  var isInner: Bool { flags.contains(.inner) }
}

/// A `BinaryTree` element.
struct RawTree {
  /// The coefficients of a Fisher node, the offset last, in float64.
  struct Form {
    let node: Int32
    let coefficients: [Double]
  }

  /// The text of `boostWeight`; nil if absent.
  var weight: String?
  var line: Int
  /// In document order, from the root.
  var nodes: [RawNode] = []
  /// In the order of their nodes.
  var forms: [Form] = []

  func form(of node: Int) -> Form? {
    var low = 0
    var high = forms.count
    while low < high {
      let middle = (low + high) / 2
      if forms[middle].node < Int32(node) { low = middle + 1 } else { high = middle }
    }
    return low < forms.count && forms[low].node == Int32(node) ? forms[low] : nil
  }

  /// The path of a node below its tree: `Node/Node[0]/Node[1]`.
  func path(of node: Int) -> String {
    var path = "Node"
    var current = 0
    while current < node && nodes.indices.contains(current) && nodes[current].isInner {
      let second = Int(nodes[current].second)
      let isSecond = second > current && node >= second
      path += isSecond ? "/Node[1]" : "/Node[0]"
      current = isSecond ? second : current + 1
    }
    return path
  }
}

/// The trees that stand in one element of the document.
final class RawForest {
  var trees: [RawTree] = []
  /// Harmless oddities of the nodes, counted, with the place of the first: reported once, not once a node.
  var oddities: [Oddity: (count: Int, first: String)] = [:]

  enum Oddity: CaseIterable {
    case depthMissing, depthWrong, leafWithChildren, indexMissing

    var sentence: String {
      switch self {
      case .depthMissing: "nodes without the attribute depth"
      case .depthWrong: "nodes whose depth is not how deep they stand"
      case .leafWithChildren: "leaves that have nodes below them, which are never reached and were left out"
      case .indexMissing: "trees without the attribute itree"
      }
    }
  }

  func count(_ oddity: Oddity, at place: @autoclosure () -> String) {
    if oddities[oddity] == nil { oddities[oddity] = (0, place()) }
    oddities[oddity]!.count += 1
  }
}
