import ForestIR

/// The expression of one element of a value.
extension ModelLowering {
  /// - Parameter index: an integer literal, or an expression of the loop's variable.
  func element(_ value: Value, _ index: Expression) -> Expression {
    let index = model.shape(of: value).count == 1 ? .int(0) : index
    switch places[value.index] {
    case .scalar(let expression): return expression
    case .array(let name, let type): return .element(name, index, type)
    case .inline, .unknown: return inlineElement(value, index)
    }
  }

  private func inlineElement(_ value: Value, _ index: Expression) -> Expression {
    let type = model.scalarType(of: value)
    switch model.steps[value.index - 1] {
    case .constant(let vector, _):
      if case .number(let position) = index.form { return .number(vector.elements[Int(position)], type) }
      return Expression(type, .table(program.constants(vector, type, named: "constants"), at: index))
    case .convert(let a, _): return element(a, index).converted(to: type)
    case .gather(let a, let positions): return gathered(a, positions, index)
    case .unary(let function, let a): return unary(function, element(a, index))
    case .binary(let function, let a, let b): return binary(function, element(a, index), element(b, index))
    case .compare(let comparison, let a, let b):
      return element(a, index).compared(Expression.Relation(comparison), element(b, index))
    case .isNaN(let a): return .intrinsic(.isNaN, element(a, index))
    case .not(let a): return !element(a, index)
    case .and(let a, let b): return element(a, index).and(element(b, index))
    case .or(let a, let b): return element(a, index).or(element(b, index))
    case .select(let condition, let a, let b):
      return .conditional(element(condition, index), element(a, index), element(b, index))
    default: preconditionFailure("a step that is no element-wise arithmetic is never inline")
    }
  }

  private func gathered(_ operand: Value, _ positions: [Int32], _ index: Expression) -> Expression {
    if case .number(let position) = index.form { return element(operand, .int(Int(positions[Int(position)]))) }
    if model.shape(of: operand).count == 1 { return element(operand, .int(0)) }
    let first = positions[0]
    if positions.indices.allSatisfy({ positions[$0] == first + Int32($0) }) {
      return element(operand, first == 0 ? index : index + .int(Int(first)))
    }
    let table = program.positions(positions, named: "positions", comment: "Which elements are taken.")
    return element(operand, Expression(.int32, .table(table, at: index)))
  }

  private func unary(_ function: UnaryFunction, _ a: Expression) -> Expression {
    switch function {
    case .negate: return -a
    case .absolute: return .intrinsic(.absolute, a)
    case .squareRoot: return .intrinsic(.squareRoot, a)
    case .truncate: return .intrinsic(.truncate, a)
    case .exponential where a.type == .float32:
      return .call(program.singleExponentialRoutine(), [.value(a)], .float32)
    case .exponential: return .intrinsic(.exponential, a)
    case .fastExponential: return .call(program.fastExponentialRoutine(), [.value(a)], .float64)
    case .naturalLogarithm: return .intrinsic(.naturalLogarithm, a)
    case .commonLogarithm: return .intrinsic(.commonLogarithm, a)
    case .logarithmOfOnePlus: return .intrinsic(.logarithmOfOnePlus, a)
    case .sine: return .intrinsic(.sine, a)
    case .cosine: return .intrinsic(.cosine, a)
    case .tangent: return .intrinsic(.tangent, a)
    case .arcSine: return .intrinsic(.arcSine, a)
    case .arcCosine: return .intrinsic(.arcCosine, a)
    case .arcTangent: return .intrinsic(.arcTangent, a)
    case .hyperbolicSine: return .intrinsic(.hyperbolicSine, a)
    case .hyperbolicCosine: return .intrinsic(.hyperbolicCosine, a)
    case .hyperbolicTangent: return .intrinsic(.hyperbolicTangent, a)
    case .areaHyperbolicSine: return .intrinsic(.areaHyperbolicSine, a)
    case .areaHyperbolicCosine: return .intrinsic(.areaHyperbolicCosine, a)
    case .areaHyperbolicTangent: return .intrinsic(.areaHyperbolicTangent, a)
    case .errorFunction, .complementaryErrorFunction, .inverseErrorFunction:
      return .call(program.errorFunctionRoutine(function), [.value(a)], .float64)
    }
  }

  private func binary(_ function: BinaryFunction, _ a: Expression, _ b: Expression) -> Expression {
    switch function {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .minimum, .maximum:
      return .call(program.extremeRoutine(function, a.type), [.value(a), .value(b)], a.type)
    case .power: return .intrinsic(.power, a, b)
    case .arcTangent2: return .intrinsic(.arcTangent2, a, b)
    case .remainder: return .intrinsic(.remainder, a, b)
    case .integerRemainder: return .intrinsic(.integerRemainder, a, b)
    }
  }
}

extension Expression.Relation {
  init(_ comparison: Comparison) {
    switch comparison {
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .equal: self = .equal
    case .notEqual: self = .notEqual
    }
  }
}
