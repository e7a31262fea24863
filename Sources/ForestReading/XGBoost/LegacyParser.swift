import FileBytes
import ForestIR

/// Reads the binary format that `save_model` wrote up to 3.0: structures of C as they lay in memory, little-endian.
///
/// Facts from XGBoost's public sources, releases 0.60 to 2.0. In order:
///
///     [binf]                        4 bytes, from 1.1 on
///     learner parameters            136 bytes: base score (float32), features, classes, whether attributes and metrics follow,
///                                   the release (two numbers, from 1.0 on), targets (from 1.6 on), and room
///     objective, booster            strings: a length of 64 bits, and the bytes
///     parameters of the trees       160 bytes: their number, the number of trees that grow in parallel (from 1.5 on), …
///     each tree                     148 bytes of parameters; 20 bytes a node; 16 bytes a node of statistics
///     the output of each tree       32 bits each
///     weights of the trees          dart only: their number in 64 bits, float32 each
///     attributes                    pairs of strings, their number in 64 bits
///     before 1.0                    for count:poisson a string, then the names of the metrics
struct LegacyParser {
  var window: ByteWindow
  var model: XGBoostModel
  let remarks: Remarks
  private var hasAttributes = false
  private var hasMetrics = false

  init(_ stream: JSONStream, file: String, remarks: Remarks) {
    window = ByteWindow(stream, file: file)
    self.remarks = remarks
    model = XGBoostModel(format: "XGBoost model (old binary format)", file: file)
  }

  mutating func document() throws(ReadError) {
    try learnerParameters()
    model.marks["objective"] = mark("objective")
    model.objective = try string(limit: 1024)
    model.marks["gradient_booster"] = mark("gradient_booster")
    let booster = try string(limit: 1024)
    model.booster = booster
    // Another booster's bytes mean something else; the checks refuse it by its name.
    guard booster == "gbtree" || booster == "dart" else { return }
    try trees()
    if booster == "dart" { try weights() }
    if hasAttributes { try attributes() }
    if model.rules < XGBoostRelease(1, 0) { try remainderBeforeOne() }
    if try !window.isAtEnd() {
      remarks.note(.oddity, "something follows the end of the model, at byte \(window.position); it is not looked at")
      while window.available(1) > 0 { try window.advance(window.available(1)) }
    }
  }

  private mutating func learnerParameters() throws(ReadError) {
    if window.available(4) >= 4, window.bytes.prefix(4).elementsEqual("binf".utf8) { try window.advance(4) }
    model.marks["learner"] = mark("learner_model_param")
    model.marks["learner_model_param"] = mark("learner_model_param")
    model.marks["base_score"] = mark("learner_model_param.base_score")
    model.baseScore = [try float()]
    model.marks["num_feature"] = mark("learner_model_param.num_feature")
    model.featureCount = try integer(in: 0...ModelBuilder.elementLimit, "num_feature")
    model.classCount = try integer(in: 0...XGBoostModel.countLimit, "num_class")
    hasAttributes = try integer() != 0
    hasMetrics = try integer() != 0
    let release = XGBoostRelease(
      try integer(in: 0...3, "the major version"), try integer(in: 0...9999, "the minor version"))
    model.release = release.major == 0 ? .beforeOne : release
    let targets = try integer(in: 0...XGBoostModel.countLimit, "num_target")
    model.targetCount = release < XGBoostRelease(1, 6) ? 1 : max(1, targets)
    try window.advance(136 - 8 * 4)
  }

  // MARK: Trees

  private mutating func trees() throws(ReadError) {
    model.marks["gbtree_model_param"] = mark("gbtree_model_param")
    model.marks["model"] = mark("gbtree_model_param")
    let count = try integer(in: 0...XGBoostNodes.nodeLimit, "num_trees")
    let parallel = try integer(in: 0...XGBoostNodes.nodeLimit, "num_parallel_tree")
    // Before 1.5 this was the number of roots, always 1.
    if !(model.rules < XGBoostRelease(1, 5)), parallel > 0 { model.parallelTreeCount = parallel }
    try window.advance(8)
    let place = mark("gbtree_model_param.num_pbuffer")
    guard try window.littleEndian(8) == 0 else {
      throw ReadError(.unsupported, at: place, "a model with a buffer of predictions, as the earliest releases wrote them")
    }
    try window.advance(160 - 24)
    model.treeCount = count
    model.marks["trees"] = mark("trees")
    for number in 0..<count { model.trees.append(try tree(number)) }
    model.marks["tree_info"] = mark("tree_info")
    var outputs: [Int32] = []
    for _ in 0..<count { outputs.append(Int32(try integer(in: 0...XGBoostModel.countLimit, "the output of a tree"))) }
    model.treeOutputs = outputs
  }

