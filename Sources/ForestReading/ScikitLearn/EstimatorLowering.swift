import ForestIR

/// Computes what an estimator says: from its members, as they stand in the file, to the steps of a model.
///
/// | estimator | file |
/// |---|---|
/// | trees and forests of trees | `EstimatorLowering+Trees.swift` |
/// | gradient boosting, its start values and links | `+GradientBoosting`, `+StartValues`, `+Links` |
/// | hist gradient boosting, categories | `+Histograms`, `+Categories` |
/// | AdaBoost, bagging, isolation forests | `+AdaBoost`, `+Bagging`, `+Isolation` |
/// | scalers, imputers, pipelines | `+Pipelines` |
struct EstimatorLowering {
  var builder: ModelBuilder
  /// For places of errors.
  let cursor: JSONCursor
  /// Nil where the file does not say it.
  let release: ScikitRelease?
  let scipyRelease: ScikitRelease?
  let remarks: Remarks
  /// The estimator whose steps are being added: where a refusal of the IR is reported.
  var place: JSONCursor.Place
  /// Vectors that were rounded to float32 already, by the vector.
  private var rounded: [Value: Value] = [:]

  init(
    inputCount: Int, width: Width, cursor: JSONCursor, release: ScikitRelease?, scipyRelease: ScikitRelease?, remarks: Remarks,
    place: JSONCursor.Place
  ) {
    builder = ModelBuilder(inputCount: inputCount, width: width)
    self.cursor = cursor
    self.release = release
    self.scipyRelease = scipyRelease
    self.remarks = remarks
    self.place = place
  }

  /// What the estimator gives for the vector `x`.
  ///
  /// - Parameter around: the classes of the estimator around it, where its own may be left out.
  mutating func lower(_ estimator: Estimator, _ x: Value, around: TargetClasses? = nil) throws(ReadError) -> Prediction {
    let outer = place
    place = estimator.place
    defer { place = outer }
    let name = try className(of: estimator)
    try checkFeatures(of: estimator, x)
    switch name {
    case "DecisionTreeClassifier", "ExtraTreeClassifier", "DecisionTreeRegressor", "ExtraTreeRegressor":
      return try tree(estimator, x, around)
    case "RandomForestClassifier", "ExtraTreesClassifier", "RandomForestRegressor", "ExtraTreesRegressor":
      return try forest(estimator, x, isClassifier: name.hasSuffix("Classifier"))
    case "GradientBoostingClassifier", "GradientBoostingRegressor":
      return try gradientBoosting(estimator, x, isClassifier: name.hasSuffix("Classifier"))
    case "HistGradientBoostingClassifier", "HistGradientBoostingRegressor":
      return try histogramBoosting(estimator, x, isClassifier: name.hasSuffix("Classifier"))
    case "AdaBoostClassifier": return try adaBoostClassifier(estimator, x)
    case "AdaBoostRegressor": return try adaBoostRegressor(estimator, x)
    case "BaggingClassifier", "BaggingRegressor":
      return try bagging(estimator, x, isClassifier: name.hasSuffix("Classifier"))
    case "IsolationForest": return try isolationForest(estimator, x)
    case "DummyClassifier": return try dummyClassifier(estimator)
    case "DummyRegressor": return .regression(raw: nil, value: try constant(dummyConstants(estimator)))
    case "Pipeline": return try pipeline(estimator, x)
    case "treelite" where estimator.impliedClass == name: return try treelite(estimator, x)
    default:
      throw fault(.unsupported, estimator, "class", "the class \"\(JSONCursor.clipped(name))\" is not one that can be read")
    }
  }

  /// The class, given or implied.
  func className(of estimator: Estimator) throws(ReadError) -> String {
    guard estimator.values["class"] != nil else {
      guard let implied = estimator.impliedClass else { throw fault(.missing, estimator, nil, "the estimator has no \"class\"") }
      return implied
    }
    return try string("class", of: estimator)
  }

  private func checkFeatures(of estimator: Estimator, _ x: Value) throws(ReadError) {
    let count = builder.shape(of: x).count
    if let own = try optionalCount("n_features_in_", of: estimator), own != count {
      throw fault(.inconsistent, estimator, "n_features_in_", "n_features_in_ is \(own), but there are \(count) features here")
    }
  }

