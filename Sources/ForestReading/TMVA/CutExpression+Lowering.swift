import ForestIR

/// Turns cuts into steps of a model. One per model: constants and quantities are made once.
struct CutLowering {
  /// The event in float64.
  private let event: Value
  /// The position in the event of each quantity that a cut may name.
  private let positions: (Int) -> Int
  private var constants: [UInt64: Value] = [:]
  private var quantities: [Int: Value] = [:]

  /// What a part of a cut gives: numbers and truth values are kept apart for as long as possible.
  private enum Result {
    case number(Value)
    case truth(Value)
  }

  /// - Parameter event: variables and spectators, in float32.
  init(event: Value, positions: @escaping (Int) -> Int, _ builder: inout ModelBuilder) throws(ForestFault) {
    self.positions = positions
    self.event = try builder.add(.convert(event, to: .float64))
  }

  /// Whether an event passes: the value is above 0.5.
  mutating func condition(_ cut: CutExpression, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    switch try lower(cut, &builder) {
    case .truth(let truth): return truth
    case .number(let number): return try builder.add(.compare(.greater, number, constant(0.5, &builder)))
    }
  }

  private mutating func lower(_ cut: CutExpression, _ builder: inout ModelBuilder) throws(ForestFault) -> Result {
    switch cut {
    case .number(let value):
      return .number(try constant(value, &builder))
    case .quantity(let index):
      if let known = quantities[index] { return .number(known) }
      let value = try builder.add(.gather(event, [Int32(positions(index))]))
      quantities[index] = value
      return .number(value)
    case .negate(let part):
      return .number(try builder.add(.unary(.negate, number(part, &builder))))
    case .not(let part):
      return .truth(try builder.add(.not(truth(part, &builder))))
    case .conditional(let condition, let first, let second):
      return .number(
        try builder.add(.select(truth(condition, &builder), number(first, &builder), number(second, &builder))))
    case .binary(let symbol, let left, let right):
      return try lower(symbol, left, right, &builder)
    case .call(let function, let parts):
      var arguments: [Value] = []
      for part in parts { arguments.append(try number(part, &builder)) }
      return .number(try call(function, arguments, &builder))
    }
  }