  private mutating func tree(_ number: Int) throws(ReadError) -> Tree {
    var columns = XGBoostNodes(mark: mark("trees[\(number)]"))
    let roots = try integer()
    let count = try integer(in: 1...XGBoostNodes.nodeLimit, "num_nodes")
    columns.deletedCount = try integer(in: 0...XGBoostNodes.nodeLimit, "num_deleted")
    try window.advance(8)
    let leafVector = try integer()
    try window.advance(148 - 24)
    guard roots == 1 || roots == 0 else { throw columns.refusal(.unsupported, "num_roots", nil, "a tree with \(roots) roots") }
    // From 2.0 on every tree has 1 here; before, anything but 0 meant more numbers behind the nodes, which no release trained.
    guard leafVector == 0 || (leafVector == 1 && !(model.rules < XGBoostRelease(2, 0))) else {
      throw columns.refusal(.unsupported, "size_leaf_vector", nil, "a tree whose leaves are vectors (\(leafVector))")
    }
    try nodes(count, &columns)
    // Statistics: gain, hessian, weight, number of leaves below.
    try window.pass(count * 16)
    var noCategories = 0
    let place = columns.mark.path ?? ""
    return try columns.tree(categoryBudget: &noCategories) { [remarks] in remarks.note(.oddity, $0, place: place) }
  }

  private mutating func nodes(_ count: Int, _ columns: inout XGBoostNodes) throws(ReadError) {
    var left: [Int32] = []
    var right: [Int32] = []
    var feature: [Int32] = []
    var condition: [Float] = []
    var defaultLeft: [Bool] = []
    for node in 0..<count {
      try window.need(20)
      _ = try window.littleEndian(4)
      left.append(Int32(truncatingIfNeeded: try window.littleEndian(4)))
      right.append(Int32(truncatingIfNeeded: try window.littleEndian(4)))
      let split = try window.littleEndian(4)
      feature.append(Int32(truncatingIfNeeded: split & 0x7FFF_FFFF))
      defaultLeft.append(split >> 31 == 1)
      condition.append(try float())
      guard left[node] >= -1, right[node] >= -1 else {
        throw columns.refusal(.outOfRange, "left_children", node, "node \(node) leads to nodes \(left[node]) and \(right[node])")
      }
    }
    columns.left = left
    columns.right = right
    columns.feature = feature
    columns.condition = condition
    columns.defaultLeft = defaultLeft
  }

  private mutating func weights() throws(ReadError) {
    model.marks["weight_drop"] = mark("weight_drop")
    let count = try length(bytesEach: 4)
    var weights: [Float] = []
    for _ in 0..<count { weights.append(try float()) }
    model.weights = weights
  }

  // MARK: What follows the trees

  private mutating func attributes() throws(ReadError) {
    model.marks["attributes"] = mark("attributes")
    for _ in 0..<(try length(bytesEach: 16)) {
      let name = try string(limit: 1 << 20)
      let value = try string(limit: 1 << 26)
      model.attributes[name] = value
    }
  }

  private mutating func remainderBeforeOne() throws(ReadError) {
    if model.objective == "count:poisson" { _ = try string(limit: 1 << 20) }
    if hasMetrics {
      for _ in 0..<(try length(bytesEach: 8)) { _ = try string(limit: 1 << 20) }
    }
  }

  // MARK: Parts

  func mark(_ path: String) -> SourceMark { SourceMark(file: model.file, byte: window.position, path: path) }

  private mutating func float() throws(ReadError) -> Float {
    Float(bitPattern: UInt32(truncatingIfNeeded: try window.littleEndian(4)))
  }

  private mutating func integer() throws(ReadError) -> Int {
    Int(Int32(truncatingIfNeeded: try window.littleEndian(4)))
  }

  private mutating func integer(in range: ClosedRange<Int>, _ what: String) throws(ReadError) -> Int {
    let place = mark(what)
    let value = try integer()
    guard range.contains(value) else {
      throw ReadError(.outOfRange, at: place, "\(what) is \(value), not in \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  /// A number of elements; each is proved to be there when it is read.
  private mutating func length(bytesEach: Int) throws(ReadError) -> Int {
    let place = mark("length")
    guard let count = Int(exactly: try window.littleEndian(8)), count <= Int.max / bytesEach else {
      throw ReadError(.outOfRange, at: place, "a list of more elements than there are bytes")
    }
    return count
  }

  private mutating func string(limit: Int) throws(ReadError) -> String {
    let place = mark("string")
    let count = try length(bytesEach: 1)
    guard count <= limit else { throw ReadError(.limit, at: place, "a string of \(count) bytes") }
    guard let text = String(validating: try window.take(count), as: UTF8.self) else {
      throw ReadError(.notWellFormed, at: place, "bytes that are not UTF-8 inside a string")
    }
    return text
  }
}
