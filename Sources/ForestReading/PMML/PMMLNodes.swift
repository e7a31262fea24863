/// What a node asks of an event.
struct PMMLPredicate {
  enum Operator: UInt8 {
    case less, lessOrEqual, greater, greaterOrEqual, isMissing, isNotMissing
    /// No question: always, never.
    case always, never
  }

  var test: Operator
  /// What a missing value makes of the comparison, where the predicate itself says so (`… or isMissing`).
  var missing: Bool?
  /// An index into the names of the document's fields.
  var field: Int32
  /// The number as float64 and as float32, each rounded once from its text; which counts depends on the field.
  var wide: Double
  var narrow: Float

  static let always = PMMLPredicate(test: .always, missing: nil, field: -1, wide: 0, narrow: 0)
  static let never = PMMLPredicate(test: .never, missing: nil, field: -1, wide: 0, narrow: 0)

  /// Whether this holds for a present value exactly where the other does not.
  func complements(_ other: PMMLPredicate) -> Bool {
    guard field == other.field, wide == other.wide, narrow == other.narrow else { return false }
    switch (test, other.test) {
    case (.less, .greaterOrEqual), (.greaterOrEqual, .less), (.lessOrEqual, .greater), (.greater, .lessOrEqual): return true
    default: return false
    }
  }
}

/// The nodes of a tree as they stand in the file, in few bytes each.
struct PMMLNodes {
  struct Node {
    /// Nil until its element is read.
    var predicate: PMMLPredicate?
    /// NaN if it has no score, or one that is no number.
    var score: Double
    var line: Int32
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
    /// Numbers that stand for the texts `id` and `defaultChild`; −1 for none.
    var id: Int32 = -1
    var defaultChild: Int32 = -1
    /// Where its distribution begins, and how many entries it has.
    var distribution: Int32 = 0
    var distributionCount: Int32 = 0
  }

  struct Share {
    /// A number that stands for the class's text.
    var label: Int32
    var recordCount: Double
    /// NaN if it is not given.
    var probability: Double
  }

  var nodes: [Node] = []
  var shares: [Share] = []
}

/// Numbers for texts: equal texts have equal numbers.
struct PMMLNames {
  private(set) var texts: [String] = []
  private var numbers: [String: Int32] = [:]

  mutating func number(of text: String) -> Int32 {
    if let number = numbers[text] { return number }
    let number = Int32(clamping: texts.count)
    numbers[text] = number
    texts.append(text)
    return number
  }

  func known(_ text: String) -> Int32? { numbers[text] }
}
