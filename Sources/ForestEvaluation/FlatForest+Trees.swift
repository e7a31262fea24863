import ForestIR

/// Lays out the trees of a forest, one ensemble after another.
struct TreeLowering {
  let strategy: Evaluator.Strategy
  var nodes: [FlatNode] = []
  var leafValues: [Double] = []
  var vectorPlaces: [UInt32] = []
  var leafVectors: [Double] = []
  var leafNumbers: [Int32] = []
  var leafFormPlaces: [UInt32] = []
  var leafForms: [FlatLeafForm] = []
  var leafFormTerms: [FlatLeafForm.Term] = []
  var forms: [FlatForm] = []
  var coefficients: [Double] = []
  var setWords: [UInt32] = []

  /// Nodes, forms, numbers of leaves and words of sets beyond this cannot be numbered.
  private static let limit = Int(FlatNode.formBit)

  /// - Parameters:
  ///   - features: the vector that the trees read.
  ///   - width: the width of its numbers.
  ///   - firstFree: the first of the columns in which copies of features may be put; how many are used, the
  ///     result says.
  mutating func lower(
    _ ensemble: TreeEnsemble, features: Columns, width: Width, firstTree: Int, firstFree: Int
  ) throws(ForestFault) -> FlatEnsemble {
    let start: [Double]? = if case .sum(let start) = ensemble.fold { start.elements } else { nil }
    var copies = Copies(firstFree: firstFree)
    var trees: [FlatTree] = []
    trees.reserveCapacity(ensemble.trees.count)
    for (index, tree) in ensemble.trees.enumerated() {
      let weight: Double? = if case .sum = ensemble.fold { ensemble.weights?.elements[index] } else { nil }
      // The product is the same whenever it is rounded, so it can be made beforehand.
      let values = weight.map { weight in
        tree.leaves.map { BinaryFunction.multiply.value(weight, $0, in: ensemble.width) }
      }
      let output = if case .sum = ensemble.fold { Int(ensemble.groups[index]) } else { index * ensemble.leafWidth }
      trees.append(
        try lower(
          tree, values: values ?? tree.leaves, features: features, output: output, &copies))
    }
    return FlatEnsemble(
      trees: trees, walk: trees.map(\.walk).max() ?? .comparisons, leafWidth: ensemble.leafWidth,
      hasLeafForms: ensemble.trees.contains { $0.leafForms != nil },
      start: start, width: ensemble.width, copies: copies.list, firstFeature: features.start, firstTree: firstTree)
  }

  /// Nil for what is better walked through, or cannot be asked by ranks of a byte.
  func ranked(_ ensemble: TreeEnsemble, features: Columns, width: Width) -> RankedTrees? {
    guard strategy == .automatic || strategy == .ranks,
      let ranked = RankedTrees(ensemble, features: features, width: width),
      strategy == .ranks || ranked.isWorthwhile
    else { return nil }
    return ranked
  }

  /// The same for ranks of 16 bits.
  func wide(_ ensemble: TreeEnsemble, features: Columns, width: Width) -> WideTrees? {
    guard strategy != .walks, let wide = WideTrees(ensemble, features: features, width: width),
      strategy != .automatic || wide.isWorthwhile
    else { return nil }
    return wide
  }

  /// The columns that splits compare instead of a feature's own.
  private struct Copies {
    private struct Key: Hashable {
      let source: Int
      let treatment: NaNTreatment
    }
    let firstFree: Int
    private(set) var list: [FlatEnsemble.Copy] = []
    private var known: [Key: Int] = [:]

    init(firstFree: Int) { self.firstFree = firstFree }

    mutating func column(of source: Int, _ treatment: NaNTreatment) -> Int {
      if treatment == .unchanged { return source }
      let key = Key(source: source, treatment: treatment)
      if let column = known[key] { return column }
      let column = firstFree + list.count
      known[key] = column
      list.append(FlatEnsemble.Copy(source: source, treatment: treatment, target: column))
      return column
    }
  }

