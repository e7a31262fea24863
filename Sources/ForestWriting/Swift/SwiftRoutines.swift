import ForestIR

/// Routines as static functions.
struct SwiftRoutines {
  let expressions: SwiftExpressions
  private let ranked: RankedProgram?

  init(_ program: SwiftProgram) {
    expressions = SwiftExpressions(tableTypes: program.tableTypes)
    ranked = program.program.ranked
  }

  func print(_ routine: Routine, to printer: inout CodePrinter) {
    for line in SafeText.lines(routine.comment, width: 108) where !line.isEmpty { printer.line("/// " + line) }
    let parameters = routine.parameters.map { parameter in
      switch parameter.kind {
      case .scalar(let type): "_ \(parameter.name): \(SwiftProgram.name(type))"
      case .input(let type): "_ \(parameter.name): UnsafePointer<\(SwiftProgram.name(type))>"
      case .output(let type): "_ \(parameter.name): UnsafeMutablePointer<\(SwiftProgram.name(type))>"
      }
    }
    let (result, isTree): (String, Bool) =
      switch routine.result {
      case .nothing: ("Void", false)
      case .scalar(let type): (SwiftProgram.name(type), false)
      case .leaf(let type): ("(value: \(SwiftProgram.name(type)), number: Int32)", true)
      }
    if isTree { printer.line("@inline(never)") }
    let arrow = result == "Void" ? "" : " -> " + result
    let name = SwiftProgram.function(routine.name)
    let use = SwiftUse(of: routine)
    guard use.arrays.isEmpty else {
      // The statements stand in a function of their own, not in the closures that make the room: the type checker looks
      // at a closure as a whole, at the cost that this has.
      printer.line("private static func \(name)(\(parameters.joined(separator: ", ")))\(arrow) {")
      printer.indented { printer in
        let room = SwiftRoom(use.arrays)
        room.open(result: result, to: &printer)
        let arguments = routine.parameters.map(\.name) + use.arrays.map(\.name)
        printer.line("\(result == "Void" ? "" : "return ")\(name)_in_room(\(arguments.joined(separator: ", ")))")
        room.close(to: &printer)
      }
      printer.line("}")
      printer.line()
      let rooms = use.arrays.map { "_ \($0.name): UnsafeMutablePointer<\(SwiftProgram.name($0.type))>" }
      printer.line("private static func \(name)_in_room(")
      printer.indented { $0.filled(parameters + rooms) }
      printer.line(")\(arrow) {")
      printBody(routine, use, to: &printer)
      return
    }
    printer.line("private static func \(name)(\(parameters.joined(separator: ", ")))\(arrow) {")
    printBody(routine, use, to: &printer)
  }

  /// What stands between the braces, and the closing one.
  private func printBody(_ routine: Routine, _ use: SwiftUse, to printer: inout CodePrinter) {
    printer.indented { printer in
      switch routine.body {
      case .tree(let code): SwiftTree(code: code, expressions: expressions).print(to: &printer)
      case .ranked(let question): if let ranked { SwiftRanked(ranked: ranked).print(question, to: &printer) }
      case .statements(let statements):
        if use.usesTables { printer.line("let tables = Tables.shared") }
        print(statements, use, to: &printer)
      }
    }
    printer.line("}")
  }

  private func print(_ statements: [Statement], _ use: SwiftUse, to printer: inout CodePrinter) {
    for statement in statements { print(statement, use, to: &printer) }
  }

  private func print(_ statement: Statement, _ use: SwiftUse, to printer: inout CodePrinter) {
    switch statement {
    case .comment(let text):
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) { printer.line("// " + line) }
    case .constant(let name, let value): declare("let", name, value, use, to: &printer)
    case .variable(let name, let value):
      declare(use.assigned.contains(name) ? "var" : "let", name, value, use, to: &printer)
    case .array: break  // room was made around the whole body
    case .assign(let name, let value): printer.line("\(name) = \(expressions.text(value))")
    case .assignElement(let name, let index, let value):
      printer.line("\(name)[\(expressions.place(index))] = \(expressions.text(value))")
    case .if(let condition, let yes, let no):
      printer.line("if \(expressions.text(condition)) {")
      printer.indented { print(yes, use, to: &$0) }
      if !no.isEmpty {
        printer.line("} else {")
        printer.indented { print(no, use, to: &$0) }
      }
      printer.line("}")
    case .while(let condition, let body):
      printer.line("while \(expressions.text(condition)) {")
      printer.indented { print(body, use, to: &$0) }
      printer.line("}")
    case .for(let name, let from, let to, let body):
      let start = typed(from)
      // A range must not run backwards.
      let end: String
      if case .number(let a) = from.form, case .number(let b) = to.form, a <= b {
        end = expressions.text(to)
      } else {
        end = "max(\(start), \(expressions.text(to)))"
      }
      // Other loops of the routine may read a counter of the same name, so it is this body that counts.
      let isRead = SwiftUse(of: body).read.contains(name)
      printer.line("for \(isRead ? name : "_") in \(start)..<\(end) {")
      printer.indented { print(body, use, to: &$0) }
      printer.line("}")
    case .call(let routine, let arguments): printer.line(expressions.call(routine, arguments))
    case .return(let value): printer.line("return \(expressions.text(value))")
    case .leave: printer.line("return")
    }
  }

  private func declare(
    _ keyword: String, _ name: String, _ value: Expression, _ use: SwiftUse, to printer: inout CodePrinter
  ) {
    guard use.read.contains(name) || use.assigned.contains(name) else { return }
    printer.line("\(keyword) \(name): \(SwiftProgram.name(value.type)) = \(expressions.text(value))")
  }

  private func typed(_ integer: Expression) -> String {
    if case .number = integer.form { return "Int32(\(expressions.text(integer)))" }
    return "(\(expressions.text(integer)))"
  }
}
