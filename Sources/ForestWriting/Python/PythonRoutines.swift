import ForestIR

/// Prints the routines of a program as private functions of the module.
struct PythonRoutines {
  private(set) var expressions: PythonExpressions

  init(_ program: Program) { expressions = PythonExpressions(program) }

  mutating func print(_ routine: Routine, to printer: inout CodePrinter) {
    expressions.shifted = expressions.arrays.shiftedNames(of: routine)
    var parameters: [String] = []
    for parameter in routine.parameters {
      let name = expressions.names.local(parameter.name)
      parameters.append(name)
      if expressions.shifted.contains(parameter.name) { parameters.append(PythonExpressions.startName(name)) }
    }
    printer.line()
    printer.line()
    for line in SafeText.lines(routine.comment, width: 110) { printer.line("# " + line) }
    printer.line("def \(expressions.names.global(routine.name))(\(parameters.joined(separator: ", "))):")
    switch routine.body {
    case .statements(let statements): printer.indented { print(statements, to: &$0) }
    case .tree(let code): print(code, to: &printer)
    case .ranked: preconditionFailure("planned for back-ends that take ranks")
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

  private mutating func print(_ statement: Statement, to printer: inout CodePrinter) {
    switch statement {
    case .comment(let text):
      for line in text.split(separator: "\n") { printer.line("# " + SafeText.comment(String(line))) }
    case .constant(let name, let value), .variable(let name, let value), .assign(let name, let value):
      assign(value, to: expressions.names.local(name), &printer)
    case .array(let name, let type, let count):
      let zero =
        switch type {
        case .float32, .float64: "0.0"
        case .int32: "0"
        case .truth: "False"
        }
      printer.line("\(expressions.names.local(name)) = [\(zero)] * \(count)")
    case .assignElement(let array, let index, let value):
      printer.line(
        "\(expressions.names.local(array))[\(expressions.place(in: array, index))] = \(expressions.text(value))")
    case .if(let condition, let then, let otherwise):
      print(condition, then, otherwise, word: "if", to: &printer)
    case .while(let condition, let body):
      printer.line("while \(expressions.text(condition)):")
      printer.indented { print(body, to: &$0) }
    case .for(let name, let from, let to, let body):
      var range = expressions.text(to)
      if case .number(0) = from.form {} else { range = "\(expressions.text(from)), \(range)" }
      printer.line("for \(expressions.names.local(name)) in range(\(range)):")
      printer.indented { print(body, to: &$0) }
    case .call(let name, let arguments): printer.line(expressions.call(name, arguments))
    case .return(let value): printer.line("return \(expressions.text(value))")
    case .leave: printer.line("return")
    }
  }

  /// A choice between more than two expressions is written as a chain of conditions, which says the same in readable lines.
  private mutating func assign(_ value: Expression, to name: String, _ printer: inout CodePrinter) {
    var rest = value
    var word = "if"
    while case .conditional(let condition, let then, let otherwise) = rest.form {
      guard case .conditional = otherwise.form else {
        if word == "if" { break }
        printer.line("elif \(expressions.text(condition)):")
        printer.line("    \(name) = \(expressions.text(then))")
        printer.line("else:")
        printer.line("    \(name) = \(expressions.text(otherwise))")
        return
      }
      printer.line("\(word) \(expressions.text(condition)):")
      printer.line("    \(name) = \(expressions.text(then))")
      word = "elif"
      rest = otherwise
    }
    printer.line("\(name) = \(expressions.text(rest))")
  }

  private mutating func print(
    _ condition: Expression, _ then: [Statement], _ otherwise: [Statement], word: String, to printer: inout CodePrinter
  ) {
    printer.line("\(word) \(expressions.text(condition)):")
    printer.indented { print(then, to: &$0) }
    guard !otherwise.isEmpty else { return }
    // Chains of conditions do not indent further and further.
    if otherwise.count == 1, case .if(let next, let first, let second) = otherwise[0] {
      print(next, first, second, word: "elif", to: &printer)
    } else {
      printer.line("else:")
      printer.indented { print(otherwise, to: &$0) }
    }
  }

  /// A tree as nested conditions: each leaf is returned as a constant pair of its value and its number.
  ///
  /// Deep trees are indented by one blank a level, so that lines stay short. Complexity: O(nodes), without recursion.
  private mutating func print(_ code: TreeCode, to printer: inout CodePrinter) {
    enum Part {
      case child(Child, level: Int)
      case otherwise(level: Int)
    }
    let step = code.tree.depth <= 12 ? 4 : 1
    func margin(_ level: Int) -> String { String(repeating: " ", count: 4 + step * level) }
    var open: [Part] = [.child(code.tree.splits.isEmpty ? .leaf(0) : .split(0), level: 0)]
    while let part = open.popLast() {
      switch part {
      case .otherwise(let level): printer.line(margin(level) + "else:")
      case .child(let child, let level) where child.isLeaf:
        let value = expressions.number(code.leafValues[child.index], code.leafType)
        printer.line(margin(level) + "return \(value), \(code.tree.number(ofLeaf: child.index))")
      case .child(let child, let level):
        let split = code.tree.splits[child.index]
        printer.line(margin(level) + "if \(question(split, of: code)):")
        open.append(.child(split.right, level: level + 1))
        open.append(.otherwise(level: level))
        open.append(.child(split.left, level: level + 1))
      }
    }
  }

  /// The condition under which a split leads to the left.
  private mutating func question(_ split: Split, of code: TreeCode) -> String {
    let asked: String
    if split.test == .linearLessOrEqual, let routine = code.linearRoutine {
      let form = Int(split.feature)
      asked = expressions.call(
        routine,
        [
          .array("x", offset: nil),
          .value(Expression(.int32, .number(Double(code.linearOffsets[form])))),
          .value(Expression(.int32, .number(Double(code.tree.linearForms[form].coefficients.count)))),
        ])
    } else {
      asked = "x[\(expressions.place(in: "x", Expression(.int32, .number(Double(split.feature)))))]"
    }
    // Held in float64, a threshold is itself whatever the width of what it is compared with.
    let threshold = expressions.number(split.threshold, .float64)
    // Comparisons with NaN are false: where NaN goes left, the opposite is asked.
    return switch (split.test, split.nanGoesLeft) {
    case (.less, false): "\(asked) < \(threshold)"
    case (.less, true): "not \(asked) >= \(threshold)"
    case (_, false): "\(asked) <= \(threshold)"
    case (_, true): "not \(asked) > \(threshold)"
    }
  }
}
