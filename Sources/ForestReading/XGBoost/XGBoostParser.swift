import Decimals
import FileBytes
import ForestIR

/// Reads a model as `save_model` writes it, JSON or UBJSON, in one pass and in whatever order its members come.
///
/// Memory is held for the trees in their compact form, and for one tree's columns.
struct XGBoostParser<Cursor: ModelCursor> {
  var cursor: Cursor
  var model: XGBoostModel
  let remarks: Remarks
  /// How many words of 32 bits the category lists of all trees may have together.
  var categoryBudget = 1 << 24
  /// Leaves have several numbers, which stand among those of the nodes.
  var needsNodeWeights = false

  init(_ cursor: Cursor, format: String, file: String, remarks: Remarks) {
    self.cursor = cursor
    self.remarks = remarks
    model = XGBoostModel(format: format, file: file)
  }

  /// The whole document.
  mutating func document() throws(ReadError) {
    var hasLearner = false
    var hasSnapshot = false
    model.marks["document"] = cursor.mark
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "Model":
        // A snapshot of a booster in memory: the model, and how it is being trained.
        hasSnapshot = true
        try cursor.beginObject()
        while let key = try cursor.nextKey() { hasLearner = try documentMember(key) || hasLearner }
      default:
        // A snapshot's configuration has a member of the same name, but inside "Config".
        hasLearner = try documentMember(key) || hasLearner
      }
    }
    try cursor.end()
    guard hasLearner else {
      throw model.refusal(.missing, "document", "the file has no \"learner\"" + (hasSnapshot ? " in its \"Model\"" : ""))
    }
  }

  /// - Returns: whether it was the learner.
  private mutating func documentMember(_ key: String) throws(ReadError) -> Bool {
    switch key {
    case "learner":
      guard model.marks["learner"] == nil else { throw cursor.refusal(.duplicate, "a second \"learner\"") }
      model.marks["learner"] = cursor.mark
      try learner()
      return true
    case "version":
      model.marks["version"] = cursor.mark
      model.release = try version()
      return false
    default: return false
    }
  }

  private mutating func version() throws(ReadError) -> XGBoostRelease {
    let mark = cursor.mark
    let numbers = try cursor.integerArray(in: 0...9999, "a part of the version").map { Int($0) }
    guard numbers.count >= 2 else { throw ReadError(.malformed, at: mark, "the version has \(numbers.count) parts") }
    return XGBoostRelease(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : nil)
  }

  // MARK: The learner

  private mutating func learner() throws(ReadError) {
    let known = ["learner_model_param", "objective", "feature_names", "feature_types", "attributes", "gradient_booster"]
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      guard known.contains(key) else { continue }
      model.marks[key] = cursor.mark
      switch key {
      case "learner_model_param": try learnerParameters()
      case "objective": try objective()
      case "feature_names": model.featureNames = try cursor.stringArray(limit: XGBoostModel.featureLimit)
      case "feature_types": model.featureTypes = try cursor.stringArray(limit: XGBoostModel.featureLimit)
      case "attributes":
        try cursor.beginObject()
        while let name = try cursor.nextKey() { model.attributes[name] = try cursor.string() }
      case "gradient_booster": try booster(isInner: false)
      default: break
      }
    }
  }

  private mutating func learnerParameters() throws(ReadError) {
    let limit = XGBoostModel.countLimit
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "base_score":
        model.marks[key] = cursor.mark
        model.baseScore = try baseScore()
      case "num_feature":
        model.marks[key] = cursor.mark
        model.featureCount = try cursor.parameter(in: 0...ModelBuilder.elementLimit, "num_feature")
      case "num_class": model.classCount = try cursor.parameter(in: 0...limit, "num_class")
      case "num_target": model.targetCount = try cursor.parameter(in: 0...limit, "num_target")
      default: break
      }
    }
  }

  /// A number; from 3.1 on, a list of them; all of it usually inside a string.
  private mutating func baseScore() throws(ReadError) -> [Float] {
    switch try cursor.kind() {
    case .array: return try cursor.floatArray()
    case .string:
      let mark = cursor.mark
      let text = try cursor.string()
      var parts = text[...]
      if parts.hasPrefix("["), parts.hasSuffix("]"), parts.utf8.count >= 2 { parts = parts.dropFirst().dropLast() }
      var scores: [Float] = []
      for part in parts.split(separator: ",", omittingEmptySubsequences: false) {
        guard let score = DecimalText.float(part.filter { $0 != " " }) else {
          throw ReadError(.malformed, at: mark, "the base score \"\(JSONCursor.clipped(text))\" is no number and no list of numbers")
        }
        scores.append(score)
      }
      return scores
    default: return [try cursor.float32()]
    }
  }

  private mutating func objective() throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      if key == "name" { model.objective = try cursor.string() }
    }
  }

  // MARK: The booster

  /// - Parameter isInner: the trees inside a dart booster.
  private mutating func booster(isInner: Bool) throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "name":
        let name = try cursor.string()
        if !isInner { model.booster = name }
      case "model":
        model.marks["model"] = cursor.mark
        try trees()
      case "gbtree" where !isInner: try booster(isInner: true)
      case "weight_drop": try weights()
      default: break
      }
    }
  }

  private mutating func weights() throws(ReadError) {
    guard model.weights == nil else { throw cursor.refusal(.duplicate, "the weights of the trees are given twice") }
    model.marks["weight_drop"] = cursor.mark
    model.weights = try cursor.floatArray()
  }

  private mutating func trees() throws(ReadError) {
    let nodeLimit = XGBoostNodes.nodeLimit
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "gbtree_model_param":
        model.marks[key] = cursor.mark
        try cursor.beginObject()
        while let key = try cursor.nextKey() {
          switch key {
          case "num_trees": model.treeCount = try cursor.parameter(in: 0...nodeLimit, "num_trees")
          case "num_parallel_tree":
            model.parallelTreeCount = try cursor.parameter(in: 1...nodeLimit, "num_parallel_tree")
          default: break
          }
        }
      case "tree_info":
        model.marks[key] = cursor.mark
        model.treeOutputs = try cursor.integerArray(in: 0...XGBoostModel.countLimit, "an output")
      case "iteration_indptr":
        model.marks[key] = cursor.mark
        model.iterationStarts = try cursor.integerArray(in: 0...nodeLimit, "the start of an iteration")
      case "trees":
        model.marks[key] = cursor.mark
        try cursor.beginArray()
        while try cursor.nextElement() { try tree() }
      case "weight_drop": try weights()
      case "cats": try categoryNames()
      default: break
      }
    }
  }
}