  /// Lays out one tree, level by level, so that its upper part lies together.
  private mutating func lower(
    _ tree: Tree, values: [Double], features: Columns, output: Int, _ copies: inout Copies
  ) throws(ForestFault) -> FlatTree {
    let root = nodes.count
    guard root + tree.splits.count + tree.leafCount < TreeLowering.limit,
      forms.count + tree.splits.count < TreeLowering.limit,
      leafVectors.count + tree.leaves.count < TreeLowering.limit,
      tree.categorySets.reduce(setWords.count, { $0 + $1.words.count }) < TreeLowering.limit
    else { throw ForestFault(.limit, "a forest of more nodes than can be numbered") }

    let wordRanges = tree.categorySets.map { set in
      defer { setWords += set.words }
      return WordRange(first: setWords.count, count: set.words.count)
    }
    // The leaves keep their order here, whatever that of the nodes.
    let firstNumber = leafVectors.count
    if tree.leafWidth > 1 { leafVectors += values }

    let firstForm = leafForms.count
    if let forms = tree.leafForms { append(forms) }

    var walk = FlatTree.Walk.comparisons
    var shallowest = tree.depth
    var level = [tree.splits.isEmpty ? Child.leaf(0) : Child.split(0)]
    var depth = 0
    while !level.isEmpty {
      var below: [Child] = []
      // Children follow behind the whole level, in the order of their parents.
      let firstBelow = nodes.count + level.count
      for child in level {
        let leaf = child.isLeaf ? child.index : nil
        if tree.leafWidth > 1 {
          leafValues.append(0)
          // Trees of leaves of one number may have come before.
          while vectorPlaces.count < nodes.count { vectorPlaces.append(0) }
          vectorPlaces.append(leaf.map { UInt32(firstNumber + $0 * tree.leafWidth) } ?? 0)
        } else {
          leafValues.append(leaf.map { values[$0] } ?? 0)
        }
        if tree.leafForms != nil {
          while leafFormPlaces.count < nodes.count { leafFormPlaces.append(FlatLeafForm.none) }
          leafFormPlaces.append(leaf.map { UInt32(firstForm + $0) } ?? FlatLeafForm.none)
        }
        leafNumbers.append(leaf.map { tree.number(ofLeaf: $0) } ?? -1)
        if leaf != nil {
          shallowest = min(shallowest, depth)
          nodes.append(
            FlatNode(threshold: .nan, column: UInt32(features.start), child: UInt32(nodes.count)))
          continue
        }
        let split = tree.splits[child.index]
        let question = Question(split)
        let column: UInt32
        var threshold = question.threshold
        switch split.test {
        case .less, .lessOrEqual:
          column = UInt32(copies.column(of: features.start + Int(split.feature), question.treatment))
        case .inSet:
          walk = max(walk, .sets)
          column =
            UInt32(features.start + Int(split.feature)) | FlatNode.setBit
            | (split.nanGoesLeft ? FlatNode.nanLeftBit : 0)
          threshold = Double(bitPattern: wordRanges[Int(split.threshold)].bits)
        case .linearLessOrEqual:
          walk = .forms
          column = UInt32(forms.count) | FlatNode.formBit
          append(tree.linearForms[Int(split.feature)], question.treatment)
        }
        nodes.append(FlatNode(threshold: threshold, column: column, child: UInt32(firstBelow + below.count)))
        below.append(split.left)
        below.append(split.right)
      }
      level = below
      depth += 1
    }
    return FlatTree(
      root: UInt32(root), shallowest: shallowest, deepest: tree.depth, walk: walk, output: output)
  }

  private mutating func append(_ forms: [LeafForm]) {
    for form in forms {
      leafForms.append(FlatLeafForm(offset: form.offset, first: leafFormTerms.count, count: form.features.count))
      for (feature, coefficient) in zip(form.features, form.coefficients) {
        leafFormTerms.append(.init(coefficient: coefficient, feature: feature))
      }
    }
  }

  private mutating func append(_ form: LinearForm, _ treatment: NaNTreatment) {
    forms.append(
      FlatForm(
        offset: form.offset, first: coefficients.count, count: form.coefficients.count, treatment: treatment))
    coefficients += form.coefficients
  }

  /// A split's question in the form `x >= threshold goes right`, NaN going left; not for category sets.
  private struct Question {
    let threshold: Double
    let treatment: NaNTreatment

    init(_ split: Split) {
      if split.test != .less, split.threshold == .infinity {
        // Every number is at most +∞; there is no next number, and none is needed.
        threshold = split.nanGoesLeft ? .nan : 1
        treatment = split.nanGoesLeft ? .unchanged : .mark
      } else {
        threshold = split.test == .less ? split.threshold : split.threshold.nextUp
        treatment = split.nanGoesLeft ? .unchanged : .infinite
      }
    }
  }
}
