extension Operation {
  /// The vectors that the step reads, in order.
  package var operands: [Value] {
    switch self {
    case .constant: []
    case .convert(let a, _), .unary(_, let a), .isNaN(let a), .not(let a), .any(let a), .gather(let a, _),
      .reduce(_, let a, _), .product(_, let a), .curve(_, let a), .inverseCurve(_, let a),
      .medianWindowMean(let a, _, _), .weightedMedian(let a, _), .indexOfMaximum(let a), .lookUp(_, let a), .trees(_, let a), .members(_, let a):
      [a]
    case .binary(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b): [a, b]
    case .select(let a, let b, let c): [a, b, c]
    case .concatenate(let values): values
    case .choose(let choice):
      choice.branches.flatMap { [$0.condition, $0.argument] } + [choice.otherwise]
    }
  }

  /// The models inside the step, in order.
  package var models: [Model] {
    switch self {
    case .members(let models, _): models
    case .choose(let choice): choice.branches.map(\.model)
    default: []
    }
  }

  /// How many trees the step asks, at most.
  package var treeCount: Int {
    if case .trees(let ensemble, _) = self { return ensemble.trees.count }
    return models.reduce(0) { $0 + $1.treeCount }
  }
}

extension Model {
  /// Which steps are needed to know the given values; a value's operands are needed with it.
  package func needed(for wanted: [Value]) -> [Bool] {
    var needed = [Bool](repeating: false, count: shapes.count)
    for value in wanted { needed[value.index] = true }
    for index in steps.indices.reversed() where needed[index + 1] {
      for operand in steps[index].operands { needed[operand.index] = true }
    }
    return needed
  }

  /// All ensembles, in the order in which trees are numbered.
  package var ensembles: [TreeEnsemble] {
    steps.flatMap { step -> [TreeEnsemble] in
      if case .trees(let ensemble, _) = step { return [ensemble] }
      return step.models.flatMap(\.ensembles)
    }
  }
}
