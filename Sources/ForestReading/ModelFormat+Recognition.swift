extension ModelFormat {
  /// How many bytes of a file's beginning `init(recognising:)` wants to see.
  package static let recognitionLength = 64 * 1024

  /// Recognises a file by the bytes it begins with (of uncompressed content). O(n).
  package init(recognising bytes: Span<UInt8>) {
    let head = ContentHead(bytes)
    self = head.binaryFormat ?? head.textFormat
  }
}

/// Names that only scikit-learn's trees use, in one dialect or another.
private enum ScikitLearnMarks {
  static let all = [
    "\"sklearn_version\"", "\"children_left\"", "\"tree_\"", "\"estimators_\"", "\"classes_\"", "\"split_feature_id\"",
    "\"threshold_type\"", "\"predictors\"", "\"n_features_in_\"", "\"children\"", "\"left_child\"", "\"left\"",
  ]
}

/// Names that only CatBoost uses. The trees may begin far behind what is looked at here.
private enum CatBoostMarks {
  static let all = [
    "\"oblivious_trees\"", "\"catboost_version_info\"", "\"model_info\"", "\"features_info\"", "\"float_features\"",
    "\"ctr_data\"",
  ]
}

/// The beginning of a file, looked at from several sides.
private struct ContentHead {
  let bytes: [UInt8]
  /// From the first byte that is neither a byte-order mark nor blank.
  let text: ArraySlice<UInt8>

  init(_ span: Span<UInt8>) {
    var bytes: [UInt8] = []
    let count = min(span.count, ModelFormat.recognitionLength)
    bytes.reserveCapacity(count)
    for index in 0..<count { bytes.append(span[index]) }
    self.bytes = bytes
    let afterMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    text = afterMark.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }

  var binaryFormat: ModelFormat? {
    if bytes.starts(with: "root".utf8) && bytes.count > 8 && bytes[4] == 0 { return .rootFile }
    if bytes.starts(with: [0x89] + Array("HDF\r\n".utf8)) { return .hdf5 }
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { return .numpy }
    if bytes.starts(with: "PK\u{3}\u{4}".utf8) { return contains("schema.json") ? .skops : .zip }
    if bytes.starts(with: "CBM1".utf8) { return .catboostBinary }
    if bytes.starts(with: "binf".utf8) || LegacyMarks.begins(bytes) { return .xgboostBinary }
    if bytes.count > 2 && bytes[0] == 0x80 && (1...5).contains(bytes[1]) { return .pickle }
    if bytes.count > 2 && bytes[0] == 0x78 && [0x01, 0x5E, 0x9C, 0xDA].contains(bytes[1]) { return .joblib }
    if bytes.starts(with: "BZh".utf8) || bytes.starts(with: [0xFD] + Array("7zXZ".utf8))
      || bytes.starts(with: [0x04, 0x22, 0x4D, 0x18])
    {
      return .joblib
    }
    if bytes.first == UInt8(ascii: "{") && bytes.count > 1 && "L$#iUIl".utf8.contains(bytes[1]) { return .xgboostUBJSON }
    // An ONNX file is a protocol buffer whose first field is the version of the format, and which names its producer,
    // its operators or their domain in plain text.
    if bytes.count > 4 && bytes[0] == 0x08 && bytes[1] < 0x20
      && (contains("TreeEnsemble") || contains("ai.onnx") || contains("onnx"))
    {
      return .onnx
    }
    return nil
  }

  var textFormat: ModelFormat {
    if text.isEmpty { return .empty }
    if text.first == UInt8(ascii: "<") {
      switch rootElement {
      case "MethodSetup": return .tmvaXML
      case "PMML": return .pmml
      default: return .otherXML
      }
    }
    if isXGBoostDump { return .xgboostDump }
    if text.first == UInt8(ascii: "{") { return jsonFormat }
    if text.first == UInt8(ascii: "["), contains("\"children_left\"") { return .scikitLearn }
    if text.starts(with: "tree".utf8), text.dropFirst(4).first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) == 0x0A {
      return .lightgbmText
    }
    // A generated class quotes the training's options, in the old text format, in a comment.
    if contains("IClassifierReader") { return .tmvaClass }
    if contains("template <typename C=std::vector<double>>") { return .petrifiedCpp }
    if contains("_000(args):") { return .petrifiedPython }
    if text.starts(with: "#GEN".utf8) || (text.starts(with: "Method".utf8) && contains("::")) || contains("\n#GEN") {
      return .tmvaText
    }
    if contains("#include") && contains("TMVA") { return .tmvaClass }
    if FastBDTReader.recognises(text) { return .fastBDT }
    // Pickles of protocol 0 and 1 are text.
    if contains("ccopy_reg") || contains("csklearn") || contains("cxgboost") { return .pickle }
    return .unknown
  }

  /// Trees one after another, in text (`0:[pt<41.5] yes=1,no=2,missing=1`) or as nested JSON objects.
  private var isXGBoostDump: Bool {
    switch text.first {
    case UInt8(ascii: "b"): text.starts(with: "booster[".utf8)
    case UInt8(ascii: "0"): text.starts(with: "0:leaf=".utf8) || (text.starts(with: "0:[".utf8) && contains("] yes="))
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      contains("\"nodeid\"") && (contains("\"split_condition\"") || contains("\"leaf\""))
    default: false
    }
  }

  private var jsonFormat: ModelFormat {
    if contains("\"petrify-forest\"") { return .forest }
    if contains("\"learner\"") { return .xgboostJSON }
    if contains("\"tree_info\"") || contains("\"num_tree_per_iteration\"") { return .lightgbmJSON }
    if CatBoostMarks.all.contains(where: contains) { return .catboostJSON }
    if contains("\"sklearn-trees\"") || ScikitLearnMarks.all.contains(where: contains) { return .scikitLearn }
    return .otherJSON
  }

  /// The name of the first element, after declarations, instructions and comments.
  private var rootElement: String {
    var rest = text
    while rest.first == UInt8(ascii: "<") {
      if rest.starts(with: "<!--".utf8) {
        guard let end = rest.firstRange(of: Array("-->".utf8)) else { return "" }
        rest = rest[end.upperBound...]
      } else if rest.starts(with: "<?".utf8) || rest.starts(with: "<!".utf8) {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return "" }
        rest = rest[(end + 1)...]
      } else {
        let name = rest.dropFirst().prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
        return String(decoding: name, as: UTF8.self)
      }
      rest = rest.drop { $0 != UInt8(ascii: "<") }
    }
    return ""
  }

  /// Asked for a dozen marks of each file: the library's general search would take longer than reading many a model.
  private func contains(_ words: String) -> Bool {
    let wanted = Array(words.utf8)
    let bytes = bytes.span, mark = wanted.span
    var start = 0
    while start + mark.count <= bytes.count {
      var index = 0
      while index < mark.count, bytes[start + index] == mark[index] { index += 1 }
      if index == mark.count { return true }
      start += 1
    }
    return false
  }
}
