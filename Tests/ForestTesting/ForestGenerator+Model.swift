package import ForestIR

extension ForestGenerator {
  /// A model of random steps with a result of the given shape.
  package mutating func model(inputCount: Int, resultCount: Int, resultWidth: Width, nesting: Int) -> Model {
    var builder = ModelBuilder(inputCount: inputCount, width: random.pick(Width.allCases))
    var numbers: [Value] = [.inputs], truths: [Value] = []
    for _ in 0..<Int.random(in: 1...limits.steps, using: &random) {
      let step = step(builder, numbers: numbers, truths: truths, nesting: nesting)
      // What does not fit is left out; the builder is the judge of that.
      guard let step, let value = try? builder.add(step) else { continue }
      if case .truth = builder.shape(of: value).kind { truths.append(value) } else { numbers.append(value) }
    }
    return proven { () throws(ForestFault) in
      // The last values depend on most others, so the result is drawn from those.
      let ends = numbers.suffix(4)
      var narrowed: [Value] = []
      for end in ends { narrowed.append(try builder.add(.convert(end, to: resultWidth))) }
      let all = try builder.add(.concatenate(narrowed))
      let count = builder.shape(of: all).count
      let positions = (0..<resultCount).map { _ in Int32.random(in: 0..<Int32(count), using: &random) }
      return try builder.finish(.gather(all, positions))
    }
  }

