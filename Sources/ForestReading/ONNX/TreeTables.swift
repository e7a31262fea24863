import ForestIR

/// What the tables of a tree operator say, whichever version wrote them.
struct TreeTables {
  /// The question at an inner node, by its number in version 5.
  enum Mode: UInt8 {
    case lessOrEqual, less, greaterOrEqual, greater, equal, notEqual, member

    init?(name: String) {
      switch name {
      case "BRANCH_LEQ": self = .lessOrEqual
      case "BRANCH_LT": self = .less
      case "BRANCH_GTE": self = .greaterOrEqual
      case "BRANCH_GT": self = .greater
      case "BRANCH_EQ": self = .equal
      case "BRANCH_NEQ": self = .notEqual
      default: return nil
      }
    }
  }

  struct Branch {
    let feature: Int32
    let mode: Mode
    /// What the feature is compared with; for `member` the number of the set.
    let value: Double
    let missingGoesTrue: Bool
    /// Branches and leaves of the same tree.
    var whenTrue = Child.leaf(0)
    var whenFalse = Child.leaf(0)
  }

  /// One tree: branch 0 is the root, unless there is none.
  struct RawTree {
    var branches: [Branch] = []
    /// The leaves as numbered in `weightRanges`, in the order in which the tree names them.
    var leaves: [Int32] = []
    /// The trainer's numbers of the leaves.
    var leafNumbers: [Int64] = []
  }

  /// The weights of one leaf are `weights[range]`, to be added in that order.
  struct Weights {
    var targets: [Int32] = []
    var values: [Double] = []
    /// For each leaf of all trees.
    var ranges: [Range<Int32>] = []
  }

  var trees: [RawTree] = []
  var weights = Weights()
  /// The members of each set, in the order of the `member` nodes.
  var sets: [[Double]] = []

  /// No operator has more nodes or weights than this.
  static let sizeLimit = 1 << 28

  /// One more than the largest feature that is asked for.
  var featureCount: Int {
    trees.reduce(0) { $1.branches.reduce($0) { max($0, Int($1.feature) + 1) } }
  }
}

/// The columns of the node tables of versions 1 and 3, proved to be of one length and of the right kind.
struct NodeTable {
  let treeIDs, nodeIDs, features, whenTrue, whenFalse: [Int64]
  /// nil for a leaf.
  let modes: [TreeTables.Mode?]
  let values: [Double]
  let missingGoesTrue: [Bool]

  init(_ attributes: inout OperatorAttributes, _ numbers: NumberColumns) throws(ReadError) {
    let treeIDs = try attributes.integers("nodes_treeids") ?? []
    guard !treeIDs.isEmpty else { throw attributes.missing("nodes_treeids") }
    guard treeIDs.count <= TreeTables.sizeLimit else {
      throw attributes.fault(.limit, "nodes_treeids", "more than \(TreeTables.sizeLimit) nodes")
    }
    func column(_ name: String, _ values: [Int64]?) throws(ReadError) -> [Int64] {
      guard let values else { throw attributes.missing(name) }
      guard values.count == treeIDs.count else {
        throw attributes.fault(.inconsistent, name, "\(values.count) entries for \(treeIDs.count) nodes")
      }
      return values
    }
    self.treeIDs = treeIDs
    nodeIDs = try column("nodes_nodeids", attributes.integers("nodes_nodeids"))
    features = try column("nodes_featureids", attributes.integers("nodes_featureids"))
    whenTrue = try column("nodes_truenodeids", attributes.integers("nodes_truenodeids"))
    whenFalse = try column("nodes_falsenodeids", attributes.integers("nodes_falsenodeids"))
    guard let modes = try attributes.texts("nodes_modes") else { throw attributes.missing("nodes_modes") }
    guard modes.count == treeIDs.count else {
      throw attributes.fault(.inconsistent, "nodes_modes", "\(modes.count) entries for \(treeIDs.count) nodes")
    }
    self.modes = try modes.map { name throws(ReadError) in
      if name == "LEAF" { return nil }
      guard let mode = TreeTables.Mode(name: name) else {
        throw attributes.fault(.unsupported, "nodes_modes", "the mode \"\(JSONCursor.clipped(name))\" is not known")
      }
      return mode
    }
    guard let values = try numbers.column("nodes_values", &attributes) else { throw attributes.missing("nodes_values") }
    guard values.count == treeIDs.count else {
      throw attributes.fault(.inconsistent, "nodes_values", "\(values.count) entries for \(treeIDs.count) nodes")
    }
    self.values = values
    let missing = try attributes.integers("nodes_missing_value_tracks_true") ?? []
    missingGoesTrue = try NodeTable.truths(missing, count: treeIDs.count, "nodes_missing_value_tracks_true", attributes)
    attributes.ignore("nodes_hitrates", "nodes_hitrates_as_tensor")
  }

  /// Zeros and ones; an empty list is as many zeros.
  static func truths(
    _ numbers: [Int64], count: Int, _ name: String, _ attributes: OperatorAttributes
  ) throws(ReadError) -> [Bool] {
    if numbers.isEmpty { return [Bool](repeating: false, count: count) }
    guard numbers.count == count else {
      throw attributes.fault(.inconsistent, name, "\(numbers.count) entries for \(count) nodes")
    }
    return try numbers.map { number throws(ReadError) in
      guard number == 0 || number == 1 else { throw attributes.fault(.outOfRange, name, "\(number) where 0 or 1 is expected") }
      return number == 1
    }
  }
}

/// Reads columns of numbers that may stand there as a list of float32 numbers or as a tensor.
struct NumberColumns {
  /// The width of the operator's input.
  let width: Width
  /// Whether the operator is of a version that knows tensors.
  let takesTensors: Bool

  /// nil where there is neither.
  func column(_ name: String, _ attributes: inout OperatorAttributes) throws(ReadError) -> [Double]? {
    let tensorName = name + "_as_tensor"
    guard attributes.has(tensorName) else { return try attributes.numbers(name)?.map(Double.init) }
    guard !attributes.has(name) else { throw attributes.fault(.duplicate, tensorName, "the numbers stand there twice, as a list and as a tensor") }
    guard takesTensors else { throw attributes.fault(.unexpected, tensorName, "tensors came with version 3 of ai.onnx.ml") }
    return try tensor(tensorName, &attributes)
  }

  /// A tensor that must have the operator's own width and one dimension.
  func tensor(_ name: String, _ attributes: inout OperatorAttributes) throws(ReadError) -> [Double]? {
    guard let tensor = try attributes.tensor(name) else { return nil }
    guard tensor.element == (width == .float64 ? .double : .float) else {
      throw attributes.fault(.inconsistent, name, "the tensor's element type is not that of the operator's input, \(width)")
    }
    guard tensor.dimensions.count == 1 else {
      throw attributes.fault(.inconsistent, name, "a tensor of \(tensor.dimensions.count) dimensions where one is expected")
    }
    return tensor.numbers
  }
}
