import ForestIR

/// The words around the numbers: what goes in, what comes out, where it came from.
struct LightGBMDescription {
  let header: LightGBMHeader
  let objective: LightGBMObjective
  let remarks: Remarks
  let format: String
  let iterations: Int

  /// Whether it is known what LightGBM makes of the raw score.
  var hasPrediction: Bool {
    if case .unknown = objective.link { return false }
    return header.averages != nil
  }

  func forest(_ model: Model, _ source: Provenance.Source?) throws(ForestFault) -> Forest {
    remark()
    let inputs = inputs()
    return try Forest(inputs: inputs, model: model, columns: columns(), provenance: provenance(source))
  }

  // MARK: Inputs

  private func inputs() -> [Input] {
    let names = header.featureNames ?? []
    var taken: Set<String> = []
    return names.enumerated().map { index, name in
      let candidates = [name, "\(name)_\(index)", "x\(index)"]
      let label = candidates.first { !$0.isEmpty && !taken.contains($0) } ?? "feature_\(index)"
      if label != name { remarks.note(.oddity, "the feature \(index) is called \"\(label)\" here: its name \"\(name)\" is not unique") }
      taken.insert(label)
      let feature = index < header.features.count ? header.features[index] : LightGBMFeature()
      return Input(label: label, kind: feature.isCategorical ? .integer : .real, trainingRange: feature.range)
    }
  }

  private func remark() {
    let names = header.featureNames ?? []
    if !header.features.isEmpty, header.features.count != names.count {
      remarks.note(
        .oddity, "feature_infos has \(header.features.count) entries for \(names.count) features", place: "feature_infos")
    }
    if let index = header.features.firstIndex(where: { !$0.isReadable }) {
      remarks.note(.oddity, "what feature_infos says of feature \(index) cannot be read", place: "feature_infos")
    }
    let categorical = zip(names, header.features).filter { $0.1.isCategorical }.map(\.0)
    LightGBMPandas.remark(header.frameCategories, features: categorical, remarks)
    if case .unknown = objective.link {
      remarks.note(
        .choice, "the objective \"\(JSONCursor.clipped(objective.name))\" is not known here: only raw scores are given", place: "objective")
    } else if header.averages == nil {
      remarks.note(.choice, "the file does not say whether scores are averaged, nor by which objective they are transformed: only raw scores are given")
    }
    if let stated = header.parameters.first(where: { $0.name == "objective" })?.value, objective.name.isEmpty,
      stated != "custom", stated != "none", stated != ""
    {
      remarks.note(
        .oddity, "the file has no line \"objective=\", although its parameters name the objective \"\(stated)\"; pred is the raw score",
        place: "objective")
    }
  }

  // MARK: Columns

  private func columns() -> [Column] {
    let count = header.outputCount
    func name(_ word: String, _ index: Int) -> String { count == 1 ? word : "\(word)_\(index)" }
    func of(_ index: Int) -> String { count == 1 ? "" : " of output \(index)" }
    let raw = (0..<count).map {
      Column(name: name("raw", $0), role: .margin, meaning: "the sum over the trees\(of($0)) (raw_score)", width: .float64)
    }
    guard hasPrediction else { return raw }
    let formula = formula
    let prediction = (0..<count).map {
      Column(name: name("pred", $0), role: .response, meaning: meaning($0) + formula, width: .float64)
    }
    return raw + prediction
  }

  private func meaning(_ index: Int) -> String {
    switch objective.link {
    case .logistic where header.outputCount == 1:
      objective.name == "binary" ? "the probability of class 1" : "the predicted probability"
    case .logistic, .softmax: "the probability of class \(index)"
    default: "the prediction" + (header.outputCount == 1 ? "" : " of output \(index)")
    }
  }

  private var formula: String {
    let score = header.averages == true ? "m" : "raw"
    let mean = header.averages == true ? ", m = raw / \(iterations)" : ""
    let words =
      switch objective.link {
      case .identity, .unknown: score
      case .logistic(let steepness): "1 / (1 + exp(-\(steepness == 1 ? "" : "\(steepness) * ")\(score)))"
      case .softmax: "softmax of all \(score)"
      case .softPlus: "log1p(exp(\(score)))"
      case .exponential: "exp(\(score))"
      case .signedSquare: "sign(\(score)) * \(score) * \(score)"
      }
    return ": \(words)\(mean)"
  }

  // MARK: Provenance

  private func provenance(_ source: Provenance.Source?) -> Provenance {
    let boosting = header.parameters.first { $0.name == "boosting" }?.value
    let method: String
    switch boosting {
    case "rf": method = "random forest"
    case "dart": method = "gradient boosting (DART)"
    case "goss": method = "gradient boosting (GOSS)"
    default: method = header.averages == true ? "random forest" : "gradient boosting"
    }
    var facts = [Provenance.Fact("format version", header.version ?? "")]
    facts.append(Provenance.Fact("objective", header.objective.map { JSONCursor.clipped($0) } ?? "custom"))
    facts.append(Provenance.Fact("iterations", "\(iterations)"))
    facts += header.parameters.filter { $0.name != "objective" }
    return Provenance(
      trainer: "LightGBM", kind: "\(method), \(objective.kind)", format: format, source: source, facts: facts,
      notes: remarks.notes)
  }
}