  // MARK: Steps

  mutating func add(_ step: Operation) throws(ReadError) -> Value {
    do throws(ForestFault) { return try builder.add(step) } catch { throw refusal(error) }
  }

  mutating func constant(_ numbers: [Double]) throws(ReadError) -> Value { try add(.constant(Vector(numbers), .float64)) }

  mutating func apply(_ function: BinaryFunction, _ a: Value, _ b: Value) throws(ReadError) -> Value {
    try add(.binary(function, a, b))
  }

  mutating func apply(_ function: BinaryFunction, _ a: Value, _ b: Double) throws(ReadError) -> Value {
    try add(.binary(function, a, constant([b])))
  }

  mutating func apply(_ function: BinaryFunction, _ a: Double, _ b: Value) throws(ReadError) -> Value {
    try add(.binary(function, constant([a]), b))
  }

  mutating func apply(_ function: UnaryFunction, _ a: Value) throws(ReadError) -> Value { try add(.unary(function, a)) }

  /// `count` elements from `first` on.
  mutating func slice(_ a: Value, from first: Int, count: Int) throws(ReadError) -> Value {
    if first == 0, count == builder.shape(of: a).count { return a }
    return try add(.gather(a, (first..<first + count).map { Int32($0) }))
  }

  /// The vector rounded to float32, which is what all trees but those of histograms compare.
  mutating func float32(_ x: Value) throws(ReadError) -> Value {
    if builder.shape(of: x).kind == .number(.float32) { return x }
    if let known = rounded[x] { return known }
    let value = try add(.convert(x, to: .float32))
    rounded[x] = value
    return value
  }

  /// The vector in float64.
  mutating func float64(_ x: Value) throws(ReadError) -> Value {
    builder.shape(of: x).kind == .number(.float64) ? x : try add(.convert(x, to: .float64))
  }

  /// Asks trees.
  mutating func ask(
    _ trees: [Tree], groups: [Int32]? = nil, weights: [Double]? = nil, fold: TreeEnsemble.Fold, _ x: Value
  ) throws(ReadError) -> Value {
    do throws(ForestFault) {
      return try builder.add(.trees(TreeEnsemble(trees: trees, groups: groups, weights: weights, width: .float64, fold: fold), x))
    } catch {
      throw refusal(error)
    }
  }

  func refusal(_ fault: ForestFault) -> ReadError {
    let code: ReadError.Code =
      switch fault.code {
      case .shape, .structure: .inconsistent
      case .index, .number: .outOfRange
      case .duplicate: .duplicate
      case .limit: .limit
      }
    return cursor.fault(code, at: place, fault.message)
  }
}

/// What an estimator gives.
enum Prediction {
  /// - raw: the decision function, where the estimator has one: one number for two classes, else one for each.
  /// - probabilities: for each output, one for each class.
  case classification(raw: Value?, probabilities: [Value], label: LabelRule)
  /// - raw: what the trees add up to, where that is a result of its own.
  case regression(raw: Value?, value: Value)
  case outliers(score: Value, decision: Value)
}

/// How the index of the chosen class is found.
enum LabelRule {
  /// The first of the largest probabilities, output by output.
  case mostProbable
  /// The first of the largest elements.
  case largest(Value)
  /// 1 if the number is above 0, or is 0 where that counts.
  case positive(Value, orZero: Bool)
  case given(Value)
}

extension EstimatorLowering {
  /// The index of the chosen class, for each output.
  mutating func labels(_ rule: LabelRule, _ probabilities: [Value]) throws(ReadError) -> [Value] {
    switch rule {
    case .mostProbable:
      var labels: [Value] = []
      for output in probabilities { labels.append(try add(.indexOfMaximum(output))) }
      return labels
    case .largest(let value): return [try add(.indexOfMaximum(value))]
    case .positive(let value, let orZero):
      let condition = try add(.compare(orZero ? .greaterOrEqual : .greater, value, constant([0])))
      return [try add(.select(condition, constant([1]), constant([0])))]
    case .given(let label): return [label]
    }
  }
}
