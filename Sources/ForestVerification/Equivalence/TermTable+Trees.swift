import ForestIR

extension TermTable {
  /// The number with which a tree answers, as nested questions; a question that decides nothing on its way is left out.
  ///
  /// - Parameters:
  ///   - features: what the tree reads.
  ///   - leaf: what a leaf is worth, by its index.
  /// - Complexity: O(nodes), with a stack of its own; twice that with categories.
  mutating func tree(_ tree: Tree, _ features: [TermID], leaf: (Int, inout TermTable) -> TermID) -> TermID {
    enum Step {
      case visit(Child)
      case know(TermID, ValueRange)
      case combine(TermID, PlainTest, nanGoesLeft: Bool, known: ValueRange)
    }
    let forms = tree.linearForms.map { linearForm($0, features) }
    var known: [TermID: ValueRange] = [:]
    var results: [TermID] = []
    var open: [Step] = [.visit(tree.splits.isEmpty ? .leaf(0) : .split(0))]
    while let step = open.popLast() {
      switch step {
      case .know(let feature, let range): known[feature] = range
      case .combine(let feature, let test, let nanGoesLeft, let range):
        let right = results.removeLast(), left = results.removeLast()
        results.append(question(feature, test, nanGoesLeft: nanGoesLeft, known: range, left, right))
      case .visit(let child) where child.isLeaf: results.append(leaf(child.index, &self))
      case .visit(let child):
        let split = tree.splits[child.index]
        var feature = split.test == .linearLessOrEqual ? forms[Int(split.feature)] : features[Int(split.feature)]
        var test = PlainTest(split, of: tree, float32: traits(feature).contains(.isFloat32))
        // What is asked of a rounded number is asked of the number itself, where it is an order.
        if self[feature].kind == .toFloat32, let unrounded = test.beforeRounding {
          (feature, test) = (TermID(index: self[feature].a), unrounded)
        }
        let range = known[feature] ?? everything(feature)
        let (left, right) = range.parted(by: test, nanGoesLeft: split.nanGoesLeft)
        if left.isEmpty {
          open.append(.visit(split.right))
        } else if right.isEmpty {
          open.append(.visit(split.left))
        } else {
          open += [
            .combine(feature, test, nanGoesLeft: split.nanGoesLeft, known: range), .know(feature, range), .visit(split.right),
            .know(feature, right), .visit(split.left), .know(feature, left),
          ]
        }
      }
    }
    return results[0]
  }

  /// All that a term can be.
  func everything(_ id: TermID) -> ValueRange {
    constantValue(id).map { ValueRange($0) } ?? .everything(nan: !traits(id).contains(.neverNaN))
  }

  private mutating func question(
    _ feature: TermID, _ test: PlainTest, nanGoesLeft: Bool, known: ValueRange, _ left: TermID, _ right: TermID
  ) -> TermID {
    if left == right { return left }
    let traits = traits(left).intersection(self.traits(right))
    let parts = known.parted(by: test, nanGoesLeft: nanGoesLeft)
    // Only NaN goes one way, and all numbers go the other.
    if parts.left.hasNoNumber {
      return intern(Term(kind: .isMissing, a: feature.index, b: left.index, c: right.index), traits)
    }
    if parts.right.hasNoNumber {
      return intern(Term(kind: .isMissing, a: feature.index, b: right.index, c: left.index), traits)
    }
    var term = Term(
      kind: .upTo, flag: nanGoesLeft && known.admitsNaN, a: feature.index, b: left.index, c: right.index)
    switch test {
    case .never: break  // Its left part has no number.
    case .upTo(let bound): term.bits = bound.bitPattern
    case .member(let set):
      term.kind = .member
      term.bits = number(of: set)
    }
    return intern(term, traits)
  }

  /// Offset and products, added from left to right in float64.
  private mutating func linearForm(_ form: LinearForm, _ features: [TermID]) -> TermID {
    zip(form.coefficients, features).reduce(constant(form.offset)) { sum, next in
      binary(.add, sum, binary(.multiply, constant(next.0), next.1, .float64), .float64)
    }
  }

  /// Offset and products, as above; the plain value where one of the leaf's features is NaN.
  mutating func leafForm(_ form: LeafForm, plain: TermID, _ features: [TermID]) -> TermID {
    let x = form.features.map { features[Int($0)] }
    let isMissing = x.reduce(truth(false)) { or($0, isNaN($1)) }
    let value = zip(form.coefficients, x).reduce(constant(form.offset)) { sum, next in
      binary(.add, sum, binary(.multiply, constant(next.0), next.1, .float64), .float64)
    }
    return select(isMissing, plain, value)
  }

  /// The question that a term asks, if it is one of a tree.
  func question(_ id: TermID) -> TreeQuestion? {
    let term = self[id]
    let test: PlainTest
    switch term.kind {
    case .upTo: test = .upTo(Double(bitPattern: term.bits))
    case .member: test = .member(set(term.bits))
    case .isMissing: test = .never
    default: return nil
    }
    return TreeQuestion(
      feature: TermID(index: term.a), test: test, nanGoesLeft: term.kind == .isMissing || term.flag,
      left: TermID(index: term.b), right: TermID(index: term.c))
  }
}

/// A question of a tree as terms.
struct TreeQuestion {
  let feature: TermID
  let test: PlainTest
  let nanGoesLeft: Bool
  let left: TermID
  let right: TermID
}
