/// What a model was trained for, as its line `objective=` says: the function from the raw sums to predictions.
struct LightGBMObjective {
  enum Link {
    case identity
    /// `1 / (1 + exp(−A·s))`, for each output alone.
    case logistic(steepness: Double)
    case softmax
    /// `log1p(exp(s))`
    case softPlus
    case exponential
    /// `sign(s) · s · s`
    case signedSquare
    /// Not known: only raw sums can be given.
    case unknown
  }

  /// Empty where the file names none: the objective was the user's own function.
  let name: String
  let link: Link
  /// What the result is called.
  let kind: String

  /// - Parameters:
  ///   - line: the name, and behind it `key:value` and flags, separated by blanks; nil for an objective of the user's own.
  ///   - outputCount: how many sums there are.
  /// - Throws: a message, where the parts contradict each other.
  init(_ line: String?, outputCount: Int) throws(LightGBMObjective.Fault) {
    let words = (line ?? "").split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    name = words.first ?? ""
    let options = words.dropFirst()
    func value(_ key: String) throws(Fault) -> String? {
      let all = options.filter { $0.hasPrefix(key + ":") }
      guard all.count <= 1 else { throw Fault("the objective has more than one \"\(key)\"") }
      return all.first.map { String($0.dropFirst(key.utf8.count + 1)) }
    }
    func steepness() throws(Fault) -> Double {
      guard let text = try value("sigmoid") else { throw Fault("the objective \(words[0]) needs \"sigmoid:\" and a number") }
      guard let number = NumberText.double(text), number > 0, number.isFinite else {
        throw Fault("sigmoid:\(JSONCursor.clipped(text)) is not a number above 0")
      }
      return number
    }
    var isMulticlass = false
    switch name {
    case "":
      link = .identity
      kind = "custom objective"
    case "binary":
      link = .logistic(steepness: try steepness())
      kind = "binary classification"
    case "multiclass":
      link = .softmax
      kind = "multiclass classification"
      isMulticlass = true
    case "multiclassova":
      link = .logistic(steepness: try steepness())
      kind = "multiclass classification, one against all"
      isMulticlass = true
    case "cross_entropy", "xentropy":
      link = .logistic(steepness: 1)
      kind = "cross-entropy"
    case "cross_entropy_lambda", "xentlambda":
      link = .softPlus
      kind = "cross-entropy (lambda)"
    case "poisson", "gamma", "tweedie":
      link = .exponential
      kind = "regression (\(name))"
    case "regression", "regression_l1", "huber", "fair", "quantile", "mape":
      link = options.contains("sqrt") ? .signedSquare : .identity
      kind = name == "regression" ? "regression" : "regression (\(name))"
    case "lambdarank", "rank_xendcg":
      link = .identity
      kind = "ranking"
    default:
      link = .unknown
      kind = "objective \(JSONCursor.clipped(name))"
      return
    }
    if isMulticlass {
      let classes = try value("num_class") ?? ""
      guard Int(classes) == outputCount else {
        throw Fault("the objective is for \"\(JSONCursor.clipped(classes))\" classes, but there are \(outputCount) outputs")
      }
    } else if outputCount > 1, !name.isEmpty {
      throw Fault("the objective \(name) has one output, but there are \(outputCount)")
    }
  }

  struct Fault: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }
}
