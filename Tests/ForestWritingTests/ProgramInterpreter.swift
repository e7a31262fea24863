import ForestEvaluation
import ForestIR
import ForestWriting

/// Runs a planned program without any compiler: what its statements say, literally.
///
/// Scalars of every type are held as `Double`; float32 results are rounded after each operation. Reading an element that
/// was never written, or outside its array or table, ends the test: a program may do neither.
final class ProgramInterpreter {
  private let tables: [String: [Double]]
  private let routines: [String: Routine]
  private let program: Program
  private(set) var callCount = 0

  final class Memory {
    var cells: [Double?]
    init(_ cells: [Double?]) { self.cells = cells }
  }
  struct Place {
    let memory: Memory
    let offset: Int
  }
  enum Outcome {
    case goesOn
    case returned(Double)
    case left
  }
  struct Frame {
    var scalars: [String: Double] = [:]
    var arrays: [String: Place] = [:]
  }

  init(_ program: Program) {
    self.program = program
    var tables: [String: [Double]] = [:]
    for table in program.tables {
      precondition(tables[table.name] == nil, "two tables called \(table.name)")
      switch table.numbers {
      case .float32(let numbers): tables[table.name] = numbers.map(Double.init)
      case .float64(let numbers): tables[table.name] = numbers
      case .integers(let numbers, _): tables[table.name] = numbers.map(Double.init)
      }
    }
    var routines: [String: Routine] = [:]
    for routine in program.routines {
      precondition(routines[routine.name] == nil, "two routines called \(routine.name)")
      routines[routine.name] = routine
    }
    self.tables = tables
    self.routines = routines
  }

  func outputs(_ row: [Double]) -> [Double] { run(program.outputsEntry, row, program.outputCount) }
  func margins(_ row: [Double]) -> [Double] { program.marginsEntry.map { run($0, row, program.marginCount) } ?? [] }
  func leaves(_ row: [Double]) -> [Int32] { run(program.leavesEntry, row, program.treeCount).map { Int32($0) } }

  private func run(_ entry: String, _ row: [Double], _ count: Int) -> [Double] {
    let x = Memory(row.map { program.inputType == .float32 ? Double(Float($0)) : $0 })
    let out = Memory([Double?](repeating: nil, count: count))
    let routine = routines[entry]!
    let names = routine.parameters.map(\.name)
    _ = execute(routine, Frame(arrays: [names[0]: Place(memory: x, offset: 0), names[1]: Place(memory: out, offset: 0)]))
    return out.cells.map { $0! }
  }

  private func execute(_ routine: Routine, _ frame: Frame) -> Double {
    callCount += 1
    var frame = frame
    switch routine.body {
    case .tree: preconditionFailure("a tree returns a leaf")
    case .ranked: preconditionFailure("only programs without ranks are interpreted")
    case .statements(let statements):
      if case .returned(let value) = run(statements, &frame) { return value }
      precondition(routine.result == .nothing, "\(routine.name) returns nothing")
      return 0
    }
  }

  /// The leaf that a tree's routine returns.
  private func leaf(_ name: String, _ arguments: [Argument], _ frame: inout Frame) -> (value: Double, number: Int32) {
    let routine = routines[name]!
    guard case .tree(let code) = routine.body else { preconditionFailure("\(name) is no tree") }
    let inner = self.frame(routine, arguments, &frame)
    let x = inner.arrays["x"]!
    var child: Child = code.tree.splits.isEmpty ? .leaf(0) : .split(0)
    while !child.isLeaf {
      let split = code.tree.splits[child.index]
      let value: Double
      if split.test == .linearLessOrEqual {
        let form = Int(split.feature)
        let linear = routines[code.linearRoutine!]!
        var call = Frame()
        call.arrays[linear.parameters[0].name] = x
        call.scalars[linear.parameters[1].name] = Double(code.linearOffsets[form])
        call.scalars[linear.parameters[2].name] = Double(code.tree.linearForms[form].coefficients.count)
        value = execute(linear, call)
      } else {
        value = x.memory.cells[x.offset + Int(split.feature)]!
      }
      let goesLeft = value.isNaN ? split.nanGoesLeft : split.test == .less ? value < split.threshold : value <= split.threshold
      child = goesLeft ? split.left : split.right
    }
    return (code.leafValues[child.index], code.tree.number(ofLeaf: child.index))
  }