  private mutating func lower(
    _ symbol: CutExpression.BinaryOperator, _ left: CutExpression, _ right: CutExpression,
    _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Result {
    if symbol == .and { return .truth(try builder.add(.and(truth(left, &builder), truth(right, &builder)))) }
    if symbol == .or { return .truth(try builder.add(.or(truth(left, &builder), truth(right, &builder)))) }
    let a = try number(left, &builder)
    let b = try number(right, &builder)
    func compare(_ comparison: Comparison) throws(ForestFault) -> Result {
      .truth(try builder.add(.compare(comparison, a, b)))
    }
    func combine(_ function: BinaryFunction) throws(ForestFault) -> Result {
      .number(try builder.add(.binary(function, a, b)))
    }
    switch symbol {
    case .and, .or: preconditionFailure("logical operators were lowered above")
    case .less: return try compare(.less)
    case .lessOrEqual: return try compare(.lessOrEqual)
    case .greater: return try compare(.greater)
    case .greaterOrEqual: return try compare(.greaterOrEqual)
    case .equal: return try compare(.equal)
    case .notEqual: return try compare(.notEqual)
    case .add: return try combine(.add)
    case .subtract: return try combine(.subtract)
    case .multiply: return try combine(.multiply)
    case .power: return try combine(.power)
    case .remainder: return try combine(.integerRemainder)
    case .divide:
      // Division by 0 gives 0.
      let zero = try constant(0, &builder)
      let isZero = try builder.add(.compare(.equal, b, zero))
      let quotient = try builder.add(.binary(.divide, a, b))
      return .number(try builder.add(.select(isZero, zero, quotient)))
    }
  }

  private mutating func number(_ cut: CutExpression, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    switch try lower(cut, &builder) {
    case .number(let value): return value
    case .truth(let truth): return try builder.add(.select(truth, constant(1, &builder), constant(0, &builder)))
    }
  }

  /// Any number but 0 is true, NaN too.
  private mutating func truth(_ cut: CutExpression, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    switch try lower(cut, &builder) {
    case .truth(let truth): return truth
    case .number(let value): return try builder.add(.compare(.notEqual, value, constant(0, &builder)))
    }
  }

  private mutating func constant(_ value: Double, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    if let known = constants[value.bitPattern] { return known }
    let constant = try builder.add(.constant([value], .float64))
    constants[value.bitPattern] = constant
    return constant
  }
}

// MARK: - Functions

extension CutLowering {
  private mutating func call(
    _ function: CutFunction, _ x: [Value], _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    switch function {
    case .pi, .mathPi: return try constant(.pi, &builder)
    case .abs, .fabs, .mathAbs: return try builder.add(.unary(.absolute, x[0]))
    case .mathSqrt: return try builder.add(.unary(.squareRoot, x[0]))
    case .mathExp: return try builder.add(.unary(.exponential, x[0]))
    case .mathLog: return try builder.add(.unary(.naturalLogarithm, x[0]))
    case .mathLog10: return try builder.add(.unary(.commonLogarithm, x[0]))
    case .sin, .mathSin: return try builder.add(.unary(.sine, x[0]))
    case .cos, .mathCos: return try builder.add(.unary(.cosine, x[0]))
    case .tan, .mathTan: return try builder.add(.unary(.tangent, x[0]))
    case .atan, .mathATan: return try builder.add(.unary(.arcTangent, x[0]))
    case .sinh, .mathSinH: return try builder.add(.unary(.hyperbolicSine, x[0]))
    case .cosh, .mathCosH: return try builder.add(.unary(.hyperbolicCosine, x[0]))
    case .tanh, .mathTanH: return try builder.add(.unary(.hyperbolicTangent, x[0]))
    case .asinh: return try builder.add(.unary(.areaHyperbolicSine, x[0]))
    case .int: return try builder.add(.unary(.truncate, x[0]))
    case .sq: return try builder.add(.binary(.multiply, x[0], x[0]))
    case .pow, .mathPower: return try builder.add(.binary(.power, x[0], x[1]))
    case .min, .mathMin: return try builder.add(.binary(.minimum, x[0], x[1]))
    case .max, .mathMax: return try builder.add(.binary(.maximum, x[0], x[1]))
    case .fmod: return try builder.add(.binary(.remainder, x[0], x[1]))
    case .sqrt:
      return try builder.add(.unary(.squareRoot, builder.add(.unary(.absolute, x[0]))))
    case .log: return try positive(.naturalLogarithm, x[0], &builder)
    case .log10: return try positive(.commonLogarithm, x[0], &builder)
    case .exp: return try clampedExponential(x[0], &builder)
    case .asin: return try within(.arcSine, x[0], &builder)
    case .acos: return try within(.arcCosine, x[0], &builder)
    case .atanh: return try within(.areaHyperbolicTangent, x[0], &builder)
    case .acosh:
      let low = try builder.add(.compare(.less, x[0], constant(1, &builder)))
      return try builder.add(
        .select(low, constant(0, &builder), builder.add(.unary(.areaHyperbolicCosine, x[0]))))
    case .sign:
      let low = try builder.add(.compare(.less, x[0], constant(0, &builder)))
      return try builder.add(.select(low, constant(-1, &builder), constant(1, &builder)))
    case .atan2, .mathATan2: return try arcTangent2(x[0], x[1], &builder)
    }
  }

  /// 0 unless x > 0.
  private mutating func positive(
    _ function: UnaryFunction, _ x: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    let zero = try constant(0, &builder)
    let isPositive = try builder.add(.compare(.greater, x, zero))
    return try builder.add(.select(isPositive, builder.add(.unary(function, x)), zero))
  }

  /// 0 where |x| > 1.
  private mutating func within(
    _ function: UnaryFunction, _ x: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    let size = try builder.add(.unary(.absolute, x))
    let isOutside = try builder.add(.compare(.greater, size, constant(1, &builder)))
    return try builder.add(.select(isOutside, constant(0, &builder), builder.add(.unary(function, x))))
  }

  /// 0 below −700, exp(700) above 700.
  private mutating func clampedExponential(_ x: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let most = try constant(700, &builder)
    let isHigh = try builder.add(.compare(.greater, x, most))
    let clamped = try builder.add(.select(isHigh, most, x))
    let isLow = try builder.add(.compare(.less, x, constant(-700, &builder)))
    return try builder.add(.select(isLow, constant(0, &builder), builder.add(.unary(.exponential, clamped))))
  }

  /// `x == 0`: 0 for y = 0, else ±π/2 by the sign of y.
  private mutating func arcTangent2(
    _ y: Value, _ x: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    let zero = try constant(0, &builder)
    let isUp = try builder.add(.compare(.greater, y, zero))
    let pole = try builder.add(.select(isUp, constant(.pi / 2, &builder), constant(-.pi / 2, &builder)))
    let onAxis = try builder.add(.select(builder.add(.compare(.equal, y, zero)), zero, pole))
    let isSteep = try builder.add(.compare(.equal, x, zero))
    return try builder.add(.select(isSteep, onAxis, builder.add(.binary(.arcTangent2, y, x))))
  }
}
