/// Prints the routines of a program a second time, for many events at once: each number becomes a column of a NumPy array.
///
/// Where events part, all go both ways and each keeps what it found on its own. A mask says for which events a statement
/// counts; loops go on while there is one. What a routine computes for an event that it was not meant for is never looked at, and
/// does no harm: NumPy does not raise, and places in tables are clipped.
struct PythonColumns {
  private(set) var expressions: PythonColumnExpressions
  private let names: PythonColumnNames
  private var masks = 0
  private var routine = ""
  private var isLeftEarly = false
  private var resultType = ScalarType.float64

  init(_ program: Program, names: PythonColumnNames) {
    self.names = names
    expressions = PythonColumnExpressions(program, names: names)
  }

  mutating func print(_ routine: Routine, to printer: inout CodePrinter) {
    guard case .statements(let statements) = routine.body, !expressions.variation.eventByEvent.contains(routine.name) else { return }
    self.routine = routine.name
    expressions.routine = routine.name
    expressions.mask = nil
    masks = 0
    isLeftEarly = expressions.variation.leftEarly.contains(routine.name)
    if case .scalar(let type) = routine.result { resultType = type }
    let parameters = [names.rows] + routine.parameters.map { names.local($0.name) }
    printer.line()
    printer.line("def \(names.column(ofRoutine: routine.name))(\(parameters.joined(separator: ", "))):")
    printer.indented { printer in
      if isLeftEarly {
        printer.line("\(names.result) = numpy.zeros(\(names.rows), \(PythonColumnExpressions.type(resultType)))")
        printer.line("\(names.live) = numpy.ones(\(names.rows), \"?\")")
      }
      var finder: String?
      ProgramCalls.forEach(in: routine) { callee, _ in if names.leaves(of: callee) != nil { finder = callee } }
      if let finder {
        printer.line("\(names.leafOf) = trees.leaves(\(names.rows), x, \(names.column(ofRoutine: finder)))")
      }
      print(statements, to: &printer)
    }
  }

  private mutating func print(_ statements: [Statement], to printer: inout CodePrinter) {
    var isEmpty = true
    for statement in statements {
      if case .comment = statement {} else { isEmpty = false }
      print(statement, to: &printer)
    }
    if isEmpty { printer.line("pass") }
  }

  private func differs(_ name: String) -> Bool { expressions.variation.differs(name, in: routine) }

  private mutating func print(_ statement: Statement, to printer: inout CodePrinter) {
    switch statement {
    case .comment(let text):
      for line in text.split(separator: "\n") { printer.line("# " + SafeText.comment(String(line))) }
    case .constant(let name, let value), .variable(let name, let value):
      printer.line("\(names.local(name)) = \(differs(name) ? expressions.column(value) : expressions.text(value))")
    case .array(let name, let type, let count):
      printer.line("\(names.local(name)) = [numpy.zeros(\(names.rows), \(PythonColumnExpressions.type(type)))] * \(count)")
    case .assign(let name, let value):
      let target = names.local(name)
      if differs(name) { printer.line("\(target) = \(kept(value, otherwise: target))") } else { printer.line("\(target) = \(expressions.text(value))") }
    case .assignElement(let array, let index, let value):
      let target = "\(names.local(array))[\(expressions.text(index))]"
      printer.line("\(target) = \(kept(value, otherwise: target))")
    case .if(let condition, let then, let otherwise):
      guard expressions.differs(condition) else {
        printer.line("if \(expressions.text(condition)):")
        printer.indented { print(then, to: &$0) }
        guard !otherwise.isEmpty else { return }
        printer.line("else:")
        printer.indented { print(otherwise, to: &$0) }
        return
      }
      divide(condition, then, otherwise, to: &printer)
    case .while(let condition, let body):
      guard expressions.differs(condition) else {
        printer.line("while \(expressions.text(condition)):")
        printer.indented { print(body, to: &$0) }
        return
      }
      loop(while: condition, body, step: nil, to: &printer)
    case .for(let name, let from, let to, let body):
      let local = names.local(name)
      if expressions.differs(from) || expressions.differs(to) {
        let end = fresh(names.end)
        printer.line("\(local) = \(expressions.column(from))")
        printer.line("\(end) = \(expressions.column(to))")
        loop(while: .local(name, .int32).compared(.less, .local(end, .int32)), body, step: "\(local) = \(local) + 1", to: &printer)
        return
      }
      var range = expressions.text(to)
      if case .number(0) = from.form {} else { range = "\(expressions.text(from)), \(range)" }
      printer.line("for \(local) in range(\(range)):")
      printer.indented { printer in
        if differs(name) { printer.line("\(local) = numpy.full(\(names.rows), \(local), \"i8\")") }
        print(body, to: &printer)
      }
    case .call(let name, let arguments): call(name, arguments, to: &printer)
    case .return(let value): leave(with: value, to: &printer)
    case .leave: printer.line("return")
    }
  }

