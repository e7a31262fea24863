#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an objective says about scoring: where the sums start, and what becomes of them.
struct XGBoostObjective {
  /// From the base score in the file to the margin at which a sum starts.
  enum Start {
    case plain
    /// `−logf(1 / b − 1)`, b in (0, 1).
    case logit
    /// `logf(b)`, b > 0.
    case logarithm
  }

  /// From margins to predictions.
  enum Link {
    case identity
    case logistic
    case exponential
    /// Probabilities of classes.
    case softmax
    /// The class with the largest margin, the first of equal ones.
    case firstMaximum
    /// 1 above 0, else 0.
    case step
  }

  let start: Start
  /// nil: what becomes of the margins is not known.
  let link: Link?
  /// `classification` and so on.
  let task: String

  /// - Parameters:
  ///   - name: as the file has it; `gpu:` in front, as early releases wrote it, does not count.
  ///   - outputCount: how many margins there are.
  init(_ name: String, release: XGBoostRelease, outputCount: Int) {
    let name = name.hasPrefix("gpu:") ? String(name.dropFirst(4)) : name
    func make(_ start: Start, _ link: Link?, _ task: String) -> XGBoostObjective {
      XGBoostObjective(start: start, link: link, task: task)
    }
    switch name {
    case "binary:logistic": self = make(.logit, .logistic, "classification")
    case "reg:logistic": self = make(.logit, .logistic, "regression")
    case "binary:logitraw": self = make(release.takesRawBaseScore ? .plain : .logit, .identity, "classification")
    case "binary:hinge": self = make(.plain, .step, "classification")
    case "multi:softprob": self = make(.plain, .softmax, "classification")
    case "multi:softmax": self = make(.plain, .firstMaximum, "classification")
    case "count:poisson", "reg:gamma", "reg:tweedie": self = make(.logarithm, .exponential, "regression")
    case "survival:cox", "survival:aft": self = make(.logarithm, .exponential, "survival analysis")
    case "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror":
      self = make(.plain, .identity, "regression")
    case "reg:quantileerror":
      self = make(.plain, release.ordersQuantiles && outputCount > 1 ? nil : .identity, "regression")
    case "rank:pairwise", "rank:ndcg", "rank:map": self = make(.plain, .identity, "ranking")
    default: self = make(.plain, nil, "boosting")
    }
  }

  private init(start: Start, link: Link?, task: String) {
    self.start = start
    self.link = link
    self.task = task
  }

  /// The margin at which a sum starts, in the arithmetic of the trainer: float32, each step rounded, the C library's
  /// `logf`; nil where the base score is not one that the objective can have.
  func margin(_ score: Float, release: XGBoostRelease) -> Float? {
    guard score.isFinite else { return nil }
    // Before 1.0 the margin itself is in the file.
    guard release.keepsScoreOfPredictions else { return score }
    switch start {
    case .plain: return score
    case .logit:
      guard score > 0, score < 1 else { return nil }
      let bound: Float = 1e-6
      let score = release.boundsBaseScore ? min(max(score, bound), 1 - bound) : score
      return -logf(1 / score - 1)
    case .logarithm: return score > 0 ? logf(score) : nil
    }
  }

  /// What a base score must be like, for a message.
  var range: String {
    switch start {
    case .plain: "a finite number"
    case .logit: "between 0 and 1"
    case .logarithm: "above 0"
    }
  }
}
