import ForestIR

extension ForestJSONReader {
  /// The trees of a step, and where each of them stands: the ensemble is made when all members of the step are known.
  struct Trees {
    var trees: [Tree] = []
    var places: [Int] = []
    var path = ""
  }

  mutating func trees() throws(ReadError) -> Trees {
    var trees = Trees(path: cursor.path)
    try cursor.beginArray()
    while try cursor.nextElement() {
      let place = cursor.here
      trees.places.append(place.byte)
      trees.trees.append(try tree(at: place))
    }
    return trees
  }

  private mutating func tree(at place: JSONCursor.Place) throws(ReadError) -> Tree {
    var splits: [Split]?
    var leaves: [Double]?
    var leafNumbers: [Int32]?
    var linearForms: [LinearForm] = []
    var leafWidth = 1
    var categorySets: [CategorySet] = []
    var leafForms: [LeafForm]?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "splits": splits = try self.splits()
      case "leaves": leaves = try numbers()
      case "leaf_numbers": leafNumbers = try int32s("the number of a leaf")
      case "linear_forms": linearForms = try list { (reader) throws(ReadError) in try reader.linearForm() }
      case "leaf_width": leafWidth = try cursor.integer(in: 1...Tree.leafLimit, "the width of a leaf")
      case "leaf_forms": leafForms = try list { (reader) throws(ReadError) in try reader.leafForm() }
      case "category_sets": categorySets = try list { (reader) throws(ReadError) in try reader.categorySet() }
      default: throw unknown(key)
      }
    }
    let parts = (splits: try needed(splits, "splits", in: place), leaves: try needed(leaves, "leaves", in: place))
    return try building(at: place) { () throws(ForestFault) in
      try Tree(
        splits: parts.splits, leaves: parts.leaves, leafWidth: leafWidth, leafNumbers: leafNumbers, linearForms: linearForms,
        categorySets: categorySets, leafForms: leafForms)
    }
  }

  private mutating func splits() throws(ReadError) -> [Split] {
    var splits: [Split] = []
    try cursor.beginArray()
    while try cursor.nextElement() { splits.append(try split()) }
    return splits
  }

  /// A row: `[feature, test, threshold, where NaN goes, left, right]`.
  private mutating func split() throws(ReadError) -> Split {
    try cursor.beginArray()
    try column("a feature")
    let feature = try cursor.integer(in: 0...Int(Int32.max), "the feature of a split")
    try column("a test")
    let test = try self.test()
    try column("a threshold")
    let thresholdStart = cursor.nextByte()
    let threshold = try number()
    guard !threshold.isNaN else { throw cursor.fault(.notFinite, at: thresholdStart, "a threshold that is NaN") }
    try column("where NaN goes")
    let nanGoesLeft = try self.nanGoesLeft()
    try column("a left child")
    let left = try child()
    try column("a right child")
    let right = try child()
    guard try !cursor.nextElement() else {
      throw cursor.fault(.inconsistent, "a split has six parts, here is a seventh")
    }
    return Split(feature: feature, test: test, threshold: threshold, nanGoesLeft: nanGoesLeft, left: left, right: right)
  }

  private mutating func column(_ what: StaticString) throws(ReadError) {
    guard try cursor.nextElement() else {
      throw cursor.fault(.inconsistent, at: cursor.offset - 1, "a split ends where \(what) is needed")
    }
  }

  private mutating func child() throws(ReadError) -> Child {
    Child(code: Int32(try cursor.integer(in: Int(Int32.min)...Int(Int32.max), "the child of a split")))
  }

  private mutating func test() throws(ReadError) -> Split.Test {
    let start = cursor.nextByte()
    let sign = try cursor.string()
    switch sign {
    case "<": return .less
    case "<=": return .lessOrEqual
    case "linear<=": return .linearLessOrEqual
    case "in": return .inSet
    default: throw cursor.fault(.malformed, at: start, "\"\(JSONCursor.clipped(sign))\" is none of: <, <=, linear<=, in")
    }
  }

  private mutating func nanGoesLeft() throws(ReadError) -> Bool {
    let start = cursor.nextByte()
    let side = try cursor.string()
    switch side {
    case "left": return true
    case "right": return false
    default: throw cursor.fault(.malformed, at: start, "\"\(JSONCursor.clipped(side))\" is none of: left, right")
    }
  }

  private mutating func categorySet() throws(ReadError) -> CategorySet {
    var words: [UInt32] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      words.append(UInt32(try cursor.integer(in: 0...Int(UInt32.max), "a word of a category set")))
    }
    return CategorySet(words: words)
  }

  private mutating func leafForm() throws(ReadError) -> LeafForm {
    let place = cursor.here
    var offset: Double?
    var features: [Int32]?
    var coefficients: [Double]?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "offset": offset = try number()
      case "features": features = try int32s("a feature")
      case "coefficients": coefficients = try numbers()
      default: throw unknown(key)
      }
    }
    return LeafForm(
      offset: try needed(offset, "offset", in: place), features: try needed(features, "features", in: place),
      coefficients: try needed(coefficients, "coefficients", in: place))
  }

  private mutating func linearForm() throws(ReadError) -> LinearForm {
    let place = cursor.here
    var offset: Double?
    var coefficients: [Double]?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "offset": offset = try number()
      case "coefficients": coefficients = try numbers()
      default: throw unknown(key)
      }
    }
    return LinearForm(
      offset: try needed(offset, "offset", in: place), coefficients: try needed(coefficients, "coefficients", in: place))
  }
}
