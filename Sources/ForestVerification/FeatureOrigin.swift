package import ForestIR

/// Where an element of a vector inside a model comes from.
package enum FeatureOrigin: Sendable, Hashable {
  /// The same whatever the inputs are.
  case constant
  /// An input as it is, but for a rounding or for a stand-in that became NaN.
  case input(Int)
  /// Computed from a single input.
  case transformed(Int)
  /// Computed from several inputs.
  case mixture

  /// What becomes of an element in a computation that changes it.
  var changed: FeatureOrigin {
    if case .input(let index) = self { .transformed(index) } else { self }
  }

  /// The origin of something computed from two elements.
  func with(_ other: FeatureOrigin) -> FeatureOrigin {
    switch (changed, other.changed) {
    case (.constant, let origin), (let origin, .constant): origin
    case (let a, let b): a == b ? a : .mixture
    }
  }
}

extension Model {
  /// Shows every ensemble of the model and of its inner models, in the order in which trees are numbered, together with the
  /// origin of each element of the vector that its trees read.
  ///
  /// - Complexity: O(elements of all vectors), besides what `body` does.
  package func forEachEnsemble(_ body: (TreeEnsemble, [FeatureOrigin]) -> Void) {
    forEachEnsemble(reading: (0..<inputShape.count).map { .input($0) }, body)
  }

  private func forEachEnsemble(reading inputs: [FeatureOrigin], _ body: (TreeEnsemble, [FeatureOrigin]) -> Void) {
    var values = [inputs]
    for (index, step) in steps.enumerated() {
      switch step {
      case .trees(let ensemble, let a):
        body(ensemble, values[a.index])
      case .members(let models, let a):
        for model in models { model.forEachEnsemble(reading: values[a.index], body) }
      case .choose(let choice):
        for branch in choice.branches { branch.model.forEachEnsemble(reading: values[branch.argument.index], body) }
      default: break
      }
      values.append(step.origins(values, count: shapes[index + 1].count))
    }
  }
}

extension Operation {
  /// The origins of the elements of the step's result.
  fileprivate func origins(_ values: [[FeatureOrigin]], count: Int) -> [FeatureOrigin] {
    func elementwise(_ operands: [Value], _ combine: ([FeatureOrigin]) -> FeatureOrigin) -> [FeatureOrigin] {
      let vectors = operands.map { values[$0.index] }
      return (0..<count).map { element in combine(vectors.map { $0.count == 1 ? $0[0] : $0[element] }) }
    }
    func computed(_ origins: [FeatureOrigin]) -> FeatureOrigin {
      origins.dropFirst().reduce(origins.first?.changed ?? .constant) { $0.with($1) }
    }
    switch self {
    case .constant: return [FeatureOrigin](repeating: .constant, count: count)
    case .convert(let a, _): return values[a.index]
    case .unary(_, let a), .isNaN(let a), .not(let a), .curve(_, let a), .inverseCurve(_, let a),
      .lookUp(_, let a):
      return values[a.index].map(\.changed)
    case .binary(_, let a, let b), .compare(_, let a, let b), .and(let a, let b), .or(let a, let b):
      return elementwise([a, b], computed)
    case .select(let condition, let a, let b):
      return elementwise([condition, a, b]) { origins in
        // A stand-in for an input, chosen by that very input, leaves it the input it was.
        let alternatives = Set(origins[1...].filter { $0 != .constant })
        if case .input(let input)? = alternatives.first, alternatives.count == 1,
          origins[0] == .transformed(input) || origins[0] == .input(input)
        {
          return .input(input)
        }
        return computed(origins)
      }
    case .gather(let a, let positions): return positions.map { values[a.index][Int($0)] }
    case .concatenate(let parts): return parts.flatMap { values[$0.index] }
    case .reduce(_, let a, let heaps):
      var result = [FeatureOrigin](repeating: .constant, count: heaps)
      for (element, origin) in values[a.index].enumerated() { result[element % heaps] = result[element % heaps].with(origin) }
      return result
    case .product(let matrix, let a):
      return (0..<matrix.rows).map { row in
        computed((0..<matrix.columns).filter { matrix.elements.elements[row * matrix.columns + $0] != 0 }
          .map { values[a.index][$0] })
      }
    case .any(let a), .medianWindowMean(let a, _, _), .weightedMedian(let a, _), .indexOfMaximum(let a):
      return [computed(values[a.index])]
    case .trees, .members, .choose:
      return [FeatureOrigin](repeating: .mixture, count: count)
    }
  }
}
