import ForestIR

/// Why models are not taken apart: they are too large for it.
struct TooManyTerms: Error, Sendable {}

extension TermTable {
  /// The results of a model.
  ///
  /// - Parameters:
  ///   - inputs: what the model reads.
  ///   - trees: gets the number of the tree that a term is; the first one, of several equal trees.
  /// - Complexity: O(nodes · numbers in a leaf + elements of all vectors).
  mutating func results(
    of model: Model, reading inputs: [TermID], trees: inout [TermID: Int]
  ) throws(TooManyTerms) -> [TermID] {
    try results(of: model, inputs, firstTree: 0, &trees)
  }

  private mutating func results(
    of model: Model, _ inputs: [TermID], firstTree: Int, _ trees: inout [TermID: Int]
  ) throws(TooManyTerms) -> [TermID] {
    let needed = model.needed(for: [model.result])
    guard model.shapes.reduce(0, { $0 + $1.count }) <= Self.limit else { throw TooManyTerms() }
    var values: [[TermID]] = [model.inputWidth == .float32 ? inputs.map { toFloat32($0) } : inputs]
    var firstTree = firstTree
    for (index, step) in model.steps.enumerated() {
      let result: [TermID] =
        needed[index + 1]
        ? try results(of: step, model, values, count: model.shapes[index + 1].count, firstTree: firstTree, &trees) : []
      values.append(result)
      firstTree += step.treeCount
      guard !isFull else { throw TooManyTerms() }
    }
    return values[model.result.index]
  }

  private mutating func results(
    of step: Operation, _ model: Model, _ values: [[TermID]], count: Int, firstTree: Int, _ trees: inout [TermID: Int]
  ) throws(TooManyTerms) -> [TermID] {
    func element(_ value: Value, _ index: Int) -> TermID {
      let vector = values[value.index]
      return vector.count == 1 ? vector[0] : vector[index]
    }
    func width(_ value: Value) -> Width {
      if case .number(let width) = model.shape(of: value).kind { width } else { .float64 }
    }
    let all = 0..<count
    switch step {
    case .constant(let vector, _): return vector.elements.map { constant($0) }
    case .convert(let a, let width): return width == .float64 ? values[a.index] : values[a.index].map { toFloat32($0) }
    case .unary(let function, let a): return values[a.index].map { unary(function, $0, width(a)) }
    case .binary(let function, let a, let b): return all.map { binary(function, element(a, $0), element(b, $0), width(a)) }
    case .compare(let comparison, let a, let b): return all.map { compare(comparison, element(a, $0), element(b, $0)) }
    case .isNaN(let a): return values[a.index].map { isNaN($0) }
    case .not(let a): return values[a.index].map { not($0) }
    case .and(let a, let b): return all.map { and(element(a, $0), element(b, $0)) }
    case .or(let a, let b): return all.map { or(element(a, $0), element(b, $0)) }
    case .any(let a): return [values[a.index].reduce(truth(false)) { or($0, $1) }]
    case .select(let c, let a, let b): return all.map { select(element(c, $0), element(a, $0), element(b, $0)) }
    case .gather(let a, let positions): return positions.map { values[a.index][Int($0)] }
    case .concatenate(let parts): return parts.flatMap { values[$0.index] }
    case .reduce(let reduction, let a, let heaps):
      let a = values[a.index], width = width(step.operands[0])
      return (0..<heaps).map { heap in
        reduce(reduction, stride(from: heap, to: a.count, by: heaps).map { a[$0] }[...], width)
      }
    case .indexOfMaximum(let a): return [intern(Term(kind: .indexOfMaximum, a: list(values[a.index])), .neverNaN)]
    case .lookUp(let tables, let a):
      return zip(tables, values[a.index]).map { intern(Term(kind: .lookUp, a: $1.index, bits: number(of: $0))) }
    case .product(let matrix, let a):
      return (0..<matrix.rows).map { row in
        values[a.index].enumerated().reduce(constant(0)) { sum, next in
          let factor = constant(matrix.elements.elements[row * matrix.columns + next.offset])
          return binary(.add, sum, binary(.multiply, factor, next.element, .float64), .float64)
        }
      }
    case .curve(let curves, let a):
      return zip(curves, values[a.index]).map { intern(Term(kind: .curve, a: $1.index, bits: number(of: $0))) }
    case .inverseCurve(let curves, let a):
      return zip(curves, values[a.index]).map { intern(Term(kind: .inverseCurve, a: $1.index, bits: number(of: $0))) }
    case .medianWindowMean(let a, let weights, let halfWidth):
      let weights = Int32(clamping: number(of: weights))
      return [intern(Term(kind: .medianWindowMean, a: list(values[a.index]), b: weights, bits: UInt64(halfWidth)))]
    case .weightedMedian(let a, let weights):
      return [intern(Term(kind: .weightedMedian, a: list(values[a.index]), bits: number(of: weights)))]
    case .trees(let ensemble, let a): return try results(of: ensemble, values[a.index], firstTree: firstTree, &trees)
    case .members(let models, let a):
      var firstTree = firstTree
      var results: [TermID] = []
      for member in models {
        results += try self.results(of: member, values[a.index], firstTree: firstTree, &trees)
        firstTree += member.treeCount
      }
      return results
    case .choose(let choice): return try results(of: choice, values, firstTree: firstTree, &trees)
    }
  }

