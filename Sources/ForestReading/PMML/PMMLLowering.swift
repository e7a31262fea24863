import ForestIR

/// Turns models within models into steps of the IR.
///
/// What is computed is what the specification (dmg.org, PMML 4.2 to 4.4) says and JPMML-Evaluator computes: float64, or
/// float32 in a model with `x-mathContext="float"`, in the order of the file, sums from 0, one rounding for each operation.
/// A missing result is NaN. In trees it is a leaf of +∞: scores are finite, and so is the sum of the largest scores of all
/// trees, so that a sum of +∞ says that a tree had no result, and becomes NaN.
struct PMMLLowering {
  let document: PMMLDocument
  let fields: PMMLFields
  let context: PMMLContext
  /// The position of each active field in the vector that trees read.
  private let positions: [Int32: (position: Int, isFloat: Bool)]
  private let labels: [Int32]
  /// The values that models have put out for those after them in a chain.
  var outputs: [String: Value] = [:]
  /// The sums over trees, in the order in which they are computed.
  private(set) var sums: [Value] = []

  enum Result {
    case number(Value)
    /// One number for each class of `fields.classes`.
    case classes(Value)

    var value: Value {
      switch self {
      case .number(let value), .classes(let value): value
      }
    }
  }

  init(_ document: PMMLDocument, _ fields: PMMLFields, _ context: PMMLContext) {
    self.document = document
    self.fields = fields
    self.context = context
    var positions: [Int32: (position: Int, isFloat: Bool)] = [:]
    for (index, field) in fields.inputs.enumerated() {
      if let number = document.names.known(field.name) { positions[number] = (index, field.isFloat) }
    }
    self.positions = positions
    labels = fields.classes.map { document.names.known($0) ?? -2 }
  }

  /// The steps of a model, its targets and its outputs. Models nest no deeper than elements may.
  mutating func lower(_ model: XMLElement, _ event: Value, _ builder: inout ModelBuilder) throws(ReadError) -> Result {
    if let element = try context.child("LocalTransformations", of: model), !element.children.isEmpty {
      throw context.error(.unsupported, element, "transformations of the inputs are not read from PMML")
    }
    guard model.attribute("isScorable") != "false" else { throw context.error(.unsupported, model, "a model that is not for scoring") }
    try checkNestedSchema(model)
    var result: Result
    switch model.name {
    case "TreeModel": result = try ensemble([model], weights: nil, of: model, event, &builder)
    case "MiningModel": result = try mining(model, event, &builder)
    case "RegressionModel": result = try PMMLRegression(model, fields, context).lower(outputs, &builder)
    default: throw context.error(.unsupported, model, "the model \(model.name) is not read")
    }
    do {
      if case .number(let value) = result { result = .number(try rescaled(value, model, &builder)) }
      try putOut(result, model, &builder)
    } catch let error as ReadError {
      throw error
    } catch let fault as ForestFault {
      throw context.wrap(fault, model)
    } catch {
      throw context.error(.unsupported, model, "the model cannot be represented")
    }
    return result
  }

  /// Only the outermost schema may change values on their way in.
  private func checkNestedSchema(_ model: XMLElement) throws(ReadError) {
    guard model.parent?.name == "Segment", let schema = try context.child("MiningSchema", of: model) else { return }
    for field in schema.children {
      for name in ["missingValueReplacement", "outliers", "invalidValueReplacement"] where field.attribute(name) != nil {
        if name == "outliers", field.attribute(name) == "asIs" { continue }
        throw context.error(.unsupported, field, attribute: name, "\(name) in the schema of an inner model, which is not read")
      }
    }
  }

  // MARK: Segments

  private mutating func mining(_ model: XMLElement, _ event: Value, _ builder: inout ModelBuilder) throws(ReadError) -> Result {
    guard let segmentation = try context.child("Segmentation", of: model) else {
      throw context.error(.missing, model, "a MiningModel without Segmentation")
    }
    let segments = segmentation.children(named: "Segment")
    guard !segments.isEmpty else { throw context.error(.missing, segmentation, "a Segmentation without segments") }
    var models: [XMLElement] = []
    var weights: [Double] = []
    for segment in segments {
      guard segment.children.contains(where: { $0.name == "True" }) else {
        throw context.error(.unsupported, segment, "a Segment whose predicate is not True, which is not read")
      }
      let inner = segment.children.filter { $0.name != "True" && $0.name != "Extension" }
      guard inner.count == 1 else { throw context.error(.missing, segment, "a Segment must hold one model") }
      models.append(inner[0])
      let weight = try context.number("weight", of: segment) ?? 1
      guard weight > 0 else { throw context.error(.outOfRange, segment, attribute: "weight", "a weight that is not positive") }
      weights.append(weight)
    }
    try context.expect("missingPredictionTreatment", of: segmentation, in: ["returnMissing", "continue"])
    if segmentation.attribute("missingPredictionTreatment") != "returnMissing" {
      context.note(.choice, "where a segment has no result, the whole has none (NaN); the file leaves that open")
    }
    let method = try context.required("multipleModelMethod", of: segmentation)
    switch method {
    case "modelChain":
      var last: Result?
      for inner in models { last = try lower(inner, event, &builder) }
      guard let last else { throw context.error(.missing, segmentation, "an empty chain") }
      return last
    case "sum", "average": return try combined(models, method, nil, model, event, &builder)
    case "weightedAverage", "weightedSum", "x-weightedSum":
      return try combined(models, method, weights, model, event, &builder)
    default:
      throw context.error(
        .unsupported, segmentation, attribute: "multipleModelMethod", "multipleModelMethod=\"\(method)\" is not read",
        hint: "sums, averages and chains are")
    }
  }

