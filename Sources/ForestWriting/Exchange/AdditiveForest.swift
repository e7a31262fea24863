package import ForestIR

/// A forest as programs of other makers know it: trees that ask for inputs, and whose leaves are added up.
///
/// What comes behind the sums (a link, a rounding, a label) is told in `scores` as formulas; it is not part of what is exported.
package struct AdditiveForest: Sendable {
  package let inputs: [Input]
  /// The width to which the forest rounds its inputs on entry.
  package let inputWidth: Width
  /// The width in which the thresholds are written and inputs are compared.
  package let comparison: Width
  /// The width in which the forest adds.
  package let width: Width
  /// What each sum starts with.
  package let start: [Double]
  /// In the order in which they are added. What the forest adds to a sum when all trees are added is a constant tree at the end.
  package let trees: [RoutedTree]
  /// The printed columns of the forest, as formulas of the sums.
  package let scores: [Score]

  package struct Score: Sendable, Hashable {
    package let column: String
    /// Whether the forest calls it a raw sum.
    package let isMargin: Bool
    /// With `raw` for the sum (`raw[k]` of several); nil where it is too long to be told.
    package let formula: String?
    /// The formula holds only where no input is NaN; where one is, the column is this number.
    package let ifNaN: Double?
  }

  package var outputCount: Int { start.count }

  /// - Parameters:
  ///   - width: in which the reader of the exported file compares.
  ///   - format: its name, for messages.
  /// - Throws: `EmissionError`, naming the tree and the feature, where the forest cannot be put in these words.
  /// - Complexity: O(nodes) comparisons of features, times 65 for features that are treated.
  package init(_ forest: Forest, comparedIn width: Width, format: String) throws(EmissionError) {
    let model = forest.model
    let (step, ensemble, argument) = try Self.ensemble(of: model, format: format)
    let start: [Double]
    switch ensemble.fold {
    case .sum(let numbers): start = numbers.elements
    // A lone tree is its own sum.
    case .each where ensemble.trees.count == 1: start = [Double](repeating: 0, count: ensemble.leafWidth)
    case .each: throw Self.notAdded(format)
    }
    var raw = Value(index: step + 1)
    var last: [RoutedTree] = []
    // A constant that is added to the finished sums, as long as nothing else reads them.
    while let (total, terms) = model.constantAdded(to: raw) {
      last += terms.enumerated().map { .constant($1, group: $0) }
      raw = total
    }
    inputs = forest.inputs
    inputWidth = model.inputWidth
    comparison = width
    self.width = ensemble.width
    self.start = start
    var features = FeatureRouting(model: model, argument: argument, width: width, inputs: forest.inputs, format: format)
    var trees: [RoutedTree] = []
    trees.reserveCapacity(ensemble.trees.count + last.count)
    for index in ensemble.trees.indices { trees.append(try features.tree(index, of: ensemble)) }
    self.trees = trees + last
    scores = ScoreFormulas(model: model, raw: raw).scores(of: forest)
  }

  private static func notAdded(_ format: String) -> EmissionError {
    EmissionError(
      "the values of the trees are not added up (a median, or arithmetic on single trees): \(format) can only say sums",
      hint: "source code (cpp, python, swift) says every model")
  }

  /// The one step that asks trees.
  private static func ensemble(of model: Model, format: String) throws(EmissionError) -> (Int, TreeEnsemble, Value) {
    let asking = model.steps.indices.filter { model.steps[$0].treeCount > 0 }
    let hint = "source code (cpp, python, swift) says every model"
    guard let step = asking.first else { throw EmissionError("there are no trees", hint: hint) }
    for step in asking {
      switch model.steps[step] {
      case .choose:
        throw EmissionError("conditions decide which trees are asked, which \(format) cannot say", hint: hint)
      case .members:
        throw EmissionError("the members of this ensemble are whole models, not trees, which \(format) cannot say", hint: hint)
      default: break
      }
    }
    guard asking.count == 1, case .trees(let ensemble, let argument) = model.steps[step] else {
      throw EmissionError("there are \(asking.count) separate sums of trees; \(format) can say one", hint: hint)
    }
    return (step, ensemble, argument)
  }
}

