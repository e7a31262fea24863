import ForestIR

/// The values a number can have: an interval that holds them all, and some that stand outside it.
public struct PossibleValues: Sendable, Hashable {
  public let lowest: Double
  public let highest: Double
  /// Values given instead of a computed one, such as the answer to an input that is missing.
  public let exceptions: [Double]

  init(_ lowest: Double, _ highest: Double, exceptions: Set<Double> = []) {
    self.lowest = lowest
    self.highest = highest
    self.exceptions = exceptions.filter { !($0 >= lowest && $0 <= highest) }.sorted()
  }

  /// The smallest interval that holds both.
  fileprivate func union(_ other: PossibleValues) -> PossibleValues {
    PossibleValues(
      min(lowest, other.lowest), max(highest, other.highest), exceptions: Set(exceptions).union(other.exceptions))
  }

  /// What an ascending (or, with the ends exchanged, descending) function makes of it.
  fileprivate func mapped(_ function: (Double) -> Double) -> PossibleValues? {
    let ends = [function(lowest), function(highest)]
    guard !ends.contains(where: \.isNaN), exceptions.isEmpty else { return nil }
    return PossibleValues(ends.min()!, ends.max()!)
  }

  /// What a function that is monotone in each argument makes of two of them.
  fileprivate func combined(_ other: PossibleValues, _ function: (Double, Double) -> Double) -> PossibleValues? {
    let ends = [lowest, highest].flatMap { a in [other.lowest, other.highest].map { function(a, $0) } }
    guard !ends.contains(where: \.isNaN), exceptions.isEmpty, other.exceptions.isEmpty else { return nil }
    return PossibleValues(ends.min()!, ends.max()!)
  }

  fileprivate static let unit = PossibleValues(0, 1)
}

extension Forest {
  /// For each column what values can occur, given only the leaves; nil where nothing is known. NaN is not spoken of.
  ///
  /// Sums and products are rounded at the ends of intervals as they are in the middle, and rounding never changes an order, so
  /// the bounds hold to the last bit for them.
  var possibleResults: [PossibleValues?] { model.possibleResults }
}

extension Model {
  fileprivate var possibleResults: [PossibleValues?] {
    var values: [[PossibleValues?]] = [[PossibleValues?](repeating: nil, count: inputShape.count)]
    let needed = needed(for: [result])
    for (index, step) in steps.enumerated() {
      let count = shapes[index + 1].count
      var found = needed[index + 1] ? step.possibleResults(values, in: self) : []
      if found.count != count { found = [PossibleValues?](repeating: nil, count: count) }
      values.append(found)
    }
    return values[result.index]
  }

  fileprivate func isConstant(_ value: Value) -> Bool {
    if value.index > 0, case .constant = steps[value.index - 1] { return true }
    return false
  }
}

extension Operation {
  /// For each element of the result what it can be; empty where nothing is known of any.
  fileprivate func possibleResults(_ values: [[PossibleValues?]], in model: Model) -> [PossibleValues?] {
    func elementwise(
      _ a: Value, _ b: Value, _ combine: (PossibleValues, PossibleValues) -> PossibleValues?
    ) -> [PossibleValues?] {
      let a = values[a.index], b = values[b.index]
      return (0..<max(a.count, b.count)).map { index in
        guard let x = a[a.count == 1 ? 0 : index], let y = b[b.count == 1 ? 0 : index] else { return nil }
        return combine(x, y)
      }
    }
    func width(of value: Value) -> Width {
      if case .number(let width) = model.shape(of: value).kind { width } else { .float64 }
    }
    switch self {
    case .constant(let vector, _): return vector.elements.map { $0.isNaN ? nil : PossibleValues($0, $0) }
    case .convert(let a, let width): return values[a.index].map { $0?.mapped(width.rounded) }
    case .unary(.negate, let a): return values[a.index].map { $0?.mapped { -$0 } }
    case .unary(.exponential, let a) where width(of: a) == .float64:
      // Nothing is said here of the last bit: only the sign and the limit of 1 are certain.
      return values[a.index].map { $0.map { PossibleValues(0, $0.highest <= 0 ? 1 : .infinity) } }
    case .binary(let function, let a, let b):
      let width = width(of: a)
      switch function {
      case .add: return elementwise(a, b) { $0.combined($1) { width.rounded($0 + $1) } }
      case .subtract: return elementwise(a, b) { $0.combined($1) { width.rounded($0 - $1) } }
      case .multiply: return elementwise(a, b) { $0.combined($1) { width.rounded($0 * $1) } }
      case .divide:
        return elementwise(a, b) { x, y in
          y.lowest > 0 || y.highest < 0 ? x.combined(y) { width.rounded($0 / $1) } : nil
        }
      default: return []
      }
    case .select(_, let a, let b):
      // A constant that stands in for a computed value is told apart, not mixed in.
      let isException = (model.isConstant(a), model.isConstant(b))
      return elementwise(a, b) { x, y in
        switch isException {
        case (true, false): PossibleValues(y.lowest, y.highest, exceptions: Set(y.exceptions).union([x.lowest]))
        case (false, true): PossibleValues(x.lowest, x.highest, exceptions: Set(x.exceptions).union([y.lowest]))
        default: x.union(y)
        }
      }
    case .gather(let a, let positions): return positions.map { values[a.index][Int($0)] }
    case .concatenate(let parts): return parts.flatMap { values[$0.index] }
    case .reduce(.sum, let a, let count):
      let width = width(of: a)
      var sums = [PossibleValues?](repeating: PossibleValues(0, 0), count: count)
      for (index, element) in values[a.index].enumerated() {
        sums[index % count] = sums[index % count].flatMap { sum in element.flatMap { sum.combined($0) { width.rounded($0 + $1) } } }
      }
      return sums
    case .trees(let ensemble, _): return ensemble.possibleResults
    case .members(let models, _): return models.flatMap(\.possibleResults)
    case .choose(let choice):
      let branches = choice.branches.map(\.model.possibleResults) + [values[choice.otherwise.index]]
      return branches[0].indices.map { index in
        branches.dropFirst().reduce(branches[0][index]) { all, branch in
          all.flatMap { all in branch[index].map(all.union) }
        }
      }
    default: return []
    }
  }
}

extension TreeEnsemble {
  fileprivate var possibleResults: [PossibleValues?] {
    // What number `place` of a tree's leaves can be; of a linear model nothing is said.
    func range(_ tree: Tree, _ place: Int) -> PossibleValues? {
      if tree.leafForms != nil { return nil }
      var lowest = Double.infinity, highest = -Double.infinity
      for index in stride(from: place, to: tree.leaves.count, by: leafWidth) {
        lowest = min(lowest, tree.leaves[index])
        highest = max(highest, tree.leaves[index])
      }
      return PossibleValues(lowest, highest)
    }
    guard case .sum(let start) = fold else { return trees.flatMap { tree in (0..<leafWidth).map { range(tree, $0) } } }
    var sums: [PossibleValues?] = start.elements.map { PossibleValues($0, $0) }
    for (index, tree) in trees.enumerated() {
      for place in 0..<leafWidth {
        var value = range(tree, place)
        if let weight = weights?.elements[index] { value = value?.mapped { width.rounded(weight * $0) } }
        let group = leafWidth == 1 ? Int(groups[index]) : place
        sums[group] = sums[group].flatMap { sum in value.flatMap { sum.combined($0) { width.rounded($0 + $1) } } }
      }
    }
    return sums
  }
}
