package import ForestIR

/// The definition of right: a forest evaluated step by step, straight from its model, with no thought of
/// speed.
///
/// Every other evaluation (the fast one, every program that is written out) is judged by it. It holds truth
/// values as 0 and 1.
package struct ReferenceEvaluator: Sendable {
  /// What is evaluated.
  package let model: Model

  /// Evaluates a forest's model; nothing else of a forest matters here.
  package init(_ forest: Forest) { model = forest.model }
  /// Evaluates a bare model.
  package init(_ model: Model) { self.model = model }

  /// One event's results.
  ///
  /// - Parameter row: one number for each input, any float64 values.
  /// - Complexity: O(size of the model).
  package func evaluate(row: [Double]) -> Evaluation {
    precondition(row.count == model.inputShape.count, "one number for each input")
    var progress = Progress(leaves: [Int32](repeating: -1, count: model.treeCount), isAmbiguous: false)
    let results = evaluate(model, row, firstTree: 0, counts: true, &progress)
    return Evaluation(results: results, leaves: progress.leaves, isAmbiguous: progress.isAmbiguous)
  }

  /// What is found out on the way, beside the vectors.
  private struct Progress {
    var leaves: [Int32]
    var isAmbiguous: Bool
  }

  /// - Parameters:
  ///   - firstTree: the number of the model's first tree.
  ///   - counts: whether the forest's result depends on this model; only then can the row be ambiguous
  ///     because of it.
  private func evaluate(
    _ model: Model, _ argument: [Double], firstTree: Int, counts: Bool, _ progress: inout Progress
  ) -> [Double] {
    let isNeeded = model.needed(for: [model.result])
    var values = [argument.map(model.inputWidth.rounded)]
    var firstTree = firstTree
    for (index, step) in model.steps.enumerated() {
      let context = Context(
        model: model, values: values, firstTree: firstTree, counts: counts && isNeeded[index + 1])
      values.append(result(of: step, context, &progress))
      firstTree += step.treeCount
    }
    return values[model.result.index]
  }

  /// Where a step stands.
  private struct Context {
    let model: Model
    let values: [[Double]]
    let firstTree: Int
    let counts: Bool

    subscript(value: Value) -> [Double] { values[value.index] }

    func width(of value: Value) -> Width {
      if case .number(let width) = model.shape(of: value).kind { width } else { .float64 }
    }
  }

  private func result(of step: Operation, _ context: Context, _ progress: inout Progress) -> [Double] {
    switch step {
    case .constant(let vector, _):
      return vector.elements
    case .convert(let a, let width):
      return context[a].map(width.rounded)
    case .unary(let function, let a):
      let width = context.width(of: a)
      return context[a].map { function.value($0, in: width) }
    case .binary(let function, let a, let b):
      let width = context.width(of: a)
      return elementwise(context[a], context[b]) { function.value($0, $1, in: width) }

    case .compare(let comparison, let a, let b):
      return elementwise(context[a], context[b]) { truth(comparison.holds($0, $1)) }
    case .isNaN(let a):
      return context[a].map { truth($0.isNaN) }
    case .not(let a):
      return context[a].map { truth($0 == 0) }
    case .and(let a, let b):
      return elementwise(context[a], context[b]) { truth($0 != 0 && $1 != 0) }
    case .or(let a, let b):
      return elementwise(context[a], context[b]) { truth($0 != 0 || $1 != 0) }
    case .any(let a):
      return [truth(context[a].contains { $0 != 0 })]
    case .select(let condition, let a, let b):
      let conditions = context[condition], a = context[a], b = context[b]
      return (0..<max(conditions.count, a.count, b.count)).map {
        repeated(conditions, $0) != 0 ? repeated(a, $0) : repeated(b, $0)
      }

    case .gather(let a, let positions):
      let a = context[a]
      return positions.map { a[Int($0)] }
    case .concatenate(let values):
      return values.flatMap { context[$0] }
    case .reduce(let reduction, let a, let count):
      return reduce(reduction, context[a], to: count, in: context.width(of: a))

    case .indexOfMaximum(let a):
      let a = context[a]
      return [Double(a.indices.dropFirst().reduce(0) { a[$1] > a[$0] ? $1 : $0 })]
    case .lookUp(let tables, let a):
      return zip(tables, context[a]).map { table, x in table.elements.firstIndex { $0 == x }.map(Double.init) ?? .nan }
    case .product(let matrix, let a):
      return product(matrix, context[a])
    case .curve(let curves, let a):
      return zip(curves, context[a]).map { $0.value(at: $1) }
    case .inverseCurve(let curves, let a):
      return zip(curves, context[a]).map { $0.inverse(at: $1) }
    case .medianWindowMean(let a, let weights, let halfWidth):
      return [medianWindowMean(context[a], weights: weights.elements, halfWidth: halfWidth)]
    case .weightedMedian(let a, let weights):
      return [weightedMedian(context[a], weights: weights.elements)]

    case .trees(let ensemble, let a):
      return ask(ensemble, context[a], firstTree: context.firstTree, &progress)
    case .members(let models, let a):
      var firstTree = context.firstTree
      return models.flatMap { member in
        defer { firstTree += member.treeCount }
        return evaluate(member, context[a], firstTree: firstTree, counts: context.counts, &progress)
      }
    case .choose(let choice):
      return choose(choice, context, &progress)
    }
  }

  private func ask(
    _ ensemble: TreeEnsemble, _ features: [Double], firstTree: Int, _ progress: inout Progress
  ) -> [Double] {
    var results: [Double] = if case .sum(let start) = ensemble.fold { start.elements } else { [] }
    for (index, tree) in ensemble.trees.enumerated() {
      let leaf = tree.leaf(for: features)
      progress.leaves[firstTree + index] = tree.number(ofLeaf: leaf)
      for place in 0..<tree.leafWidth {
        var value = tree.answer(ofLeaf: leaf, place: place, for: features)
        switch ensemble.fold {
        case .each:
          results.append(value)
        case .sum:
          let output = tree.leafWidth == 1 ? Int(ensemble.groups[index]) : place
          if let weights = ensemble.weights {
            value = BinaryFunction.multiply.value(weights.elements[index], value, in: ensemble.width)
          }
          results[output] = BinaryFunction.add.value(results[output], value, in: ensemble.width)
        }
      }
    }
    return results
  }

  private func choose(_ choice: Choice, _ context: Context, _ progress: inout Progress) -> [Double] {
    let holding = choice.branches.indices.filter { context[choice.branches[$0].condition][0] != 0 }
    let otherwise = context[choice.otherwise]
    guard let chosen = holding.first else { return otherwise }
    if choice.ambiguity == .refused, holding.count > 1 {
      if context.counts { progress.isAmbiguous = true }
      return otherwise.map { _ in .nan }
    }
    let skippedTrees = choice.branches[..<chosen].reduce(0) { $0 + $1.model.treeCount }
    let branch = choice.branches[chosen]
    return evaluate(
      branch.model, context[branch.argument], firstTree: context.firstTree + skippedTrees, counts: context.counts,
      &progress)
  }
}

