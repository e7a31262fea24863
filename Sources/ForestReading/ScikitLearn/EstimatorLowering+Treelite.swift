import ForestIR

extension EstimatorLowering {
  /// Sums from 0 in the order of the trees, divided by their number where the model says so, plus the base scores.
  mutating func treelite(_ estimator: Estimator, _ x: Value) throws(ReadError) -> Prediction {
    guard let stages = estimator.predictors, let trees = stages.first, !trees.isEmpty else {
      throw fault(.inconsistent, estimator, nil, below: ".trees", "the list of trees is empty")
    }
    estimator.predictors = nil
    for name in ["num_target"] {
      guard try optionalCount(name, of: estimator) ?? 1 == 1 else { throw fault(.unsupported, estimator, name, "several targets") }
    }
    let base = try optionalDoubles("base_scores", of: estimator) ?? [0]
    let width = base.count
    let threshold = try string("threshold_type", of: estimator)
    guard threshold == "float32" || threshold == "float64" else {
      throw fault(.unsupported, estimator, "threshold_type", "thresholds are float32 or float64")
    }
    if let leaf = optional("leaf_output_type", of: estimator), leaf.text != "float64" {
      throw fault(.unsupported, estimator, "leaf_output_type", "leaf values that are not float64 do not come from scikit-learn")
    }
    let ids = try optionalDoubles("class_id", of: estimator)
    guard ids == nil || ids?.count == trees.count else {
      throw fault(.inconsistent, estimator, "class_id", "\(ids!.count) classes for \(trees.count) trees")
    }
    var made: [Tree] = []
    var groups: [Int32] = []
    for (index, tree) in trees.enumerated() {
      let isVector = tree.rowLength > 1
      let group = isVector ? 0 : max(0, Int(exactly: ids?[index] ?? 0) ?? -1)
      guard isVector ? tree.rowLength == width : group < width else {
        throw fault(.inconsistent, estimator, nil, below: ".trees[\(index)]", "the tree does not fit \(width) base scores")
      }
      groups.append(Int32(group))
      do throws(ForestFault) {
        made.append(
          try Tree(splits: tree.splits, leaves: tree.leaves, leafWidth: tree.rowLength, leafNumbers: tree.leafNumbers))
      } catch {
        throw cursor.fault(.inconsistent, at: tree.place, error.message)
      }
    }
    remarks.note(
      .choice, "a treelite model: its leaf values are products of the learning rate and were rounded, so that scores are treelite's, "
        + "and may differ from scikit-learn's own in the last bits")
    let start = Vector([Double](repeating: 0, count: width))
    var raw = try ask(made, groups: groups, fold: .sum(start: start), threshold == "float32" ? float32(x) : float64(x))
    if try bool("average_tree_output", of: estimator, otherwise: false) { raw = try average(raw, groups, made[0].leafWidth, width) }
    raw = try apply(.add, raw, constant(base))
    return try treeliteResult(raw, of: estimator, width)
  }

  /// Each sum divided by the number of trees that add to it.
  private mutating func average(_ raw: Value, _ groups: [Int32], _ leafWidth: Int, _ width: Int) throws(ReadError) -> Value {
    guard leafWidth == 1 else { return try apply(.divide, raw, Double(groups.count)) }
    var counts = [Double](repeating: 0, count: width)
    for group in groups { counts[Int(group)] += 1 }
    return try apply(.divide, raw, constant(counts.map { max($0, 1) }))
  }

  private mutating func treeliteResult(_ raw: Value, of estimator: Estimator, _ width: Int) throws(ReadError) -> Prediction {
    let name = try string("postprocessor", of: estimator)
    switch name {
    case "identity" where width == 1: return .regression(raw: nil, value: raw)
    case "exponential" where width == 1: return .regression(raw: raw, value: try apply(.exponential, raw))
    case "identity_multiclass" where width > 1:
      return .classification(raw: nil, probabilities: [raw], label: .mostProbable)
    case "sigmoid" where width == 1:
      guard try optionalDouble("sigmoid_alpha", of: estimator) ?? 1 == 1 else {
        throw fault(.unsupported, estimator, "sigmoid_alpha", "a sigmoid of another steepness than 1")
      }
      return .classification(raw: raw, probabilities: [try logistic(raw)], label: .positive(raw, orZero: false))
    case "softmax" where width > 1:
      return .classification(raw: raw, probabilities: [try softmax(raw, sum: .sum)], label: .largest(raw))
    default:
      throw fault(.unsupported, estimator, "postprocessor", "the postprocessor \"\(JSONCursor.clipped(name))\" of \(width) numbers cannot be read")
    }
  }
}