  private func frame(_ routine: Routine, _ arguments: [Argument], _ frame: inout Frame) -> Frame {
    precondition(routine.parameters.count == arguments.count, "\(routine.name): wrong number of arguments")
    var inner = Frame()
    for (parameter, argument) in zip(routine.parameters, arguments) {
      switch argument {
      case .value(let expression):
        guard case .scalar(let type) = parameter.kind, type == expression.type else {
          preconditionFailure("\(routine.name): \(parameter.name) has another type")
        }
        inner.scalars[parameter.name] = evaluate(expression, &frame)
      case .array(let name, let offset):
        let place = frame.arrays[name]!
        inner.arrays[parameter.name] = Place(
          memory: place.memory, offset: place.offset + (offset.map { Int(evaluate($0, &frame)) } ?? 0))
      case .table(let name, let offset):
        inner.arrays[parameter.name] = Place(memory: Memory(tables[name]!), offset: offset.map { Int(evaluate($0, &frame)) } ?? 0)
      }
    }
    return inner
  }

  private func run(_ statements: [Statement], _ frame: inout Frame) -> Outcome {
    for statement in statements {
      switch statement {
      case .comment: break
      case .constant(let name, let e), .variable(let name, let e), .assign(let name, let e):
        frame.scalars[name] = evaluate(e, &frame)
      case .array(let name, _, let count):
        frame.arrays[name] = Place(memory: Memory([Double?](repeating: nil, count: count)), offset: 0)
      case .assignElement(let name, let index, let e):
        let place = frame.arrays[name]!
        place.memory.cells[place.offset + Int(evaluate(index, &frame))] = evaluate(e, &frame)
      case .if(let condition, let then, let other):
        let outcome = run(evaluate(condition, &frame) != 0 ? then : other, &frame)
        if case .goesOn = outcome { continue }
        return outcome
      case .while(let condition, let body):
        while evaluate(condition, &frame) != 0 {
          let outcome = run(body, &frame)
          if case .goesOn = outcome { continue }
          return outcome
        }
      case .for(let name, let from, let to, let body):
        var i = evaluate(from, &frame)
        while i < evaluate(to, &frame) {
          frame.scalars[name] = i
          let outcome = run(body, &frame)
          guard case .goesOn = outcome else { return outcome }
          i += 1
        }
      case .call(let name, let arguments):
        let routine = routines[name]!
        precondition(routine.result == .nothing)
        _ = execute(routine, self.frame(routine, arguments, &frame))
      case .return(let e): return .returned(evaluate(e, &frame))
      case .leave: return .left
      }
    }
    return .goesOn
  }

