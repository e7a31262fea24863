import ForestIR

/// The words around the numbers: what goes in, what comes out, where it came from.
struct ScikitDescription {
  let document: ScikitDocument
  let remarks: Remarks
  let cursor: JSONCursor

  private var estimator: Estimator { document.estimator }

  // MARK: Inputs

  /// How many features a row has: what the file says, in one place or another, else what the trees ask for.
  func featureCount() throws(ReadError) -> Int {
    let names = estimator.featureNames
    if let names, let own = estimator.values["n_features_in_"]?.value.integer, own != names.count {
      throw cursor.fault(
        .inconsistent, at: estimator.values["feature_names_in_"]!.place, "\(names.count) names for \(own) features")
    }
    if let value = estimator.values["feature_names_in_"], names == nil, value.value.count != nil {
      throw cursor.fault(.malformed, at: value.place, "feature names are strings")
    }
    let count: Int
    if let known = estimator.values["n_features_in_"]?.value.integer ?? names?.count ?? estimator.knownFeatureCount {
      count = known
    } else {
      count = estimator.neededFeatureCount
      remarks.note(.choice, "the file does not say how many features there are; the trees ask for \(count)")
    }
    guard (1...ModelBuilder.elementLimit).contains(count) else {
      let place = estimator.values["n_features_in_"]?.place ?? estimator.place
      throw cursor.fault(.outOfRange, at: place, "\(count) features")
    }
    return count
  }

  private func inputs(_ count: Int) -> [Input] {
    guard let names = estimator.featureNames ?? estimator.steps?.compactMap(\.?.featureNames).first, names.count == count else {
      return (0..<count).map { Input(label: "x\($0)", isUnnamed: true) }
    }
    var taken: Set<String> = []
    return names.enumerated().map { index, name in
      let candidates = [name, "\(name)_\(index)", "x\(index)"]
      let label = candidates.first { !$0.isEmpty && !taken.contains($0) } ?? "feature_\(index)"
      if label != name { remarks.note(.oddity, "the feature \(index) is called \"\(label)\" here: its name \"\(name)\" is not unique") }
      taken.insert(label)
      return Input(label: label)
    }
  }

  // MARK: Columns

  /// Lays the results out as columns.
  func forest(
    _ prediction: Prediction, _ lowering: inout EstimatorLowering, _ source: Provenance.Source?
  ) throws(ReadError) -> Forest {
    var values: [Value] = []
    var columns: [Column] = []
    func column(_ name: String, _ role: Column.Role, _ meaning: String) {
      columns.append(Column(name: name, role: role, meaning: meaning, width: .float64))
    }
    switch prediction {
    case .classification(let raw, let probabilities, let rule):
      if let raw {
        values.append(raw)
        let count = lowering.builder.shape(of: raw).count
        for index in 0..<count {
          column(
            count == 1 ? "raw" : "raw_\(index)", .margin,
            count == 1 ? "the decision function: higher is more like class 1" : "the decision function of class \(index)")
        }
      }
      let isSingle = probabilities.count == 1
      for (output, value) in probabilities.enumerated() {
        values.append(value)
        for index in 0..<lowering.builder.shape(of: value).count {
          column(
            isSingle ? "proba_\(index)" : "proba_\(output)_\(index)", .response,
            "the probability of class \(index)" + (isSingle ? className(index) : " of output \(output)"))
        }
      }
      for (output, label) in try lowering.labels(rule, probabilities).enumerated() {
        values.append(label)
        column(
          isSingle ? "label" : "label_\(output)", .label,
          "the index of the chosen class in classes_" + (isSingle ? "" : " of output \(output)"))
      }
    case .regression(let raw, let value):
      if let raw {
        values.append(raw)
        column("raw", .margin, "the sum over the trees, before the link function")
      }
      values.append(value)
      let count = lowering.builder.shape(of: value).count
      for index in 0..<count {
        column(count == 1 ? "value" : "value_\(index)", .response, "the predicted value" + (count == 1 ? "" : " of output \(index)"))
      }
    case .outliers(let score, let decision):
      let isOutlier = try lowering.add(.compare(.less, decision, lowering.constant([0])))
      values = [score, decision, try lowering.add(.select(isOutlier, lowering.constant([-1]), lowering.constant([1])))]
      column("score_samples", .response, "how normal the event is: from -1 (an outlier) to 0")
      column("decision", .response, "score_samples less the offset of training: below 0 is an outlier")
      column("label", .label, "1 for an ordinary event, -1 for an outlier")
    }
    let result = values.count == 1 ? values[0] : try lowering.add(.concatenate(values))
    do throws(ForestFault) {
      let model = try lowering.builder.model(result: result)
      return try Forest(
        inputs: inputs(model.inputShape.count), model: model, columns: columns, provenance: provenance(source))
    } catch {
      throw lowering.refusal(error)
    }
  }

