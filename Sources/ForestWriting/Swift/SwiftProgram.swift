import ForestIR

/// What printing needs to know about a program as a whole.
struct SwiftProgram {
  let program: Program
  /// The type of the numbers of each table as they are stored.
  let tableTypes: [String: Program.Table.Numbers]
  /// The routines that need functions of the C library, themselves or through those that they call.
  let libraryRoutines: Set<String>

  init(_ program: Program) {
    self.program = program
    tableTypes = Dictionary(uniqueKeysWithValues: program.tables.map { ($0.name, $0.numbers) })
    var needing: Set<String> = []
    for routine in program.routines {
      let use = SwiftUse(of: routine)
      if use.needsLibrary || !use.called.isDisjoint(with: needing) { needing.insert(routine.name) }
    }
    libraryRoutines = needing
  }

  /// The name of a function for a routine: its own, or a changed one where the emitted file needs that name for something else.
  static func function(_ routine: String) -> String {
    reservedNames.contains(routine) ? routine + "_routine" : routine
  }

  /// Names that emitted code uses with another meaning: of the C library, of the interface, of the helpers.
  static let reservedNames: Set<String> = libraryNames.union([
    "evaluate", "margins", "leaves", "evaluateBatch", "selfTest", "outputs_of_block", "outputs_of_rounded_block", "tables", "integer_remainder", "power", "agrees", "rounded", "max",
  ])

  static let libraryNames: Set<String> = [
    "exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "pow", "log1p", "atan2", "withUnsafeTemporaryAllocation", "withUnsafeMutableBytes", "precondition",
  ]

  /// Names of types that emitted code uses: a model so called would hide them.
  static let typeNames: Set<String> = libraryNames.union([
    "Int32", "Int16", "Int8", "Int64", "UInt64", "UInt32", "UInt8", "UnsafePointer", "UnsafeMutablePointer", "UnsafeBufferPointer",
    "UnsafeMutableBufferPointer", "UnsafeMutableRawBufferPointer", "StaticString", "Sendable", "Bool", "Void", "Swift", "SIMD64", "SIMD16", "SIMD8", "UnsafeRawPointer", "UnsafeMutableRawPointer",
    "Bytes", "stride", "unsafeBitCast",
    "Double", "Float", "Int", "String", "Array", "Glibc", "Musl", "Darwin", "Android", "WASILibc", "ucrt", "Optional",
  ])

  /// The condition under which a C library is at hand.
  static let hasLibrary =
    "canImport(Glibc) || canImport(Musl) || canImport(Darwin) || canImport(Android) || canImport(WASILibc) || canImport(ucrt)"

  static func name(_ type: ScalarType) -> String {
    switch type {
    case .float32: "Float"
    case .float64: "Double"
    case .int32: "Int32"
    case .truth: "Bool"
    }
  }
}

/// What a routine reads, changes and calls.
struct SwiftUse {
  private(set) var read: Set<String> = []
  private(set) var assigned: Set<String> = []
  private(set) var called: Set<String> = []
  private(set) var usesTables = false
  private(set) var needsLibrary = false
  private(set) var needsIntegerRemainder = false
  private(set) var needsPower = false
  private(set) var arrays: [(name: String, type: ScalarType, count: Int)] = []

  init(of routine: Routine) {
    switch routine.body {
    case .statements(let statements): visit(statements)
    case .tree(let code): if let linear = code.linearRoutine { called.insert(linear) }
    case .ranked: break
    }
  }

  /// What a part of a routine uses.
  init(of statements: [Statement]) { visit(statements) }

  private mutating func visit(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .comment, .leave: break
      case .constant(_, let value), .variable(_, let value), .return(let value): visit(value)
      case .array(let name, let type, let count): arrays.append((name, type, count))
      case .assign(let name, let value):
        assigned.insert(name)
        visit(value)
      case .assignElement(let name, let index, let value):
        read.insert(name)
        visit(index)
        visit(value)
      case .if(let condition, let yes, let no):
        visit(condition)
        visit(yes)
        visit(no)
      case .while(let condition, let body):
        visit(condition)
        visit(body)
      case .for(_, let from, let to, let body):
        visit(from)
        visit(to)
        visit(body)
      case .call(let routine, let arguments):
        called.insert(routine)
        visit(arguments)
      }
    }
  }

  private mutating func visit(_ arguments: [Argument]) {
    for argument in arguments {
      switch argument {
      case .value(let value): visit(value)
      case .array(let name, let offset):
        read.insert(name)
        if let offset { visit(offset) }
      case .table(_, let offset):
        usesTables = true
        if let offset { visit(offset) }
      }
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.form {
    case .number, .truth: break
    case .variable(let name): read.insert(name)
    case .element(let name, let index):
      read.insert(name)
      visit(index)
    case .table(_, let index):
      usesTables = true
      visit(index)
    case .negate(let a), .not(let a), .complement(let a), .convert(let a): visit(a)
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .both(let a, let b), .either(let a, let b):
      visit(a)
      visit(b)
    case .conditional(let condition, let a, let b):
      visit(condition)
      visit(a)
      visit(b)
    case .intrinsic(let function, let arguments):
      if SwiftExpressions.libraryFunction(function) != nil { needsLibrary = true }
      if case .integerRemainder = function { needsIntegerRemainder = true }
      if case .power = function { needsPower = true }
      for argument in arguments { visit(argument) }
    case .call(let routine, let arguments), .leafValue(let routine, let arguments), .leafNumber(let routine, let arguments):
      called.insert(routine)
      visit(arguments)
    }
  }
}
