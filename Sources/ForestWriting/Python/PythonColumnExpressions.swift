/// Spells expressions over columns: NumPy arrays with one number for each of many events.
///
/// What is the same for all events is spelled as for one event, as Python's own numbers; those take on the width of the column that
/// they meet. NumPy rounds each operation on columns once, in the width of the columns. It never raises: what Python's own operators
/// refuse gives infinities and NaN, as IEEE 754 has it.
struct PythonColumnExpressions {
  var scalar: PythonExpressions
  let names: PythonColumnNames
  let variation: PythonVariation
  let routines: [String: Routine]
  private let tableTypes: [String: ScalarType]
  /// The routine whose expressions are spelled.
  var routine = ""
  /// Tables that are read at a different place for each event.
  private(set) var columnTables: Set<String> = []
  /// The mask of the events for which the current statement counts; nil: all.
  var mask: String?

  typealias Strength = PythonExpressions.Strength
  private struct Spelled {
    let text: String
    let strength: Strength
    init(_ text: String, _ strength: Strength = .atom) {
      self.text = text
      self.strength = strength
    }
  }

  init(_ program: Program, names: PythonColumnNames) {
    scalar = PythonExpressions(program)
    scalar.tableNames = names.tables
    self.names = names
    variation = PythonVariation(program)
    routines = Dictionary(uniqueKeysWithValues: program.routines.map { ($0.name, $0) })
    tableTypes = Dictionary(uniqueKeysWithValues: program.tables.map { ($0.name, $0.numbers.type) })
  }

  func differs(_ expression: Expression) -> Bool { variation.differs(expression, in: routine) }

  /// NumPy's name of a type; integers are as wide as indices.
  static func type(_ type: ScalarType) -> String {
    switch type {
    case .float32: "\"f4\""
    case .float64: "\"f8\""
    case .int32: "\"i8\""
    case .truth: "\"?\""
    }
  }

  /// A number for all events, or a column.
  mutating func text(_ expression: Expression) -> String { spelled(expression).text }

  /// A column, whether or not the numbers differ.
  mutating func column(_ expression: Expression) -> String {
    if differs(expression) { return text(expression) }
    return "numpy.full(\(names.rows), \(text(expression)), \(PythonColumnExpressions.type(expression.type)))"
  }

  private mutating func wrapped(_ expression: Expression, _ least: Strength) -> String {
    let part = spelled(expression)
    return part.strength.rawValue >= least.rawValue ? part.text : "(\(part.text))"
  }

