import ForestIR

/// Statements and routines.
extension CFamilyPrinter {
  /// One routine, with the comment above it.
  mutating func print(_ routine: Routine, to printer: inout CodePrinter) {
    readNames = []
    writtenNames = []
    unreadNames = []
    // The body comes first: it says which parameters deserve a name.
    var body: [UInt8] = []
    switch routine.body {
    case .statements(let statements):
      body = bytes(of: statements)
      let locals = writtenNames.subtracting(routine.parameters.map(\.name))
      if !locals.isSubset(of: readNames) {
        unreadNames = locals.subtracting(readNames)
        body = bytes(of: statements)
      }
    case .tree(let code):
      print(code, to: &body)
    case .ranked(let question):
      guard let ranked else { preconditionFailure("a routine about ranked trees in a program that has none") }
      var printer = CodePrinter()
      printer.indented { print(question, ranked, to: &$0) }
      body = printer.bytes
      readNames.formUnion(routine.parameters.map(\.name))
    }
    let usedNames = readNames.union(writtenNames)
    if !routine.comment.isEmpty { comment(routine.comment, to: &printer) }
    let parameters = routine.parameters.map { parameter in
      let unused = !usedNames.contains(parameter.name)
      let name = unused ? (dialect.isC ? parameter.name : "/* \(parameter.name) */") : parameter.name
      switch parameter.kind {
      case .scalar(let type): return "\(self.name(of: type)) \(name)"
      case .input(let type): return "const \(self.name(of: type))* \(name)"
      case .output(let type): return "\(self.name(of: type))* \(name)"
      }
    }
    let result =
      switch routine.result {
      case .nothing: "void"
      case .scalar(let type): name(of: type)
      case .leaf(let type): leafName(type)
      }
    let list = parameters.joined(separator: ", ")
    printer.line(dialect.function(result, dialect.hidden(routine.name), list) + " {")
    if dialect.isC {
      for parameter in routine.parameters where !usedNames.contains(parameter.name) { printer.line("  (void)\(parameter.name);") }
    }
    printer.verbatim(body)
    printer.line("}")
  }

  private mutating func bytes(of statements: [Statement]) -> [UInt8] {
    var printer = CodePrinter()
    printer.indent()
    for statement in statements { print(statement, to: &printer) }
    return printer.bytes
  }

  private mutating func declare(_ name: String, _ declaration: String, to printer: inout CodePrinter) {
    writtenNames.insert(name)
    printer.line(declaration)
    if unreadNames.contains(name) {
      printer.line(dialect.isC ? "(void)\(name);" : "static_cast<void>(\(name));")
    }
  }

  mutating func print(_ statement: Statement, to printer: inout CodePrinter) {
    switch statement {
    case .comment(let remark):
      comment(remark, to: &printer)
    case .constant(let name, let value):
      declare(name, "const \(self.name(of: value.type)) \(name) = \(text(value));", to: &printer)
    case .variable(let name, let value):
      declare(name, "\(self.name(of: value.type)) \(name) = \(text(value));", to: &printer)
    case .array(let name, let type, let count):
      declare(name, "\(self.name(of: type)) \(name)[\(count)];", to: &printer)
    case .assign(let name, let value):
      writtenNames.insert(name)
      printer.line("\(name) = \(text(value));")
    case .assignElement(let array, let index, let value):
      writtenNames.insert(array)
      printer.line("\(array)[\(text(index))] = \(text(value));")
    case .if(let condition, let yes, let no):
      printer.line("if (\(text(condition))) {")
      block(yes, to: &printer)
      if !no.isEmpty {
        printer.line("} else {")
        block(no, to: &printer)
      }
      printer.line("}")
    case .while(let condition, let body):
      printer.line("while (\(text(condition))) {")
      block(body, to: &printer)
      printer.line("}")
    case .for(let name, let from, let to, let body):
      let type = self.name(of: ScalarType.int32)
      var head = "\(name) = \(text(from))"
      var end = text(to)
      // A bound that the body might change is looked at once.
      if case .number = to.form {} else {
        head += ", \(name)_end = \(end)"
        end = "\(name)_end"
      }
      printer.line("for (\(type) \(head); \(name) < \(end); ++\(name)) {")
      block(body, to: &printer)
      printer.line("}")
    case .call(let routine, let list):
      printer.line("\(dialect.hidden(routine))(\(arguments(list)));")
    case .return(let value):
      printer.line("return \(text(value));")
    case .leave:
      printer.line("return;")
    }
  }

  private mutating func block(_ statements: [Statement], to printer: inout CodePrinter) {
    printer.indent()
    for statement in statements { print(statement, to: &printer) }
    printer.outdent()
  }

  private func comment(_ text: String, to printer: inout CodePrinter) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      printer.line("// \(line)")
    }
  }
}
