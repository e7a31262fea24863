import ForestIR

extension EstimatorLowering {
  /// Scalers and imputers, in float64, then a model.
  mutating func pipeline(_ estimator: Estimator, _ x: Value) throws(ReadError) -> Prediction {
    guard let steps = estimator.steps else { throw fault(.missing, estimator, nil, "the pipeline has no \"steps\"") }
    guard let last = steps.last, let model = last else {
      throw fault(.inconsistent, estimator, nil, below: ".steps", "the last step of a pipeline must be a model")
    }
    var x = x
    for step in steps.dropLast() {
      guard let step else { continue }
      let outer = place
      place = step.place
      x = try transformed(float64(x), by: step)
      place = outer
    }
    return try lower(model, x)
  }

  private mutating func transformed(_ x: Value, by step: Estimator) throws(ReadError) -> Value {
    let count = builder.shape(of: x).count
    if let own = try optionalCount("n_features_in_", of: step), own != count {
      throw fault(.inconsistent, step, "n_features_in_", "n_features_in_ is \(own), but there are \(count) features here")
    }
    switch try className(of: step) {
    case "StandardScaler":
      let mean = try bool("with_mean", of: step, otherwise: true) ? column("mean_", of: step, count) : nil
      let scale = try bool("with_std", of: step, otherwise: true) ? scale(of: step, count) : nil
      return try scaled(x, minus: mean, over: scale)
    case "RobustScaler":
      return try scaled(x, minus: optionalColumn("center_", of: step, count), over: optionalScale(of: step, count))
    case "MaxAbsScaler": return try scaled(x, minus: nil, over: scale(of: step, count))
    case "MinMaxScaler":
      let product = try apply(.multiply, x, constant(scale(of: step, count)))
      let sum = try apply(.add, product, constant(column("min_", of: step, count)))
      guard try bool("clip", of: step, otherwise: false) else { return sum }
      return try clipped(sum, to: doubles("feature_range", of: step), step)
    case "SimpleImputer": return try imputed(x, by: step, count)
    case let name:
      throw fault(
        .unsupported, step, "class", "the class \"\(JSONCursor.clipped(name))\" is not a scaler or imputer that can be read")
    }
  }

  private mutating func scaled(_ x: Value, minus center: [Double]?, over scale: [Double]?) throws(ReadError) -> Value {
    var x = x
    if let center { x = try apply(.subtract, x, constant(center)) }
    if let scale { x = try apply(.divide, x, constant(scale)) }
    return x
  }

  /// NaN stays NaN.
  private mutating func clipped(_ x: Value, to range: [Double], _ step: Estimator) throws(ReadError) -> Value {
    guard range.count == 2, range[0] < range[1] else {
      throw fault(.inconsistent, step, "feature_range", "feature_range is a lower and an upper end")
    }
    let low = try constant([range[0]]), high = try constant([range[1]])
    let raised = try add(.select(add(.compare(.less, x, low)), low, x))
    return try add(.select(add(.compare(.greater, raised, high)), high, raised))
  }

  private mutating func imputed(_ x: Value, by step: Estimator, _ count: Int) throws(ReadError) -> Value {
    if let marker = optional("missing_values", of: step) {
      guard marker.number?.isNaN == true || marker.text == "nan" else {
        throw fault(.unsupported, step, "missing_values", "only NaN can be the missing value")
      }
    }
    guard try !bool("add_indicator", of: step, otherwise: false) else {
      throw fault(.unsupported, step, "add_indicator", "indicator columns cannot be read")
    }
    return try add(.select(add(.isNaN(x)), constant(column("statistics_", of: step, count)), x))
  }

  // MARK: Arrays of one number for each feature

  private func column(_ name: String, of step: Estimator, _ count: Int) throws(ReadError) -> [Double] {
    let numbers = try doubles(name, of: step)
    guard numbers.count == count else {
      throw fault(.inconsistent, step, name, "\(name) has \(numbers.count) elements for \(count) features")
    }
    return numbers
  }

  private func optionalColumn(_ name: String, of step: Estimator, _ count: Int) throws(ReadError) -> [Double]? {
    optional(name, of: step) == nil ? nil : try column(name, of: step, count)
  }

  private func scale(of step: Estimator, _ count: Int) throws(ReadError) -> [Double] {
    let scale = try column("scale_", of: step, count)
    if let index = scale.firstIndex(of: 0) { throw fault(.outOfRange, step, "scale_", below: "[\(index)]", "a scale of 0") }
    return scale
  }

  private func optionalScale(of step: Estimator, _ count: Int) throws(ReadError) -> [Double]? {
    optional("scale_", of: step) == nil ? nil : try scale(of: step, count)
  }
}
