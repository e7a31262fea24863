import ForestIR

/// A tree as nested conditions.
///
/// The left side always ends in a `return`, so the right side follows it at the same depth, without `else`.
struct SwiftTree {
  let code: TreeCode
  let expressions: SwiftExpressions

  func print(to printer: inout CodePrinter) {
    enum Task {
      case node(Child)
      case close
    }
    let tree = code.tree
    var open: [Task] = [.node(tree.splits.isEmpty ? .leaf(0) : .split(0))]
    while let task = open.popLast() {
      switch task {
      case .close:
        printer.outdent()
        printer.line("}")
      case .node(let node) where node.isLeaf: printer.line(leaf(node))
      case .node(let node):
        let split = tree.splits[node.index]
        let condition = condition(split, tree)
        open.append(.node(split.right))
        if split.left.isLeaf {
          printer.line("if \(condition) { \(leaf(split.left)) }")
        } else {
          printer.line("if \(condition) {")
          printer.indent()
          open.append(.close)
          open.append(.node(split.left))
        }
      }
    }
  }

  private func leaf(_ node: Child) -> String {
    let value = SwiftNumbers.literal(code.leafValues[node.index], code.leafType)
    return "return (\(value), \(code.tree.number(ofLeaf: node.index)))"
  }

  /// True leads to the left. Where NaN goes left, the opposite question is denied.
  private func condition(_ split: Split, _ tree: Tree) -> String {
    var type = code.inputType
    var asked = "x[\(split.feature)]"
    if case .linearLessOrEqual = split.test {
      let form = Int(split.feature)
      type = .float64
      let place = Expression(.int32, .number(Double(code.linearOffsets[form])))
      let count = Expression(.int32, .number(Double(tree.linearForms[form].coefficients.count)))
      asked = expressions.call(
        code.linearRoutine ?? "", [.array("x", offset: nil), .value(place), .value(count)])
    } else if type == .float32, !Width.float32.holds(split.threshold) {
      type = .float64
      asked = "Double(\(asked))"
    }
    let threshold = SwiftNumbers.literal(split.threshold, type)
    switch (split.test, split.nanGoesLeft) {
    case (.less, false): return "\(asked) < \(threshold)"
    case (.less, true): return "!(\(asked) >= \(threshold))"
    case (_, false): return "\(asked) <= \(threshold)"
    case (_, true): return "!(\(asked) > \(threshold))"
    }
  }
}
