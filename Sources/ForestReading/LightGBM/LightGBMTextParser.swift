import FileBytes
import ForestIR

/// Reads the text form: header, trees, and what follows them. Every tree becomes one of the IR as soon as it was read.
struct LightGBMTextParser: ~Copyable {
  private var lines: LightGBMLines
  private let remarks: Remarks
  private(set) var header: LightGBMHeader
  private(set) var columns = LightGBMColumns(featureCount: 0)
  private(set) var trees: [Tree] = []
  private var tree = LightGBMTree()

  /// The lengths of the trees' blocks, as the file states them and as they are.
  private var statedSizes: [Int] = []
  private var firstOddSize: (tree: Int, stated: Int, found: Int)?
  private var blockStart = 0
  private var hasOddIndex = false

  /// Header lines of more bytes than this are refused.
  private static let longestLine = 1 << 24

  init(_ source: consuming ByteSource, _ remarks: Remarks) throws(ReadError) {
    lines = try LightGBMLines(source)
    header = LightGBMHeader(file: lines.file)
    // A text says so where they are.
    header.averages = false
    self.remarks = remarks
  }

  var digest: SHA256Digest? { lines.digest }

  /// Reads the whole file.
  mutating func read() throws(ReadError) {
    guard try lines.nextLine(), lines.isLine("tree") else {
      throw lines.fault(.malformed, "a LightGBM model begins with the line \"tree\"")
    }
    header.start = lines.mark
    try lines.skipLine()
    try readHeader()
    try header.check()
    columns = LightGBMColumns(featureCount: header.featureCount)
    while try readTree() {}
    checkSizes()
    try readRest()
  }

  // MARK: The header

  private mutating func readHeader() throws(ReadError) {
    while try lines.nextLine() {
      if lines.startsLine(with: "Tree=") || isEndOfTrees { return }
      let mark = lines.mark
      guard let place = lines.takeKey() else {
        guard lines.isLine("average_output") else {
          throw lines.fault(
            .unexpected, "a line of the header must be \"key=value\"",
            hint: "the file may be damaged, or written by a release of LightGBM that is not known here")
        }
        try note("average_output", mark)
        header.averages = true
        try lines.skipLine()
        continue
      }
      let key = String(decoding: lines.window[place], as: UTF8.self)
      switch key {
      case "version":
        try note(key, mark)
        header.version = try text()
      case "num_class":
        try note(key, mark)
        header.classCount = try lines.takeInteger(key)
      case "num_tree_per_iteration":
        try note(key, mark)
        header.treesPerIteration = try lines.takeInteger(key)
      case "max_feature_idx":
        try note(key, mark)
        header.largestFeature = try lines.takeInteger(key)
      case "objective":
        try note(key, mark)
        header.objective = try text()
      case "feature_names":
        try note(key, mark)
        header.featureNames = try words().map(String.init)
      case "feature_infos":
        try note(key, mark)
        header.features = try words().map { LightGBMFeature($0) }
      case "tree_sizes":
        try note(key, mark)
        try lines.takeIntegers(&statedSizes, "tree_sizes")
      case "label_index", "monotone_constraints", "feature_penalty", "position_bias": try lines.skipLine()
      default:
        remarks.note(.oddity, "the header has a line \"\(JSONCursor.clipped(key))\", which is not known here and was passed over")
        try lines.skipLine()
      }
    }
    throw truncated()
  }

  private mutating func note(_ key: String, _ mark: SourceMark) throws(ReadError) {
    var mark = mark
    mark.path = key
    guard header.marks.updateValue(mark, forKey: key) == nil else {
      throw ReadError(.duplicate, at: mark, "\"\(key)\" comes twice")
    }
  }

  private mutating func text() throws(ReadError) -> String {
    String(decoding: try lines.takeText(limit: Self.longestLine), as: UTF8.self)
  }

  private mutating func words() throws(ReadError) -> [Substring] {
    let limit = LightGBMHeader.featureLimit
    let words = try text().split(maxSplits: limit) { $0 == " " || $0 == "\t" }
    guard words.count <= limit else { throw lines.fault(.limit, "more than \(limit) features") }
    return words
  }

  private func truncated() -> ReadError {
    lines.fault(
      .notWellFormed, "the file ends before the line \"end of trees\"", hint: "it was not written or copied completely")
  }

  // MARK: Trees

  /// Files of early releases have no line for it: there the importances of the features follow.
  private var isEndOfTrees: Bool {
    lines.isLine("end of trees") || lines.isLine("feature importances:") || lines.isLine("feature_importances:")
  }

  /// Reads the tree whose first line stands next.
  ///
  /// - Returns: false at the end of the trees.
  private mutating func readTree() throws(ReadError) -> Bool {
    guard lines.startsLine(with: "Tree=") else {
      try lines.skipLine()
      return false
    }
    blockStart = lines.position
    var mark = lines.mark
    let path = "Tree=\(trees.count)"
    mark.path = path
    mark.column = nil
    tree.reset(at: mark)
    _ = lines.takeKey()
    if try lines.takeInteger(path) != trees.count, !hasOddIndex {
      hasOddIndex = true
      remarks.note(.oddity, "trees are not numbered 0, 1, 2, …; their order in the file counts", place: path)
    }
    while try lines.nextLine() {
      if lines.startsLine(with: "Tree=") || isEndOfTrees {
        compareSize()
        trees.append(try tree.tree(&columns))
        return true
      }
      guard let key = lines.takeKey() else {
        throw lines.fault(.unexpected, "a line of a tree must be \"key=value\"", path: path)
      }
      guard let list = LightGBMTree.List(lines.window.span.extracting(key)) else {
        try lines.skipLine()
        continue
      }
      guard tree.lines.updateValue(lines.line, forKey: list) == nil else {
        throw lines.fault(.duplicate, "\"\(list.rawValue)\" comes twice in a tree", path: path)
      }
      try readList(list, path)
    }
    throw truncated()
  }

