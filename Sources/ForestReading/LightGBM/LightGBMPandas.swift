import ForestIR

/// The categories of a data frame that a model was trained on: which number stands for which value.
enum LightGBMPandas {
  static let key: StaticString = "pandas_categorical:"

  /// - Parameter line: the line with its key; nil where it is too long.
  static func categories(_ line: [UInt8]?, _ remarks: Remarks) -> [[String]]? {
    guard let line else {
      remarks.note(.oddity, "the list of categories of the data frame is too long to be shown", place: "pandas_categorical")
      return nil
    }
    var cursor = JSONCursor(
      Array(line.dropFirst(key.utf8CodeUnitCount)), file: "", options: JSONCursor.Options(acceptsNonFiniteWords: true, depthLimit: 8))
    do {
      let categories = try categories(&cursor)
      try cursor.end()
      return categories
    } catch {
      remarks.note(.oddity, "the list of categories of the data frame cannot be read", place: "pandas_categorical")
      return nil
    }
  }

  /// Reads a list of lists of values, or null.
  static func categories(_ cursor: inout JSONCursor) throws(ReadError) -> [[String]]? {
    guard try cursor.kind() == .array else {
      try cursor.null()
      return nil
    }
    var categories: [[String]] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      var values: [String] = []
      try cursor.beginArray()
      while try cursor.nextElement() { values.append(try value(&cursor)) }
      categories.append(values)
    }
    return categories
  }

  private static func value(_ cursor: inout JSONCursor) throws(ReadError) -> String {
    switch try cursor.kind() {
    case .string: return "\"\(JSONCursor.clipped(try cursor.string()))\""
    case .number:
      let number = try cursor.number()
      return Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .bool: return try cursor.bool() ? "true" : "false"
    default:
      try cursor.skip()
      return "…"
    }
  }

  /// Says which number stands for which value.
  ///
  /// - Parameter features: the names of the features that were categorical in training, in order.
  static func remark(_ categories: [[String]]?, features: [String], _ remarks: Remarks) {
    guard let categories, !categories.isEmpty else { return }
    let shown = 24
    for (index, values) in categories.enumerated() {
      let name = categories.count == features.count ? "\"\(JSONCursor.clipped(features[index]))\"" : "the categorical column number \(index)"
      let codes = values.prefix(shown).enumerated().map { "\($0.offset) = \($0.element)" }.joined(separator: ", ")
      let rest = values.count > shown ? ", and \(values.count - shown) more" : ""
      remarks.note(
        .choice,
        "in training, \(name) was a categorical column of a data frame; give the numbers of its categories: \(codes)\(rest)",
        place: "pandas_categorical")
    }
  }
}