  private mutating func fresh(_ base: String) -> String {
    masks += 1
    return "\(base)_\(masks)"
  }

  /// A value for the events that count now; the others keep what they have.
  private mutating func kept(_ value: Expression, otherwise: String) -> String {
    guard let mask = expressions.mask else { return expressions.column(value) }
    return "numpy.where(\(mask), \(expressions.column(value)), \(otherwise))"
  }

  private mutating func divide(
    _ condition: Expression, _ then: [Statement], _ otherwise: [Statement], to printer: inout CodePrinter
  ) {
    let outer = expressions.mask
    let mask = fresh(names.mask)
    let others = otherwise.isEmpty ? nil : fresh(names.mask)
    let parts = [outer, isLeftEarly ? names.live : nil].compactMap { $0 }
    printer.line("\(mask) = \(([expressions.text(condition)] + parts).enumerated().map { $0.offset == 0 && !parts.isEmpty ? "(\($0.element))" : $0.element }.joined(separator: " & "))")
    // Before the first side changes what the condition asked.
    if let others { printer.line("\(others) = \((["~" + mask] + parts).joined(separator: " & "))") }
    for (mask, body) in [(mask, then), (others ?? "", otherwise)] where !body.isEmpty {
      printer.line("if \(mask).any():")
      expressions.mask = mask
      printer.indented { print(body, to: &$0) }
    }
    expressions.mask = outer
  }

  private mutating func loop(while condition: Expression, _ body: [Statement], step: String?, to printer: inout CodePrinter) {
    let outer = expressions.mask
    let active = fresh(names.active)
    let parts = [outer, isLeftEarly ? names.live : nil].compactMap { $0 }
    func ask(_ text: String) -> String {
      "\(active) = \(parts.isEmpty ? text : (["(\(text))"] + parts).joined(separator: " & "))"
    }
    let question = ask(expressions.text(condition))
    printer.line(question)
    printer.line("while \(active).any():")
    expressions.mask = active
    printer.indented { printer in
      print(body, to: &printer)
      if let step { printer.line(step) }
      printer.line(question)
    }
    expressions.mask = outer
  }

  private mutating func call(_ name: String, _ arguments: [Argument], to printer: inout CodePrinter) {
    // A part of a list is a list of its own: what is written to it is brought back.
    var arguments = arguments
    var back: [String] = []
    for (index, parameter) in expressions.routines[name]!.parameters.enumerated() {
      guard case .output = parameter.kind, case .array(let array, let offset) = arguments[index], PythonArrays.isShift(offset) else { continue }
      let part = fresh(names.part)
      let target = "\(names.local(array))[\(expressions.text(offset!)):]"
      printer.line("\(part) = \(target)")
      back.append("\(target) = \(part)")
      arguments[index] = .array(part, offset: nil)
    }
    printer.line(expressions.call(name, arguments))
    for line in back { printer.line(line) }
  }

  private mutating func leave(with value: Expression, to printer: inout CodePrinter) {
    guard isLeftEarly else { return printer.line("return \(expressions.column(value))") }
    guard let mask = expressions.mask else {
      return printer.line("return numpy.where(\(names.live), \(expressions.column(value)), \(names.result))")
    }
    printer.line("\(names.result) = numpy.where(\(mask) & \(names.live), \(expressions.column(value)), \(names.result))")
    printer.line("\(names.live) = \(names.live) & ~\(mask)")
  }
}
