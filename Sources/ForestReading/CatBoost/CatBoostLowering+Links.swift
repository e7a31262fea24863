import ForestIR

// What the loss function makes of the sums, each operation as the trainer does it, and the words around the numbers.

extension CatBoostLowering {
  /// What `predict` gives, or the probabilities where there are classes.
  private enum Link {
    /// The sums themselves.
    case identity
    /// The fast exponential of the sum.
    case exponential
    /// Two classes: what is left to 1, and `1 / (1 + exp(−x))`.
    case logistic
    /// `1 / (1 + exp(−x))` for each class.
    case oneVersusRest
    /// The fast exponentials of what the sums are below the largest, divided by their sum.
    case softmax

    init?(loss: String) {
      switch loss {
      case "RMSE", "MAE", "Quantile", "LogCosh", "MAPE", "MultiRMSE", "Huber", "Expectile", "Lq": self = .identity
      case "Poisson", "Tweedie": self = .exponential
      case "Logloss", "CrossEntropy": self = .logistic
      case "MultiClassOneVsAll": self = .oneVersusRest
      case "MultiClass": self = .softmax
      default: return nil
      }
    }
  }

  /// The model's result, and what its elements are.
  mutating func results(_ sums: Value, _ outputs: Int) throws(ReadError) -> (Value, [Column]) {
    let loss = model.info.loss
    var columns = (0..<outputs).map { index in
      let name = outputs == 1 ? "raw" : "raw_\(index)"
      return Column(name: name, role: .margin, meaning: "the sum over the trees, with scale and bias", width: .float64)
    }
    guard let loss, let link = Link(loss: loss) else {
      let reason = loss.map { "the loss function \"\(JSONCursor.clipped($0))\" has no response that is known here" }
        ?? "the file does not name the loss function"
      notes.append(.init(.choice, reason + ": the result is the sum over the trees alone"))
      return (sums, columns)
    }
    let responses: Value
    switch link {
    case .identity: responses = sums
    case .exponential: responses = try apply(.fastExponential, sums)
    case .logistic:
      guard outputs == 1 else { throw fault(.inconsistent, "loss_function", "\(outputs) outputs of the loss function \"\(loss)\"") }
      let second = try logistic(sums)
      responses = try add(.concatenate([apply(.subtract, constant([1]), second), second]))
    case .oneVersusRest: responses = try logistic(sums)
    case .softmax:
      let largest = try add(.reduce(.maximum, sums, count: 1))
      let powers = try apply(.fastExponential, apply(.subtract, sums, largest))
      responses = try apply(.divide, powers, add(.reduce(.sum, powers, count: 1)))
    }
    let count = builder.shape(of: responses).count
    for index in 0..<count {
      columns.append(
        Column(
          name: count == 1 ? "pred" : "pred_\(index)", role: .response, meaning: meaning(of: link, index, count), width: .float64))
    }
    return (try add(.concatenate([sums, responses])), columns)
  }

  /// `1 / (1 + exp(−x))` with the exponential of the C library.
  private mutating func logistic(_ x: Value) throws(ReadError) -> Value {
    let one = try constant([1])
    return try apply(.divide, one, apply(.add, one, apply(.exponential, apply(.negate, x))))
  }

  private func meaning(of link: Link, _ index: Int, _ count: Int) -> String {
    switch link {
    case .identity: return "the predicted value" + (count == 1 ? "" : " of target \(index)")
    case .exponential: return "the predicted mean: the exponential of the sum"
    case .logistic, .oneVersusRest, .softmax:
      let names = model.info.classNames
      let name = names.indices.contains(index) && count == names.count ? names[index] : "\(index)"
      return "the probability of class \(name)"
    }
  }

  func provenance(format: String, _ source: Provenance.Source?) -> Provenance {
    let info = model.info
    let kind = model.trees.contains { $0.children != nil } ? "trees" : "symmetric trees"
    var facts: [Provenance.Fact] = []
    if let loss = info.loss { facts.append(Provenance.Fact("loss_function", JSONCursor.clipped(loss))) }
    if !info.classNames.isEmpty {
      facts.append(Provenance.Fact("class_names", JSONCursor.clipped(info.classNames.joined(separator: ", "))))
    }
    return Provenance(
      trainer: info.release.map { "CatBoost \($0)" } ?? "CatBoost",
      kind: "gradient boosting, \(kind)" + (info.loss.map { ", \(JSONCursor.clipped($0))" } ?? ""), format: format,
      source: source, facts: facts + info.facts, notes: notes)
  }
}
