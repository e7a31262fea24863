import ForestIR

/// The dialect of the package sklearn-json, which says `"meta": "rf"` where others name a class, lays the trees of gradient
/// boosting end to end, and keeps parameters in `params`.
enum MetaDialect {
  /// The release whose rules hold: leaf values are counts, and NaN is not routed unless a node says so.
  static let release = ScikitRelease(major: 1, minor: 2)

  /// Rewrites an estimator, and all within it, as if the file had named classes. The recursion is bounded by the parser.
  static func adapt(_ estimator: Estimator, _ cursor: JSONCursor) throws(ReadError) {
    if let meta = estimator.values["meta"], estimator.values["class"] == nil {
      guard let text = meta.value.text, let name = className(text) else {
        throw cursor.fault(.unsupported, at: meta.place, "this kind of model is not one that can be read")
      }
      estimator.values["class"] = PlacedValue(value: .string(name), place: meta.place)
    }
    if case .object(let parameters)? = estimator.values["params"]?.value, let place = estimator.values["params"]?.place {
      for name in ["learning_rate", "loss", "strategy", "n_estimators"] where estimator.values[name] == nil {
        if let value = parameters[name] { estimator.values[name] = PlacedValue(value: value, place: place) }
      }
    }
    if let shape = estimator.values["estimators_shape"], let members = estimator.members, !estimator.hasStages {
      let all = members.first ?? []
      guard let counts = shape.value.flatNumbers?.compactMap({ Int(exactly: $0) }), counts.count == 2, counts[0] > 0,
        counts[1] > 0, !counts[0].multipliedReportingOverflow(by: counts[1]).overflow, counts[0] * counts[1] == all.count
      else { throw cursor.fault(.inconsistent, at: shape.place, "the shape does not fit the \(all.count) estimators") }
      estimator.members = (0..<counts[0]).map { Array(all[$0 * counts[1]..<($0 + 1) * counts[1]]) }
      estimator.hasStages = true
    }
    if let priors = estimator.values["priors"], estimator.initial == nil, estimator.values["init_"] == nil {
      let initial = Estimator(place: priors.place)
      initial.values["class"] = PlacedValue(value: .string("DummyClassifier"), place: priors.place)
      initial.values["strategy"] = PlacedValue(value: .string("prior"), place: priors.place)
      initial.values["class_prior_"] = priors
      estimator.initial = initial
    }
    if let initial = estimator.initial { try adapt(initial, cursor) }
    for member in (estimator.members ?? []).joined() {
      // Whatever a tree of gradient boosting is called, it is one of regression.
      if estimator.hasStages { member.values["meta"] = nil }
      try adapt(member, cursor)
    }
  }

  private static func className(_ meta: String) -> String? {
    switch meta {
    case "decision-tree": "DecisionTreeClassifier"
    case "decision-tree-regression": "DecisionTreeRegressor"
    case "rf": "RandomForestClassifier"
    case "rf-regression": "RandomForestRegressor"
    case "gb": "GradientBoostingClassifier"
    case "gb-regression": "GradientBoostingRegressor"
    case "dummy", "dummy-classifier": "DummyClassifier"
    case "dummy-regressor": "DummyRegressor"
    default: nil
    }
  }
}
