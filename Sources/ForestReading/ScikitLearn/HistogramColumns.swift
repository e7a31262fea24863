import ForestIR

/// What the trees of hist gradient boosting read: the inputs, and behind them the categories of the categorical ones.
struct HistogramColumns {
  /// A column as the trees number it.
  struct Place {
    /// Its position in the vector that the trees of the IR read.
    var position: Int
    var isCategorical = false
    /// The codes that were seen in training, where categories are their own codes.
    var knownCodes: Set<Int>?

    /// The set that leads to the left.
    ///
    /// Where categories are their own codes, one that was not seen in training goes where missing values go, unless its bit
    /// is set.
    func set(_ bits: CategorySet, missingGoesLeft: Bool) -> CategorySet {
      guard let knownCodes, missingGoesLeft else { return bits }
      var words = bits.words
      for code in 0..<256 where !knownCodes.contains(code) { words[code / 32] |= 1 << UInt32(code % 32) }
      return CategorySet(words: words)
    }
  }

  var places: [Place]
  /// The inputs that are categorical, in the order of their categories.
  var categorical: [Int32] = []
  /// The known values of each; nil where categories are their own codes.
  var tables: [Vector]?

  /// The vector that the trees read.
  func vector(_ x: Value, _ lowering: inout EstimatorLowering) throws(ReadError) -> Value {
    guard !categorical.isEmpty else { return x }
    let values = try lowering.add(.gather(x, categorical))
    let codes: Value
    if let tables {
      codes = try lowering.add(.lookUp(tables, values))
    } else {
      codes = try lowering.codes(values)
    }
    return try lowering.add(.concatenate([x, codes]))
  }
}

extension EstimatorLowering {
  /// A category that is its own code: NaN below 0, else the integer part modulo 256.
  mutating func codes(_ values: Value) throws(ReadError) -> Value {
    let remainder = try apply(.integerRemainder, values, 256)
    // Beyond 2⁶³ every float64 is a multiple of 256; so is, for the trainer, infinity.
    let isHuge = try add(.compare(.greaterOrEqual, values, constant([0x1p63])))
    let isNegative = try add(.compare(.less, values, constant([0])))
    let code = try add(.select(isHuge, constant([0]), remainder))
    return try add(.select(isNegative, constant([.nan]), code))
  }

  func histogramColumns(of estimator: Estimator, featureCount: Int) throws(ReadError) -> HistogramColumns {
    let flags = try optionalFlags("is_categorical_", of: estimator) ?? []
    guard flags.isEmpty || flags.count == featureCount else {
      throw fault(.inconsistent, estimator, "is_categorical_", "\(flags.count) truth values for \(featureCount) features")
    }
    let map = try featureMap(of: estimator, featureCount: featureCount)
    let categorical = flags.indices.filter { flags[$0] }
    var columns = HistogramColumns(places: map.map { HistogramColumns.Place(position: $0) })
    guard !categorical.isEmpty else { return columns }
    columns.categorical = categorical.map { Int32($0) }

    let encoding = optional("category_encoding", of: estimator) == nil ? nil : try string("category_encoding", of: estimator)
    switch encoding {
    case "ordinal":
      let categories = try categoryRows("categories_", of: estimator, count: categorical.count)
      columns.tables = try tables(categories, of: estimator)
      if optional("feature_map", of: estimator) == nil {
        throw fault(.missing, estimator, nil, "the estimator has categories, but no \"feature_map\"")
      }
    case "raw":
      let known = try categoryRows("known_categories", of: estimator, count: categorical.count)
      guard optional("feature_map", of: estimator) == nil else {
        throw fault(.unexpected, estimator, "feature_map", "a feature map belongs to ordinal categories only")
      }
      for (index, codes) in known.enumerated() {
        var set: Set<Int> = []
        for (position, code) in codes.enumerated() where !code.isNaN {
          guard let code = Int(exactly: code), (0..<256).contains(code) else {
            throw fault(
              .outOfRange, estimator, "known_categories", below: "[\(index)][\(position)]", "a category is an integer from 0 to 255")
          }
          set.insert(code)
        }
        columns.places[categorical[index]].knownCodes = set
      }
    case let other?:
      throw fault(.unsupported, estimator, "category_encoding", "the encoding \"\(JSONCursor.clipped(other))\" is not known")
    case nil:
      throw fault(.missing, estimator, nil, "the estimator has categorical features, but no \"category_encoding\"")
    }
    for (index, place) in columns.places.enumerated() {
      guard let code = categorical.firstIndex(of: place.position) else { continue }
      columns.places[index].position = featureCount + code
      columns.places[index].isCategorical = true
    }
    return columns
  }

  private func categoryRows(_ name: String, of estimator: Estimator, count: Int) throws(ReadError) -> [[Double]] {
    let rows = try rows(name, of: estimator)
    guard rows.count == count else {
      throw fault(.inconsistent, estimator, name, "\(rows.count) lists of categories for \(count) categorical features")
    }
    return rows
  }

  private func tables(_ categories: [[Double]], of estimator: Estimator) throws(ReadError) -> [Vector] {
    var tables: [Vector] = []
    for (index, row) in categories.enumerated() {
      // A missing value among the categories stands last; it equals nothing.
      let known = row.last?.isNaN == true ? row.dropLast() : row[...]
      guard known.count <= 256, known.allSatisfy(\.isFinite), Set(known).count == known.count else {
        throw fault(
          .outOfRange, estimator, "categories_", below: "[\(index)]", "categories are up to 256 different numbers, and NaN only at the end")
      }
      tables.append(Vector(known.isEmpty ? [.nan] : Array(known)))
    }
    return tables
  }

  private func featureMap(of estimator: Estimator, featureCount: Int) throws(ReadError) -> [Int] {
    guard let map = try optionalDoubles("feature_map", of: estimator) else { return Array(0..<featureCount) }
    let columns = map.compactMap { Int(exactly: $0) }
    guard columns.count == map.count, columns.sorted() == Array(0..<featureCount) else {
      throw fault(.inconsistent, estimator, "feature_map", "feature_map is not a permutation of the \(featureCount) features")
    }
    return columns
  }

  private func optionalFlags(_ name: String, of estimator: Estimator) throws(ReadError) -> [Bool]? {
    guard let value = optional(name, of: estimator) else { return nil }
    var flags: [Bool]?
    switch value {
    case .numbers(let numbers) where numbers.allSatisfy { $0 == 0 || $0 == 1 }: flags = numbers.map { $0 == 1 }
    case .list(let list):
      let all = list.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
      if all.count == list.count { flags = all }
    default: break
    }
    guard let flags else { throw fault(.malformed, estimator, name, "an array of truth values is needed here") }
    return flags
  }
}
