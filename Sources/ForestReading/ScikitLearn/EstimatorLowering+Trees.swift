import ForestIR

/// The classes of plain trees.
enum PlainTrees {
  static let classifiers: Set = ["DecisionTreeClassifier", "ExtraTreeClassifier"]
  static let regressors: Set = ["DecisionTreeRegressor", "ExtraTreeRegressor"]
}

// Single trees, and forests that add them up.

extension EstimatorLowering {
  /// Where NaN goes.
  enum MissingRule {
    /// As the tree says.
    case routed
    /// The comparison is false: to the right.
    case right
  }

  /// How the numbers of a classifier's leaf are to be taken.
  enum ValueKind: String { case fraction, weightedCount = "weighted_count", mean }

  mutating func tree(_ estimator: Estimator, _ x: Value, _ around: TargetClasses?) throws(ReadError) -> Prediction {
    let isClassifier = PlainTrees.classifiers.contains(try className(of: estimator))
    guard isClassifier else {
      let outputs = try outputs(of: estimator)
      let tree = try regressionTree(estimator, outputs: outputs)
      return .regression(raw: nil, value: try ask([tree], fold: .each, float32(x)))
    }
    let classes = try classes(of: estimator, around: around)
    var labels: [Double] = []
    var differs = false
    let tree = try classificationTree(estimator, classes, width: classes.total) { row, probabilities, leaves in
      leaves += probabilities
      labels.append(Double(Self.indexOfMaximum(row.prefix(classes.count))))
      if classes.isSingle, Self.indexOfMaximum(row) != Self.indexOfMaximum(probabilities[...]) { differs = true }
    }
    let result = try ask([tree], fold: .each, float32(x))
    // The trainer takes the largest count. Divided by their sum, two counts can become equal.
    var label = LabelRule.mostProbable
    if differs {
      let again = try relabelled(tree, labels)
      label = .given(try ask([again], fold: .each, float32(x)))
    }
    return .classification(raw: nil, probabilities: try split(result, classes), label: label)
  }

  /// The same tree with other leaves, of one number each.
  private func relabelled(_ tree: Tree, _ leaves: [Double]) throws(ReadError) -> Tree {
    do throws(ForestFault) {
      return try Tree(splits: tree.splits, leaves: leaves, leafNumbers: tree.leafNumbers)
    } catch {
      throw refusal(error)
    }
  }

  mutating func forest(_ estimator: Estimator, _ x: Value, isClassifier: Bool) throws(ReadError) -> Prediction {
    let members = try members(of: estimator)
    let count = Double(members.count)
    var trees: [Tree] = []
    trees.reserveCapacity(members.count)
    if isClassifier {
      let classes = try classes(of: estimator)
      for member in members {
        try expectPlainTree(member, PlainTrees.classifiers)
        try expectSame(classes, member, of: estimator)
        member.inherit("value_kind", from: estimator)
        trees.append(
          try classificationTree(member, classes, width: classes.total) { _, probabilities, leaves in leaves += probabilities })
      }
      let start = Vector([Double](repeating: 0, count: classes.total))
      let sum = try ask(trees, fold: .sum(start: start), float32(x))
      let mean = try apply(.divide, sum, count)
      return .classification(raw: nil, probabilities: try split(mean, classes), label: .mostProbable)
    }
    let outputs = try outputs(of: estimator)
    for member in members {
      try expectPlainTree(member, PlainTrees.regressors)
      trees.append(try regressionTree(member, outputs: outputs))
    }
    let sum = try ask(trees, fold: .sum(start: Vector([Double](repeating: 0, count: outputs))), float32(x))
    return .regression(raw: nil, value: try apply(.divide, sum, count))
  }

  // MARK: Members

  /// `estimators_`, a plain list of at least one.
  func members(of estimator: Estimator) throws(ReadError) -> [Estimator] {
    guard let stages = estimator.members else { throw fault(.missing, estimator, nil, "the estimator has no \"estimators_\"") }
    guard !estimator.hasStages else {
      throw fault(.malformed, estimator, nil, below: ".estimators_", "a plain list of estimators is needed here, not a list of lists")
    }
    guard let members = stages.first, !members.isEmpty else {
      throw fault(.inconsistent, estimator, nil, below: ".estimators_", "the list of estimators is empty")
    }
    return members
  }

  func expectPlainTree(_ member: Estimator, _ classes: Set<String>) throws(ReadError) {
    if member.values["class"] == nil, member.tree != nil { return }
    let name = try className(of: member)
    guard classes.contains(name) else {
      throw fault(.inconsistent, member, "class", "a \(classes.sorted().joined(separator: " or ")) is needed here, not \(JSONCursor.clipped(name))")
    }
  }

  /// The trees of a forest know the same classes, if they name any.
  private func expectSame(_ classes: TargetClasses, _ member: Estimator, of estimator: Estimator) throws(ReadError) {
    let own = try self.classes(of: member, around: classes)
    guard own.counts == classes.counts else {
      throw fault(.inconsistent, member, "classes_", "a tree of \(own.counts) classes in a forest of \(classes.counts)")
    }
  }

  /// The number of outputs of a regressor.
  func outputs(of estimator: Estimator) throws(ReadError) -> Int { try optionalCount("n_outputs_", of: estimator) ?? 1 }

  /// The probabilities of each output.
  private mutating func split(_ all: Value, _ classes: TargetClasses) throws(ReadError) -> [Value] {
    var first = 0
    var outputs: [Value] = []
    for count in classes.counts {
      outputs.append(try slice(all, from: first, count: count))
      first += count
    }
    return outputs
  }

  static func indexOfMaximum(_ x: ArraySlice<Double>) -> Int {
    x.indices.dropFirst().reduce(x.startIndex) { x[$1] > x[$0] ? $1 : $0 } - x.startIndex
  }
}

extension Estimator {
  /// Takes over a member of the estimator around it, unless it has its own.
  func inherit(_ name: String, from outer: Estimator) {
    if values[name] == nil { values[name] = outer.values[name] }
  }
}
