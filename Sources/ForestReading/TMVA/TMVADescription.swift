import ForestIR

/// The words around the numbers: what goes in, what comes out, where it came from.
enum TMVADescription {
  static func inputs(_ method: MethodSetup, _ layout: EventLayout, _ context: TMVAContext) -> [Input] {
    guard let variables = method.variables else {
      return (0..<layout.variableCount).map { Input(label: "x\($0)", isUnnamed: true) }
    }
    let spectators = layout.spectators.keys.sorted().map { method.spectators[$0] }
    let all = variables + spectators
    let labels = uniqueLabels(all, context)
    return all.indices.map { index in
      let variable = all[index]
      return Input(
        label: labels[index], expression: variable.expression, title: variable.title, unit: variable.unit,
        kind: variable.isInteger ? .integer : .real, role: index < variables.count ? .feature : .selector,
        trainingRange: variable.range)
    }
  }

  /// Labels by which columns are found: where two are alike, or one is empty, the expression or the position helps.
  private static func uniqueLabels(_ variables: [TMVAVariable], _ context: TMVAContext) -> [String] {
    var taken: Set<String> = []
    return variables.enumerated().map { index, variable in
      let candidates = [variable.label, variable.expression, "\(variable.label)_\(index)", "x\(index)"]
      let label = candidates.first { !$0.isEmpty && !taken.contains($0) } ?? "variable_\(index)"
      if label != variable.label {
        context.note(.oddity, "the variable \(index) is called \"\(label)\" here: its label \"\(variable.label)\" is not unique")
      }
      taken.insert(label)
      return label
    }
  }

  static func columns(_ method: MethodSetup, marginCount: Int) -> [Column] {
    let classNames = method.classes?.names ?? []
    var columns: [Column]
    switch method.analysis {
    case .classification:
      columns = [
        Column(
          name: "score", role: .response,
          meaning: "the classifier's score, what TMVA::Reader::EvaluateMVA returns; higher is more like \(classNames.first ?? "signal"); "
            + "-999 where an input is NaN", width: .float64)
      ]
    case .regression:
      let target = method.targets.first
      columns = [
        Column(
          name: target.map(\.label) ?? "target", role: .response,
          meaning: "the estimate of \(target?.title.isEmpty == false ? target!.title : target?.label ?? "the target")"
            + (target?.unit.isEmpty == false ? " in \(target!.unit)" : ""), width: .float32)
      ]
    case .multiclass:
      columns = unique(classNames).map {
        Column(name: $0, role: .response, meaning: "the probability of the class \($0)", width: .float32)
      }
    }
    for index in 0..<marginCount {
      let name = marginCount == 1 ? "margin" : "margin_\(index)"
      columns.append(
        Column(name: name, role: .margin, meaning: "the sum over the trees", width: .float64, isPrinted: false))
    }
    return columns
  }

  /// Class names that repeat get their number.
  private static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.enumerated().map { index, name in
      var name = name
      while !taken.insert(name).inserted { name += "_\(index)" }
      return name
    }
  }

  static func provenance(
    _ method: MethodSetup, _ body: MethodBody, source: Provenance.Source?, _ context: TMVAContext
  ) -> Provenance {
    let info = method.info
    let boost: String
    switch body {
    case .forest(let section): boost = section.weights == nil ? "decision tree" : "boosted decision trees (\(method.options.boostType.rawValue))"
    case .boost(let boosted): boost = "\(boosted.members.count) boosted methods"
    case .category(let category): boost = "\(category.branches.count) categories of methods"
    }
    var facts = [Provenance.Fact("method", "\(method.kind.rawValue)::\(method.title)")]
    if let tmva = info.tmva { facts.append(Provenance.Fact("TMVA release", tmva.name)) }
    if let root = info.root { facts.append(Provenance.Fact("ROOT release", root.name)) }
    facts += info.facts
    facts += method.options.all.filter { $0.isModified || evaluated.contains($0.name.lowercased()) }
      .map { Provenance.Fact("option \($0.name)", $0.value) }
    return Provenance(
      trainer: info.tmva.map { "TMVA \($0.name)" } ?? "unknown (TMVA format)",
      kind: "\(boost), \(method.analysis.rawValue)", format: "TMVA weight file (XML)", source: source, facts: facts,
      notes: context.notes)
  }

  /// Options that are worth knowing even where the user left them alone.
  private static let evaluated: Set = [
    "boosttype", "useyesnoleaf", "dopreselection", "vartransform", "ntrees", "maxdepth", "shrinkage", "adaboostbeta",
    "boost_transform", "boost_type", "boost_num",
  ]
}
