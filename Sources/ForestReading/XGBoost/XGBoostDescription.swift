import ForestIR

/// The words around the numbers: what goes in, what comes out, where it came from.
struct XGBoostDescription {
  let model: XGBoostModel
  let objective: XGBoostObjective
  let remarks: Remarks
  /// How many of the trees are used.
  let treeCount: Int

  /// Lays the results out as columns.
  func forest(
    _ prediction: XGBoostLowering.Prediction, _ lowering: inout XGBoostLowering, _ source: Provenance.Source?
  ) throws(ReadError) -> Forest {
    let count = lowering.builder.shape(of: prediction.margins).count
    var values = [prediction.margins]
    var columns = (0..<count).map { index in
      Column(
        name: count == 1 ? "margin" : "margin_\(index)", role: .margin, meaning: marginMeaning(index, of: count), width: .float32)
    }
    if let predictions = prediction.predictions {
      values.append(predictions)
      let count = lowering.builder.shape(of: predictions).count
      columns += (0..<count).map { index in
        Column(
          name: count == 1 ? "pred" : "pred_\(index)", role: isLabel ? .label : .response, meaning: meaning(index, of: count),
          width: .float32)
      }
    } else {
      remarks.note(
        .choice, "what becomes of the margins with the objective \"\(JSONCursor.clipped(model.objective ?? ""))\" is not known here; only margins are given")
    }
    do throws(ForestFault) {
      let result = try lowering.builder.add(.concatenate(values))
      let inputCount = lowering.builder.shape(of: .inputs).count
      return try Forest(
        inputs: inputs(inputCount), model: lowering.builder.model(result: result), columns: columns,
        provenance: provenance(source))
    } catch {
      throw lowering.refusal(error)
    }
  }

  // MARK: Inputs

  private func inputs(_ count: Int) -> [Input] {
    var taken: Set<String> = []
    return (0..<count).map { index in
      let type = index < model.featureTypes.count ? model.featureTypes[index] : ""
      let kind: Input.Kind = ["int", "i", "c"].contains(type) ? .integer : .real
      guard index < model.featureNames.count else { return Input(label: "x\(index)", kind: kind, isUnnamed: true) }
      let name = model.featureNames[index]
      let candidates = [name, "\(name)_\(index)", "x\(index)"]
      let label = candidates.first { !$0.isEmpty && !taken.contains($0) } ?? "feature_\(index)"
      if label != name { remarks.note(.oddity, "the feature \(index) is called \"\(label)\" here: its name \"\(name)\" is not unique") }
      taken.insert(label)
      return Input(label: label, kind: kind)
    }
  }

  // MARK: Columns

  private var isLabel: Bool {
    switch objective.link {
    case .firstMaximum, .step: true
    default: false
    }
  }

  private func marginMeaning(_ index: Int, of count: Int) -> String {
    "the sum over the trees, before the link function" + (count == 1 ? "" : ", of \(model.classCount > 1 ? "class" : "output") \(index)")
  }

  private func meaning(_ index: Int, of count: Int) -> String {
    let output = count == 1 ? "" : " of output \(index)"
    return switch objective.link {
    case .logistic: "the probability\(output): from 0 to 1"
    case .softmax: "the probability of class \(index)"
    case .firstMaximum: "the index of the chosen class"
    case .step: "the chosen class\(output): 1 where the margin is above 0, else 0"
    case .exponential: "the predicted value\(output): the exponential of the margin"
    case .identity, nil: "the predicted value\(output): the margin itself"
    }
  }

  // MARK: Provenance

  /// What a user should know about how the file was read.
  func addNotes(best: Int?, wantsBest: Bool) {
    if model.release == nil {
      remarks.note(.choice, "the file does not say which release of XGBoost wrote it; the newest rules are taken")
    }
    let all = model.trees.count
    if wantsBest, best == nil {
      remarks.note(.choice, "the file names no best iteration, so that all \(all) trees are used")
    } else if let best, best < all {
      remarks.note(
        .choice,
        wantsBest
          ? "the first \(best) of \(all) trees are used, up to the best iteration, as asked for"
          : "early stopping named a best iteration: it and those before have \(best) of the \(all) trees. All are used, as Booster.predict does; --iterations best uses as many as the scikit-learn wrapper")
    }
    if !model.rules.startsWithBaseScore {
      remarks.note(
        .choice, "the leaves are summed from 0 and the base score is added last, as XGBoost did before 1.3; later releases start with it, which can change the last bit")
    }
    let categories = model.trees.contains { !$0.categorySets.isEmpty }
    if categories, model.rules.hasOddCategories {
      remarks.note(.choice, "categories that are not in the lists go left, as in all releases but 1.6, where they went with missing values")
    }
    for feature in model.categoryNames.keys.sorted() {
      let names = (model.categoryNames[feature] ?? []).prefix(32).enumerated().map { "\($0) = \"\(JSONCursor.clipped($1))\"" }
      let name = feature < model.featureNames.count ? model.featureNames[feature] : "x\(feature)"
      let rest = (model.categoryNames[feature]?.count ?? 0) > 32 ? ", …" : ""
      remarks.note(.choice, "the feature \"\(name)\" takes the positions of its categories: \(names.joined(separator: ", "))\(rest)")
    }
  }

  private func provenance(_ source: Provenance.Source?) -> Provenance {
    var facts = [
      Provenance.Fact("objective", JSONCursor.clipped(model.objective ?? "")), Provenance.Fact("booster", model.booster ?? ""),
      Provenance.Fact("base_score", model.baseScore.prefix(8).map { "\($0)" }.joined(separator: ", ") + (model.baseScore.count > 8 ? ", …" : "")),
    ]
    if model.classCount > 0 { facts.append(Provenance.Fact("num_class", "\(model.classCount)")) }
    if model.targetCount > 1 { facts.append(Provenance.Fact("num_target", "\(model.targetCount)")) }
    if let count = model.parallelTreeCount, count > 1 { facts.append(Provenance.Fact("num_parallel_tree", "\(count)")) }
    if treeCount < model.trees.count { facts.append(Provenance.Fact("trees in the file", "\(model.trees.count)")) }
    for name in ["best_iteration", "best_score"] {
      if let value = model.attributes[name] { facts.append(Provenance.Fact(name, JSONCursor.clipped(value))) }
    }
    let kind = (model.booster == "dart" ? "boosting with dropouts (dart), " : "gradient boosting, ") + objective.task
    return Provenance(
      trainer: model.release.map { "XGBoost \($0)" } ?? "XGBoost", kind: kind, format: model.format, source: source,
      facts: facts, notes: remarks.notes)
  }
}