  private mutating func spelled(_ expression: Expression) -> Spelled {
    guard differs(expression) else {
      let part = scalar.part(expression)
      return Spelled(part.text, part.strength)
    }
    switch expression.form {
    case .number, .truth: return Spelled(scalar.text(expression))
    case .variable(let name): return Spelled(names.local(name))
    case .element(let array, let index):
      if differs(index) { return Spelled("\(names.picked)(\(names.local(array)), \(text(index)))") }
      return Spelled("\(names.local(array))[\(text(index))]")
    case .table(let table, let index):
      columnTables.insert(table)
      let column = names.column(ofTable: table)
      var element = "\(column).take(\(text(index)), mode=\"clip\")"
      if case .call(let finder, let arguments) = index.form, let leaf = names.leaves(of: finder), case .value(let tree) = arguments[0], !differs(tree) {
        element = "\(leaf)(\(text(tree)), \(column))"
      }
      let isStored = tableTypes[table] == expression.type
      return Spelled(isStored ? element : "\(element).astype(\(PythonColumnExpressions.type(expression.type)))")
    case .negate(let a): return Spelled("-" + wrapped(a, .atom), .sign)
    case .not(let a), .complement(let a): return Spelled("~" + wrapped(a, .atom), .sign)
    case .arithmetic(let operation, let a, let b):
      switch operation {
      case .add: return Spelled("\(wrapped(a, .sum)) + \(wrapped(b, .product))", .sum)
      case .subtract: return Spelled("\(wrapped(a, .sum)) - \(wrapped(b, .product))", .sum)
      case .multiply: return Spelled("\(wrapped(a, .product)) * \(wrapped(b, .sign))", .product)
      case .divide:
        return Spelled("\(wrapped(a, .product)) \(expression.type.isFloating ? "/" : "//") \(wrapped(b, .sign))", .product)
      case .bitAnd: return Spelled("\(wrapped(a, .sum)) & \(wrapped(b, .sum))", .bitAnd)
      }
    case .compare(let relation, let a, let b):
      return Spelled("\(wrapped(a, .sum)) \(PythonExpressions.sign(relation)) \(wrapped(b, .sum))", .comparison)
    case .both(let a, let b): return Spelled("\(wrapped(a, .sum)) & \(wrapped(b, .sum))", .bitAnd)
    case .either(let a, let b): return Spelled("(\(wrapped(a, .sum)) | \(wrapped(b, .sum)))")
    case .conditional(let condition, let a, let b):
      if differs(condition) { return Spelled("numpy.where(\(text(condition)), \(column(a)), \(column(b)))") }
      return Spelled("\(column(a)) if \(text(condition)) else \(column(b))", .conditional)
    case .convert(let a):
      if a.type == expression.type { return spelled(a) }
      return Spelled("\(wrapped(a, .atom)).astype(\(PythonColumnExpressions.type(expression.type)))")
    case .intrinsic(let function, let operands): return intrinsic(function, operands)
    case .call(let name, let arguments): return Spelled(call(name, arguments))
    case .leafValue, .leafNumber: preconditionFailure("trees are tables here")
    }
  }

  private mutating func intrinsic(_ function: Expression.Intrinsic, _ operands: [Expression]) -> Spelled {
    switch function {
    case .absolute: return Spelled("numpy.abs(\(text(operands[0])))")
    case .squareRoot: return Spelled("numpy.sqrt(\(text(operands[0])))")
    case .truncate: return Spelled("numpy.trunc(\(text(operands[0])))")
    case .isNaN: return Spelled("numpy.isnan(\(text(operands[0])))")
    case .scaled:
      return Spelled("numpy.ldexp(\(column(operands[0])), (\(column(operands[1]))).astype(\"i4\"))")
    default:
      // NumPy's own functions are not those of the C library.
      let careful = scalar.needed(function)
      let quick = function == .integerRemainder ? careful : "math." + careful.dropFirst()
      return Spelled("\(names.each)(\(quick), \(careful), \(operands.map { column($0) }.joined(separator: ", ")))")
    }
  }

  /// A call; of a routine that is given whole arrays, only for those events that count.
  mutating func call(_ name: String, _ arguments: [Argument]) -> String {
    if let leaf = names.leaves(of: name), case .value(let tree) = arguments[0], !differs(tree) { return "\(leaf)(\(text(tree)))" }
    let callee = routines[name]!
    var parts: [String] = []
    for (parameter, argument) in zip(callee.parameters, arguments) {
      switch argument {
      case .value(let value):
        let differs = variation.differs(parameter.name, in: name) || variation.eventByEvent.contains(name)
        parts.append(differs ? column(value) : text(value))
      case .array(let array, let offset):
        parts.append(names.local(array) + (PythonArrays.isShift(offset) ? "[\(text(offset!)):]" : ""))
      case .table: preconditionFailure("no routine is given a table")
      }
    }
    let list = parts.joined(separator: ", ")
    if variation.eventByEvent.contains(name) {
      return "\(names.eventByEvent)(\(names.scalar.global(name)), \(list))"
    }
    let isOfArrays = callee.parameters.allSatisfy { if case .scalar = $0.kind { false } else { true } }
    if let mask, isOfArrays { return "\(names.among)(\(mask), \(names.column(ofRoutine: name)), \(list))" }
    return "\(names.column(ofRoutine: name))(\(names.rows), \(list))"
  }
}