private func truth(_ holds: Bool) -> Double { holds ? 1 : 0 }

/// An element of a vector of which a single one is repeated.
private func repeated(_ vector: [Double], _ index: Int) -> Double { vector.count == 1 ? vector[0] : vector[index] }

private func elementwise(_ a: [Double], _ b: [Double], _ combine: (Double, Double) -> Double) -> [Double] {
  (0..<max(a.count, b.count)).map { combine(repeated(a, $0), repeated(b, $0)) }
}

private func reduce(_ reduction: Reduction, _ vector: [Double], to count: Int, in width: Width) -> [Double] {
  (0..<count).map { heap in
    let elements = stride(from: heap, to: vector.count, by: count).map { vector[$0] }
    switch reduction {
    case .sum: return elements.reduce(0.0) { BinaryFunction.add.value($0, $1, in: width) }
    case .pairwiseSum: return pairwiseSum(elements[...], in: width)
    case .maximum: return elements.dropFirst().reduce(elements[0]) { $1 > $0 ? $1 : $0 }
    }
  }
}

/// `Reduction.pairwiseSum`.
private func pairwiseSum(_ x: ArraySlice<Double>, in width: Width) -> Double {
  func plus(_ a: Double, _ b: Double) -> Double { BinaryFunction.add.value(a, b, in: width) }
  let x = Array(x)
  if x.count < 8 { return x.reduce(0.0, plus) }
  if x.count > 128 {
    let half = x.count / 2 - x.count / 2 % 8
    return plus(pairwiseSum(x[..<half], in: width), pairwiseSum(x[half...], in: width))
  }
  var r = Array(x[..<8])
  let whole = x.count - x.count % 8
  for i in 8..<max(8, whole) { r[i % 8] = plus(r[i % 8], x[i]) }
  let sum = plus(plus(plus(r[0], r[1]), plus(r[2], r[3])), plus(plus(r[4], r[5]), plus(r[6], r[7])))
  return x[whole...].reduce(sum, plus)
}

private func product(_ matrix: Matrix, _ vector: [Double]) -> [Double] {
  (0..<matrix.rows).map { row in
    var sum = 0.0
    for column in 0..<matrix.columns {
      sum = sum + matrix.elements.elements[row * matrix.columns + column] * vector[column]
    }
    return sum
  }
}

/// The positions of numbers in ascending order, equal ones in their order, NaN behind everything.
private func ascending(_ x: [Double]) -> [Int] {
  x.indices.sorted { a, b in
    if x[a] < x[b] { return true }
    if x[b] < x[a] { return false }
    if x[a].isNaN != x[b].isNaN { return x[b].isNaN }
    return a < b
  }
}

/// `Operation.weightedMedian`.
private func weightedMedian(_ x: [Double], weights: [Double]) -> Double {
  let order = ascending(x)
  var cumulated: [Double] = []
  for position in order { cumulated.append((cumulated.last ?? 0) + weights[position]) }
  let half = 0.5 * cumulated[cumulated.count - 1]
  return x[order[cumulated.firstIndex { $0 >= half }!]]
}

/// `Operation.medianWindowMean`.
private func medianWindowMean(_ x: [Double], weights: [Double], halfWidth: Int) -> Double {
  let total = weights.reduce(0.0) { $0 + $1 }
  let order = ascending(x)
  var s = 0.0, t = 0
  while s <= total / 2, t < x.count {
    s = s + weights[order[t]]
    t += 1
  }
  let reach = min(halfWidth, x.count)
  let lo = max(0, t - 1 - reach), hi = min(x.count - 1, t - 1 + reach)
  var sum = 0.0
  for position in lo...hi { sum = sum + x[order[position]] }
  return sum / Double(hi - lo + 1)
}
