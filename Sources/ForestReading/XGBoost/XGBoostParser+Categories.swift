// The categories that a model was trained with, kept from 3.1 on: for each feature nothing, or texts one behind the other
// with where each begins, or numbers. A model takes their positions.

extension XGBoostParser {
  mutating func categoryNames() throws(ReadError) {
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      guard key == "enc" else { continue }
      var feature = 0
      try cursor.beginArray()
      while try cursor.nextElement() {
        if let names = try categoryNamesOfFeature() {
          model.hasCategoryContainer = true
          if !names.isEmpty { model.categoryNames[feature] = names }
        }
        feature += 1
      }
    }
  }

  /// - Returns: nil for a feature that has none.
  private mutating func categoryNamesOfFeature() throws(ReadError) -> [String]? {
    guard try cursor.kind() == .object else { return nil }
    var offsets: [Int32]?
    var values: [Int32]?
    let mark = cursor.mark
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "offsets": offsets = try cursor.integerArray(in: 0...XGBoostNodes.nodeLimit, "where a category's name begins")
      case "values":
        // Numbers may be wider than 32 bits; then they are not shown.
        values = try cursor.kind() == .array ? shownIntegers() : nil
      default: break
      }
    }
    guard let values else { return [] }
    guard let offsets else { return values.map { "\($0)" } }
    var names: [String] = []
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      guard start <= end, end <= values.count else {
        throw ReadError(.outOfRange, at: mark, "a category's name from byte \(start) to \(end) of \(values.count)")
      }
      let bytes = values[Int(start)..<Int(end)].map { UInt8(truncatingIfNeeded: $0) }
      names.append(String(decoding: bytes, as: UTF8.self))
    }
    return names
  }

  private mutating func shownIntegers() throws(ReadError) -> [Int32] {
    try cursor.integerArray(in: Int.min...Int.max, "a category")
  }
}
