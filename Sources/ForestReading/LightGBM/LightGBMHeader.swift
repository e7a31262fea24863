import ForestIR

/// What a file says about the model as a whole.
struct LightGBMHeader {
  /// The formats of the text, which changed with releases: v2 up to 2.3, v3 up to 3.3, v4 since 4.0.
  static let versions: Set = ["v2", "v3", "v4"]
  /// More features or outputs than this are refused.
  static let featureLimit = 1 << 20
  static let outputLimit = 1 << 16

  var version: String?
  var classCount: Int?
  var treesPerIteration: Int?
  var largestFeature: Int?
  /// The line of the objective; nil where the file has none.
  var objective: String?
  /// Whether the prediction is a mean; nil where the file does not say.
  var averages: Bool?
  var featureNames: [String]?
  var features: [LightGBMFeature] = []
  /// Facts worth keeping, from the parameters of the training.
  var parameters: [Provenance.Fact] = []
  /// Categories of a data frame, one list for each of its categorical columns, each value as it is written in JSON.
  var frameCategories: [[String]]?

  /// Where each part stands.
  var marks: [String: SourceMark] = [:]
  /// The beginning of the file.
  var start: SourceMark

  init(file: String) { start = SourceMark(file: file) }

  /// How many sums there are.
  var outputCount: Int { treesPerIteration ?? classCount ?? 1 }
  var featureCount: Int { (largestFeature ?? 0) + 1 }

  func fault(_ code: ReadError.Code, _ key: String?, _ message: String, hint: String? = nil) -> ReadError {
    ReadError(code, at: key.flatMap { marks[$0] } ?? start, message, hint: hint)
  }

  /// Proves that what is needed is there and fits together.
  func check() throws(ReadError) {
    guard let version else { throw fault(.missing, nil, "the file does not say its version") }
    guard Self.versions.contains(version) else {
      throw fault(
        .unsupported, "version", "version \"\(JSONCursor.clipped(version))\" of the format; this program reads v2, v3 and v4",
        hint: "load it with the LightGBM that wrote it, and save it with release 2.2 or later")
    }
    guard let classCount else { throw fault(.missing, nil, "the file has no num_class") }
    guard classCount >= 1 else { throw fault(.outOfRange, "num_class", "\(classCount) classes") }
    guard outputCount >= 1 else { throw fault(.outOfRange, "num_tree_per_iteration", "\(outputCount) trees in an iteration") }
    guard outputCount <= Self.outputLimit else {
      throw fault(.limit, "num_tree_per_iteration", "\(outputCount) outputs; more than \(Self.outputLimit) are not read")
    }
    guard classCount == outputCount else {
      throw fault(
        .inconsistent, "num_tree_per_iteration", "\(outputCount) trees in an iteration, but \(classCount) classes")
    }
    guard let largestFeature else { throw fault(.missing, nil, "the file has no max_feature_idx") }
    guard largestFeature >= 0 else { throw fault(.outOfRange, "max_feature_idx", "the largest feature is \(largestFeature)") }
    guard largestFeature < Self.featureLimit else {
      throw fault(.limit, "max_feature_idx", "\(largestFeature) is the largest feature; more than \(Self.featureLimit) are not read")
    }
    guard let featureNames else { throw fault(.missing, nil, "the file has no feature_names") }
    guard featureNames.count == featureCount else {
      throw fault(.inconsistent, "feature_names", "\(featureNames.count) names for \(featureCount) features")
    }
  }
}

/// What was seen of a feature in training.
struct LightGBMFeature {
  var range: Input.TrainingRange?
  /// Its values are numbers of categories.
  var isCategorical = false
  var isReadable = true

  init() {}

  /// - Parameter text: `[lowest:highest]`, or categories separated by colons, or `none`.
  init(_ text: Substring) {
    if text == "none" { return }
    let isRange = text.first == "[" && text.last == "]"
    let words = (isRange ? text.dropFirst().dropLast() : text).split(separator: ":", omittingEmptySubsequences: false)
    let numbers = words.compactMap { NumberText.double($0) }
    guard numbers.count == words.count, !isRange || numbers.count == 2, let lowest = numbers.min(), let highest = numbers.max(),
      lowest.isFinite, highest.isFinite
    else {
      // `[-inf:inf]` is nothing that one could show, but it is no mistake either.
      isReadable = isRange && words.count == 2 && words.contains { $0.hasSuffix("inf") }
      return
    }
    range = Input.TrainingRange(lowest: lowest, highest: highest)
    isCategorical = !isRange
  }
}
