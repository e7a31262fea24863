import ForestIR

// What the parts of a file must have to do with each other, once all of it was read.

extension XGBoostModel {
  /// The release whose rules hold: the newest known one for files that do not say.
  var rules: XGBoostRelease { release ?? XGBoostRelease(3, 2) }

  /// Refuses what is no forest, or contradicts itself.
  func check() throws(ReadError) {
    guard let booster else { throw refusal(.missing, "learner", "the learner has no \"gradient_booster\" with a name") }
    guard booster == "gbtree" || booster == "dart" else {
      throw refusal(
        .unsupported, "gradient_booster", "the booster \"\(JSONCursor.clipped(booster))\" is not one of trees",
        hint: booster == "gblinear" ? "gblinear is a linear model; this program reads the boosters gbtree and dart" : nil)
    }
    guard marks["trees"] != nil else { throw refusal(.missing, "gradient_booster", "the booster has no \"trees\"") }
    guard let featureCount else { throw refusal(.missing, "learner", "the model does not say how many features it reads (num_feature)") }
    guard featureCount > 0 else { throw refusal(.outOfRange, "num_feature", "a model of no features") }
    guard featureCount <= XGBoostModel.featureLimit else {
      throw refusal(.limit, "num_feature", "\(featureCount) features; this program goes up to \(XGBoostModel.featureLimit)")
    }
    guard objective != nil else { throw refusal(.missing, "learner", "the model has no objective with a name") }
    if let treeCount, treeCount != trees.count {
      throw refusal(.inconsistent, "gbtree_model_param", "num_trees is \(treeCount), but there are \(trees.count) trees")
    }
    guard !trees.isEmpty else { throw refusal(.missing, "trees", "the model has no trees", hint: "was it trained?") }
    if !featureNames.isEmpty, featureNames.count != featureCount {
      throw refusal(.inconsistent, "feature_names", "\(featureNames.count) names for \(featureCount) features")
    }
    if !featureTypes.isEmpty, featureTypes.count != featureCount {
      throw refusal(.inconsistent, "feature_types", "\(featureTypes.count) types for \(featureCount) features")
    }
    if let tree = trees.firstIndex(where: { $0.featureCount > featureCount }) {
      throw refusal(
        .outOfRange, "trees", below: "[\(tree)].split_indices",
        "the tree asks for feature \(trees[tree].featureCount - 1) of \(featureCount)")
    }
    try checkOutputs()
    try checkIterations()
    if booster == "dart", weights == nil {
      throw refusal(.missing, "gradient_booster", "the dart booster has no \"weight_drop\"")
    }
    if let weights {
      guard weights.count == trees.count else {
        throw refusal(.inconsistent, "weight_drop", "\(weights.count) weights for \(trees.count) trees")
      }
      if let index = weights.firstIndex(where: { !$0.isFinite }) {
        throw refusal(.notFinite, "weight_drop", below: "[\(index)]", "the weight of tree \(index) is not finite")
      }
    }
  }

  private func checkOutputs() throws(ReadError) {
    guard outputCount <= XGBoostModel.countLimit else { throw refusal(.limit, "learner_model_param", "\(outputCount) outputs") }
    guard leafWidth == 1 || leafWidth == outputCount else {
      throw refusal(.inconsistent, "trees", "leaves of \(leafWidth) numbers for \(outputCount) outputs")
    }
    // Every output gets a tree in each iteration; a few bytes cannot stand for any number of columns.
    guard leafWidth > 1 || outputCount <= trees.count else {
      throw refusal(.inconsistent, "learner_model_param", "\(outputCount) outputs, but only \(trees.count) trees")
    }
    guard let treeOutputs else {
      guard outputCount == 1 || leafWidth > 1 else { throw refusal(.missing, "model", "the model has no \"tree_info\"") }
      return
    }
    guard treeOutputs.count == trees.count else {
      throw refusal(.inconsistent, "tree_info", "tree_info has \(treeOutputs.count) elements for \(trees.count) trees")
    }
    let end = leafWidth > 1 ? 1 : outputCount
    if let tree = treeOutputs.firstIndex(where: { $0 < 0 || $0 >= end }) {
      throw refusal(
        .outOfRange, "tree_info", below: "[\(tree)]", "tree \(tree) adds to output \(treeOutputs[tree]) of \(end)")
    }
  }

  private func checkIterations() throws(ReadError) {
    guard let starts = iterationStarts else { return }
    guard starts.first == 0, Int(starts.last ?? 0) == trees.count else {
      throw refusal(.inconsistent, "iteration_indptr", "the iterations do not go from tree 0 to tree \(trees.count)")
    }
    for (index, start) in starts.enumerated().dropFirst() where start <= starts[index - 1] {
      throw refusal(.inconsistent, "iteration_indptr", below: "[\(index)]", "iterations that do not follow one another")
    }
  }

  /// The margins at which the sums start, one for each output.
  func startMargins(_ objective: XGBoostObjective) throws(ReadError) -> [Float] {
    guard !baseScore.isEmpty else { throw refusal(.missing, "learner", "the model has no base score") }
    guard baseScore.count == 1 || baseScore.count == outputCount else {
      throw refusal(.inconsistent, "base_score", "\(baseScore.count) base scores for \(outputCount) outputs")
    }
    var margins: [Float] = []
    for score in baseScore {
      guard let margin = objective.margin(score, release: rules) else {
        throw refusal(
          .outOfRange, "base_score",
          "the base score is \(score); with the objective \(JSONCursor.clipped(self.objective ?? "")) it is \(objective.range)")
      }
      margins.append(margin)
    }
    return margins.count == outputCount ? margins : Array(repeating: margins[0], count: outputCount)
  }

  // MARK: Early stopping

  /// How many trees the best iteration and all before it have; nil if the file does not name a best iteration.
  ///
  /// The scikit-learn wrapper of XGBoost uses these, `Booster.predict` all.
  func bestTreeCount() throws(ReadError) -> Int? {
    guard let text = attributes["best_iteration"] else { return nil }
    guard let best = Int(parameter: text), best >= 0, best < trees.count else {
      throw refusal(.outOfRange, "attributes", "the best iteration is \"\(JSONCursor.clipped(text))\", of \(trees.count) trees in all")
    }
    let count: Int
    if let starts = iterationStarts {
      guard best + 1 < starts.count else {
        throw refusal(.outOfRange, "attributes", "the best iteration is \(best), but there are \(starts.count - 1)")
      }
      count = Int(starts[best + 1])
    } else {
      // Early releases do not keep how many trees grow in parallel, but what is to be handed over as ntree_limit.
      let trees: Int
      if parallelTreeCount == nil, let limit = attributes["best_ntree_limit"].flatMap({ Int(parameter: $0) }) {
        trees = limit
      } else {
        trees = (best + 1).multipliedReportingOverflow(by: parallelTreeCount ?? 1).partialValue
      }
      count = trees.multipliedReportingOverflow(by: leafWidth > 1 ? 1 : outputCount).partialValue
    }
    guard count > 0, count <= trees.count else {
      throw refusal(.inconsistent, "attributes", "the best iteration is \(best), which needs \(count) of \(trees.count) trees")
    }
    return count
  }
}
