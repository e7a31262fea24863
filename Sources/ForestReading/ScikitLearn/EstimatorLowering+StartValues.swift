import ForestIR

// Where gradient boosting starts from: constants, or what another estimator says.

/// Start values of gradient boosting, one for each class (or one for two classes, and for regression).
enum StartValues {
  case constant([Double])
  case value(Value)
}

extension EstimatorLowering {
  mutating func startValues(
    of estimator: Estimator, _ x: Value, loss: String, classes: TargetClasses?, width: Int
  ) throws(ReadError) -> StartValues {
    if let given = try optionalDoubles("init_raw_prediction", of: estimator) {
      guard given.count == width else {
        throw fault(.inconsistent, estimator, "init_raw_prediction", "\(given.count) start values where \(width) are needed")
      }
      return .constant(given)
    }
    guard let initial = estimator.initial else {
      guard optional("init_", of: estimator) != nil else {
        throw fault(
          .missing, estimator, nil, "neither \"init_raw_prediction\" nor \"init_\": without the start values every score would be wrong")
      }
      guard try string("init_", of: estimator) == "zero" else {
        throw fault(.malformed, estimator, "init_", "init_ is \"zero\" or an estimator")
      }
      return .constant([Double](repeating: 0, count: width))
    }
    if let constants = try dummyStartValues(initial, loss: loss, classes: classes, width: width) { return .constant(constants) }

    switch try lower(initial, x) {
    case .regression(_, let value) where classes == nil && builder.shape(of: value).count == 1:
      return .value(value)
    case .classification(_, let probabilities, _):
      guard let classes, probabilities.count == 1, builder.shape(of: probabilities[0]).count == classes.count else { fallthrough }
      return .value(try startValues(of: probabilities[0], loss: loss, width: width))
    default:
      throw fault(.inconsistent, initial, nil, "the initial estimator does not fit the one that starts from it")
    }
  }

  private var isOld: Bool { !(release ?? .latest).sharesLosses }

  /// Probabilities this close to 0 and 1 are moved away from them.
  private var margin: Double { isOld ? 0x1p-23 : 0x1p-52 }

  /// The raw scores that belong to probabilities of classes.
  private mutating func startValues(of probabilities: Value, loss: String, width: Int) throws(ReadError) -> Value {
    let raised = try apply(.maximum, probabilities, margin)
    let p = try apply(.minimum, raised, 1 - margin)
    if width == 1 {
      let odds = try logOdds(add(.gather(p, [1])))
      return loss == "exponential" ? try apply(.multiply, 0.5, odds) : odds
    }
    guard !isOld else { return try apply(.naturalLogarithm, p) }
    let logarithms = try apply(.naturalLogarithm, p)
    let mean = try apply(.divide, add(.reduce(.pairwiseSum, logarithms, count: 1)), Double(width))
    return try apply(.naturalLogarithm, apply(.divide, p, apply(.exponential, mean)))
  }

  /// Whether SciPy computes log odds near 1/2, and the logarithms of sums of exponentials, by other formulas than it once did.
  var usesNewLogarithms: Bool {
    if let scipyRelease { return scipyRelease >= ScikitRelease(major: 1, minor: 15) }
    remarks.note(
      .choice, "the file does not name the SciPy release; its logarithms are computed as "
        + (isNewEnough ? "SciPy 1.15 and later do" : "SciPy before 1.15 did"))
    return isNewEnough
  }

  private var isNewEnough: Bool { (release ?? .latest) >= ScikitRelease(major: 1, minor: 6) }

  /// log(p / (1 − p)); near 1/2, in newer releases, log1p(s) − log1p(−s) with s = 2 (p − 0.5).
  private mutating func logOdds(_ p: Value) throws(ReadError) -> Value {
    let plain = try apply(.naturalLogarithm, apply(.divide, p, apply(.subtract, 1, p)))
    guard !isOld, usesNewLogarithms else { return plain }
    let s = try apply(.multiply, 2, apply(.subtract, p, 0.5))
    let near = try apply(
      .subtract, apply(.logarithmOfOnePlus, s), apply(.logarithmOfOnePlus, apply(.negate, s)))
    let isFar = try add(.or(
      add(.compare(.less, p, constant([0.3]))), add(.compare(.greater, p, constant([0.65])))))
    return try add(.select(isFar, plain, near))
  }

