/// Spells expressions and calls.
///
/// Python's floats are float64. A float32 operation is computed in float64 and rounded: for + − × ÷ and the square root of
/// float32 numbers the first rounding never changes the second (53 ≥ 2 · 24 + 2 digits), subnormal results included.
/// Python raises where IEEE 754 gives an infinity or NaN; helper functions restore that, and plain operators are used
/// where nothing can raise.
struct PythonExpressions {
  let names: PythonNames
  let arrays: PythonArrays
  private let integerTables: Set<String>
  /// The helper functions of the module that what was spelled so far needs.
  private(set) var helpers: Set<String> = []
  /// The array parameters of the current routine that come with a place.
  var shifted: Set<String> = []
  /// Other names of tables than their own.
  var tableNames: [String: String] = [:]

  /// How strongly parts hold together, as Python's grammar has it.
  enum Strength: Int {
    case conditional, or, and, not, comparison, bitAnd, sum, product, sign, atom
  }

  private struct Spelled {
    let text: String
    let strength: Strength
    init(_ text: String, _ strength: Strength = .atom) {
      self.text = text
      self.strength = strength
    }
  }

  init(_ program: Program) {
    names = PythonNames(program)
    arrays = PythonArrays(program)
    integerTables = Set(
      program.tables.compactMap { if case .integers = $0.numbers { $0.name } else { nil } })
  }

  mutating func text(_ expression: Expression) -> String { spelled(expression).text }

  /// The text, and how strongly it holds together.
  mutating func part(_ expression: Expression) -> (text: String, strength: Strength) {
    let part = spelled(expression)
    return (part.text, part.strength)
  }

  mutating func number(_ value: Double, _ type: ScalarType) -> String {
    guard type.isFloating else { return String(Int64(value)) }
    let text = NumberSpelling.python.floating(value, type)
    if text.hasSuffix("_INF") { helpers.insert("_INF") }
    if text.hasSuffix("_NAN") { helpers.insert("_NAN") }
    return text
  }

  mutating func call(_ name: String, _ arguments: [Argument]) -> String {
    var parts: [String] = []
    for (index, argument) in arguments.enumerated() {
      switch argument {
      case .value(let value): parts.append(text(value))
      case .array(let array, let offset):
        parts.append(names.local(array))
        if arrays.isShifted(name, index) { parts.append(place(in: array, offset)) }
      case .table(let table, let offset):
        parts.append(names.global(table))
        if arrays.isShifted(name, index) { parts.append(offset.map { text($0) } ?? "0") }
      }
    }
    return "\(names.global(name))(\(parts.joined(separator: ", ")))"
  }

  /// An index into an array parameter or a local array.
  mutating func place(in array: String, _ offset: Expression?) -> String {
    guard shifted.contains(array) else { return offset.map { text($0) } ?? "0" }
    let start = PythonExpressions.startName(names.local(array))
    guard let offset, PythonArrays.isShift(offset) else { return start }
    return "\(start) + \(wrapped(offset, .product))"
  }

  /// What the place of an array parameter is called.
  static func startName(_ array: String) -> String { array + "_start" }

  private mutating func wrapped(_ expression: Expression, _ least: Strength) -> String {
    let part = spelled(expression)
    return part.strength.rawValue >= least.rawValue ? part.text : "(\(part.text))"
  }

  private mutating func helper(_ name: String, _ arguments: [Expression]) -> Spelled {
    helpers.insert(name)
    return Spelled("\(name)(\(arguments.map { text($0) }.joined(separator: ", ")))")
  }

  private mutating func rounded(_ part: Spelled, to type: ScalarType) -> Spelled {
    guard type == .float32 else { return part }
    helpers.insert("_f32")
    return Spelled("_f32(\(part.text))")
  }

  private mutating func spelled(_ expression: Expression) -> Spelled {
    switch expression.form {
    case .number(let value):
      let text = number(value, expression.type)
      return Spelled(text, text.hasPrefix("-") ? .sign : .atom)
    case .truth(let value): return Spelled(value ? "True" : "False")
    case .variable(let name): return Spelled(names.local(name))
    case .element(let array, let index): return Spelled("\(names.local(array))[\(place(in: array, index))]")
    case .table(let table, let index):
      let element = "\(tableNames[table] ?? names.global(table))[\(text(index))]"
      return Spelled(expression.type.isFloating && integerTables.contains(table) ? "float(\(element))" : element)
    case .negate(let a): return Spelled("-" + wrapped(a, .atom), .sign)
    case .not(let a): return Spelled("not " + wrapped(a, .not), .not)
    case .complement(let a): return Spelled("~" + wrapped(a, .atom), .sign)
    case .arithmetic(let operation, let a, let b): return arithmetic(operation, a, b, expression.type)
    case .compare(let relation, let a, let b):
      return Spelled("\(wrapped(a, .bitAnd)) \(PythonExpressions.sign(relation)) \(wrapped(b, .bitAnd))", .comparison)
    case .both(let a, let b): return Spelled("\(wrapped(a, .and)) and \(wrapped(b, .and))", .and)
    case .either(let a, let b): return Spelled("\(wrapped(a, .or)) or \(wrapped(b, .or))", .or)
    case .conditional(let condition, let a, let b):
      return Spelled("\(wrapped(a, .or)) if \(wrapped(condition, .or)) else \(wrapped(b, .conditional))", .conditional)
    case .convert(let a): return converted(a, to: expression.type)
    case .intrinsic(let function, let operands): return intrinsic(function, operands, expression.type)
    case .call(let name, let arguments): return Spelled(call(name, arguments))
    case .leafValue(let name, let arguments): return Spelled(call(name, arguments) + "[0]")
    case .leafNumber(let name, let arguments): return Spelled(call(name, arguments) + "[1]")
    }
  }