  private func className(_ index: Int) -> String {
    switch estimator.values["classes_"]?.value ?? estimator.steps?.last??.values["classes_"]?.value {
    case .numbers(let numbers)? where index < numbers.count:
      let number = numbers[index]
      return number == number.rounded() && abs(number) < 1e15 ? " (\(Int(number)))" : " (\(number))"
    case .list(let list)? where index < list.count: return list[index].text.map { " (\"\(JSONCursor.clipped($0))\")" } ?? ""
    default: return ""
    }
  }

  // MARK: Provenance

  private func provenance(_ source: Provenance.Source?) -> Provenance {
    let model = estimator.steps?.last.flatMap { $0 } ?? estimator
    let name = model.values["class"]?.value.text ?? model.impliedClass ?? "tree"
    var facts: [Provenance.Fact] = [Provenance.Fact("class", name)]
    if let release = document.release { facts.append(Provenance.Fact("scikit-learn release", release.description)) }
    if let release = document.scipyRelease { facts.append(Provenance.Fact("SciPy release", release.description)) }
    for key in ["loss", "learning_rate", "algorithm", "category_encoding", "offset_"] {
      switch model.values[key]?.value {
      case .string(let text)?: facts.append(Provenance.Fact(key, JSONCursor.clipped(text)))
      case .number(let number)?: facts.append(Provenance.Fact(key, "\(number)"))
      default: break
      }
    }
    if let initial = model.initial { facts.append(Provenance.Fact("init_", initial.values["class"]?.value.text ?? "estimator")) }
    if let steps = estimator.steps {
      let names = steps.map { $0?.values["class"]?.value.text ?? "passthrough" }
      facts.append(Provenance.Fact("steps", JSONCursor.clipped(names.joined(separator: ", "))))
    }
    return Provenance(
      trainer: document.release.map { "scikit-learn \($0.description)" } ?? "scikit-learn", kind: name,
      format: "scikit-learn model as JSON (\(document.format))", source: source, facts: facts, notes: remarks.notes)
  }
}

extension Estimator {
  /// The number of features that some part of the estimator states.
  fileprivate var knownFeatureCount: Int? {
    if let own = values["n_features_in_"]?.value.integer ?? featureNames?.count { return own }
    for name in ["mean_", "scale_", "statistics_", "min_", "center_"] {
      if let count = values[name]?.value.count, count > 0 { return count }
    }
    if let steps {
      for step in steps { if let step, let count = step.knownFeatureCount { return count } }
      return nil
    }
    if let map = values["is_categorical_"]?.value.count { return map }
    // With selections of features, members do not know how many there are.
    guard values["estimators_features_"] == nil else { return nil }
    return initial?.knownFeatureCount ?? members?.first?.first?.knownFeatureCount
  }

  /// One more than the largest feature that is asked for.
  fileprivate var neededFeatureCount: Int {
    if case .list(let rows)? = values["estimators_features_"]?.value {
      let all = rows.compactMap(\.flatNumbers).joined()
      return Int(exactly: (all.max() ?? 0) + 1) ?? 0
    }
    let trees = [tree].compactMap { $0 } + (predictors ?? []).flatMap { $0 }
    let own = trees.flatMap(\.splits).reduce(0) { max($0, Int($1.feature)) } + 1
    let inner = (members ?? []).flatMap { $0 } + [initial].compactMap { $0 } + (steps ?? []).compactMap { $0 }
    return inner.reduce(own) { max($0, $1.neededFeatureCount) }
  }
}
