import ForestIR

/// Trees as conditions.
extension CFamilyPrinter {
  /// A tree as the body of a function, indented by one step.
  ///
  /// Every way ends in `return`, so that one branch stands in braces and the other behind it, without `else`:
  ///
  ///     if (x[3] < 1.5f) {
  ///       if (x[0] < 2.0f) return Leaf{0.25, 0};
  ///       return Leaf{-0.5, 1};
  ///     }
  ///     return Leaf{1.0, 2};
  ///
  /// The condition is the one that is false for NaN, so that NaN falls through; where that is the wrong way round, it is
  /// negated. Compilers limit how deeply braces may nest: from `comfortableDepth` on the smaller branch goes into the
  /// braces, which halves what is left at every step, so that trees of any depth stay below 60.
  ///
  /// - Complexity: O(nodes), with a stack instead of recursion.
  mutating func print(_ code: TreeCode, to bytes: inout [UInt8]) {
    enum Task {
      case node(Child, level: Int)
      case close(level: Int)
    }
    let tree = code.tree
    let sizes = tree.depth > CFamilyPrinter.comfortableDepth ? CFamilyPrinter.leafCounts(tree) : nil
    let leaf = LeafSpelling(code, self)
    if !tree.splits.isEmpty { readNames.insert("x") }

    var tasks: [Task] = [.node(tree.splits.isEmpty ? .leaf(0) : .split(0), level: 1)]
    while let task = tasks.popLast() {
      switch task {
      case .close(let level):
        CFamilyPrinter.indent(level, &bytes)
        bytes += [UInt8(ascii: "}"), 0x0A]
      case .node(let child, let level) where child.isLeaf:
        CFamilyPrinter.indent(level, &bytes)
        leaf.append(child.index, to: &bytes)
      case .node(let child, let level):
        let split = tree.splits[child.index]
        // The branch that its own condition leads to; NaN takes the other.
        var isNegated = false
        var (inside, behind) = split.nanGoesLeft ? (split.right, split.left) : (split.left, split.right)
        if let sizes, level > CFamilyPrinter.comfortableDepth, CFamilyPrinter.size(inside, sizes) > CFamilyPrinter.size(behind, sizes) {
          (inside, behind) = (behind, inside)
          isNegated = true
        }
        CFamilyPrinter.indent(level, &bytes)
        bytes.append(contentsOf: (isNegated ? "if (!(" : "if (").utf8)
        appendCondition(split, code, to: &bytes)
        bytes.append(contentsOf: (isNegated ? ")) " : ") ").utf8)
        tasks.append(.node(behind, level: level))
        if inside.isLeaf {
          leaf.append(inside.index, to: &bytes)
        } else {
          bytes += [UInt8(ascii: "{"), 0x0A]
          tasks.append(.close(level: level))
          tasks.append(.node(inside, level: level + 1))
        }
      }
    }
  }

  static let comfortableDepth = 24

  /// The split's test, or its opposite where NaN goes left: in either case false for NaN.
  private func appendCondition(_ split: Split, _ code: TreeCode, to bytes: inout [UInt8]) {
    let isLess = split.test == .less
    let sign = split.nanGoesLeft ? (isLess ? " >= " : " > ") : (isLess ? " < " : " <= ")
    var type = ScalarType.float64
    if split.test == .linearLessOrEqual {
      let form = Int(split.feature)
      let text =
        "\(dialect.hidden(code.linearRoutine ?? ""))(x, \(code.linearOffsets[form]), \(code.tree.linearForms[form].coefficients.count))"
      bytes.append(contentsOf: text.utf8)
    } else {
      bytes.append(contentsOf: "x[".utf8)
      bytes.append(contentsOf: String(split.feature).utf8)
      bytes.append(UInt8(ascii: "]"))
      // A threshold that is no float32 number is compared in float64, to which C widens the other side exactly.
      if code.inputType == .float32, Width.float32.holds(split.threshold) { type = .float32 }
    }
    bytes.append(contentsOf: sign.utf8)
    bytes.append(contentsOf: spelling.floating(split.threshold, type).utf8)
  }

  /// `return Leaf{0.25, 7};`
  private struct LeafSpelling {
    let code: TreeCode
    let spelling: NumberSpelling
    let start: [UInt8]
    let end: [UInt8]

    init(_ code: TreeCode, _ printer: CFamilyPrinter) {
      self.code = code
      spelling = printer.spelling
      let maker = printer.leafMaker(code.leafType)
      start = Array("return \(maker.opening)".utf8)
      end = Array("\(maker.closing);\n".utf8)
    }

    func append(_ index: Int, to bytes: inout [UInt8]) {
      bytes.append(contentsOf: start)
      bytes.append(contentsOf: spelling.floating(code.leafValues[index], code.leafType).utf8)
      bytes.append(contentsOf: ", ".utf8)
      bytes.append(contentsOf: String(code.tree.number(ofLeaf: index)).utf8)
      bytes.append(contentsOf: end)
    }
  }

  private static func indent(_ level: Int, _ bytes: inout [UInt8]) {
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
  }

  private static func size(_ child: Child, _ leafCounts: [Int32]) -> Int32 { child.isLeaf ? 1 : leafCounts[child.index] }

  /// How many leaves hang on each split.
  private static func leafCounts(_ tree: Tree) -> [Int32] {
    var order: [Int] = [], open = [0]
    while let index = open.popLast() {
      order.append(index)
      for child in [tree.splits[index].left, tree.splits[index].right] where !child.isLeaf { open.append(child.index) }
    }
    var counts = [Int32](repeating: 0, count: tree.splits.count)
    for index in order.reversed() {
      counts[index] = size(tree.splits[index].left, counts) + size(tree.splits[index].right, counts)
    }
    return counts
  }
}