  private mutating func list(_ elements: [TermID]) -> Int32 {
    elements.reduce(-1) { intern(Term(kind: .list, a: $0, b: $1.index)).index }
  }

  private mutating func reduce(_ reduction: Reduction, _ x: ArraySlice<TermID>, _ width: Width) -> TermID {
    switch reduction {
    case .sum: return x.reduce(constant(0)) { binary(.add, $0, $1, width) }
    case .maximum: return x.dropFirst().reduce(x[x.startIndex]) { larger($0, $1) }
    case .pairwiseSum:
      // As `Reduction.pairwiseSum` defines it; the halves bound the recursion.
      if x.count < 8 { return x.reduce(constant(0)) { binary(.add, $0, $1, width) } }
      if x.count > 128 {
        let middle = x.startIndex + x.count / 2 - x.count / 2 % 8
        return binary(.add, reduce(reduction, x[..<middle], width), reduce(reduction, x[middle...], width), width)
      }
      var r = Array(x.prefix(8))
      let whole = x.count - x.count % 8
      for i in 8..<max(8, whole) { r[i % 8] = binary(.add, r[i % 8], x[x.startIndex + i], width) }
      while r.count > 1 {
        r = stride(from: 0, to: r.count, by: 2).map { binary(.add, r[$0], r[$0 + 1], width) }
      }
      return x.dropFirst(whole).reduce(r[0]) { binary(.add, $0, $1, width) }
    }
  }

  private mutating func results(
    of choice: Choice, _ values: [[TermID]], firstTree: Int, _ trees: inout [TermID: Int]
  ) throws(TooManyTerms) -> [TermID] {
    var branches: [[TermID]] = []
    var firstTree = firstTree
    for branch in choice.branches {
      branches.append(try results(of: branch.model, values[branch.argument.index], firstTree: firstTree, &trees))
      firstTree += branch.model.treeCount
    }
    let conditions = choice.branches.map { values[$0.condition.index][0] }
    var isAmbiguous = truth(false), isChosen = truth(false)
    for condition in conditions {
      isAmbiguous = or(isAmbiguous, and(isChosen, condition))
      isChosen = or(isChosen, condition)
    }
    return values[choice.otherwise.index].enumerated().map { place, otherwise in
      let chosen = zip(conditions, branches).reversed().reduce(otherwise) { select($1.0, $1.1[place], $0) }
      return choice.ambiguity == .first ? chosen : select(isAmbiguous, refusal(), chosen)
    }
  }

  private mutating func results(
    of ensemble: TreeEnsemble, _ features: [TermID], firstTree: Int, _ trees: inout [TermID: Int]
  ) throws(TooManyTerms) -> [TermID] {
    var sums: [TermID] = []
    if case .sum(let start) = ensemble.fold { sums = start.elements.map { constant($0) } }
    let isSum = ensemble.fold != .each
    for (index, tree) in ensemble.trees.enumerated() {
      for place in 0..<ensemble.leafWidth {
        let output = ensemble.leafWidth == 1 ? Int(ensemble.groups[index]) : place
        // What starts above −0 stays there, so that adding −0 and 0 is the same.
        let isSigned = !(isSum && traits(sums[output]).contains(.neverNegativeZero))
        let weight = isSum ? ensemble.weights.map { $0.elements[index] } : nil
        let term = self.tree(tree, features) { leaf, table in
          var value = table.constant(tree.leaves[leaf * tree.leafWidth + place])
          if let form = tree.leafForms?[leaf] { value = table.leafForm(form, plain: value, features) }
          if let weight { value = table.binary(.multiply, table.constant(weight), value, ensemble.width) }
          return isSigned || table.constantValue(value) != 0 ? value : table.constant(0)
        }
        if trees[term] == nil, constantValue(term) == nil { trees[term] = firstTree + index }
        if isSum {
          sums[output] = binary(.add, sums[output], term, ensemble.width)
        } else {
          sums.append(term)
        }
      }
      guard !isFull else { throw TooManyTerms() }
    }
    return sums
  }
}