  /// A step that may fit, or nil if the kind that was drawn surely does not.
  private mutating func step(
    _ builder: ModelBuilder, numbers: [Value], truths: [Value], nesting: Int
  ) -> Operation? {
    let a = random.pick(numbers), count = builder.shape(of: a).count
    let width: Width = if case .number(let width) = builder.shape(of: a).kind { width } else { .float64 }
    /// A vector that fits `a`, if luck has it.
    let b = random.pick(numbers.filter { builder.shape(of: $0).kind == builder.shape(of: a).kind })
    guard count <= limits.elements else { return reduction(of: a, count: count) }

    switch Int.random(in: 0..<29, using: &random) {
    case 0:
      let width = random.pick(Width.allCases)
      return .constant(Vector((0..<random.pick([1, count])).map { _ in random.wildNumber(width) }), width)
    case 1: return .convert(a, to: random.pick(Width.allCases))
    case 2: return .unary(random.pick(UnaryFunction.allCases), a)
    case 3, 4: return .binary(random.pick(BinaryFunction.allCases), a, b)
    case 5, 6, 7: return .compare(random.pick(Comparison.allCases), a, b)
    case 8: return .isNaN(a)
    case 9: return truths.isEmpty ? nil : .not(random.pick(truths))
    case 10: return truths.isEmpty ? nil : .and(random.pick(truths), random.pick(truths))
    case 11: return truths.isEmpty ? nil : .or(random.pick(truths), random.pick(truths))
    case 12: return truths.isEmpty ? nil : .any(random.pick(truths))
    case 13: return truths.isEmpty ? nil : .select(random.pick(truths), a, b)
    case 14:
      let kind = truths.isEmpty || random.oneIn(2) ? a : random.pick(truths)
      let last = Int32(builder.shape(of: kind).count)
      return .gather(kind, (0..<Int.random(in: 1...5, using: &random)).map { _ in .random(in: 0..<last, using: &random) })
    case 15: return .concatenate([a, b])
    case 16:
      return reduction(of: a, count: count)
    case 17:
      let rows = Int.random(in: 1...4, using: &random)
      let matrix = proven { () throws(ForestFault) in
        try Matrix(
          rows: rows, columns: count, elements: (0..<rows * count).map { _ in random.wildNumber(.float64) })
      }
      return .product(matrix, a)
    case 18:
      let curves = (0..<count).map { _ in curve() }
      return random.oneIn(2) ? .curve(curves, a) : .inverseCurve(curves, a)
    case 19:
      return .medianWindowMean(a, weights: medianWeights(count), halfWidth: Int.random(in: 0...3, using: &random))
    case 20, 21: return .trees(ensemble(featureCount: count, width: random.pick(Width.allCases)), a)
    case 22: return .indexOfMaximum(a)
    case 23: return .lookUp((0..<count).map { _ in table(width) }, a)
    case 24: return .weightedMedian(a, weights: medianWeights(count))
    case 25:
      // A long vector, with many equal elements.
      let length = Int.random(in: 1...limits.longElements, using: &random)
      return .gather(a, (0..<length).map { _ in .random(in: 0..<Int32(count), using: &random) })
    case 26:
      guard nesting > 0 else { return nil }
      let members = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        model(
          inputCount: count, resultCount: Int.random(in: 1...3, using: &random), resultWidth: width,
          nesting: nesting - 1)
      }
      return .members(members, a)
    default:
      let conditions = truths.filter { builder.shape(of: $0).count == 1 }
      guard nesting > 0, !conditions.isEmpty else { return nil }
      let branches = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        let argument = random.pick(numbers)
        let inner = model(
          inputCount: builder.shape(of: argument).count, resultCount: count, resultWidth: width, nesting: nesting - 1)
        return Choice.Branch(condition: random.pick(conditions), model: inner, argument: argument)
      }
      return .choose(Choice(branches: branches, otherwise: a, ambiguity: random.pick(Choice.Ambiguity.allCases)))
    }
  }

  private mutating func reduction(of a: Value, count: Int) -> Operation {
    // Three of four in one heap, so that some heaps are long.
    let heaps = random.oneIn(4) ? random.pick((1...count).filter { count % $0 == 0 }) : 1
    return .reduce(random.pick(Reduction.allCases), a, count: heaps)
  }

  /// Weights of a median: either any numbers, or few different ones so that the half is met exactly.
  private mutating func medianWeights(_ count: Int) -> Vector {
    let isCoarse = random.oneIn(2)
    var weights = (0..<count).map { _ in isCoarse ? random.pick([0, 0.5, 1, 1, 2]) : abs(random.number(.float64)) }
    if weights.allSatisfy({ $0 == 0 }) { weights[count - 1] = 1 }
    return Vector(weights)
  }

  /// The known values of a look-up: small numbers that are met, some of them twice, zeros of both signs, NaN, and
  /// numbers that `width` need not hold.
  private mutating func table(_ width: Width) -> Vector {
    Vector(
      (0..<random.pick([1, 2, 9, 40])).map { _ in
        random.oneIn(8) ? random.pick(SpecialNumbers.all) : random.number(random.oneIn(8) ? .float64 : width)
      })
  }

  /// An ensemble of up to `limits.trees` trees, summed into up to three outputs or taken one by one. Its leaves may
  /// hold up to nine numbers or be linear models, and it may test category sets, unless `limits.onlyPlainTrees`.
  package mutating func ensemble(featureCount: Int, width: Width, linear: Bool = true) -> TreeEnsemble {
    let sets = !limits.onlyPlainTrees
    let leafWidth = !limits.onlyPlainTrees && random.oneIn(3) ? random.pick([2, 3, 4, 9]) : 1
    let isWeighted = random.oneIn(2)
    let trees = (0..<Int.random(in: 1...limits.trees, using: &random)).map { _ in
      withTrees {
        $0.tree(
          featureCount: featureCount, splitLimit: $1, width: width, leafWidth: leafWidth, linear: linear, sets: sets,
          leafForms: sets && !isWeighted)
      }
    }
    let groups = leafWidth == 1 ? Int.random(in: 1...3, using: &random) : leafWidth
    let start = (0..<groups).map { _ in random.oneIn(2) ? 0 : random.number(width) }
    let weights = isWeighted ? trees.map { _ in random.number(width) } : nil
    let fold: TreeEnsemble.Fold = random.oneIn(3) ? .each : .sum(start: Vector(start))
    return proven { () throws(ForestFault) in
      try TreeEnsemble(
        trees: trees,
        groups: trees.map { _ in leafWidth == 1 ? Int32.random(in: 0..<Int32(groups), using: &random) : 0 },
        weights: weights, width: width, fold: fold)
    }
  }

  /// A curve over roughly −4 … 4, of either kind, on either axis.
  package mutating func curve() -> HistogramCurve {
    let count = Int.random(in: 2...6, using: &random)
    var contents = (0..<count).map { _ in Double(Float.random(in: 0...1, using: &random)) }
    if !random.oneIn(4) { contents.sort() }
    var edges = [random.number(.float64)]
    for _ in 0..<count { edges.append(edges.last! + Double.random(in: 0.1...2, using: &random)) }
    return proven { () throws(ForestFault) in
      try HistogramCurve(
        axis: random.oneIn(2) ? .uniform(lower: edges[0], upper: edges[count]) : .listed(Vector(edges)),
        contents: contents, fineBins: random.pick([0, 2, 17, 10_000]), floor: random.pick([1e-12, 0, 0.25]))
    }
  }
}
