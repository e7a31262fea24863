/// Expressions as Swift. Swift rounds each operation by itself and never fuses a product with a sum.
struct SwiftExpressions {
  let tableTypes: [String: Program.Table.Numbers]

  /// An expression where the context gives literals their type: an argument, an initial value of a typed local.
  func text(_ expression: Expression) -> String {
    let text: String
    switch expression.form {
    case .number(let value): text = SwiftNumbers.literal(value, expression.type)
    case .truth(let value): text = value ? "true" : "false"
    case .variable(let name): text = name
    case .element(let array, let index): text = "\(array)[\(place(index))]"
    case .table(let table, let index):
      let element = "tables.\(table)[\(place(index))]"
      switch tableTypes[table] {
      case .float32 where expression.type == .float32, .float64 where expression.type == .float64,
        .integers(_, .int32) where expression.type == .int32, nil:
        text = element
      default: text = "\(SwiftProgram.name(expression.type))(\(element))"
      }
    case .negate(let a): text = "-\(operand(a, typed: true))"
    case .not(let a): text = "!\(operand(a))"
    case .complement(let a): text = "~\(operand(a, typed: true))"
    case .arithmetic(let operation, let a, let b):
      text = pair(a, Self.symbol(operation, isInteger: expression.type == .int32), b)
    case .compare(let relation, let a, let b): text = pair(a, Self.symbol(relation), b)
    case .both(let a, let b): text = "\(operand(a)) && \(operand(b))"
    case .either(let a, let b): text = "\(operand(a)) || \(operand(b))"
    case .conditional(let condition, let a, let b):
      // Typed on both sides: literals in nested choices are what the type checker finds hard.
      text = "\(operand(condition)) ? \(operand(a, typed: true)) : \(operand(b, typed: true))"
    case .convert(let a):
      if case .truth = a.type {
        text = "\(operand(a)) ? (1 as \(SwiftProgram.name(expression.type))) : (0 as \(SwiftProgram.name(expression.type)))"
      } else {
        text = "\(SwiftProgram.name(expression.type))(\(isLiteral(a) ? operand(a, typed: true) : self.text(a)))"
      }
    case .intrinsic(let function, let arguments): text = intrinsic(function, arguments)
    case .call(let routine, let arguments): text = call(routine, arguments)
    case .leafValue(let routine, let arguments): text = call(routine, arguments) + ".value"
    case .leafNumber(let routine, let arguments): text = call(routine, arguments) + ".number"
    }
    return text
  }

  /// A call of a routine, its arguments without labels.
  func call(_ routine: String, _ arguments: [Argument]) -> String {
    let texts = arguments.map { argument in
      switch argument {
      case .value(let value): text(value)
      case .array(let name, let offset): shifted(name, offset)
      case .table(let name, let offset): shifted("tables." + name, offset)
      }
    }
    return "\(SwiftProgram.function(routine))(\(texts.joined(separator: ", ")))"
  }

  private func shifted(_ array: String, _ offset: Expression?) -> String {
    guard let offset else { return array }
    if case .number(0) = offset.form { return array }
    return "\(array) + \(place(offset))"
  }

  /// An integer as a place in an array.
  func place(_ index: Expression) -> String {
    if case .number(let value) = index.form { return String(Int32(value)) }
    return "Int(\(text(index)))"
  }

  private func pair(_ a: Expression, _ symbol: String, _ b: Expression) -> String {
    "\(operand(a, typed: isLiteral(a) && isLiteral(b))) \(symbol) \(operand(b))"
  }

  /// An expression that stands beside an operator; `typed` where nothing else would give its literals their type.
  private func operand(_ expression: Expression, typed: Bool = false) -> String {
    let text = text(expression)
    switch expression.form {
    case .number(let value):
      let name = SwiftProgram.name(expression.type)
      if typed, value.isFinite { return "(\(text) as \(name))" }
      return text.hasPrefix("-") ? "(\(text))" : text
    case .arithmetic, .compare, .both, .either, .conditional, .negate, .not, .complement: return "(\(text))"
    case .convert(let a):
      if case .truth = a.type { return "(\(text))" }
      return text
    default: return text
    }
  }

  /// Whether an expression is made of literals alone, so that its type must be given.
  private func isLiteral(_ expression: Expression) -> Bool {
    switch expression.form {
    case .number(let value): value.isFinite
    default: false
    }
  }

  private func intrinsic(_ function: Expression.Intrinsic, _ arguments: [Expression]) -> String {
    if let name = Self.libraryFunction(function) {
      return "\(name)(\(arguments.map { operand($0, typed: true) }.joined(separator: ", ")))"
    }
    let first = operand(arguments[0], typed: true)
    switch function {
    case .absolute: return "\(first).magnitude"
    case .squareRoot: return "\(first).squareRoot()"
    case .truncate: return "\(first).rounded(.towardZero)"
    case .remainder: return "\(first).truncatingRemainder(dividingBy: \(text(arguments[1])))"
    case .scaled: return "Double(sign: .plus, exponent: Int(\(text(arguments[1]))), significand: \(text(arguments[0])))"
    case .integerRemainder: return "integer_remainder(\(text(arguments[0])), \(text(arguments[1])))"
    default: return "\(first).isNaN"
    }
  }

  /// The C library's name of a function that Swift's own library does not have.
  static func libraryFunction(_ function: Expression.Intrinsic) -> String? {
    switch function {
    case .absolute, .squareRoot, .truncate, .remainder, .integerRemainder, .scaled, .isNaN: nil
    case .exponential: "exp"
    case .naturalLogarithm: "log"
    case .commonLogarithm: "log10"
    case .logarithmOfOnePlus: "log1p"
    case .sine: "sin"
    case .cosine: "cos"
    case .tangent: "tan"
    case .arcSine: "asin"
    case .arcCosine: "acos"
    case .arcTangent: "atan"
    case .hyperbolicSine: "sinh"
    case .hyperbolicCosine: "cosh"
    case .hyperbolicTangent: "tanh"
    case .areaHyperbolicSine: "asinh"
    case .areaHyperbolicCosine: "acosh"
    case .areaHyperbolicTangent: "atanh"
    case .power: "power"
    case .arcTangent2: "atan2"
    }
  }

  static func symbol(_ operation: Expression.Arithmetic, isInteger: Bool) -> String {
    switch operation {
    // Programs keep integers in range: the wrapping operators only save the check.
    case .add: isInteger ? "&+" : "+"
    case .subtract: isInteger ? "&-" : "-"
    case .multiply: isInteger ? "&*" : "*"
    case .divide: "/"
    case .bitAnd: "&"
    }
  }

  static func symbol(_ relation: Expression.Relation) -> String {
    switch relation {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .equal: "=="
    case .notEqual: "!="
    }
  }
}
