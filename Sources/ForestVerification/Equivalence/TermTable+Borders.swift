extension TermTable {
  /// How many different questions there are.
  var questionCount: Int { terms.reduce(0) { $0 + ([.upTo, .member, .isMissing].contains($1.kind) ? 1 : 0) } }

  /// The numbers that inputs are compared with outside of trees, ascending.
  var comparedNumbers: [(input: Int, value: Double)] {
    var found: [Int: Set<Double>] = [:]
    for term in terms where term.kind == .compare {
      for (asked, with) in [(term.a, term.b), (term.b, term.a)] {
        guard let input = input(behind: TermID(index: asked)), let value = constantValue(TermID(index: with)), value.isFinite else { continue }
        found[input, default: []].insert(value)
      }
    }
    return found.sorted { $0.key < $1.key }.flatMap { input, values in values.sorted().map { (input, $0) } }
  }

  /// Walks through a tree and shows the cells beside every border: the numbers that a question just lets pass, and the first that
  /// it does not.
  ///
  /// - Parameter body: gets a cell whose last range is a single number, or NaN; false ends the walk.
  func forEachBorder(in root: TermID, _ body: (TermCell) -> Bool) {
    var open = [(root, TermCell())]
    while let (id, cell) = open.popLast() {
      guard let question = question(id) else { continue }
      let feature = question.feature
      let known = cell[feature] ?? everything(feature)
      let (left, right) = known.parted(by: question.test, nanGoesLeft: question.nanGoesLeft)
      let isFloat32 = traits(feature).contains(.isFloat32)
      var values: [Double] = []
      switch question.test {
      case .upTo(let bound): values = [bound, isFloat32 ? Double(Float(bound).nextUp) : bound.nextUp]
      case .member, .never: values = [left, right].flatMap { $0.samples(float32: isFloat32).prefix(1) }
      }
      if known.admitsNaN { values.append(.nan) }
      for value in values where known.contains(value) {
        var beside = cell
        beside[feature] = ValueRange(value)
        guard body(beside) else { return }
      }
      for (side, child) in [(right, question.right), (left, question.left)] where !side.isEmpty {
        var inside = cell
        inside[feature] = side
        open.append((child, inside))
      }
    }
  }
}
