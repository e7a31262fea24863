import ForestIR

/// The core of a binary CatBoost file: its tables, field by field.
///
/// The numbers of the fields are their positions in CatBoost's `model.fbs` and `features.fbs`; fields were only ever added at
/// the end, so that they hold for all releases.
struct CatBoostCore {
  let buffer: FlatBuffer

  private enum Field {
    // The root
    static let version = 0, trees = 1, information = 2, parts = 3
    // The trees
    static let outputs = 0, treeSplits = 1, treeSizes = 2, treeStarts = 3, categorical = 4, numerical = 5
    static let leafValues = 8, steps = 10, leafPlaces = 11, text = 12
    static let estimated = 13, scale = 14, bias = 15, biases = 16, embedding = 18
    // A feature
    static let hasMissing = 0, featureIndex = 1, featureColumn = 2, borders = 3, featureName = 4, missing = 5
    // A feature of another kind
    static let otherColumn = 1, otherName = 2
  }

  /// More outputs than this are refused.
  private static let outputLimit = 1 << 20

  /// The whole core.
  func model() throws(ReadError) -> CatBoostModel {
    let root = try buffer.root()
    let version = try buffer.string(Field.version, of: root) ?? []
    // The spelling is CatBoost's.
    guard version.elementsEqual("FlabuffersModel_v1".utf8) else {
      throw buffer.fault(.unsupported, at: root.start, "the version of the format is not \"FlabuffersModel_v1\"")
    }
    guard let trees = try buffer.table(Field.trees, of: root) else {
      throw buffer.fault(.missing, at: root.start, "the model has no trees")
    }
    var model = CatBoostModel()
    try readInformation(root, &model)
    try readFeatures(trees, &model)
    model.scale = try buffer.float64(Field.scale, of: trees, default: 1)
    let biases = try float64s(buffer.elements(Field.biases, of: trees, size: 8))
    model.biases = biases.isEmpty ? [try buffer.float64(Field.bias, of: trees, default: 0)] : biases
    try readTrees(trees, &model)
    let parts = try buffer.elements(Field.parts, of: root, size: 4)
    guard parts.count == 0 else {
      throw buffer.fault(.unsupported, at: parts.start, "the model has parts for features that are not numerical")
    }
    return model
  }

  // MARK: What is around the trees

  private func readInformation(_ root: FlatBuffer.Table, _ model: inout CatBoostModel) throws(ReadError) {
    let wanted = ["params", "class_params", "catboost_version_info", "model_guid", "train_finish_time"]
    let pairs = try buffer.elements(Field.information, of: root, size: 4)
    var seen: Set<String> = []
    for index in 0..<pairs.count {
      let pair = try buffer.table(at: pairs.start + 4 * index)
      guard let key = try buffer.string(0, of: pair), let value = try buffer.string(1, of: pair) else {
        throw buffer.fault(.missing, at: pair.start, "an entry of the model's information without name or value")
      }
      guard let name = wanted.first(where: { key.elementsEqual($0.utf8) }) else { continue }
      guard seen.insert(name).inserted else {
        throw buffer.fault(.duplicate, at: pair.start, "a second \"\(name)\" in the model's information")
      }
      try model.info.read(
        name, text: String(decoding: value, as: UTF8.self), mark: SourceMark(file: buffer.file, byte: value.startIndex, path: name))
    }
  }

