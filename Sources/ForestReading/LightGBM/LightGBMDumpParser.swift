import ForestIR

/// Reads what `Booster.dump_model` gives, written as JSON.
///
/// It says less than the text: of files of older releases it is not known which objective, if any, transforms the scores.
struct LightGBMDumpParser {
  private var cursor: JSONCursor
  private let remarks: Remarks
  private(set) var header: LightGBMHeader
  private(set) var columns = LightGBMColumns(featureCount: 0)
  /// Features by name, as the file has them.
  private var features: [String: LightGBMFeature] = [:]
  private var lists: [LightGBMTree] = []
  private var wordBudget = LightGBMDumpTree.wordLimit

  init(_ cursor: JSONCursor, _ remarks: Remarks) {
    self.cursor = cursor
    self.remarks = remarks
    header = LightGBMHeader(file: cursor.file)
  }

  /// Reads the whole document.
  ///
  /// - Returns: the trees.
  mutating func read() throws(ReadError) -> [Tree] {
    header.start = mark()
    var hasTrees = false
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      header.marks[key] = mark()
      switch key {
      case "version": header.version = try cursor.string()
      case "num_class": header.classCount = try cursor.integer()
      case "num_tree_per_iteration": header.treesPerIteration = try cursor.integer()
      case "max_feature_idx": header.largestFeature = try cursor.integer()
      case "objective": if try cursor.kind() != .null { header.objective = try cursor.string() }
      case "average_output": header.averages = try cursor.bool()
      case "feature_names": header.featureNames = try names()
      case "feature_infos": try readFeatures()
      case "pandas_categorical": header.frameCategories = try LightGBMPandas.categories(&cursor)
      case "tree_info":
        hasTrees = true
        try cursor.beginArray()
        while try cursor.nextElement() { try readTree() }
      default: break
      }
    }
    try cursor.end()
    guard hasTrees else { throw header.fault(.missing, nil, "the file has no tree_info") }
    try header.check()
    header.features = (header.featureNames ?? []).map { features[$0] ?? LightGBMFeature() }
    columns = LightGBMColumns(featureCount: header.featureCount)
    var trees: [Tree] = []
    trees.reserveCapacity(lists.count)
    for index in lists.indices {
      trees.append(try lists[index].tree(&columns))
      lists[index] = LightGBMTree()
    }
    return trees
  }

  private func mark() -> SourceMark { cursor.fault(.malformed, at: cursor.here, "").mark }

  private mutating func names() throws(ReadError) -> [String] {
    var names: [String] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      guard names.count < LightGBMHeader.featureLimit else {
        throw cursor.fault(.limit, "more than \(LightGBMHeader.featureLimit) features")
      }
      names.append(try cursor.string())
    }
    return names
  }

  private mutating func readTree() throws(ReadError) {
    var stated: Int?
    var hasStructure = false
    let index = lists.count
    let place = cursor.here
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "num_leaves": stated = try cursor.integer()
      case "tree_structure":
        var tree = LightGBMDumpTree(place: cursor.here, wordBudget: wordBudget)
        try tree.read(&cursor)
        wordBudget = tree.wordBudget
        if tree.hasStandIns {
          remarks.note(.choice, "thresholds of 1e+300 are taken for infinities, which LightGBM writes like that in this form")
        }
        lists.append(try tree.lists(cursor))
        hasStructure = true
      default: break
      }
    }
    guard hasStructure else { throw cursor.fault(.missing, at: place, "the tree has no tree_structure") }
    if let stated, stated != lists[index].leafCount {
      throw cursor.fault(.inconsistent, at: place, "num_leaves is \(stated), but the tree has \(lists[index].leafCount) leaves")
    }
  }

  /// What was seen of the features: for remarks only.
  private mutating func readFeatures() throws(ReadError) {
    guard try cursor.kind() == .object else { return }
    try cursor.beginObject()
    while let name = try cursor.nextKey() {
      guard try cursor.kind() == .object else { continue }
      var lowest: Double?
      var highest: Double?
      var feature = LightGBMFeature()
      try cursor.beginObject()
      while let key = try cursor.nextKey() {
        switch (key, try cursor.kind()) {
        case ("min_value", .number): lowest = try cursor.number()
        case ("max_value", .number): highest = try cursor.number()
        case ("values", .array):
          try cursor.beginArray()
          while try cursor.nextElement() { feature.isCategorical = true }
        default: break
        }
      }
      if let lowest, let highest, lowest.isFinite, highest.isFinite {
        feature.range = Input.TrainingRange(lowest: lowest, highest: highest)
      }
      features[name] = feature
    }
  }
}
