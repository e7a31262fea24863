import ForestIR

/// Says the steps of a model in operators of ONNX.
///
/// Element-wise arithmetic, comparisons and selections are one node each, rounded once. Sums are cumulative sums, which runtimes
/// add in order (a `ReduceSum` or a `MatMul` is free in its order). Constants are tensors of one row.
struct ONNXLowering {
  typealias Tensor = ONNXGraphBuilder.Tensor

  var graph = ONNXGraphBuilder()
  /// The tensor of all inputs.
  let input: Tensor
  /// Whether the tree operator of version 5 is needed, which computes in float64.
  let usesVersion5: Bool
  /// Functions that runtimes approximate on their own.
  var inexactFunctions: Set<String> = []

  static let hint = "source code (cpp, c, python, swift) says every model"

  static func refusal(_ what: String) -> EmissionError { EmissionError("\(what), which ONNX cannot say exactly", hint: hint) }

  /// The tensors of all values of the model that are needed.
  ///
  /// - Parameters:
  ///   - wanted: the values that are asked for.
  ///   - argument: what the model reads; it is rounded to the model's width.
  mutating func lower(
    _ model: Model, for wanted: [Value], _ argument: Tensor, _ argumentWidth: Width
  ) throws(EmissionError) -> [Tensor?] {
    let needed = model.needed(for: wanted)
    var values: [Tensor?] = [convert(argument, argumentWidth, model.inputWidth)]
    for (index, step) in model.steps.enumerated() {
      values.append(needed[index + 1] ? try lower(step, model, values) : nil)
    }
    return values
  }

  mutating func convert(_ tensor: Tensor, _ from: Width, _ to: Width) -> Tensor {
    from == to ? tensor : graph.cast(tensor, to: ONNXGraphBuilder.elementType(to))
  }

  private mutating func lower(_ step: Operation, _ model: Model, _ values: [Tensor?]) throws(EmissionError) -> Tensor {
    let input = self.input
    func tensor(_ value: Value) -> Tensor { values[value.index] ?? input }
    func width(_ value: Value) -> Width { if case .number(let width) = model.shape(of: value).kind { width } else { .float64 } }
    func count(_ value: Value) -> Int { model.shape(of: value).count }
    switch step {
    case .constant(let vector, let width): return graph.constant(vector.elements, width)
    case .convert(let a, let wanted): return convert(tensor(a), width(a), wanted)
    case .unary(let function, let a): return try unary(function, tensor(a), width(a))
    case .binary(let function, let a, let b): return try binary(function, tensor(a), tensor(b))

    case .compare(let comparison, let a, let b): return compare(comparison, tensor(a), tensor(b))
    case .isNaN(let a): return graph.node("IsNaN", [tensor(a)])
    case .not(let a): return graph.node("Not", [tensor(a)])
    case .and(let a, let b): return graph.node("And", [tensor(a), tensor(b)])
    case .or(let a, let b): return graph.node("Or", [tensor(a), tensor(b)])
    case .any(let a): return any(tensor(a))
    case .select(let condition, let a, let b):
      guard case .truth = model.shape(of: a).kind else { return graph.select(tensor(condition), tensor(a), tensor(b)) }
      let holds = graph.node("And", [tensor(condition), tensor(a)])
      return graph.node("Or", [holds, graph.node("And", [graph.node("Not", [tensor(condition)]), tensor(b)])])

    case .gather(let a, let positions): return graph.columns(tensor(a), positions.map { Int($0) })
    case .concatenate(let parts):
      if parts.count == 1 { return tensor(parts[0]) }
      let all = parts.map { part in
        parts.allSatisfy { tensor($0).isConstant } ? tensor(part) : graph.expanded(tensor(part), columns: count(part), input)
      }
      return graph.node("Concat", all, [.integer("axis", 1)])
    case .reduce(let reduction, let a, let heaps): return try reduce(reduction, tensor(a), width(a), count(a), heaps)
    case .indexOfMaximum(let a): return indexOfMaximum(tensor(a), count(a))
    case .lookUp(let tables, let a): return lookUp(tables, tensor(a), width(a))

    case .product(let matrix, let a):
      let rows = (0..<matrix.rows).map { row in
        let coefficients = Array(matrix.elements.elements[row * matrix.columns..<(row + 1) * matrix.columns])
        return sum(graph.node("Mul", [graph.constant(coefficients, .float64), tensor(a)]), .float64, matrix.columns, heaps: 1)
      }
      return rows.count == 1 ? rows[0] : graph.node("Concat", rows, [.integer("axis", 1)])
    case .curve, .inverseCurve: throw Self.refusal("an input passes through a curve (a histogram's distribution)")
    case .medianWindowMean, .weightedMedian: throw Self.refusal("the result is a weighted median over the trees")

    case .trees(let ensemble, let a):
      guard !tensor(a).isInexact else {
        throw Self.refusal("trees ask for a quantity that is computed with a function whose last digits differ from runtime to runtime")
      }
      let argument = graph.expanded(tensor(a), columns: count(a), input)
      return try trees(ensemble, argument, width(a), featureCount: count(a))
    case .members(let models, let a):
      let argument = graph.expanded(tensor(a), columns: count(a), input)
      var results: [Tensor] = []
      for member in models { results.append(try result(of: member, argument, width(a))) }
      return results.count == 1 ? results[0] : graph.node("Concat", results, [.integer("axis", 1)])
    case .choose(let choice): return try choose(choice, tensor, width, count)
    }
  }

  /// The result of a model inside the model, one row for each event.
  private mutating func result(of model: Model, _ argument: Tensor, _ argumentWidth: Width) throws(EmissionError) -> Tensor {
    let values = try lower(model, for: [model.result], argument, argumentWidth)
    return graph.expanded(values[model.result.index] ?? input, columns: model.resultShape.count, input)
  }

  /// All models are asked; what the others answer is left.
  private mutating func choose(
    _ choice: Choice, _ tensor: (Value) -> Tensor, _ width: (Value) -> Width, _ count: (Value) -> Int
  ) throws(EmissionError) -> Tensor {
    var chosen = tensor(choice.otherwise)
    for branch in choice.branches.reversed() {
      let argument = graph.expanded(tensor(branch.argument), columns: count(branch.argument), input)
      let answer = try result(of: branch.model, argument, width(branch.argument))
      chosen = graph.select(tensor(branch.condition), answer, chosen)
    }
    guard choice.ambiguity == .refused, choice.branches.count > 1 else { return chosen }
    var seen = tensor(choice.branches[0].condition)
    var several: Tensor?
    for branch in choice.branches.dropFirst() {
      let again = graph.node("And", [seen, tensor(branch.condition)])
      several = several.map { graph.node("Or", [$0, again]) } ?? again
      seen = graph.node("Or", [seen, tensor(branch.condition)])
    }
    guard let several else { return chosen }
    return graph.select(several, graph.constant([.nan], width(choice.otherwise)), chosen)
  }
}
