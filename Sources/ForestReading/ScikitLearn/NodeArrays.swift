import ForestIR

/// The parallel arrays of one tree while they are read.
struct NodeArrays {
  var left: [Int32]?
  var right: [Int32]?
  var feature: [Int32]?
  var threshold: [Double]?
  var missingLeft: [Bool]?
  var samples: [Int32]?
  /// The numbers of all nodes, row by row.
  var value: [Double]?
  /// The lengths of the nested arrays of `value`, the outermost first.
  var valueShape: [Int] = []
  var nodeCount: Int?
  /// Arrays that are only counted.
  var counted: [(name: String, count: Int)] = []
  // Trees of histograms
  var isLeaf: [Bool]?
  /// Where the test is `<` instead of `<=`.
  var isStrict: [Bool]?
  var isCategorical: [Bool]?
  var bitsetIndex: [Int32]?
  var bitsets: [CategorySet] = []
  /// Whether the indices are the trainer's own.
  var isNumbered = true
  let place: JSONCursor.Place

  init(place: JSONCursor.Place) { self.place = place }

  /// How the arrays are called where errors speak of them.
  var names = (left: "children_left", right: "children_right", feature: "feature", threshold: "threshold")
}

extension NodeArrays {
  /// Reads the member of a `tree_` object, or passes over one that does not count.
  mutating func readMember(_ key: String, _ cursor: inout JSONCursor) throws(ReadError) {
    switch key {
    case "children_left": left = try cursor.int32s(in: -1...NodeArrays.nodeLimit, "a child")
    case "children_right": right = try cursor.int32s(in: -1...NodeArrays.nodeLimit, "a child")
    case "feature": feature = try cursor.int32s(in: -2...NodeArrays.nodeLimit, "a feature")
    case "threshold": threshold = try cursor.doubles()
    case "value": (value, valueShape) = try cursor.nestedDoubles()
    case "missing_go_to_left": missingLeft = try cursor.flags()
    case "n_node_samples": samples = try cursor.int32s(in: 0...NodeArrays.nodeLimit, "a number of samples")
    case "weighted_n_node_samples", "impurity": counted.append((key, try cursor.countElements()))
    case "node_count": nodeCount = try cursor.integer(in: 0...NodeArrays.nodeLimit, "node_count")
    default: break
    }
  }

  /// Reads the member of a tree of histograms.
  mutating func readHistogramMember(_ key: String, _ cursor: inout JSONCursor) throws(ReadError) {
    switch key {
    case "left": left = try cursor.int32s(in: -1...NodeArrays.nodeLimit, "a child")
    case "right": right = try cursor.int32s(in: -1...NodeArrays.nodeLimit, "a child")
    case "feature_idx": feature = try cursor.int32s(in: -2...NodeArrays.nodeLimit, "a feature")
    case "num_threshold": threshold = try cursor.doubles()
    case "value":
      let values = try cursor.doubles()
      (value, valueShape) = (values, [values.count])
    case "missing_go_to_left": missingLeft = try cursor.flags()
    case "is_leaf": isLeaf = try cursor.flags()
    case "is_categorical": isCategorical = try cursor.flags()
    case "bitset_idx": bitsetIndex = try cursor.int32s(in: 0...NodeArrays.nodeLimit, "the index of a bitset")
    case "raw_left_cat_bitsets": bitsets = try cursor.bitsets()
    case "count": counted.append((key, try cursor.countElements()))
    case "node_count": nodeCount = try cursor.integer(in: 0...NodeArrays.nodeLimit, "node_count")
    default: break
    }
  }

  /// No tree may have more nodes: they are numbered in 32 bits.
  static let nodeLimit = Int(Int32.max) - 1
}

extension JSONCursor {
  mutating func doubles() throws(ReadError) -> [Double] {
    var numbers: [Double] = []
    try beginArray()
    takeNumbers(&numbers)
    while try nextElement() {
      numbers.append(try number())
      takeNumbers(&numbers)
    }
    return numbers
  }

  mutating func int32s(in range: ClosedRange<Int>, _ what: StaticString) throws(ReadError) -> [Int32] {
    var integers: [Int32] = []
    try beginArray()
    takeInt32s(&integers, in: range)
    while try nextElement() {
      integers.append(Int32(try integer(in: range, "\(what)")))
      takeInt32s(&integers, in: range)
    }
    return integers
  }

  /// An array of 0 and 1, or of truth values.
  mutating func flags() throws(ReadError) -> [Bool] {
    var flags: [Bool] = []
    try beginArray()
    while try nextElement() {
      flags.append(try kind() == .bool ? bool() : integer(in: 0...1, "a flag") == 1)
    }
    return flags
  }

  /// How many elements an array has, which are passed over.
  mutating func countElements() throws(ReadError) -> Int {
    try beginArray()
    var count = passNumbers()
    while try nextElement() {
      try skip()
      count += 1 + passNumbers()
    }
    return count
  }

  /// Numbers in up to three levels of arrays, all of equal lengths; and the lengths.
  mutating func nestedDoubles() throws(ReadError) -> (numbers: [Double], shape: [Int]) {
    var numbers: [Double] = []
    var count = 0
    var rows: Int?
    var columns: Int?
    try beginArray()
    while true {
      // Once an element has told the shape, others like it go the quick way.
      if count > 0 {
        count += rows.map { columns == nil ? takeRows(nil, of: $0, &numbers) : takeRows($0, of: columns!, &numbers) } ?? {
          let before = numbers.count
          takeNumbers(&numbers)
          return numbers.count - before
        }()
      }
      guard try nextElement() else { break }
      count += 1
      guard count > 1 ? rows != nil : try kind() == .array else {
        numbers.append(try number())
        continue
      }
      var rowCount = 0
      try beginArray()
      while try nextElement() {
        rowCount += 1
        guard count > 1 || rowCount > 1 ? columns != nil : try kind() == .array else {
          numbers.append(try number())
          continue
        }
        var columnCount = 0
        try beginArray()
        while try nextElement() {
          columnCount += 1
          numbers.append(try number())
        }
        guard columns == nil || columns == columnCount else {
          throw fault(.inconsistent, "a row of \(columnCount) numbers where others have \(columns!)")
        }
        columns = columnCount
      }
      guard rows == nil || rows == rowCount else {
        throw fault(.inconsistent, "a row of \(rowCount) elements where others have \(rows!)")
      }
      rows = rowCount
    }
    return (numbers, [count] + [rows, columns].compactMap { $0 })
  }

  /// Sets of categories: eight words of 32 bits each.
  mutating func bitsets() throws(ReadError) -> [CategorySet] {
    var sets: [CategorySet] = []
    try beginArray()
    while try nextElement() {
      let place = here
      var words: [UInt32] = []
      try beginArray()
      while try nextElement() { words.append(UInt32(try integer(in: 0...Int(UInt32.max), "a word of a bitset"))) }
      guard words.count == 8 else { throw fault(.inconsistent, at: place, "a bitset of \(words.count) words, not 8") }
      sets.append(CategorySet(words: words))
    }
    return sets
  }
}
