import ForestIR

/// Expressions.
extension CFamilyPrinter {
  /// How tightly an expression holds together; those of the C grammar that occur.
  private enum Precedence: Int, Comparable {
    case anything, conditional, either, both, bits, equality, relation, sum, product, prefix, primary
    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
  }

  /// An expression where any may stand.
  mutating func text(_ expression: Expression) -> String { text(expression, .anything) }

  /// - Complexity: O(length of the text · depth). Recurses as deep as the expression, which the lowering keeps shallow.
  private mutating func text(_ expression: Expression, _ least: Precedence) -> String {
    let (text, precedence) = spelled(expression)
    return precedence < least ? "(\(text))" : text
  }

  private mutating func spelled(_ expression: Expression) -> (String, Precedence) {
    let type = expression.type
    switch expression.form {
    case .number(let value):
      return number(value, type)
    case .truth(let value):
      return (value ? "true" : "false", .primary)
    case .variable(let name):
      readNames.insert(name)
      return (name, .primary)
    case .element(let array, let index):
      readNames.insert(array)
      return ("\(array)[\(text(index))]", .primary)
    case .table(let name, let index):
      let element = "\(tableName(name))[\(text(index))]"
      return (storedTypes[name] == type ? element : cast(element, to: type), .primary)
    case .negate(let a):
      return ("-" + text(a, .primary), .prefix)
    case .not(let a):
      return ("!" + text(a, .primary), .prefix)
    case .complement(let a):
      return ("~" + text(a, .primary), .prefix)
    case .arithmetic(let operation, let a, let b):
      return arithmetic(operation, a, b)
    case .compare(let relation, let a, let b):
      let (sign, precedence) = CFamilyPrinter.sign(relation)
      return ("\(text(a, .sum)) \(sign) \(text(b, .sum))", precedence)
    case .both(let a, let b):
      return ("\(text(a, .both)) && \(text(b, .both))", .both)
    case .either(let a, let b):
      return ("\(alternative(a)) || \(alternative(b))", .either)
    case .conditional(let condition, let a, let b):
      return ("\(text(condition, .either)) ? \(text(a, .either)) : \(text(b, .conditional))", .conditional)
    case .convert(let a):
      if a.type == type { return spelled(a) }
      if a.type == .float64, type == .float32 { return ("\(require(.narrowed))(\(text(a)))", .primary) }
      return (cast(text(a), to: type), .primary)
    case .intrinsic(let function, let operands):
      if function == .integerRemainder { _ = require(.integerRemainder) }
      if function == .power { _ = require(.power) }
      let list = operands.map { text($0) }.joined(separator: ", ")
      return ("\(name(of: function, operands.first?.type ?? .float64))(\(list))", .primary)
    case .call(let routine, let list):
      return ("\(dialect.hidden(routine))(\(arguments(list)))", .primary)
    case .leafValue(let routine, let list):
      return ("\(dialect.hidden(routine))(\(arguments(list))).value", .primary)
    case .leafNumber(let routine, let list):
      return ("\(dialect.hidden(routine))(\(arguments(list))).number", .primary)
    }
  }

  private func number(_ value: Double, _ type: ScalarType) -> (String, Precedence) {
    guard type == .int32 else {
      return (spelling.floating(value, type), value.sign == .minus && !value.isNaN ? .prefix : .primary)
    }
    let integer = Int32(value)
    // There is no literal −2³¹ in C: it would be the negative of a number that has no room.
    if integer == .min { return ("(-2147483647 - 1)", .primary) }
    return (String(integer), integer < 0 ? .prefix : .primary)
  }

  private mutating func arithmetic(
    _ operation: Expression.Arithmetic, _ a: Expression, _ b: Expression
  ) -> (String, Precedence) {
    // Operands on the right are held tighter: a - (b - c), and a + (b + c) is rounded otherwise than (a + b) + c.
    switch operation {
    case .add: ("\(text(a, .sum)) + \(text(b, .product))", .sum)
    case .subtract: ("\(text(a, .sum)) - \(text(b, .product))", .sum)
    case .multiply: ("\(text(a, .product)) * \(text(b, .prefix))", .product)
    case .divide: ("\(text(a, .product)) / \(text(b, .prefix))", .product)
    case .bitAnd: ("\(text(a, .prefix)) & \(text(b, .prefix))", .bits)
    }
  }

  /// An operand of `||`: compilers want parentheses around `&&` there.
  private mutating func alternative(_ operand: Expression) -> String {
    if case .either = operand.form { return text(operand, .either) }
    return text(operand, .equality)
  }

  private static func sign(_ relation: Expression.Relation) -> (String, Precedence) {
    switch relation {
    case .less: ("<", .relation)
    case .lessOrEqual: ("<=", .relation)
    case .greater: (">", .relation)
    case .greaterOrEqual: (">=", .relation)
    case .equal: ("==", .equality)
    case .notEqual: ("!=", .equality)
    }
  }

  mutating func arguments(_ list: [Argument]) -> String {
    list.map { argument in
      switch argument {
      case .value(let value): return text(value)
      case .array(let name, let offset):
        readNames.insert(name)
        return shifted(name, offset)
      case .table(let name, let offset): return shifted(tableName(name), offset)
      }
    }.joined(separator: ", ")
  }

  private mutating func shifted(_ pointer: String, _ offset: Expression?) -> String {
    guard let offset else { return pointer }
    return "\(pointer) + \(text(offset, .product))"
  }

  private func name(of function: Expression.Intrinsic, _ type: ScalarType) -> String {
    let name =
      switch function {
      case .absolute: "fabs"
      case .squareRoot: "sqrt"
      case .truncate: "trunc"
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
      case .power: CFamilyHelper.power.name
      case .arcTangent2: "atan2"
      case .remainder: "fmod"
      case .scaled: "ldexp"
      case .isNaN: "isnan"
      case .integerRemainder: CFamilyHelper.integerRemainder.name
      }
    if function == .integerRemainder || function == .power { return dialect.hidden(name) }
    // C++ chooses by the operand's type; in C the float functions have names of their own.
    if !dialect.isC { return "std::" + name }
    return type == .float32 && function != .isNaN ? name + "f" : name
  }
}