  private func readFeatures(_ trees: FlatBuffer.Table, _ model: inout CatBoostModel) throws(ReadError) {
    let others = [
      (Field.categorical, "a categorical feature"), (Field.text, "a text feature"), (Field.embedding, "an embedding feature"),
      (Field.estimated, "a feature made of text or embeddings"),
    ]
    for (slot, what) in others {
      let features = try buffer.elements(slot, of: trees, size: 4)
      guard features.count > 0 else { continue }
      let table = try buffer.table(at: features.start)
      let isNamed = slot != Field.estimated
      let name = isNamed ? try name(Field.otherName, of: table) : ""
      let column = isNamed ? Int(try buffer.int32(Field.otherColumn, of: table, default: -1)) : nil
      throw buffer.fault(
        .unsupported, at: table.start, CatBoostLowering.refusal(of: what, name: name, column: column),
        hint: CatBoostLowering.numbersOnly)
    }
    let numerical = try buffer.elements(Field.numerical, of: trees, size: 4)
    // A list may name one table twice; counting borders keeps a small file from becoming large.
    var borderCount = 0
    for index in 0..<numerical.count {
      let table = try buffer.table(at: numerical.start + 4 * index)
      let borders = try buffer.elements(Field.borders, of: table, size: 4)
      borderCount += borders.count
      guard borderCount <= buffer.range.count / 4 else {
        throw buffer.fault(.duplicate, at: table.start, "more borders than there are bytes")
      }
      var numbers: [Float] = []
      numbers.reserveCapacity(borders.count)
      for index in 0..<borders.count { numbers.append(try buffer.float32(at: borders.start + 4 * index)) }
      let missing: CatBoostFeature.Missing
      switch try buffer.byte(Field.missing, of: table, default: 0) {
      case 0: missing = .asIs
      case 1: missing = .asFalse
      case 2: missing = .asTrue
      case let other:
        throw buffer.fault(.unsupported, at: table.start, "\(other) is no treatment of missing values that is known here")
      }
      model.features.append(
        CatBoostFeature(
          index: Int(try buffer.int32(Field.featureIndex, of: table, default: -1)),
          column: Int(try buffer.int32(Field.featureColumn, of: table, default: -1)),
          name: try name(Field.featureName, of: table), borders: numbers, missing: missing,
          hasMissing: try buffer.byte(Field.hasMissing, of: table, default: 0) != 0, mark: mark(table.start)))
      guard model.features.count <= CatBoostFeature.indexLimit else { throw buffer.fault(.limit, at: table.start, "too many features") }
    }
  }

  private func name(_ slot: Int, of table: FlatBuffer.Table) throws(ReadError) -> String {
    guard let bytes = try buffer.string(slot, of: table) else { return "" }
    guard bytes.count <= 1 << 12 else { throw buffer.fault(.limit, at: table.start, "a feature's name of \(bytes.count) bytes") }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func mark(_ byte: Int, path: String? = nil) -> SourceMark { SourceMark(file: buffer.file, byte: byte, path: path) }

  private func float64s(_ elements: FlatBuffer.Elements) throws(ReadError) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for index in 0..<elements.count { numbers.append(try buffer.float64(at: elements.start + 8 * index)) }
    return numbers
  }

  // MARK: Trees

  private func readTrees(_ trees: FlatBuffer.Table, _ model: inout CatBoostModel) throws(ReadError) {
    let outputs = Int(try buffer.int32(Field.outputs, of: trees, default: 0))
    guard (1...Self.outputLimit).contains(outputs) else {
      throw buffer.fault(.outOfRange, at: trees.start, "a model of \(outputs) outputs")
    }
    model.outputs = outputs
    // A number of a split counts the borders of all features in their order.
    var questions: [CatBoostTree.Question] = []
    for feature in model.features {
      questions += feature.borders.map { CatBoostTree.Question(feature: Int32(clamping: feature.index), border: $0) }
    }
    let section = CatBoostTreeSection(
      buffer: buffer, outputs: outputs, questions: questions,
      splits: try buffer.elements(Field.treeSplits, of: trees, size: 4),
      sizes: try buffer.elements(Field.treeSizes, of: trees, size: 4),
      starts: try buffer.elements(Field.treeStarts, of: trees, size: 4),
      values: try buffer.elements(Field.leafValues, of: trees, size: 8),
      steps: try buffer.elements(Field.steps, of: trees, size: 4),
      leafPlaces: try buffer.elements(Field.leafPlaces, of: trees, size: 4))
    model.trees = try section.trees()
  }
}
