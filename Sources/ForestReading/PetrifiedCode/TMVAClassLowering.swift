import ForestIR

/// What a generated class means in the IR's words.
struct TMVAClassLowering {
  let model: TMVAClass
  let header: TMVAClassHeader
  let source: Provenance.Source?

  func forest() throws(ForestFault) -> Forest {
    var builder = ModelBuilder(inputCount: model.variableCount, width: .float64)
    var event = Value.inputs
    for transformation in model.transformations { event = try transformation.apply(to: event, &builder) }
    let (response, margin) = try formula(event, &builder)
    let answer = try preselected(response, event, &builder)
    let result = try builder.add(.concatenate([answer, margin]))
    let marginCount = builder.shape(of: margin).count
    return try Forest(
      inputs: inputs, model: builder.model(result: result), columns: columns(marginCount), provenance: provenance)
  }

  private func formula(
    _ event: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> (response: Value, margin: Value) {
    switch model.formula {
    case .weightedMean:
      let ensemble = try TreeEnsemble(trees: model.trees, weights: model.weights, width: .float64, fold: .sum(start: [0]))
      let sum = try builder.add(.trees(ensemble, event))
      // 0 / 0 is NaN, as in the code.
      return (try builder.add(.binary(.divide, sum, builder.float64([model.weights.reduce(0, +)]))), sum)
    case .gradient:
      let sum = try builder.add(.trees(TreeEnsemble(trees: model.trees, width: .float64, fold: .sum(start: [0])), event))
      let doubled = try builder.add(.binary(.multiply, builder.float64([-2]), sum))
      let denominator = try builder.add(
        .binary(.add, builder.float64([1]), builder.add(.unary(.exponential, doubled))))
      let quotient = try builder.add(.binary(.divide, builder.float64([2]), denominator))
      return (try builder.add(.binary(.subtract, quotient, builder.float64([1]))), sum)
    case .multiclass(let count):
      let groups = model.trees.indices.map { Int32($0 % count) }
      let start = Vector([Double](repeating: 0, count: count))
      let sums = try builder.add(
        .trees(TreeEnsemble(trees: model.trees, groups: groups, width: .float64, fold: .sum(start: start)), event))
      return (try builder.oneAgainstOthers(builder.add(.unary(.exponential, sums)), count: count), sums)
    }
  }

  /// The answers of the preselection cuts before the response: the first that holds decides.
  private func preselected(_ response: Value, _ event: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    var answer = response
    for cut in model.preselection.reversed() {
      let x = try builder.add(.gather(event, [Int32(cut.variable)]))
      let holds = try builder.add(.compare(cut.comparison, x, builder.float64([cut.value])))
      answer = try builder.add(.select(holds, builder.float64([cut.answer]), answer))
    }
    return answer
  }

  // MARK: Words

  private var inputs: [Input] {
    var taken: Set<String> = []
    return model.labels.enumerated().map { index, label in
      var unique = label.isEmpty ? "x\(index)" : label
      while !taken.insert(unique).inserted { unique += "_\(index)" }
      return Input(
        label: unique, expression: label, kind: model.kinds[index],
        // With transformations the limits are those of the transformed variables.
        trainingRange: model.hasTransformations ? nil : model.ranges[index])
    }
  }

  private func columns(_ marginCount: Int) -> [Column] {
    var columns: [Column] = []
    if case .multiclass(let count) = model.formula {
      for index in 0..<count {
        columns.append(
          Column(name: "class_\(index)", role: .response, meaning: "the probability of class \(index), in the order of the training", width: .float64))
      }
    } else {
      columns.append(
        Column(
          name: "score", role: .response, meaning: "the classifier's score, what GetMvaValue of the class returns; higher is more like signal",
          width: .float64))
    }
    for index in 0..<marginCount {
      columns.append(
        Column(
          name: marginCount == 1 ? "margin" : "margin_\(index)", role: .margin, meaning: "the sum over the trees", width: .float64,
          isPrinted: false))
    }
    return columns
  }

  private var provenance: Provenance {
    let kind =
      switch model.formula {
      case .weightedMean: "boosted decision trees (weighted mean), classification"
      case .gradient: "boosted decision trees (Grad), classification"
      case .multiclass: "boosted decision trees (Grad), multiclass"
      }
    return Provenance(
      trainer: header.tmvaRelease.isEmpty ? "TMVA" : "TMVA \(header.tmvaRelease)", kind: kind,
      format: "C++ class written by TMVA", source: source, facts: [Provenance.Fact("class", model.className)] + header.allFacts,
      notes: notes)
  }

  private var notes: [Provenance.Note] {
    var notes: [Provenance.Note] = []
    let (cuts, responses) = (model.cuts, model.responses)
    if cuts.count > 0 {
      notes.append(
        Provenance.Note(
          .oddity,
          "TMVA prints cuts with 6 significant digits: \(cuts.foreign) of \(cuts.count) cuts are no float32 numbers, so they are not the "
            + "trained ones, which may lie up to \(PrintedDigits.brief(cuts.widest)) away (at \(cuts.widestAt)); the model is read as the code computes it"))
    }
    if responses.count > 0 {
      let name = model.leaf == .purity ? "purities" : "responses"
      notes.append(
        Provenance.Note(
          .oddity,
          "the \(name) of the leaves are printed with 6 significant digits: \(responses.foreign) of \(responses.count) are no float32 numbers; each "
            + "may be up to \(PrintedDigits.brief(responses.widest)) away from the trained one"))
    }
    if case .weightedMean = model.formula {
      if model.weights.count > 1 {
        notes.append(Provenance.Note(.oddity, "boost weights but the first are printed with 6 significant digits"))
      }
      if !(model.weights.reduce(0, +) != 0) {
        notes.append(Provenance.Note(.oddity, "the boost weights add up to 0: the score is NaN or infinite, as in the code"))
      }
    }
    notes.append(
      Provenance.Note(
        .choice,
        "the code asks `x \(model.isStrictGreater ? ">" : ">=") cut`"
          + (model.isStrictGreater
            ? "; TMVA's own reader asks `x >= cut` since ROOT 5.34, which differs where a variable equals a cut" : ", as TMVA's own reader does")))
    return notes
  }
}

extension ModelBuilder {
  /// For each element p[i] of a vector: 1 / (1 + n), n = Σ over j ≠ i, ascending and from 0, of p[j] / p[i].
  mutating func oneAgainstOthers(_ powers: Value, count: Int) throws(ForestFault) -> Value {
    // Dealt out so that element n·count + i is the n-th other element of element i.
    var others: [Int32] = []
    var owns: [Int32] = []
    for rank in 0..<max(1, count - 1) where count > 1 {
      for own in 0..<count {
        others.append(Int32(rank < own ? rank : rank + 1))
        owns.append(Int32(own))
      }
    }
    let one = try float64([1])
    let quotients = try add(.binary(.divide, add(.gather(powers, others)), add(.gather(powers, owns))))
    let norm = try add(.reduce(.sum, quotients, count: count))
    return try add(.binary(.divide, one, add(.binary(.add, one, norm))))
  }
}
