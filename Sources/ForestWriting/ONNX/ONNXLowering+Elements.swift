import ForestIR

/// Arithmetic and comparisons, element by element.
extension ONNXLowering {
  mutating func unary(_ function: UnaryFunction, _ x: Tensor, _ width: Width) throws(EmissionError) -> Tensor {
    switch function {
    case .negate: return graph.node("Neg", [x])
    case .absolute: return graph.node("Abs", [x])
    case .squareRoot: return graph.node("Sqrt", [x])
    case .truncate:
      let isNegative = graph.node("Less", [x, graph.constant([0], width)])
      return graph.select(isNegative, graph.node("Ceil", [x]), graph.node("Floor", [x]))
    case .exponential, .fastExponential: return inexact("Exp", [x])
    case .naturalLogarithm: return inexact("Log", [x])
    case .hyperbolicTangent: return inexact("Tanh", [x])
    case .sine: return inexact("Sin", [x])
    case .cosine: return inexact("Cos", [x])
    default: throw Self.refusal("the function \(function.rawValue) is needed")
    }
  }

  /// A node whose last bits are the runtime's own.
  private mutating func inexact(_ name: String, _ inputs: [Tensor]) -> Tensor {
    inexactFunctions.insert(name)
    var result = graph.node(name, inputs)
    result.isInexact = true
    return result
  }

  mutating func binary(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor) throws(EmissionError) -> Tensor {
    switch function {
    case .add: return graph.node("Add", [a, b])
    case .subtract: return graph.node("Sub", [a, b])
    case .multiply: return graph.node("Mul", [a, b])
    case .divide: return graph.node("Div", [a, b])
    case .minimum: return graph.select(graph.node("LessOrEqual", [a, b]), a, b)
    case .maximum: return graph.select(graph.node("GreaterOrEqual", [a, b]), a, b)
    case .power: return inexact("Pow", [a, b])
    case .remainder: return graph.node("Mod", [a, b], [.integer("fmod", 1)])
    case .arcTangent2, .integerRemainder: throw Self.refusal("the function \(function.rawValue) is needed")
    }
  }

  mutating func compare(_ comparison: Comparison, _ a: Tensor, _ b: Tensor) -> Tensor {
    switch comparison {
    case .less: graph.node("Less", [a, b])
    case .lessOrEqual: graph.node("LessOrEqual", [a, b])
    case .greater: graph.node("Greater", [a, b])
    case .greaterOrEqual: graph.node("GreaterOrEqual", [a, b])
    case .equal: graph.node("Equal", [a, b])
    case .notEqual: not(graph.node("Equal", [a, b]))
    }
  }

  private mutating func not(_ x: Tensor) -> Tensor { graph.node("Not", [x]) }

  mutating func any(_ x: Tensor) -> Tensor {
    let numbers = graph.cast(x, to: 6)
    return graph.cast(graph.node("ReduceMax", [numbers, graph.integers([1])], [.integer("keepdims", 1)]), to: 9)
  }

  // MARK: Folds

  /// Sums in order, from 0: the last of the cumulative sums. Element i belongs to heap i mod `heaps`.
  mutating func sum(_ x: Tensor, _ width: Width, _ count: Int, heaps: Int) -> Tensor {
    var sums = x
    if count > heaps {
      var cube = x
      if heaps > 1 { cube = graph.node("Reshape", [x, graph.integers([-1, count / heaps, heaps])]) }
      let running = graph.node("CumSum", [cube, graph.axis(1)])
      sums = graph.columns(running, [count / heaps - 1])
      if heaps > 1 { sums = graph.node("Reshape", [sums, graph.integers([-1, heaps])]) }
    }
    // A sum that begins with 0 is never -0.
    return graph.node("Add", [sums, graph.constant([0], width)])
  }

  mutating func reduce(
    _ reduction: Reduction, _ x: Tensor, _ width: Width, _ count: Int, _ heaps: Int
  ) throws(EmissionError) -> Tensor {
    switch reduction {
    case .sum: return sum(x, width, count, heaps: heaps)
    case .pairwiseSum:
      guard count / heaps < 8 else { throw Self.refusal("\(count / heaps) numbers are added in pairs") }
      return sum(x, width, count, heaps: heaps)
    case .maximum:
      guard count / heaps <= 4096 else { throw Self.refusal("the largest of \(count / heaps) numbers is wanted") }
      var largest = graph.columns(x, Array(0..<heaps))
      for start in stride(from: heaps, to: count, by: heaps) {
        let next = graph.columns(x, Array(start..<start + heaps))
        largest = graph.select(graph.node("Greater", [next, largest]), next, largest)
      }
      return largest
    }
  }

  mutating func indexOfMaximum(_ x: Tensor, _ count: Int) -> Tensor {
    var largest = graph.columns(x, [0])
    var index = graph.constant([0], .float64)
    for position in 1..<max(1, count) {
      let next = graph.columns(x, [position])
      let isLarger = graph.node("Greater", [next, largest])
      index = graph.select(isLarger, graph.constant([Double(position)], .float64), index)
      largest = graph.select(isLarger, next, largest)
    }
    return index
  }

  /// The position of each element in its table, NaN where it is not there.
  mutating func lookUp(_ tables: [Vector], _ x: Tensor, _ width: Width) -> Tensor {
    let columns = tables.enumerated().map { index, table in
      let (position, isFound) = position(of: tables.count == 1 ? x : graph.columns(x, [index]), in: table.elements, width)
      let number = graph.cast(position, to: ONNXGraphBuilder.elementType(width))
      return graph.select(isFound, number, graph.constant([.nan], width))
    }
    return columns.count == 1 ? columns[0] : graph.node("Concat", columns, [.integer("axis", 1)])
  }

  /// The first entry of a table that equals a column's number (as int64, 0 if there is none), and whether there is one.
  mutating func position(of column: Tensor, in table: [Double], _ width: Width) -> (position: Tensor, isFound: Tensor) {
    // An entry that is no number of the width equals nothing; NaN in its place does not either.
    let entries = table.map { width.holds($0) ? $0 : .nan }
    let hits = graph.cast(graph.node("Equal", [column, graph.constant(entries, width)]), to: 6)
    let position = graph.node("ArgMax", [hits], [.integer("axis", 1), .integer("keepdims", 1)])
    let isFound = graph.cast(graph.node("ReduceMax", [hits, graph.integers([1])], [.integer("keepdims", 1)]), to: 9)
    return (position, isFound)
  }
}
