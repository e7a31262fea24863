import ForestIR

extension EstimatorLowering {
  /// Start values, then for each stage and class `raw[k] += learning_rate · value`.
  mutating func gradientBoosting(_ estimator: Estimator, _ x: Value, isClassifier: Bool) throws(ReadError) -> Prediction {
    let loss = try string("loss", of: estimator)
    let known: Set = isClassifier
      ? ["log_loss", "deviance", "exponential"] : ["squared_error", "absolute_error", "huber", "quantile", "ls", "lad"]
    guard known.contains(loss) else { throw fault(.unsupported, estimator, "loss", "the loss \"\(JSONCursor.clipped(loss))\" is not known") }
    let classes = isClassifier ? try severalClasses(of: estimator) : nil
    let width = classes.map { $0.count == 2 ? 1 : $0.count } ?? 1
    if loss == "exponential", width > 1 {
      throw fault(.inconsistent, estimator, "loss", "the exponential loss is one of two classes, not of \(width)")
    }
    let rate = try double("learning_rate", of: estimator)
    let start = try startValues(of: estimator, x, loss: loss, classes: classes, width: width)
    let (trees, groups) = try stages(of: estimator, width: width, featureCount: builder.shape(of: x).count)
    let raw: Value
    switch start {
    case .constant(let numbers):
      let weights = [Double](repeating: rate, count: trees.count)
      raw = try ask(trees, groups: groups, weights: weights, fold: .sum(start: Vector(numbers)), float32(x))
    case .value(let value):
      // Element i adds to class i mod K: the start values come first, then stage by stage.
      let products = try apply(.multiply, rate, ask(trees, fold: .each, float32(x)))
      raw = try add(.reduce(.sum, add(.concatenate([value, products])), count: width))
    }
    guard isClassifier else { return .regression(raw: nil, value: raw) }
    if width == 1 {
      let argument = loss == "exponential" ? try apply(.multiply, 2, raw) : raw
      return .classification(
        raw: raw, probabilities: [try logistic(argument)], label: .positive(raw, orZero: true))
    }
    let isOld = !(release ?? .latest).sharesLosses
    let probabilities = isOld ? try softmaxByLogarithm(raw) : try softmax(raw, sum: .pairwiseSum)
    return .classification(raw: raw, probabilities: [probabilities], label: .largest(raw))
  }

  /// The trees of `estimators_`, stage by stage, with the class to which each adds.
  private mutating func stages(
    of estimator: Estimator, width: Int, featureCount: Int
  ) throws(ReadError) -> (trees: [Tree], groups: [Int32]) {
    guard let stages = estimator.members else { throw fault(.missing, estimator, nil, "the estimator has no \"estimators_\"") }
    guard estimator.hasStages || stages.isEmpty else {
      throw fault(.malformed, estimator, nil, below: ".estimators_", "a list of lists of trees is needed here")
    }
    guard !stages.isEmpty else { throw fault(.inconsistent, estimator, nil, below: ".estimators_", "the list of estimators is empty") }
    var trees: [Tree] = []
    var groups: [Int32] = []
    trees.reserveCapacity(stages.count * width)
    for (index, stage) in stages.enumerated() {
      guard stage.count == width else {
        throw fault(
          .inconsistent, estimator, nil, below: ".estimators_[\(index)]", "a stage of \(stage.count) trees where \(width) are needed")
      }
      for (group, member) in stage.enumerated() {
        try expectPlainTree(member, PlainTrees.regressors)
        trees.append(try regressionTree(member, missing: .right, featureCount: featureCount))
        groups.append(Int32(group))
      }
    }
    return (trees, groups)
  }
}

extension ScikitRelease {
  /// The rules that hold where a file does not say by which release it was made.
  static let latest = ScikitRelease(major: 1, minor: 9)
}
