import ForestIR

// From a tree as it stands in the file to a tree of the IR: what its leaves mean, and where NaN goes.

extension EstimatorLowering {
  /// Makes the IR's tree of an estimator's `tree_`, which is thereby freed.
  ///
  /// - Parameters:
  ///   - features: the columns that the tree's features stand for; nil: themselves.
  ///   - leafWidth: how many numbers a leaf holds then.
  ///   - leaves: makes all leaves' numbers; unless given, they are taken as they stand.
  func irTree(
    _ estimator: Estimator, features: [Int32]? = nil, featureCount: Int? = nil, missing: MissingRule = .routed, leafWidth: Int,
    leaves: (inout NodeTree) throws(ReadError) -> [Double] = { $0.leaves }
  ) throws(ReadError) -> Tree {
    guard var tree = estimator.tree else { throw fault(.missing, estimator, nil, "the estimator has no \"tree_\"") }
    estimator.tree = nil
    let own = try optionalCount("n_features_in_", of: estimator)
    let limit = features?.count ?? featureCount ?? own ?? Int.max
    for index in tree.splits.indices {
      let split = tree.splits[index]
      guard split.feature < limit else {
        throw cursor.fault(.outOfRange, at: tree.place, below: ".feature", "a node asks for feature \(split.feature) of \(limit)")
      }
      let nanGoesLeft = missing == .routed && split.nanGoesLeft
      if features != nil || nanGoesLeft != split.nanGoesLeft {
        tree.splits[index] = Split(
          feature: features.map { Int($0[Int(split.feature)]) } ?? Int(split.feature), test: split.test, threshold: split.threshold,
          nanGoesLeft: nanGoesLeft, left: split.left, right: split.right)
      }
    }
    let numbers = try leaves(&tree)
    if numbers.contains(where: \.isInfinite) {
      remarks.note(.oddity, "a leaf value is infinite", place: tree.place.path)
    }
    do throws(ForestFault) {
      return try Tree(
        splits: tree.splits, leaves: numbers, leafWidth: leafWidth, leafNumbers: tree.leafNumbers, categorySets: tree.categorySets)
    } catch {
      throw cursor.fault(.inconsistent, at: tree.place, error.message)
    }
  }

  /// A tree whose leaves hold one number for each output.
  func regressionTree(
    _ estimator: Estimator, outputs: Int = 1, features: [Int32]? = nil, missing: MissingRule = .routed, featureCount: Int? = nil
  ) throws(ReadError) -> Tree {
    if let tree = estimator.tree {
      let isFitting = tree.rowShape.map { $0.outputs == outputs && $0.classes == 1 } ?? (tree.rowLength == outputs)
      guard isFitting else {
        throw cursor.fault(
          .inconsistent, at: tree.place, below: ".value", "\(tree.rowLength) numbers for each node of a regression tree of \(outputs) outputs")
      }
    }
    return try irTree(estimator, features: features, featureCount: featureCount, missing: missing, leafWidth: outputs)
  }

  /// A tree whose leaves are made of the probabilities of classes.
  ///
  /// - Parameters:
  ///   - width: how many numbers a leaf holds.
  ///   - leaf: appends them, given the row as it stands in the file (of a single output) and the probabilities of all outputs.
  func classificationTree(
    _ estimator: Estimator, _ classes: TargetClasses, features: [Int32]? = nil, missing: MissingRule = .routed, width: Int,
    leaf: (_ row: ArraySlice<Double>, _ probabilities: [Double], _ leaves: inout [Double]) -> Void
  ) throws(ReadError) -> Tree {
    if let value = estimator.values["value_kind"] {
      guard let kind = ValueKind(rawValue: value.value.text ?? "") else {
        throw fault(.malformed, estimator, "value_kind", "value_kind is fraction, weighted_count or mean")
      }
      guard kind != .mean else { throw fault(.inconsistent, estimator, "value_kind", "means are of regression, not of classes") }
    }
    return try irTree(estimator, features: features, missing: missing, leafWidth: width) { (tree) throws(ReadError) in
      let most = classes.counts.max() ?? 0
      let isFitting = tree.rowShape.map { $0.outputs == classes.counts.count && $0.classes == most }
        ?? (tree.rowLength == classes.counts.count * most)
      guard isFitting else {
        throw cursor.fault(
          .inconsistent, at: tree.place, below: ".value",
          "\(tree.rowLength) numbers for each node, but there are \(classes.counts.map(String.init).joined(separator: ", ")) classes")
      }
      let kind = valueKind(of: estimator, tree, most)
      var numbers: [Double] = []
      let count = tree.leaves.count / tree.rowLength
      numbers.reserveCapacity(count * width)
      var probabilities: [Double] = []
      for index in 0..<count {
        let row = tree.leaves[index * tree.rowLength..<(index + 1) * tree.rowLength]
        probabilities.removeAll(keepingCapacity: true)
        for (output, classCount) in classes.counts.enumerated() {
          let part = row.dropFirst(output * most).prefix(classCount)
          let sum = pairwiseSum(part)
          if let problem = problem(part, sum, kind) {
            throw cursor.fault(
              .outOfRange, at: tree.place, below: ".value[\(tree.leafNumbers?[index] ?? Int32(index))]", problem)
          }
          if kind == .weightedCount {
            let norm = sum == 0 ? 1 : sum
            for number in part { probabilities.append(number / norm) }
          } else {
            probabilities += part
          }
        }
        leaf(row, probabilities, &numbers)
      }
      return numbers
    }
  }

  private func problem(_ row: ArraySlice<Double>, _ sum: Double, _ kind: ValueKind) -> String? {
    if let negative = row.first(where: { $0 < 0 }) { return "a class has the \(kind == .fraction ? "fraction" : "count") \(negative)" }
    if kind != .weightedCount, !(abs(sum - 1) < 1e-5) { return "the fractions of the classes add up to \(sum), not to 1" }
    if !sum.isFinite { return "the counts of the classes add up to \(sum)" }
    return nil
  }

  /// Fractions or counts: what the file says, else what the release stored, else what the numbers look like.
  private func valueKind(of estimator: Estimator, _ tree: NodeTree, _ most: Int) -> ValueKind {
    if let text = estimator.values["value_kind"]?.value.text, let kind = ValueKind(rawValue: text) { return kind }
    if let release { return release.storesFractions ? .fraction : .weightedCount }
    let isFraction = stride(from: 0, to: tree.leaves.count, by: most).allSatisfy {
      abs(tree.leaves[$0..<min($0 + most, tree.leaves.count)].reduce(0, +) - 1) < 1e-5
    }
    remarks.note(
      .choice, "the file does not name the scikit-learn release: the leaf values of classifiers are taken for "
        + (isFraction ? "fractions, since they add up to 1" : "weighted counts, since they do not add up to 1"))
    return isFraction ? .fraction : .weightedCount
  }
}
