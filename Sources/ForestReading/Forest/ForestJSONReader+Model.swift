import ForestIR

extension ForestJSONReader {
  /// - Parameter nesting: 1 for the forest's own model, one more for each model around this one. The limit bounds the stack.
  mutating func model(nesting: Int) throws(ReadError) -> Model {
    let place = cursor.here
    guard nesting <= ModelBuilder.nestingLimit else {
      throw cursor.fault(.limit, at: place, "more than \(ModelBuilder.nestingLimit) models within each other")
    }
    var inputs: (count: Int, width: Width)?
    var steps: [Step]?
    var stepsPath = ""
    var result: Value?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "inputs": inputs = try modelInputs()
      case "steps":
        stepsPath = cursor.path
        steps = try list { (reader) throws(ReadError) in try reader.step(nesting: nesting) }
      case "result": result = try value()
      default: throw unknown(key)
      }
    }
    let shape = try needed(inputs, "inputs", in: place)
    var builder = ModelBuilder(inputCount: shape.count, width: shape.width)
    for (index, step) in try needed(steps, "steps", in: place).enumerated() {
      let place = JSONCursor.Place(byte: step.byte, path: "\(stepsPath)[\(index)]")
      try add(step, at: place, index: index, to: &builder)
    }
    let resultValue = try needed(result, "result", in: place)
    return try building(at: place) { () throws(ForestFault) in try builder.model(result: resultValue) }
  }

  private mutating func modelInputs() throws(ReadError) -> (count: Int, width: Width) {
    let place = cursor.here
    var count: Int?
    var width: Width?
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      switch key {
      case "count": count = try cursor.integer(in: 1...ModelBuilder.elementLimit, "the number of inputs")
      case "width": width = try oneOf(Width.self)
      default: throw unknown(key)
      }
    }
    return (try needed(count, "count", in: place), try needed(width, "width", in: place))
  }

  /// A step that waits for the builder, which needs to know the model's inputs first.
  private struct Step {
    let operation: Operation
    let value: Int
    let byte: Int
  }

  private mutating func step(nesting: Int) throws(ReadError) -> Step {
    let members = try stepMembers(nesting: nesting)
    let operation = try operation(members)
    // Whatever no operation asked for does not belong to it.
    if let name = members.names.first(where: { !$0.isUsed(by: operation) }) {
      throw cursor.fault(
        .unexpected, at: members.place,
        "no member \"\(name.rawValue)\" belongs to a step \"\(members.operation ?? "")\"")
    }
    return Step(
      operation: operation, value: try needed(members.value, "value", in: members.place), byte: members.place.byte)
  }

  private func add(_ step: Step, at place: JSONCursor.Place, index: Int, to builder: inout ModelBuilder) throws(ReadError) {
    do throws(ForestFault) {
      _ = try builder.add(step.operation)
    } catch {
      throw refusal(error, at: place)
    }
    guard step.value == index + 1 else {
      throw cursor.fault(.inconsistent, at: place, "step \(index) defines value \(index + 1), not \(step.value)")
    }
  }
}

/// All that any step can have, as it is read: members come in any order, so what they mean is known only at the end.
struct StepMembers {
  enum Name: String, CaseIterable {
    case value, operation, of, width, elements, to, function, comparison, positions, reduction, count, matrix, curves, tables
    case halfWidth = "half_width"
    case weights, fold, start, groups, trees, models, ambiguity, otherwise, branches
  }

  let place: JSONCursor.Place
  var names: [Name] = []
  var value: Int?
  var operation: String?
  var of: [Value]?
  var width: Width?
  var elements: [Double]?
  var to: Width?
  /// Unary and binary functions share their member; which one it is depends on the operation.
  var function: String?
  var comparison: Comparison?
  var positions: [Int32]?
  var reduction: Reduction?
  var count: Int?
  var matrix: Matrix?
  var curves: [HistogramCurve]?
  var halfWidth: Int?
  var tables: [Vector]?
  var weights: [Double]?
  var fold: String?
  var start: [Double]?
  var groups: [Int32]?
  var trees: ForestJSONReader.Trees?
  var models: [Model]?
  var ambiguity: Choice.Ambiguity?
  var otherwise: Value?
  var branches: [Choice.Branch]?
}

extension StepMembers.Name {
  /// Whether a step of this operation has the member.
  fileprivate func isUsed(by operation: Operation) -> Bool {
    switch self {
    case .value, .operation: return true
    case .of: if case .choose = operation { return false } else { return true }
    default: break
    }
    let own: [StepMembers.Name]
    switch operation {
    case .constant: own = [.width, .elements]
    case .convert: own = [.to]
    case .unary, .binary: own = [.function]
    case .compare: own = [.comparison]
    case .isNaN, .not, .and, .or, .any, .select, .concatenate, .indexOfMaximum: own = []
    case .gather: own = [.positions]
    case .reduce: own = [.reduction, .count]
    case .product: own = [.matrix]
    case .curve, .inverseCurve: own = [.curves]
    case .medianWindowMean: own = [.halfWidth, .weights]
    case .weightedMedian: own = [.weights]
    case .lookUp: own = [.tables]
    case .trees(let ensemble, _):
      if case .sum = ensemble.fold {
        own = [.width, .fold, .start, .groups, .weights, .trees]
      } else {
        own = [.width, .fold, .groups, .weights, .trees]
      }
    case .members: own = [.models]
    case .choose: own = [.ambiguity, .otherwise, .branches]
    }
    return own.contains(self)
  }
}
