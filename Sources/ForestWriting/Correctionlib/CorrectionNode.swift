import ForestIR

/// A tree as nested bins of one input each.
///
/// A bin holds its lower edge and not its upper. NaN is outside of all bins, as are the infinities where edges are finite; what is
/// outside is clamped to the nearest bin (NaN and ∞ to the last), or has an answer of its own.
struct CorrectionNode {
  let tree: RoutedTree

  /// Larger than every edge. (The largest number of all is not read as one by every reader.)
  static let large = 1e308
  /// Trees deeper than this are refused, since readers recurse.
  static let depthLimit = 200

  /// What each split becomes.
  private enum Bins {
    /// The left answer for all, or the right.
    case always(left: Bool)
    /// Edges, whether each bin is of the left answer, and what is outside: nil to clamp.
    case bins(edges: [Double], isLeft: [Bool], outsideIsLeft: Bool?)
  }

  private static func bins(of split: RoutedSplit) -> Bins {
    switch split.question {
    case .atMost(let threshold):
      let edge = threshold.nextUp
      if edge >= large {
        return split.nanGoesLeft ? .always(left: true) : .bins(edges: [-large, large], isLeft: [true], outsideIsLeft: false)
      }
      if edge <= -large {
        return split.nanGoesLeft ? .bins(edges: [-large, large], isLeft: [false], outsideIsLeft: true) : .always(left: false)
      }
      return split.nanGoesLeft
        ? .bins(edges: [edge, large], isLeft: [false], outsideIsLeft: true)
        : .bins(edges: [-large, edge, large], isLeft: [true, false], outsideIsLeft: nil)
    case .within(let intervals):
      var edges: [Double] = split.nanGoesLeft ? [-large] : []
      for interval in intervals { edges += [max(interval.lowerBound, -large), min(interval.upperBound.nextUp, large)] }
      if split.nanGoesLeft { edges.append(large) }
      guard edges.count >= 2, zip(edges, edges.dropFirst()).allSatisfy(<) else { return .always(left: split.nanGoesLeft) }
      let first = !split.nanGoesLeft
      return .bins(edges: edges, isLeft: (0..<edges.count - 1).map { ($0 % 2 == 0) == first }, outsideIsLeft: split.nanGoesLeft)
    }
  }

  /// How many nodes are written: an answer that stands in several bins is written several times.
  ///
  /// - Returns: nil for trees that are too deep.
  var size: Int? {
    guard !tree.splits.isEmpty else { return 1 }
    var order: [(split: Int, depth: Int)] = [(0, 1)]
    var next = 0
    while next < order.count {
      let (split, depth) = order[next]
      guard depth <= Self.depthLimit else { return nil }
      for child in [tree.splits[split].left, tree.splits[split].right] where !child.isLeaf { order.append((child.index, depth + 1)) }
      next += 1
    }
    var sizes = [Double](repeating: 1, count: tree.splits.count)
    for (split, _) in order.reversed() {
      let node = tree.splits[split]
      func size(_ child: Child) -> Double { child.isLeaf ? 1 : sizes[child.index] }
      switch Self.bins(of: node) {
      case .always(let isLeft): sizes[split] = size(isLeft ? node.left : node.right)
      case .bins(_, let isLeft, let outside):
        let answers = isLeft + (outside.map { [$0] } ?? [])
        sizes[split] = answers.reduce(1) { $0 + size($1 ? node.left : node.right) }
      }
    }
    return sizes[0] < 1e9 ? Int(sizes[0]) : Int.max
  }

  /// Whether the split at hand tells apart what the bins cannot: an infinity from NaN.
  static func needsOrdinaryNumbers(_ split: RoutedSplit) -> Bool {
    switch split.question {
    case .atMost(let threshold): split.nanGoesLeft ? threshold < .infinity : threshold.nextUp.magnitude >= large
    case .within(let intervals): split.nanGoesLeft || intervals.contains { $0.upperBound >= large || $0.lowerBound <= -large }
    }
  }

  /// The recursion is as deep as the tree, `depthLimit` at most.
  func print(_ child: Child? = nil, inputs: [String], to text: inout [UInt8]) throws(EmissionError) {
    let child = child ?? (tree.splits.isEmpty ? .leaf(0) : .split(0))
    guard !child.isLeaf else {
      let value = tree.leaves[child.index]
      // The numbers in formulas are read rightly, all of them; but formulas are slow to read.
      text += (FastPathDecimal.spelling(value) ?? #"{"nodetype":"formula","expression":"\#(value)","parser":"TFormula","variables":[]}"#).utf8
      return
    }
    let split = tree.splits[child.index]
    switch Self.bins(of: split) {
    case .always(let isLeft): try print(isLeft ? split.left : split.right, inputs: inputs, to: &text)
    case .bins(let edges, let isLeft, let outsideIsLeft):
      text += #"{"nodetype":"binning","input":"#.utf8
      text += inputs[split.input].utf8
      text += #","edges":["#.utf8
      for (index, edge) in edges.enumerated() {
        if index > 0 { text += ",".utf8 }
        text += try number(edge).utf8
      }
      text += #"],"content":["#.utf8
      for (index, isLeft) in isLeft.enumerated() {
        if index > 0 { text += ",".utf8 }
        try print(isLeft ? split.left : split.right, inputs: inputs, to: &text)
      }
      text += #"],"flow":"#.utf8
      if let outsideIsLeft {
        try print(outsideIsLeft ? split.left : split.right, inputs: inputs, to: &text)
      } else {
        text += #""clamp""#.utf8
      }
      text += "}".utf8
    }
  }

  /// An edge. There is no other way to write one.
  private func number(_ edge: Double) throws(EmissionError) -> String {
    guard let text = FastPathDecimal.spelling(edge) else {
      throw EmissionError(
        "tree \(tree.source ?? 0) compares with the number \(edge), which correctionlib would read as its neighbour",
        hint: "source code (cpp, python, swift) says every model")
    }
    return text
  }
}

extension AdditiveForest {
  var needsOrdinaryNumbers: Bool { trees.contains { $0.splits.contains(where: CorrectionNode.needsOrdinaryNumbers) } }
}
