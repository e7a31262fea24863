import ForestIR

/// From a FastBDT classifier to a forest.
///
/// Inputs are rounded to float32. `F = (F0 / shrinkage + Σ weights) · shrinkage` in float64, the weights in order; the result is
/// `1 / (1 + exp(−2 F))`, or F itself, rounded to float32. A missing value ends the walk where it is asked for: the node's own
/// weight counts.
struct FastBDTLowering {
  let model: FastBDTModel
  var builder: ModelBuilder

  init(_ model: FastBDTModel) {
    self.model = model
    builder = ModelBuilder(inputCount: model.featureCount, width: .float32)
  }

  /// - Throws: `ForestFault` where the file holds numbers that no model may have.
  consuming func forest(_ source: Provenance.Source?) throws(ForestFault) -> ForestIR.Forest {
    let forest = model.isUnbinned ? model.values : model.bins
    let margin = try margin(forest)
    var response = margin
    if forest.isProbability {
      let one = try builder.add(.constant([1], .float64))
      let power = try builder.add(.unary(.exponential, builder.add(.binary(.multiply, builder.add(.constant([-2], .float64)), margin))))
      response = try builder.add(.binary(.divide, one, builder.add(.binary(.add, one, power))))
    }
    response = try builder.add(.convert(builder.add(.convert(response, to: .float32)), to: .float64))
    let result = try builder.add(.concatenate([margin, response]))
    let computation = try builder.model(result: result)
    let columns = [
      Column(name: "raw", role: .margin, meaning: "F, the sum over the trees: higher is more like signal", width: .float64),
      Column(
        name: "pred", role: .response,
        meaning: forest.isProbability ? "the probability of signal" : "F, the sum over the trees: higher is more like signal", width: .float32),
    ]
    let inputs = (0..<model.featureCount).map { Input(label: "x\($0)", isUnnamed: true) }
    return try ForestIR.Forest(inputs: inputs, model: computation, columns: columns, provenance: provenance(source))
  }

