import ForestIR

/// A tree as it stands in the file: parallel lists, one element for each inner node or each leaf.
///
/// Children are numbered as in the IR: 0 or more is a node, a negative number the complement of a leaf's index.
struct LightGBMTree {
  /// The lists, in the spelling of the text form.
  enum List: String, CaseIterable {
    case leafCount = "num_leaves"
    case categoricalCount = "num_cat"
    case splitFeature = "split_feature"
    case threshold = "threshold"
    case decisionType = "decision_type"
    case leftChild = "left_child"
    case rightChild = "right_child"
    case leafValue = "leaf_value"
    case categoryBoundaries = "cat_boundaries"
    case categoryWords = "cat_threshold"
    case isLinear = "is_linear"
    case leafConstant = "leaf_const"
    case leafFeatureCount = "num_features"
    case leafFeatures = "leaf_features"
    case leafCoefficients = "leaf_coeff"
  }

  /// The bits of a decision type.
  enum DecisionBits {
    static let categorical: Int32 = 1
    static let defaultLeft: Int32 = 2
    static let missingShift: Int32 = 2
    static let all: Int32 = 15
  }

  enum MissingType: Int32 {
    case none, zero, nan
  }

  var leafCount = 0
  var categoricalCount = 0
  var splitFeature: [Int32] = []
  var threshold: [Double] = []
  var decisionType: [Int32] = []
  var leftChild: [Int32] = []
  var rightChild: [Int32] = []
  var leafValue: [Double] = []
  var categoryBoundaries: [Int32] = []
  var categoryWords: [UInt32] = []
  var isLinear = false
  var leafConstant: [Double] = []
  var leafFeatureCount: [Int32] = []
  var leafFeatures: [Int32] = []
  var leafCoefficients: [Double] = []

  /// Where the tree stands, and the lines of its lists where they have lines of their own.
  var mark = SourceMark(file: "")
  var lines: [List: Int] = [:]

  /// Makes ready for the next tree; room once taken is kept.
  mutating func reset(at mark: SourceMark) {
    self.mark = mark
    lines.removeAll(keepingCapacity: true)
    leafCount = 0
    categoricalCount = 0
    isLinear = false
    splitFeature.removeAll(keepingCapacity: true)
    threshold.removeAll(keepingCapacity: true)
    decisionType.removeAll(keepingCapacity: true)
    leftChild.removeAll(keepingCapacity: true)
    rightChild.removeAll(keepingCapacity: true)
    leafValue.removeAll(keepingCapacity: true)
    categoryBoundaries.removeAll(keepingCapacity: true)
    categoryWords.removeAll(keepingCapacity: true)
    leafConstant.removeAll(keepingCapacity: true)
    leafFeatureCount.removeAll(keepingCapacity: true)
    leafFeatures.removeAll(keepingCapacity: true)
    leafCoefficients.removeAll(keepingCapacity: true)
  }

  func fault(_ code: ReadError.Code, _ list: List?, _ message: String) -> ReadError { fault(code, list, nil, message) }

  /// An error about an element of a list, or about the tree as a whole.
  func fault(_ code: ReadError.Code, _ list: List?, _ element: Int?, _ message: String) -> ReadError {
    var mark = mark
    // Only in the text do lists have places of their own.
    if let list, !lines.isEmpty {
      if let line = lines[list] {
        mark.line = line
        mark.column = nil
      }
      mark.path = "\(mark.path ?? "").\(list.rawValue)" + (element.map { "[\($0)]" } ?? "")
    }
    return ReadError(code, at: mark, message)
  }
}