  private mutating func arithmetic(
    _ operation: Expression.Arithmetic, _ a: Expression, _ b: Expression, _ type: ScalarType
  ) -> Spelled {
    switch operation {
    case .add: return rounded(Spelled("\(wrapped(a, .sum)) + \(wrapped(b, .product))", .sum), to: type)
    case .subtract: return rounded(Spelled("\(wrapped(a, .sum)) - \(wrapped(b, .product))", .sum), to: type)
    case .multiply: return rounded(Spelled("\(wrapped(a, .product)) * \(wrapped(b, .sign))", .product), to: type)
    case .bitAnd: return Spelled("\(wrapped(a, .bitAnd)) & \(wrapped(b, .sum))", .bitAnd)
    case .divide:
      guard type.isFloating else { return Spelled("\(wrapped(a, .product)) // \(wrapped(b, .sign))", .product) }
      // Only a divisor known not to be zero cannot raise.
      if case .number(let divisor) = b.form, divisor != 0 {
        return rounded(Spelled("\(wrapped(a, .product)) / \(wrapped(b, .sign))", .product), to: type)
      }
      return rounded(helper("_div", [a, b]), to: type)
    }
  }

  private mutating func converted(_ a: Expression, to type: ScalarType) -> Spelled {
    switch (a.type, type) {
    case (.float64, .float32), (.int32, .float32): return rounded(Spelled(text(a)), to: .float32)
    case (.float32, .float64), (.float32, .float32), (.float64, .float64), (.int32, .int32), (.truth, .truth): return spelled(a)
    case (_, .float32), (_, .float64): return Spelled("float(\(text(a)))")
    case (_, .int32): return Spelled("int(\(text(a)))")
    case (_, .truth): return Spelled("bool(\(text(a)))")
    }
  }

  private mutating func intrinsic(
    _ function: Expression.Intrinsic, _ operands: [Expression], _ type: ScalarType
  ) -> Spelled {
    switch function {
    case .absolute: return Spelled("abs(\(text(operands[0])))")
    case .squareRoot: return rounded(helper("_sqrt", operands), to: type)
    case .isNaN:
      if case .variable(let name) = operands[0].form {
        return Spelled("\(names.local(name)) != \(names.local(name))", .comparison)
      }
      return helper("_isnan", operands)
    default:
      let name = PythonExpressions.function(function)
      return helper(name, operands)
    }
  }

  /// The helper function that gives what the C library does.
  static func function(_ function: Expression.Intrinsic) -> String {
    switch function {
    case .absolute: "abs"
    case .squareRoot: "_sqrt"
    case .truncate: "_trunc"
    case .exponential: "_exp"
    case .naturalLogarithm: "_log"
    case .commonLogarithm: "_log10"
    case .logarithmOfOnePlus: "_log1p"
    case .sine: "_sin"
    case .cosine: "_cos"
    case .tangent: "_tan"
    case .arcSine: "_asin"
    case .arcCosine: "_acos"
    case .arcTangent: "_atan"
    case .hyperbolicSine: "_sinh"
    case .hyperbolicCosine: "_cosh"
    case .hyperbolicTangent: "_tanh"
    case .areaHyperbolicSine: "_asinh"
    case .areaHyperbolicCosine: "_acosh"
    case .areaHyperbolicTangent: "_atanh"
    case .power: "_pow"
    case .arcTangent2: "_atan2"
    case .remainder: "_fmod"
    case .scaled: "_scaled"
    case .integerRemainder: "_integer_remainder"
    case .isNaN: "_isnan"
    }
  }

  /// The same; it is then among the helpers that the module needs.
  mutating func needed(_ function: Expression.Intrinsic) -> String {
    let name = PythonExpressions.function(function)
    helpers.insert(name)
    return name
  }

  static func sign(_ relation: Expression.Relation) -> String {
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
