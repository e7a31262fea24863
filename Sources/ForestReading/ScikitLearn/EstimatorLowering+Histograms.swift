import ForestIR

extension EstimatorLowering {
  /// Start values plus the trees' values, which were shrunk in training already. Comparisons are of float64 numbers.
  mutating func histogramBoosting(_ estimator: Estimator, _ x: Value, isClassifier: Bool) throws(ReadError) -> Prediction {
    let loss = try string("loss", of: estimator)
    let known: Set = isClassifier
      ? ["log_loss", "auto", "binary_crossentropy", "categorical_crossentropy"]
      : ["squared_error", "absolute_error", "quantile", "poisson", "gamma", "least_squares", "least_absolute_deviation"]
    guard known.contains(loss) else { throw fault(.unsupported, estimator, "loss", "the loss \"\(JSONCursor.clipped(loss))\" is not known") }
    let classes = isClassifier ? try severalClasses(of: estimator) : nil
    let width = classes.map { $0.count == 2 ? 1 : $0.count } ?? 1
    let start = try doubles("baseline_prediction", of: estimator)
    guard start.count == width else {
      throw fault(.inconsistent, estimator, "baseline_prediction", "\(start.count) start values where \(width) are needed")
    }
    guard let predictors = estimator.predictors else { throw fault(.missing, estimator, nil, "the estimator has no \"predictors\"") }
    guard !predictors.isEmpty else { throw fault(.inconsistent, estimator, nil, below: ".predictors", "the list of predictors is empty") }
    estimator.predictors = nil

    let columns = try histogramColumns(of: estimator, featureCount: builder.shape(of: x).count)
    var trees: [Tree] = []
    var groups: [Int32] = []
    trees.reserveCapacity(predictors.count * width)
    for (index, stage) in predictors.enumerated() {
      guard stage.count == width else {
        throw fault(
          .inconsistent, estimator, nil, below: ".predictors[\(index)]", "a stage of \(stage.count) trees where \(width) are needed")
      }
      for (group, tree) in stage.enumerated() {
        trees.append(try histogramTree(tree, columns))
        groups.append(Int32(group))
      }
    }
    let features = try columns.vector(float64(x), &self)
    let raw = try ask(trees, groups: groups, fold: .sum(start: Vector(start)), features)
    guard isClassifier else {
      let value = loss == "poisson" || loss == "gamma" ? try apply(.exponential, raw) : raw
      return .regression(raw: raw, value: value)
    }
    if width == 1 {
      return .classification(raw: raw, probabilities: [try logistic(raw)], label: .positive(raw, orZero: false))
    }
    return .classification(raw: raw, probabilities: [try softmax(raw, sum: .sum)], label: .largest(raw))
  }

  private func histogramTree(_ tree: NodeTree, _ columns: HistogramColumns) throws(ReadError) -> Tree {
    guard tree.rowLength == 1 else {
      throw cursor.fault(.inconsistent, at: tree.place, below: ".value", "\(tree.rowLength) numbers for each node, not 1")
    }
    var splits = tree.splits
    var sets: [CategorySet] = []
    var known: [CategorySet: Int] = [:]
    for (index, split) in splits.enumerated() {
      guard split.feature < columns.places.count else {
        throw cursor.fault(
          .outOfRange, at: tree.place, below: ".feature_idx", "a node asks for feature \(split.feature) of \(columns.places.count)")
      }
      let column = columns.places[Int(split.feature)]
      var threshold = split.threshold
      if split.test == .inSet {
        guard column.isCategorical else {
          throw cursor.fault(
            .inconsistent, at: tree.place, below: ".is_categorical", "a categorical node asks for feature \(split.feature), which is not categorical")
        }
        let set = column.set(tree.categorySets[Int(split.threshold)], missingGoesLeft: split.nanGoesLeft)
        if let index = known[set] {
          threshold = Double(index)
        } else {
          threshold = Double(sets.count)
          known[set] = sets.count
          sets.append(set)
        }
      }
      splits[index] = Split(
        feature: column.position, test: split.test, threshold: threshold, nanGoesLeft: split.nanGoesLeft, left: split.left,
        right: split.right)
    }
    do throws(ForestFault) {
      return try Tree(splits: splits, leaves: tree.leaves, leafNumbers: tree.leafNumbers, categorySets: sets)
    } catch {
      throw cursor.fault(.inconsistent, at: tree.place, error.message)
    }
  }
}
