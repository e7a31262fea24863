import ForestIR

/// Prints a LightGBM text model.
struct LightGBMWriter {
  private let forest: AdditiveForest
  private(set) var notes: [String] = []
  /// Splits whose threshold is nearer to 0 than the format tells numbers apart.
  private var nearZero = 0
  private var hasWholeCategories = false

  init(_ forest: AdditiveForest) { self.forest = forest }

  mutating func text() throws(EmissionError) -> [UInt8] {
    var trees: [[UInt8]] = []
    let all = forest.rounds
    trees.reserveCapacity(all.count)
    for (index, tree) in all.enumerated() {
      var printer = CodePrinter()
      try print(tree, index: index, to: &printer)
      trees.append(printer.bytes)
    }
    var printer = CodePrinter()
    header(sizes: trees.map(\.count), to: &printer)
    var bytes = printer.bytes
    for tree in trees { bytes += tree }
    var end = CodePrinter()
    end.line("end of trees\n\nfeature_importances:\n\nparameters:\nend of parameters\n\npandas_categorical:null")
    bytes += end.bytes
    remark()
    return bytes
  }

  // MARK: Header

  private func header(sizes: [Int], to printer: inout CodePrinter) {
    let names = ExchangeNames(forest.inputs).names
    printer.line("tree")
    printer.line("version=v4")
    printer.line("num_class=\(forest.outputCount)")
    printer.line("num_tree_per_iteration=\(forest.outputCount)")
    printer.line("label_index=0")
    printer.line("max_feature_idx=\(forest.inputs.count - 1)")
    switch forest.link {
    case .raw where forest.outputCount == 1: printer.line("objective=regression")
    // Without an objective what is predicted is the raw sums.
    case .raw: break
    case .logistic(let factor): printer.line("objective=binary sigmoid:\(factor == 1 ? "1" : factor.description)")
    case .softmax: printer.line("objective=multiclass num_class:\(forest.outputCount)")
    case .exponential: printer.line("objective=poisson")
    }
    printer.line("feature_names=\(names.joined(separator: " "))")
    let ranges = forest.inputs.map { input in
      guard let range = input.trainingRange, range.lowest.isFinite, range.highest.isFinite else { return "[-inf:inf]" }
      return "[\(range.lowest):\(range.highest)]"
    }
    printer.line("feature_infos=\(ranges.joined(separator: " "))")
    printer.line("tree_sizes=\(sizes.map(String.init).joined(separator: " "))")
    printer.line()
  }

  // MARK: Trees

  private mutating func print(_ tree: RoutedTree, index: Int, to printer: inout CodePrinter) throws(EmissionError) {
    var thresholds: [String] = []
    var decisions: [String] = []
    var boundaries = [0]
    var words: [UInt32] = []
    for (node, split) in tree.splits.enumerated() {
      switch split.question {
      case .atMost(let threshold):
        if threshold != 0, threshold.magnitude <= LightGBMEmitter.zero { nearZero += 1 }
        if threshold == 0 { nearZero += 1 }
        thresholds.append(Self.number(threshold))
        // Missing type NaN (2 << 2), and its default direction.
        decisions.append(split.nanGoesLeft ? "10" : "8")
      case .within(let intervals):
        guard !split.nanGoesLeft, let set = CategoryIntervals(intervals, limit: 1 << 20), !set.hasOthers else {
          throw EmissionError(
            "split \(node) of tree \(tree.source ?? 0) asks for categories that the LightGBM format cannot hold (NaN among them, or negative numbers)",
            hint: "source code (cpp, python, swift) says every model")
        }
        if !set.holdsForFractions(intervals, in: OrderedNumbers(forest.comparison), zeroIsBelow: true) { hasWholeCategories = true }
        thresholds.append(String(boundaries.count - 1))
        words += CategorySet(set.categories).words
        // A set without words is not expected.
        if words.count == boundaries[boundaries.count - 1] { words.append(0) }
        boundaries.append(words.count)
        decisions.append("1")
      }
    }
    printer.line("Tree=\(index)")
    printer.line("num_leaves=\(tree.leaves.count)")
    printer.line("num_cat=\(boundaries.count - 1)")
    printer.line("split_feature=\(Self.list(tree.splits) { String($0.input) })")
    printer.line("split_gain=\(Self.list(tree.splits) { _ in "0" })")
    printer.line("threshold=\(thresholds.joined(separator: " "))")
    printer.line("decision_type=\(decisions.joined(separator: " "))")
    printer.line("left_child=\(Self.list(tree.splits) { String($0.left.code) })")
    printer.line("right_child=\(Self.list(tree.splits) { String($0.right.code) })")
    printer.line("leaf_value=\(Self.list(tree.leaves, Self.number))")
    if boundaries.count > 1 {
      printer.line("cat_boundaries=\(Self.list(boundaries, String.init))")
      printer.line("cat_threshold=\(Self.list(words) { String($0) })")
    }
    printer.line("is_linear=0")
    printer.line("shrinkage=1")
    printer.line()
    printer.line()
  }

  private static func list<T>(_ items: [T], _ text: (T) -> String) -> String { items.map(text).joined(separator: " ") }

  /// The shortest decimal that reads back to the same number; the format's reader knows `inf`.
  private static func number(_ value: Double) -> String {
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func remark() {
    if nearZero > 0 {
      notes.append(
        "LightGBM takes inputs of a magnitude up to 1e-35 for 0, which matters to \(nearZero) split\(nearZero == 1 ? "" : "s") of this model: the leaves are the same for inputs that are 0 or larger than that")
    }
    if hasWholeCategories { notes.append("inputs that are categories must be whole numbers or NaN") }
  }
}