/// Trees of an ensemble with questions about inputs.
private struct FeatureRouting {
  let model: Model
  let argument: Value
  let inputs: [Input]
  let format: String
  private var tracing: FeatureTracing
  private var routing: SplitRouting
  /// For each feature that was asked for; an inner nil where it is no function of one input.
  private var traces: [Int: FeatureTracing.Trace?] = [:]

  init(model: Model, argument: Value, width: Width, inputs: [Input], format: String) {
    self.model = model
    self.argument = argument
    self.inputs = inputs
    self.format = format
    tracing = FeatureTracing(model)
    routing = SplitRouting(width)
  }

  mutating func tree(_ index: Int, of ensemble: TreeEnsemble) throws(EmissionError) -> RoutedTree {
    let tree = ensemble.trees[index]
    guard tree.leafForms == nil else {
      throw EmissionError(
        "the leaves of tree \(index) are sums of inputs (linear leaves), which \(format) cannot say",
        hint: "source code (cpp, python, swift) says every model")
    }
    var splits: [RoutedSplit] = []
    splits.reserveCapacity(tree.splits.count)
    for (node, split) in tree.splits.enumerated() { splits.append(try routed(split, node, of: tree, index)) }
    let leaves = ensemble.leafTerms(tree: index)
    if let leaf = leaves.firstIndex(where: { !$0.isFinite }) {
      throw EmissionError(
        "the value of leaf \(leaf / tree.leafWidth) of tree \(index) is infinite, which \(format) cannot hold",
        hint: "source code (cpp, python, swift) says every model")
    }
    return RoutedTree(
      splits: splits, leaves: leaves, leafWidth: tree.leafWidth, group: Int(ensemble.groups[index]), source: index)
  }

  private mutating func routed(
    _ split: Split, _ node: Int, of tree: Tree, _ index: Int
  ) throws(EmissionError) -> RoutedSplit {
    if split.test == .linearLessOrEqual {
      throw EmissionError(
        "split \(node) of tree \(index) asks for a sum of several inputs (a linear form), which \(format) cannot say",
        hint: "source code (cpp, python, swift) says every model")
    }
    let feature = Int(split.feature)
    let known: FeatureTracing.Trace?
    if let found = traces[feature] {
      known = found
    } else {
      known = tracing.trace(feature, of: argument)
      traces[feature] = .some(known)
    }
    let result =
      known.flatMap { trace in
        split.test == .inSet
          ? routing.membership(split, tree.categorySets[Int(split.threshold)], trace) : routing.threshold(split, trace)
      }
    guard let result else {
      let sources = model.inputs(of: feature, in: argument).sorted().prefix(4).map { "\"\(inputs[$0].label)\"" }
      throw EmissionError(
        "split \(node) of tree \(index) asks for a feature that is computed from \(sources.joined(separator: ", ")) in a way that \(format) cannot say",
        hint: "source code (cpp, python, swift) says every model")
    }
    return result
  }
}

extension Model {
  /// `value` plus a constant, where that is all that becomes of `value`.
  fileprivate func constantAdded(to value: Value) -> (total: Value, terms: [Double])? {
    let readers = steps.indices.filter { steps[$0].operands.contains(value) }
    guard readers.count == 1, let reader = readers.first, case .binary(.add, let a, let b) = steps[reader], a != b else { return nil }
    let other = a == value ? b : a
    let count = shape(of: value).count
    guard shape(of: Value(index: reader + 1)).count == count else { return nil }
    let terms = (0..<count).map { constant(shape(of: other).count == 1 ? 0 : $0, of: other) }
    let finite = terms.compactMap { $0 }.filter(\.isFinite)
    return finite.count == count ? (Value(index: reader + 1), finite) : nil
  }
}