  private mutating func margin(_ forest: FastBDTModel.Forest) throws(ForestFault) -> Value {
    guard forest.shrinkage != 0 else { throw ForestFault(.number, "the shrinkage is 0") }
    let start = forest.start / forest.shrinkage
    let sum: Value
    if forest.trees.isEmpty {
      sum = try builder.add(.constant([start], .float64))
    } else {
      let features = try model.isUnbinned ? .inputs : bins()
      var trees: [Tree] = []
      for (index, tree) in forest.trees.enumerated() {
        do throws(ForestFault) { trees.append(try self.tree(tree)) } catch {
          var error = error
          error.tree = index
          throw error
        }
      }
      sum = try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [start])), features))
    }
    return try builder.add(.binary(.multiply, sum, builder.add(.constant([forest.shrinkage], .float64))))
  }

  // MARK: Trees

  /// Where a node hangs: a split, and which side of it; nil for the root.
  private typealias Hook = (split: Int, isRight: Bool)?

  /// A tree, each question for a feature that was not asked for on the way preceded by the question whether it is missing.
  private func tree(_ tree: FastBDTModel.Tree) throws(ForestFault) -> Tree {
    var splits: [(feature: Int, test: Split.Test, threshold: Double, left: Int32, right: Int32)] = []
    var leaves: [Double] = []
    var numbers: [Int32] = []
    func hang(_ code: Int32, _ hook: Hook) {
      guard let hook else { return }
      if hook.isRight { splits[hook.split].right = code } else { splits[hook.split].left = code }
    }
    func leaf(_ node: Int, _ hook: Hook) {
      hang(~Int32(leaves.count), hook)
      leaves.append(Double(tree.weights[node - 1]))
      numbers.append(Int32(node - 1))
    }
    func split(_ feature: Int, _ test: Split.Test, _ threshold: Double, _ hook: Hook) -> Int {
      hang(Int32(splits.count), hook)
      splits.append((feature, test, threshold, 0, 0))
      return splits.count - 1
    }
    var open: [(node: Int, hook: Hook, known: [Int])] = [(1, nil, [])]
    while let (node, hook, known) = open.popLast() {
      guard node <= tree.cuts.count, tree.cuts[node - 1].isValid else {
        leaf(node, hook)
        continue
      }
      let cut = tree.cuts[node - 1]
      var hook = hook
      if !known.contains(cut.feature) {
        // Numbers are not above infinity, NaN is sent to the right; of bins, 0 is the missing value.
        let index = model.isUnbinned ? split(cut.feature, .lessOrEqual, .infinity, hook) : split(cut.feature, .less, 1, hook)
        leaf(node, (index, model.isUnbinned))
        hook = (index, !model.isUnbinned)
      }
      let inner = known.contains(cut.feature) ? known : known + [cut.feature]
      if cut.threshold.isNaN {
        // Nothing is at or above NaN.
        open.append((2 * node, hook, inner))
      } else {
        let index = split(cut.feature, .less, cut.threshold, hook)
        open.append((2 * node + 1, (index, true), inner))
        open.append((2 * node, (index, false), inner))
      }
    }
    return try Tree(
      splits: splits.map {
        Split(
          feature: $0.feature, test: $0.test, threshold: $0.threshold, nanGoesLeft: false, left: Child(code: $0.left),
          right: Child(code: $0.right))
      },
      leaves: leaves, leafNumbers: numbers)
  }

  // MARK: Bins

  /// The number of each feature's bin, 0 for a missing value; behind a transformed feature, the bin's position by purity.
  private mutating func bins() throws(ForestFault) -> Value {
    var trees: [Tree] = []
    var mappings = model.mappings.makeIterator()
    for (feature, binning) in model.binnings.enumerated() {
      let count = 1 << binning.levels + 1
      trees.append(try Self.search(feature, binning, results: (0..<count).map(Double.init)))
      guard model.isTransformed[feature] else { continue }
      guard let mapping = mappings.next(), mapping.count == count else {
        throw ForestFault(.shape, "the purity mapping of feature \(feature) is not one of \(count) bins")
      }
      trees.append(try Self.search(feature, binning, results: mapping.map(Double.init)))
    }
    return try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .each), .inputs))
  }

  /// The search for a value's bin, as a tree.
  private static func search(_ feature: Int, _ binning: FastBDTModel.Binning, results: [Double]) throws(ForestFault) -> Tree {
    let inner = 1 << binning.levels
    // Split 0 asks whether the value is missing; then boundary i of the heap is split i, and leaf 0 is the missing value's.
    var splits = [
      Split(feature: feature, test: .lessOrEqual, threshold: .infinity, nanGoesLeft: false, left: .split(1), right: .leaf(0))
    ]
    for index in 1..<inner {
      let children = [2 * index, 2 * index + 1].map { $0 < inner ? Child.split($0) : Child.leaf($0 - inner + 1) }
      splits.append(
        Split(
          feature: feature, test: .less, threshold: Double(binning.boundaries[index]), nanGoesLeft: false, left: children[0],
          right: children[1]))
    }
    return try Tree(splits: splits, leaves: results, leafNumbers: results.indices.map { Int32($0) })
  }

  private func provenance(_ source: Provenance.Source?) -> Provenance {
    var notes: [Provenance.Note] = []
    if !model.isUnbinned {
      notes.append(.init(.choice, "the first \(model.finalFeatureCount) trees find the bins of the features; the classifier's own follow"))
    }
    return Provenance(
      trainer: "FastBDT 5", kind: "stochastic gradient boosting, classification", format: "FastBDT weight file", source: source,
      facts: [Provenance.Fact("nTrees", "\(model.treeCount)"), Provenance.Fact("depth", "\(model.depth)")], notes: notes)
  }
}
