import ForestIR

/// Goes through the document once and gathers what a model consists of.
struct CatBoostJSONParser {
  var cursor: JSONCursor
  private var model = CatBoostModel()

  init(cursor: JSONCursor) { self.cursor = cursor }

  /// The whole document.
  mutating func document() throws(ReadError) -> CatBoostModel {
    let place = cursor.here
    var treeKey: String?
    var hasFeatures = false
    var hasScale = false
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "features_info":
        hasFeatures = true
        try readFeatures()
      case "model_info" where try cursor.kind() == .object:
        try cursor.beginObject()
        while let key = try cursor.nextKey() { try model.info.read(key, &cursor) }
      case "scale_and_bias":
        hasScale = true
        try readScale()
      case "oblivious_trees", "trees":
        guard treeKey == nil else {
          throw cursor.fault(.duplicate, "both \"oblivious_trees\" and \"trees\": a model has trees of one kind")
        }
        treeKey = key
        try cursor.beginArray()
        while try cursor.nextElement() { try readTree(isSymmetric: key == "oblivious_trees") }
      default: break
      }
    }
    try cursor.end()
    guard treeKey != nil else {
      throw cursor.fault(.missing, at: place, "neither \"oblivious_trees\" nor \"trees\": the model has no forest")
    }
    guard hasFeatures else { throw cursor.fault(.missing, at: place, "the model has no \"features_info\"") }
    guard hasScale else { throw cursor.fault(.missing, at: place, "the model has no \"scale_and_bias\"") }
    return model
  }

  /// Where the value that stands next begins. It holds text: for one value in many it is too dear.
  private var mark: SourceMark { cursor.fault(.malformed, at: cursor.here, "").mark }

  // MARK: Features

  private mutating func readFeatures() throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "float_features":
        try cursor.beginArray()
        while try cursor.nextElement() { model.features.append(try floatFeature()) }
      case "categorical_features" where try cursor.kind() == .array: try refuseFeatures("a categorical feature")
      case "text_features" where try cursor.kind() == .array: try refuseFeatures("a text feature")
      case "embedding_features" where try cursor.kind() == .array: try refuseFeatures("an embedding feature")
      default: break
      }
    }
  }

  /// Refuses the first feature of a list, with its name; an empty list is nothing.
  private mutating func refuseFeatures(_ what: String) throws(ReadError) {
    try cursor.beginArray()
    guard try cursor.nextElement() else { return }
    let place = cursor.here
    var name = ""
    var column: Int?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "feature_id" where try cursor.kind() == .string: name = try cursor.string()
      case "flat_feature_index" where try cursor.kind() == .number: column = try featureNumber()
      default: break
      }
    }
    throw cursor.fault(
      .unsupported, at: place, CatBoostLowering.refusal(of: what, name: name, column: column), hint: CatBoostLowering.numbersOnly)
  }

  private mutating func floatFeature() throws(ReadError) -> CatBoostFeature {
    let mark = mark
    let place = cursor.here
    var index: Int?
    var column: Int?
    var name = ""
    var borders: [Float] = []
    var missing = CatBoostFeature.Missing.asIs
    var hasMissing = false
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "feature_index": index = try featureNumber()
      case "flat_feature_index": column = try featureNumber()
      case "feature_id" where try cursor.kind() == .string: name = try cursor.string()
      case "has_nans": hasMissing = try cursor.bool()
      case "borders" where try cursor.kind() == .array:
        try cursor.beginArray()
        while try cursor.nextElement() { borders.append(try border()) }
      case "nan_value_treatment":
        let place = cursor.here
        let text = try cursor.string()
        guard let treatment = CatBoostFeature.Missing(rawValue: text) else {
          throw cursor.fault(
            .unsupported, at: place, "\"\(JSONCursor.clipped(text))\" is no treatment of missing values that is known here")
        }
        missing = treatment
      default: break
      }
    }
    guard let index else { throw cursor.fault(.missing, at: place, "the feature has no \"feature_index\"") }
    guard let column else { throw cursor.fault(.missing, at: place, "the feature has no \"flat_feature_index\"") }
    return CatBoostFeature(
      index: index, column: column, name: name, borders: borders, missing: missing, hasMissing: hasMissing, mark: mark)
  }

  private mutating func featureNumber() throws(ReadError) -> Int {
    try cursor.integer(in: 0...CatBoostFeature.indexLimit, "the number of a feature")
  }

  /// A border: the float32 nearest to the number's float64, as the trainer takes it.
  private mutating func border() throws(ReadError) -> Float {
    let start = cursor.nextByte()
    let number = try cursor.number()
    let border = Float(number)
    guard border.isFinite else { throw cursor.fault(.outOfRange, at: start, "a border that is too large for a float32") }
    if Double(border) != number { model.roundedBorders += 1 }
    return border
  }

  // MARK: Scale and bias

  private mutating func readScale() throws(ReadError) {
    try cursor.beginArray()
    guard try cursor.nextElement() else { throw cursor.fault(.missing, "the scale is missing") }
    model.scale = try cursor.number()
    guard try cursor.nextElement() else { throw cursor.fault(.missing, "the bias is missing") }
    model.biases = try cursor.kind() == .array ? numbers() : [cursor.number()]
    guard try !cursor.nextElement() else { throw cursor.fault(.unexpected, "a third element beside scale and bias") }
  }

  private mutating func numbers() throws(ReadError) -> [Double] {
    var numbers: [Double] = []
    try cursor.beginArray()
    repeat {
      cursor.takeNumbers(&numbers)
      guard try cursor.nextElement() else { break }
      numbers.append(try cursor.number())
    } while true
    return numbers
  }

  // MARK: Trees

  private mutating func readTree(isSymmetric: Bool) throws(ReadError) {
    guard model.trees.count < CatBoostLowering.treeLimit else {
      throw cursor.fault(.limit, "more than \(CatBoostLowering.treeLimit) trees")
    }
    let (tree, width) = try isSymmetric ? symmetricTree() : nestedTree()
    if let outputs = model.outputs, outputs != width {
      throw ReadError(
        .inconsistent, at: tree.mark, "the leaves of this tree hold \(width) numbers, those of the first tree \(outputs)")
    }
    model.outputs = width
    model.trees.append(tree)
  }

  private mutating func symmetricTree() throws(ReadError) -> (CatBoostTree, width: Int) {
    let mark = mark
    var questions: [CatBoostTree.Question] = []
    var leaves: [Double]?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      // A tree without questions may have null.
      case "splits" where try cursor.kind() == .array:
        try cursor.beginArray()
        while try cursor.nextElement() {
          guard questions.count < CatBoostTree.levelLimit else {
            throw cursor.fault(.limit, "a symmetric tree of more than \(CatBoostTree.levelLimit) levels")
          }
          questions.append(try question())
        }
      case "leaf_values": leaves = try numbers()
      default: break
      }
    }
    guard let leaves else { throw ReadError(.missing, at: mark, "the tree has no \"leaf_values\"") }
    guard !leaves.isEmpty, leaves.count % (1 << questions.count) == 0 else {
      throw ReadError(
        .inconsistent, at: mark, "\(leaves.count) leaf values for \(1 << questions.count) leaves (\(questions.count) splits)")
    }
    let tree = CatBoostTree(questions: questions, children: nil, leaves: leaves, leafNumbers: nil, mark: mark)
    return (tree, leaves.count >> questions.count)
  }

  /// A split.
  private mutating func question() throws(ReadError) -> CatBoostTree.Question {
    let start = cursor.nextByte()
    var type: String?
    var feature: Int?
    var border: Float?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "split_type": type = try cursor.string()
      case "float_feature_index": feature = try featureNumber()
      // Of a counter's split the border is a number of another kind.
      case "border" where try cursor.kind() == .number: border = try self.border()
      default: break
      }
    }
    guard let type else { throw cursor.fault(.missing, at: start, "the split has no \"split_type\"") }
    guard type == "FloatFeature" else {
      throw cursor.fault(
        .unsupported, at: start, CatBoostLowering.refusal(ofSplit: type), hint: CatBoostLowering.numbersOnly)
    }
    guard let feature else { throw cursor.fault(.missing, at: start, "the split has no \"float_feature_index\"") }
    guard let border else { throw cursor.fault(.missing, at: start, "the split has no \"border\"") }
    return CatBoostTree.Question(feature: Int32(feature), border: border)
  }

  // MARK: Nested trees

  /// A node whose object is open.
  private struct OpenNode {
    /// The question of the parent to which it is the answer.
    let parent: Int
    let isYes: Bool
    var question: CatBoostTree.Question?
    /// The codes of the children, once they were read.
    var no: Int32?
    var yes: Int32?
    var hasValue = false
  }

  private mutating func nestedTree() throws(ReadError) -> (CatBoostTree, width: Int) {
    let mark = mark
    var nodes = CatBoostNodes()
    var width: Int?
    var leafCount = 0
    var open = [OpenNode(parent: -1, isYes: false)]
    try cursor.beginObject()
    while let top = open.indices.last {
      if let key = try cursor.nextKey() {
        switch key {
        case "left", "right":
          open.append(OpenNode(parent: top, isYes: key == "right"))
          try cursor.beginObject()
        case "split": open[top].question = try question()
        case "value":
          let values = try cursor.kind() == .array ? numbers() : [cursor.number()]
          guard !values.isEmpty, width == nil || width == values.count else {
            throw cursor.fault(.inconsistent, "a leaf of \(values.count) values, another of \(width ?? 1)")
          }
          width = values.count
          nodes.values += values
          open[top].hasValue = true
        default: break
        }
        continue
      }
      let node = open.removeLast()
      let code: Int32
      if let question = node.question {
        guard let no = node.no, let yes = node.yes else {
          throw cursor.fault(.missing, "a node with a split needs both a left and a right node")
        }
        guard !node.hasValue else { throw cursor.fault(.inconsistent, "a node with both a split and a value") }
        code = Int32(nodes.questions.count)
        nodes.questions.append(question)
        nodes.children.append(CatBoostTree.Children(no: no, yes: yes))
      } else {
        guard node.no == nil, node.yes == nil else { throw cursor.fault(.missing, "a node with others below it has no split") }
        guard node.hasValue else { throw cursor.fault(.missing, "a node with neither split nor value") }
        code = ~Int32(leafCount)
        leafCount += 1
      }
      guard leafCount < CatBoostLowering.leafLimit else { throw cursor.fault(.limit, "too many leaves") }
      if node.parent < 0 {
        nodes.root = code
      } else if node.isYes {
        open[node.parent].yes = code
      } else {
        open[node.parent].no = code
      }
    }
    let numbers = nodes.trainerNumbers(count: leafCount)
    let leafWidth = width ?? 1
    return (nodes.tree(numbers: numbers, width: leafWidth, mark: mark), leafWidth)
  }
}