  private mutating func combined(
    _ models: [XMLElement], _ method: String, _ weights: [Double]?, _ model: XMLElement, _ event: Value,
    _ builder: inout ModelBuilder
  ) throws(ReadError) -> Result {
    guard models.allSatisfy({ $0.name == "TreeModel" && $0.children(named: "Targets").isEmpty && $0.children(named: "Output").isEmpty }) else {
      throw context.error(.unsupported, model, "a \(method) of models that are not plain trees")
    }
    let result = try ensemble(models, weights: weights, of: model, event, &builder)
    guard method.hasSuffix("verage") else { return result }
    do {
      let width = PMMLWidth.of(model)
      let count = weights.map { $0.reduce(0) { width.rounded($0 + width.rounded($1)) } } ?? Double(models.count)
      let mean = try builder.add(.binary(.divide, result.value, builder.constant([count], width)))
      if case .classes = result { return .classes(mean) }
      return .number(mean)
    } catch {
      throw context.wrap(error, model)
    }
  }

  /// The sum over trees; NaN where one of them has no result.
  private mutating func ensemble(
    _ models: [XMLElement], weights: [Double]?, of model: XMLElement, _ event: Value, _ builder: inout ModelBuilder
  ) throws(ReadError) -> Result {
    let width = PMMLWidth.of(model)
    let isClassification = model.attribute("functionName") == "classification"
    guard isClassification || model.attribute("functionName") == "regression" else {
      throw context.error(.unsupported, model, attribute: "functionName", "the function \(model.attribute("functionName") ?? "(none)") is not read")
    }
    guard !isClassification || fields.classes.count >= 2 else {
      throw context.error(.missing, model, "a classification whose target has no list of values in the data dictionary")
    }
    guard !isClassification || width == .float64 else {
      throw context.error(.unsupported, model, attribute: "x-mathContext", "a classification by trees in float32 is not read")
    }
    var trees: [Tree] = []
    var largest = 0.0
    for (index, inner) in models.enumerated() {
      guard inner.attribute("functionName") == model.attribute("functionName"), PMMLWidth.of(inner) == width else {
        throw context.error(.inconsistent, inner, "a tree of another function or x-mathContext than its ensemble")
      }
      try checkNestedSchema(inner)
      guard let nodes = document.trees[ObjectIdentifier(inner)] else { throw context.error(.missing, inner, "a TreeModel without nodes") }
      var lowering = try PMMLTreeLowering(nodes, inner, classes: isClassification ? labels : [], fields: positions, context)
      let tree = try lowering.lowered()
      let weight = abs(weights?[index] ?? 1)
      largest += weight * tree.leaves.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      trees.append(tree)
    }
    // A sum that cannot come near the largest number is infinite only through a tree that had no result.
    guard largest < Double(width == .float32 ? Float.greatestFiniteMagnitude : .greatestFiniteMagnitude / 2) / 4 else {
      throw context.error(.outOfRange, model, "scores so large that their sum may overflow")
    }
    do {
      let start = Vector([Double](repeating: 0, count: trees[0].leafWidth))
      let ensemble = try TreeEnsemble(
        trees: trees, weights: weights?.map(width.rounded), width: width, fold: .sum(start: start))
      let sum = try builder.add(.trees(ensemble, event))
      let isMissing = try builder.add(.compare(.equal, sum, builder.constant([.infinity], width)))
      let value = try builder.add(.select(isMissing, builder.constant([.nan], width), sum))
      sums.append(value)
      return isClassification ? .classes(value) : .number(value)
    } catch {
      throw context.wrap(error, model)
    }
  }

  // MARK: Targets and outputs

  /// `value · rescaleFactor + rescaleConstant`, each only where it is not the neutral number.
  private func rescaled(_ value: Value, _ model: XMLElement, _ builder: inout ModelBuilder) throws -> Value {
    guard let targets = try context.child("Targets", of: model), let target = targets.children(named: "Target").first else { return value }
    guard targets.children(named: "Target").count == 1, target.children.isEmpty else {
      throw context.error(.unsupported, targets, "several targets, or target values, which are not read")
    }
    for name in ["castInteger", "min", "max"] { try context.expect(name, of: target, in: []) }
    let width = PMMLWidth.of(model)
    var result = value
    if let factor = try context.number("rescaleFactor", of: target), factor != 1 {
      result = try builder.add(.binary(.multiply, result, builder.constant([width.rounded(factor)], width)))
    }
    if let constant = try context.number("rescaleConstant", of: target), constant != 0 {
      result = try builder.add(.binary(.add, result, builder.constant([width.rounded(constant)], width)))
    }
    return result
  }

  /// Remembers what the model puts out: its value by the names of its output fields.
  private mutating func putOut(_ result: Result, _ model: XMLElement, _ builder: inout ModelBuilder) throws {
    guard let output = try context.child("Output", of: model) else { return }
    for field in output.children(named: "OutputField") {
      let name = try context.required("name", of: field)
      switch (field.attribute("feature") ?? "predictedValue", result) {
      case ("predictedValue", .number(let value)): outputs[name] = value
      case ("transformedValue", _):
        // What no model reads, and cannot be computed here, is left out.
        if let value = try? PMMLExpression(outputs: outputs, context: context).lower(field, &builder) { outputs[name] = value }
      default: break
      }
    }
  }
}

/// The precision in which a model computes.
enum PMMLWidth {
  static func of(_ model: XMLElement) -> Width { model.attribute("x-mathContext") == "float" ? .float32 : .float64 }
}

extension ModelBuilder {
  mutating func constant(_ values: [Double], _ width: Width) throws(ForestFault) -> Value {
    try add(.constant(Vector(values), width))
  }
}
