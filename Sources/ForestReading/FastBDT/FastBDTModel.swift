/// What a FastBDT weight file says: the `Classifier` of FastBDT 5, as its `operator<<` writes it.
struct FastBDTModel {
  /// One forest: of cuts on values, or of cuts on the numbers of bins.
  struct Forest {
    var start = 0.0
    var shrinkage = 0.0
    /// Whether the result is a probability.
    var isProbability = false
    var trees: [Tree] = []
  }

  /// A tree as a heap: the nodes below node n (counted from 1) are 2n and 2n + 1; nodes beyond the cuts are leaves.
  struct Tree {
    var cuts: [Cut] = []
    /// One for each node, cut or leaf.
    var weights: [Float] = []
  }

  struct Cut {
    let feature: Int
    /// `value >= threshold` leads to 2n + 1. A number of a bin is exact in a float64.
    let threshold: Double
    /// A node with an invalid cut is a leaf.
    let isValid: Bool
  }

  /// The boundaries of a feature's bins, as a heap from index 1 on; the first and the last are the smallest and the largest value.
  struct Binning {
    let levels: Int
    let boundaries: [Float]
  }

  var treeCount = 0
  var depth = 0
  var isTransformed: [Bool] = []
  var binnings: [Binning] = []
  /// For each transformed feature, the bins' positions in the order of their purities.
  var mappings: [[Int]] = []
  var featureCount = 0
  /// With the transformed features, each behind its original.
  var finalFeatureCount = 0
  /// Whether the trees cut on the values themselves.
  var isUnbinned = true
  var values = Forest()
  var bins = Forest()

  /// More levels of bins are refused.
  static let levelLimit = 16
  /// More features are refused.
  static let featureLimit = 1 << 16
  /// The first number of the file.
  static let version = 1
}

extension FastBDTModel {
  /// Reads the whole file.
  init(_ words: inout FastBDTWords) throws(ReadError) {
    let version = try words.unsigned("the version")
    guard version == Self.version else {
      throw words.fault(.unsupported, "version \(version) of the weight file; only \(Self.version), that of FastBDT 5, can be read")
    }
    treeCount = try words.unsigned("the number of trees")
    depth = try words.unsigned("the depth")
    for _ in 0..<(try words.count("levels of bins")) { _ = try words.unsigned("a level of bins") }
    _ = try words.number("the shrinkage")
    _ = try words.number("the subsample")
    _ = try words.flag("the sPlot flag")
    _ = try words.number("the flatness loss")
    for _ in 0..<(try words.count("purity transformations")) { isTransformed.append(try words.flag("a purity transformation")) }
    _ = try words.flag("the probability flag")
    for _ in 0..<(try words.count("binnings of features")) { binnings.append(try Self.binning(&words)) }
    for _ in 0..<(try words.count("purity mappings")) {
      var mapping: [Int] = []
      for _ in 0..<(try words.count("bins")) { mapping.append(try words.unsigned("the position of a bin")) }
      mappings.append(mapping)
    }
    featureCount = try words.unsigned("the number of features")
    guard (1...Self.featureLimit).contains(featureCount) else { throw words.fault(.outOfRange, "a model of \(featureCount) features") }
    finalFeatureCount = try words.unsigned("the number of features with transformed ones")
    guard finalFeatureCount - featureCount == mappings.count else {
      throw words.fault(.inconsistent, "\(finalFeatureCount - featureCount) transformed features, but \(mappings.count) mappings")
    }
    // Features for a flat response take part in the training only.
    _ = try words.unsigned("the number of flatness features")
    isUnbinned = try words.flag("the kind of the forest")
    values = try Self.forest(&words, featureCount: featureCount) { (words) throws(ReadError) in Double(try words.float("a threshold")) }
    bins = try Self.forest(&words, featureCount: finalFeatureCount) { (words) throws(ReadError) in Double(try words.unsigned("a threshold")) }
    if !isUnbinned {
      guard isTransformed.count == featureCount, isTransformed.filter({ $0 }).count == mappings.count, binnings.count == featureCount
      else { throw words.fault(.inconsistent, "binnings and transformations that do not fit \(featureCount) features") }
    }
    try words.end()
  }

  private static func binning(_ words: inout FastBDTWords) throws(ReadError) -> Binning {
    let levels = try words.unsigned("the number of levels")
    guard (1...levelLimit).contains(levels) else { throw words.fault(.limit, "a feature with \(levels) levels of bins") }
    let count = try words.count("boundaries")
    guard count == 1 << levels + 1 else { throw words.fault(.inconsistent, "\(count) boundaries for \(levels) levels of bins") }
    var boundaries: [Float] = []
    for _ in 0..<count {
      let boundary = try words.float("a boundary")
      guard !boundary.isNaN else { throw words.fault(.notFinite, "a boundary of a bin is NaN") }
      boundaries.append(boundary)
    }
    return Binning(levels: levels, boundaries: boundaries)
  }

  private static func forest(
    _ words: inout FastBDTWords, featureCount: Int,
    threshold: (inout FastBDTWords) throws(ReadError) -> Double
  ) throws(ReadError) -> Forest {
    var forest = Forest()
    forest.start = try words.number("F0")
    forest.shrinkage = try words.number("the shrinkage")
    forest.isProbability = try words.flag("the probability flag")
    for _ in 0..<(try words.count("trees")) { forest.trees.append(try tree(&words, featureCount: featureCount, threshold: threshold)) }
    return forest
  }

  private static func tree(
    _ words: inout FastBDTWords, featureCount: Int,
    threshold: (inout FastBDTWords) throws(ReadError) -> Double
  ) throws(ReadError) -> Tree {
    var tree = Tree()
    for _ in 0..<(try words.count("cuts")) {
      let feature = try words.unsigned("the feature of a cut")
      // Invalid cuts too have a feature: 0.
      guard feature < featureCount else { throw words.fault(.outOfRange, "a cut on feature \(feature) of \(featureCount)") }
      let value = try threshold(&words)
      let isValid = try words.flag("the validity of a cut")
      _ = try words.number("the gain of a cut")
      tree.cuts.append(Cut(feature: feature, threshold: value, isValid: isValid))
    }
    for _ in 0..<(try words.count("weights of nodes")) {
      let weight = try words.float("the weight of a node")
      guard !weight.isNaN else { throw words.fault(.notFinite, "the weight of a node is NaN") }
      tree.weights.append(weight)
    }
    guard tree.weights.count > 2 * tree.cuts.count else {
      throw words.fault(.inconsistent, "\(tree.weights.count) nodes of a tree with \(tree.cuts.count) cuts")
    }
    for what in ["purities", "numbers of events"] {
      for _ in 0..<(try words.count(what)) { _ = try words.float(what) }
    }
    return tree
  }
}