  private mutating func readList(_ list: LightGBMTree.List, _ path: String) throws(ReadError) {
    switch list {
    case .leafCount: tree.leafCount = try lines.takeInteger("\(path).num_leaves")
    case .categoricalCount: tree.categoricalCount = try lines.takeInteger("\(path).num_cat")
    case .splitFeature: try lines.takeIntegers(&tree.splitFeature, "\(path).split_feature")
    case .threshold: try lines.takeNumbers(&tree.threshold, "\(path).threshold")
    case .decisionType: try lines.takeIntegers(&tree.decisionType, "\(path).decision_type")
    case .leftChild: try lines.takeIntegers(&tree.leftChild, "\(path).left_child")
    case .rightChild: try lines.takeIntegers(&tree.rightChild, "\(path).right_child")
    case .leafValue: try lines.takeNumbers(&tree.leafValue, "\(path).leaf_value")
    case .categoryBoundaries: try lines.takeIntegers(&tree.categoryBoundaries, "\(path).cat_boundaries")
    case .categoryWords: try lines.takeIntegers(&tree.categoryWords, "\(path).cat_threshold")
    case .isLinear:
      let flag = try lines.takeInteger("\(path).is_linear")
      guard flag == 0 || flag == 1 else { throw lines.fault(.outOfRange, "is_linear is 0 or 1, not \(flag)", path: path) }
      tree.isLinear = flag == 1
    case .leafConstant: try lines.takeNumbers(&tree.leafConstant, "\(path).leaf_const")
    case .leafFeatureCount: try lines.takeIntegers(&tree.leafFeatureCount, "\(path).num_features")
    case .leafFeatures: try lines.takeIntegers(&tree.leafFeatures, "\(path).leaf_features")
    case .leafCoefficients: try lines.takeNumbers(&tree.leafCoefficients, "\(path).leaf_coeff")
    }
  }

  // MARK: tree_sizes

  private mutating func compareSize() {
    let index = trees.count
    let found = lines.position - blockStart
    guard firstOddSize == nil, index < statedSizes.count, statedSizes[index] != found else { return }
    firstOddSize = (index, statedSizes[index], found)
  }

  private func checkSizes() {
    guard header.marks["tree_sizes"] != nil else { return }
    let what: String
    if statedSizes.count != trees.count {
      what = "it names \(statedSizes.count) trees, and there are \(trees.count)"
    } else if let odd = firstOddSize {
      what = "tree \(odd.tree) has \(odd.found) bytes, not \(odd.stated)"
    } else {
      return
    }
    remarks.note(
      .oddity,
      "tree_sizes does not fit the file (\(what)): somebody changed it, or its line ends. The trees are read as they stand; "
        + "LightGBM itself may fail to load the file", place: "tree_sizes")
  }

  // MARK: Behind the trees

  /// Parameters that say what kind of training it was.
  private static let keptParameters: Set = [
    "boosting", "objective", "num_iterations", "learning_rate", "num_leaves", "max_depth", "linear_tree", "num_class",
    "zero_as_missing", "use_missing",
  ]

  private mutating func readRest() throws(ReadError) {
    while try lines.nextLine() {
      if lines.startsLine(with: "[") {
        // Lists among the parameters may be long, and are of no use here.
        let text = try? lines.takeText(limit: 4096)
        if let text { keepParameter(String(decoding: text, as: UTF8.self)) }
      } else if lines.startsLine(with: LightGBMPandas.key) {
        let text = try? lines.takeText(limit: 1 << 20)
        header.frameCategories = LightGBMPandas.categories(text, remarks)
      }
      try lines.skipLine()
    }
  }

  private mutating func keepParameter(_ line: String) {
    guard line.hasPrefix("["), line.hasSuffix("]"), let colon = line.firstRange(of: ": ") else { return }
    let name = String(line.dropFirst()[..<colon.lowerBound])
    guard Self.keptParameters.contains(name), !header.parameters.contains(where: { $0.name == name }) else { return }
    let value = JSONCursor.clipped(String(line[colon.upperBound...].dropLast()))
    header.parameters.append(Provenance.Fact(name, ReadError.printable(value)))
  }
}

extension LightGBMTree.List {
  private static let spellings = allCases.map { Array($0.rawValue.utf8) }

  /// The list with this name; nil for others, which are not needed.
  init?(_ key: Span<UInt8>) {
    for (index, spelling) in Self.spellings.enumerated() where spelling.count == key.count {
      if spelling.indices.allSatisfy({ spelling[$0] == key[$0] }) {
        self = Self.allCases[index]
        return
      }
    }
    return nil
  }
}

extension LightGBMTextParser {
  /// Hands the trees over.
  mutating func takeTrees() -> [Tree] {
    defer { trees = [] }
    return trees
  }
}