  private func evaluate(_ e: Expression, _ frame: inout Frame) -> Double {
    let width: Width = e.type == .float32 ? .float32 : .float64
    switch e.form {
    case .number(let value): return value
    case .truth(let value): return value ? 1 : 0
    case .variable(let name): return frame.scalars[name]!
    case .element(let name, let index):
      let place = frame.arrays[name]!
      return place.memory.cells[place.offset + Int(evaluate(index, &frame))]!
    case .table(let name, let index): return tables[name]![Int(evaluate(index, &frame))]
    case .negate(let a): return -evaluate(a, &frame)
    case .not(let a): return evaluate(a, &frame) == 0 ? 1 : 0
    case .complement(let a): return Double(~Int32(evaluate(a, &frame)))
    case .arithmetic(let operation, let a, let b):
      precondition(a.type == b.type && a.type == e.type, "operands of different types")
      let x = evaluate(a, &frame), y = evaluate(b, &frame)
      if e.type == .int32 {
        switch operation {
        case .add: return Double(Int32(x) + Int32(y))
        case .subtract: return Double(Int32(x) - Int32(y))
        case .multiply: return Double(Int32(x) * Int32(y))
        case .divide: return Double(Int32(x) / Int32(y))
        case .bitAnd: return Double(Int32(x) & Int32(y))
        }
      }
      switch operation {
      case .add: return width.rounded(x + y)
      case .subtract: return width.rounded(x - y)
      case .multiply: return width.rounded(x * y)
      case .divide: return width.rounded(x / y)
      case .bitAnd: preconditionFailure("bits of a floating number")
      }
    case .compare(let relation, let a, let b):
      precondition(a.type == b.type, "operands of different types")
      let x = evaluate(a, &frame), y = evaluate(b, &frame)
      switch relation {
      case .less: return x < y ? 1 : 0
      case .lessOrEqual: return x <= y ? 1 : 0
      case .greater: return x > y ? 1 : 0
      case .greaterOrEqual: return x >= y ? 1 : 0
      case .equal: return x == y ? 1 : 0
      case .notEqual: return x != y ? 1 : 0
      }
    case .both(let a, let b): return evaluate(a, &frame) != 0 && evaluate(b, &frame) != 0 ? 1 : 0
    case .either(let a, let b): return evaluate(a, &frame) != 0 || evaluate(b, &frame) != 0 ? 1 : 0
    case .conditional(let condition, let a, let b):
      precondition(a.type == b.type, "branches of different types")
      return evaluate(condition, &frame) != 0 ? evaluate(a, &frame) : evaluate(b, &frame)
    case .convert(let a):
      let value = evaluate(a, &frame)
      switch e.type {
      case .float32: return Double(Float(value))
      case .float64: return value
      case .int32: return Double(Int32(value))  // traps where the program did not keep its promise
      case .truth: preconditionFailure("a conversion to a truth value")
      }
    case .intrinsic(let function, let arguments):
      return intrinsic(function, arguments.map { evaluate($0, &frame) }, width)
    case .call(let name, let arguments):
      let routine = routines[name]!
      precondition(routine.result == .scalar(e.type), "\(name) returns something else")
      return execute(routine, self.frame(routine, arguments, &frame))
    case .leafValue(let name, let arguments):
      precondition(routines[name]!.result == .leaf(e.type), "\(name) returns something else")
      return leaf(name, arguments, &frame).value
    case .leafNumber(let name, let arguments): return Double(leaf(name, arguments, &frame).number)
    }
  }

  private func intrinsic(_ function: Expression.Intrinsic, _ x: [Double], _ width: Width) -> Double {
    switch function {
    case .absolute: abs(x[0])
    case .squareRoot: UnaryFunction.squareRoot.value(x[0], in: width)
    case .truncate: UnaryFunction.truncate.value(x[0], in: width)
    case .exponential: UnaryFunction.exponential.value(x[0], in: width)
    case .naturalLogarithm: UnaryFunction.naturalLogarithm.value(x[0], in: width)
    case .commonLogarithm: UnaryFunction.commonLogarithm.value(x[0], in: width)
    case .logarithmOfOnePlus: UnaryFunction.logarithmOfOnePlus.value(x[0], in: width)
    case .sine: UnaryFunction.sine.value(x[0], in: width)
    case .cosine: UnaryFunction.cosine.value(x[0], in: width)
    case .tangent: UnaryFunction.tangent.value(x[0], in: width)
    case .arcSine: UnaryFunction.arcSine.value(x[0], in: width)
    case .arcCosine: UnaryFunction.arcCosine.value(x[0], in: width)
    case .arcTangent: UnaryFunction.arcTangent.value(x[0], in: width)
    case .hyperbolicSine: UnaryFunction.hyperbolicSine.value(x[0], in: width)
    case .hyperbolicCosine: UnaryFunction.hyperbolicCosine.value(x[0], in: width)
    case .hyperbolicTangent: UnaryFunction.hyperbolicTangent.value(x[0], in: width)
    case .areaHyperbolicSine: UnaryFunction.areaHyperbolicSine.value(x[0], in: width)
    case .areaHyperbolicCosine: UnaryFunction.areaHyperbolicCosine.value(x[0], in: width)
    case .areaHyperbolicTangent: UnaryFunction.areaHyperbolicTangent.value(x[0], in: width)
    case .power: BinaryFunction.power.value(x[0], x[1], in: width)
    case .arcTangent2: BinaryFunction.arcTangent2.value(x[0], x[1], in: width)
    case .remainder: BinaryFunction.remainder.value(x[0], x[1], in: width)
    case .scaled: Double(sign: .plus, exponent: Int(x[1]), significand: x[0])
    case .integerRemainder: BinaryFunction.integerRemainder.value(x[0], x[1], in: width)
    case .isNaN: x[0].isNaN ? 1 : 0
    }
  }
}