  // MARK: Dummies

  /// The start values of a dummy estimator, which do not depend on the event; nil for any other estimator.
  private mutating func dummyStartValues(
    _ initial: Estimator, loss: String, classes: TargetClasses?, width: Int
  ) throws(ReadError) -> [Double]? {
    switch try className(of: initial) {
    case "DummyRegressor":
      let constants = try dummyConstants(initial)
      guard classes == nil, constants.count == 1 else {
        throw fault(.inconsistent, initial, nil, "the initial estimator does not fit the one that starts from it")
      }
      return constants
    case "DummyClassifier":
      let probabilities = try dummyProbabilities(initial)
      guard let classes, probabilities.count == classes.count else {
        throw fault(.inconsistent, initial, nil, "the initial estimator does not fit the one that starts from it")
      }
      remarks.note(
        .choice, "init_raw_prediction is absent: the start values were computed from class_prior_ with this machine's logarithm",
        place: initial.place.path)
      return startConstants(probabilities.map { min(max($0, margin), 1 - margin) }, loss: loss, width: width)
    default: return nil
    }
  }

  private func startConstants(_ p: [Double], loss: String, width: Int) -> [Double] {
    if width == 1 {
      let p = p[1]
      let isNear = !isOld && usesNewLogarithms && p >= 0.3 && p <= 0.65
      let s = 2 * (p - 0.5)
      let odds = isNear
        ? CLogarithm.ofOnePlus(s) - CLogarithm.ofOnePlus(-s) : CLogarithm.natural(p / (1 - p))
      return [loss == "exponential" ? 0.5 * odds : odds]
    }
    let logarithms = p.map(CLogarithm.natural)
    guard !isOld else { return logarithms }
    let mean = CLogarithm.exponential(pairwiseSum(logarithms[...]) / Double(width))
    return p.map { CLogarithm.natural($0 / mean) }
  }

  func dummyConstants(_ estimator: Estimator) throws(ReadError) -> [Double] {
    let strategy = try string("strategy", of: estimator)
    guard ["mean", "median", "quantile", "constant"].contains(strategy) else {
      throw fault(.unsupported, estimator, "strategy", "the strategy \"\(JSONCursor.clipped(strategy))\" is not known")
    }
    let constants = try doubles("constant_", of: estimator)
    guard !constants.isEmpty else { throw fault(.inconsistent, estimator, "constant_", "constant_ is empty") }
    return constants
  }

  /// The probabilities that a dummy classifier gives to every event.
  func dummyProbabilities(_ estimator: Estimator) throws(ReadError) -> [Double] {
    let strategy = try string("strategy", of: estimator)
    let prior = try doubles("class_prior_", of: estimator)
    guard !prior.isEmpty, prior.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(prior.reduce(0, +) - 1) < 1e-5 else {
      throw fault(.outOfRange, estimator, "class_prior_", "class_prior_ must be probabilities that add up to 1")
    }
    let classes = try classes(of: estimator, around: TargetClasses(counts: [prior.count], names: nil))
    guard classes.counts == [prior.count] else {
      throw fault(.inconsistent, estimator, "class_prior_", "\(prior.count) probabilities for \(classes.counts) classes")
    }
    switch strategy {
    case "prior": return prior
    case "most_frequent":
      let best = Self.indexOfMaximum(prior[...])
      return prior.indices.map { $0 == best ? 1 : 0 }
    default:
      throw fault(
        .unsupported, estimator, "strategy", "the strategy \"\(JSONCursor.clipped(strategy))\" does not give the same answer every time, or is not known")
    }
  }

  mutating func dummyClassifier(_ estimator: Estimator) throws(ReadError) -> Prediction {
    .classification(raw: nil, probabilities: [try constant(dummyProbabilities(estimator))], label: .mostProbable)
  }
}
