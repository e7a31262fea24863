import ForestIR

/// What the functions of petrified code mean in the IR's words.
struct PetrifiedLowering {
  let model: PetrifiedFunctions
  let language: CodeLanguage
  let source: Provenance.Source?

  func forest() throws(ForestFault) -> Forest {
    let needed = model.trees.reduce(1) { max($0, $1.featureCount) }
    let count = max(needed, model.statedInputs ?? 0)
    var builder = ModelBuilder(inputCount: count, width: .float64)
    let (response, margin) = try formula(&builder)
    let marginCount = margin.map { builder.shape(of: $0).count } ?? 0
    let result = try margin.map { margin throws(ForestFault) in try builder.add(.concatenate([response, margin])) } ?? response
    let responseCount = builder.shape(of: response).count
    return try Forest(
      inputs: (0..<count).map { Input(label: "x\($0)", isUnnamed: true) }, model: builder.model(result: result),
      columns: columns(responseCount, marginCount), provenance: provenance(needed: needed))
  }

  /// Sums in the code begin with the first term; −0 is the start to which everything can be added without a trace.
  private static let start: Vector = [-0.0]

  private func formula(_ builder: inout ModelBuilder) throws(ForestFault) -> (response: Value, margin: Value?) {
    switch model.formula {
    case .single:
      let ensemble = try TreeEnsemble(trees: model.trees, width: .float64, fold: .sum(start: Self.start))
      return (try builder.add(.trees(ensemble, .inputs)), nil)
    case .weightedMean(let norm):
      let ensemble = try TreeEnsemble(
        trees: model.trees, weights: model.weights, width: .float64, fold: .sum(start: Self.start))
      let sum = try builder.add(.trees(ensemble, .inputs))
      return (try builder.add(.binary(.divide, sum, builder.float64([norm]))), sum)
    case .scaledSum(let scale):
      let sum = try sum(&builder)
      return (try builder.add(.binary(.multiply, builder.float64([scale]), sum)), nil)
    case .gradient:
      let sum = try sum(&builder)
      let doubled = try builder.add(.binary(.multiply, builder.float64([-2]), sum))
      let denominator = try builder.add(
        .binary(.add, builder.float64([1]), builder.add(.unary(.exponential, doubled))))
      let quotient = try builder.add(.binary(.divide, builder.float64([2]), denominator))
      return (try builder.add(.binary(.subtract, quotient, builder.float64([1]))), sum)
    case .sigmoid(let scale):
      let scaled = try builder.add(.binary(.multiply, builder.float64([scale]), sum(&builder)))
      let power = try builder.add(.unary(.exponential, builder.add(.unary(.negate, scaled))))
      let one = try builder.float64([1])
      return (try builder.add(.binary(.divide, one, builder.add(.binary(.add, one, power)))), scaled)
    case .multiclass(let count):
      let groups = model.trees.indices.map { Int32($0 % count) }
      let start = Vector([Double](repeating: -0.0, count: count))
      let sums = try builder.add(
        .trees(TreeEnsemble(trees: model.trees, groups: groups, width: .float64, fold: .sum(start: start)), .inputs))
      return (try builder.oneAgainstOthers(builder.add(.unary(.exponential, sums)), count: count), sums)
    }
  }

  private func sum(_ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    try builder.add(.trees(TreeEnsemble(trees: model.trees, width: .float64, fold: .sum(start: Self.start)), .inputs))
  }

  // MARK: Words

  private func columns(_ responseCount: Int, _ marginCount: Int) -> [Column] {
    var columns: [Column] = []
    if case .multiclass = model.formula {
      for index in 0..<responseCount {
        columns.append(Column(name: "class_\(index)", role: .response, meaning: "the probability of class \(index)", width: .float64))
      }
    } else {
      let meaning = if case .single = model.formula { "what the function returns: the number of the leaf's node" } else {
        "what the function \(model.name) returns"
      }
      columns.append(Column(name: "score", role: .response, meaning: meaning, width: .float64))
    }
    for index in 0..<marginCount {
      columns.append(
        Column(
          name: marginCount == 1 ? "margin" : "margin_\(index)", role: .margin, meaning: "the sum over the trees", width: .float64,
          isPrinted: false))
    }
    return columns
  }

  private func provenance(needed: Int) -> Provenance {
    let kind =
      switch model.formula {
      case .single: "decision tree"
      case .weightedMean: "weighted mean of trees"
      case .scaledSum: "scaled sum of trees"
      case .gradient: "boosted decision trees (Grad), classification"
      case .sigmoid: "gradient boosting, classification"
      case .multiclass: "boosted decision trees (Grad), multiclass"
      }
    let writer = model.writer.rawValue + (model.version.isEmpty ? "" : " \(model.version)")
    return Provenance(
      trainer: "unknown (code written by \(writer))", kind: kind,
      format: language == .python ? "Python code" : "C++ code", source: source,
      facts: model.name.isEmpty ? [] : [Provenance.Fact("function", model.name)], notes: notes(needed: needed))
  }

  private func notes(needed: Int) -> [Provenance.Note] {
    var notes = [note("cuts", model.cuts), note("values of leaves", model.values)].compactMap { $0 }
    if model.statedInputs == nil {
      notes.append(
        Provenance.Note(
          .choice, "the code does not say how many inputs there are, nor their names: the \(needed) up to the last one that is read"))
    }
    switch model.formula {
    case .gradient where language == .python, .multiclass where language == .python:
      notes.append(
        Provenance.Note(
          .choice, "where exp overflows, or a division by 0 follows, Python raises an error; here the numbers are infinite or NaN, as in C++"))
    default: break
    }
    if case .sigmoid = model.formula {
      notes.append(
        Provenance.Note(
          .oddity, "petrifyML leaves out where the boosting starts (the prior of the classes) unless that is 0; the model is read as the code computes it"))
    }
    return notes
  }

  private func note(_ what: String, _ digits: PrintedDigits) -> Provenance.Note? {
    guard digits.count > 0 else { return nil }
    let printed: String
    switch digits.rounding {
    case .none:
      return Provenance.Note(
        .oddity,
        digits.foreign == 0
          ? "all \(digits.count) \(what) are float32 numbers: the code lost nothing of them if the model was trained in float32"
          : "\(digits.foreign) of \(digits.count) \(what) are no float32 numbers; they are printed with as many digits as they need")
    case .significant(let count): printed = "\(count) significant digits"
    case .decimals(let count): printed = "\(count) digits after the point"
    }
    return Provenance.Note(
      .oddity,
      "\(what) are printed with \(printed): each of the \(digits.count) may be up to \(PrintedDigits.brief(digits.widest)) away from the trained one "
        + "(\(digits.foreign) are no float32 numbers)")
  }
}
