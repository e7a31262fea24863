import ForestIR

/// What a file says, in compact form: the same for JSON, UBJSON and the old binary format.
struct XGBoostModel {
  /// `XGBoost model (JSON)`.
  let format: String
  let file: String
  var release: XGBoostRelease?

  // The learner
  var baseScore: [Float] = []
  var featureCount: Int?
  var classCount = 0
  var targetCount = 1
  var objective: String?
  var featureNames: [String] = []
  var featureTypes: [String] = []
  var attributes: [String: String] = [:]

  // The booster
  var booster: String?
  var treeCount: Int?
  /// How many trees each class or target gets in an iteration; nil if the file does not say.
  var parallelTreeCount: Int?
  /// The output to which each tree adds.
  var treeOutputs: [Int32]?
  /// Where each iteration's trees begin, and the end of the last.
  var iterationStarts: [Int32]?
  /// What each tree is multiplied by (dart).
  var weights: [Float]?
  var trees: [Tree] = []
  /// The names of a feature's categories, in the order of their codes.
  var categoryNames: [Int: [String]] = [:]
  /// Whether some feature's categories are kept with the model.
  var hasCategoryContainer = false

  /// Where the parts stand, by their names, for errors that can be known only later.
  var marks: [String: SourceMark] = [:]

  init(format: String, file: String) {
    self.format = format
    self.file = file
  }

  /// How many sums there are.
  var outputCount: Int { max(classCount, targetCount, 1) }
  /// How many numbers a leaf holds.
  var leafWidth: Int { trees.first?.leafWidth ?? 1 }

  /// - Parameters:
  ///   - part: a name in `marks`.
  ///   - below: what is to be added to its path: `[3]`.
  func refusal(
    _ code: ReadError.Code, _ part: String, below: String = "", _ message: String, hint: String? = nil
  ) -> ReadError {
    var mark = marks[part] ?? SourceMark(file: file)
    if !below.isEmpty, let path = mark.path { mark.path = path + below }
    return ReadError(code, at: mark, message, hint: hint)
  }

  /// More outputs than any model has.
  static let countLimit = 1 << 24
  /// More features than any event has: each is described, whether a tree asks for it or not.
  static let featureLimit = 1 << 20
}
