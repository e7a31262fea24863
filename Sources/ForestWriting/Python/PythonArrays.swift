/// Which array parameters of which routines need to know where their array begins.
///
/// Python hands over whole lists. Where some call hands over a list from a later element on, the routine takes the place of
/// that element as one more parameter, and adds it to every index. Routines that are always given whole lists are spared.
struct PythonArrays {
  private var shifted: [String: Set<Int>] = [:]

  /// - Complexity: O(size of the program): callers stand behind those that they call, so one pass from the end settles all.
  init(_ program: Program) {
    for routine in program.routines.reversed() {
      let own = shiftedNames(of: routine)
      ProgramCalls.forEach(in: routine) { callee, arguments in
        for (index, argument) in arguments.enumerated() {
          switch argument {
          case .value: break
          case .array(let name, let offset):
            if own.contains(name) || PythonArrays.isShift(offset) { shifted[callee, default: []].insert(index) }
          case .table(_, let offset):
            if PythonArrays.isShift(offset) { shifted[callee, default: []].insert(index) }
          }
        }
      }
    }
  }

  /// Whether the parameter at `index` of a routine comes with a place.
  func isShifted(_ routine: String, _ index: Int) -> Bool { shifted[routine]?.contains(index) ?? false }

  /// The array parameters of a routine that come with a place.
  func shiftedNames(of routine: Routine) -> Set<String> {
    guard let indices = shifted[routine.name] else { return [] }
    return Set(indices.map { routine.parameters[$0].name })
  }

  static func isShift(_ offset: Expression?) -> Bool {
    guard let offset else { return false }
    if case .number(0) = offset.form { return false }
    return true
  }
}

/// Finds the calls in a routine.
enum ProgramCalls {
  static func forEach(in routine: Routine, _ visit: (String, [Argument]) -> Void) {
    switch routine.body {
    case .statements(let statements): walk(statements, visit)
    case .tree(let code):
      if let linear = code.linearRoutine { visit(linear, [.array("x", offset: nil)]) }
    case .ranked: break
    }
  }

  private static func walk(_ statements: [Statement], _ visit: (String, [Argument]) -> Void) {
    for statement in statements {
      switch statement {
      case .comment, .array, .leave: break
      case .constant(_, let value), .variable(_, let value), .assign(_, let value), .return(let value): walk(value, visit)
      case .assignElement(_, let index, let value):
        walk(index, visit)
        walk(value, visit)
      case .if(let condition, let then, let otherwise):
        walk(condition, visit)
        walk(then, visit)
        walk(otherwise, visit)
      case .while(let condition, let body):
        walk(condition, visit)
        walk(body, visit)
      case .for(_, let from, let to, let body):
        walk(from, visit)
        walk(to, visit)
        walk(body, visit)
      case .call(let name, let arguments): walk(name, arguments, visit)
      }
    }
  }

  private static func walk(_ name: String, _ arguments: [Argument], _ visit: (String, [Argument]) -> Void) {
    visit(name, arguments)
    for argument in arguments {
      switch argument {
      case .value(let value): walk(value, visit)
      case .array(_, let offset), .table(_, let offset): if let offset { walk(offset, visit) }
      }
    }
  }

  private static func walk(_ expression: Expression, _ visit: (String, [Argument]) -> Void) {
    switch expression.form {
    case .number, .truth, .variable: break
    case .element(_, let a), .table(_, let a), .negate(let a), .not(let a), .complement(let a), .convert(let a): walk(a, visit)
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .both(let a, let b), .either(let a, let b):
      walk(a, visit)
      walk(b, visit)
    case .conditional(let a, let b, let c):
      walk(a, visit)
      walk(b, visit)
      walk(c, visit)
    case .intrinsic(_, let operands): for operand in operands { walk(operand, visit) }
    case .call(let name, let arguments), .leafValue(let name, let arguments), .leafNumber(let name, let arguments):
      walk(name, arguments, visit)
    }
  }
}
