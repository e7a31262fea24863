import ForestIR

/// Computes what the trees of one method say together.
///
/// | analysis | boost type | result |
/// |---|---|---|
/// | classification | Grad | `2 / (1 + exp(−2·Σ L)) − 1` |
/// | classification | any other | `Σ w·L / Σ w`, or 0 where `Σ w <= 2.2e-16` |
/// | regression | Grad | `Σ L + w[0]`: the first tree's boost weight holds an offset |
/// | regression | AdaBoostR2 | the mean of a window around the weighted median |
/// | regression | any other | the weighted mean |
/// | multiclass | any | one sum for each class, then probabilities |
///
/// L is the value of the leaf that an event falls into, w a boost weight rounded to float32. Sums are float64, in the order
/// of the trees.
struct ForestLowering {
  let section: ForestSection
  let options: MethodOptions
  let analysis: GeneralInfo.Analysis
  let classCount: Int
  let variableCount: Int
  let dialect: Dialect
  let context: TMVAContext

  /// What the file leaves open, decided once for the whole model.
  struct Dialect {
    var isStrictGreater: Bool
    var isSoftmax: Bool
  }

  struct Result {
    /// What the trainer reports, before the handling of NaN and before targets are transformed back.
    var response: Value
    /// The sums over trees, in float64; nil where the response is no function of such sums.
    var margin: Value?
  }

  /// Which number of a leaf counts: only the weighted mean of a classification asks for votes.
  private var leaf: LeafValue {
    if section.isOfRegressionTrees { return .response }
    let isMeanOfClassification = analysis == .classification && options.boostType != .gradient
    return isMeanOfClassification && options.usesYesNoLeaf ? .vote : .purity
  }

  /// Appends the steps from the (transformed) variables, in float32, to the result.
  func lower(_ variables: Value, _ builder: inout ModelBuilder) throws(ReadError) -> Result {
    remarkOnCombination()
    var lowering = TreeLowering(
      section, leaf: leaf, variableCount: variableCount, isStrictGreater: dialect.isStrictGreater, context)
    let trees: [Tree]
    let formula: Formula = formula
    try checkWeights(formula)
    trees = try lowering.trees()
    do {
      switch formula {
      case .single:
        let sum = try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [0])), variables))
        return Result(response: sum, margin: sum)
      case .weightedMean: return try weightedMean(trees, variables, &builder)
      case .gradient: return try gradient(trees, variables, &builder)
      case .offsetSum: return try offsetSum(trees, variables, &builder)
      case .median: return try median(trees, variables, &builder)
      case .multiclass: return try multiclass(trees, variables, &builder)
      }
    } catch {
      throw context.wrap(error, section.element)
    }
  }

  private enum Formula { case single, weightedMean, gradient, offsetSum, median, multiclass }

  private var formula: Formula {
    guard section.weights != nil else { return .single }
    switch (analysis, options.boostType) {
    case (.classification, .gradient): return .gradient
    case (.classification, _): return .weightedMean
    case (.regression, .gradient): return .offsetSum
    case (.regression, .adaBoostR2): return .median
    case (.regression, _): return .weightedMean
    case (.multiclass, _): return .multiclass
    }
  }

  // MARK: Formulas

  private func weightedMean(
    _ trees: [Tree], _ variables: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Result {
    let weights = numericWeights
    let ensemble = try TreeEnsemble(trees: trees, weights: weights, width: .float64, fold: .sum(start: [0]))
    let sum = try builder.add(.trees(ensemble, variables))
    let total = weights.reduce(0, +)
    let mean: Value
    if total > Double.ulpOfOne {
      mean = try builder.add(.binary(.divide, sum, builder.float64([total])))
    } else {
      context.note(
        .oddity, "the boost weights add up to \(total): the score is 0 for every event, as in TMVA", place: section.element.path)
      mean = try builder.float64([0])
    }
    return try Result(response: analysis == .regression ? builder.add(.convert(mean, to: .float32)) : mean, margin: sum)
  }

  private func gradient(
    _ trees: [Tree], _ variables: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Result {
    let sum = try plainSum(trees, variables, &builder)
    let doubled = try builder.add(.binary(.multiply, builder.float64([-2]), sum))
    let one = try builder.float64([1])
    let denominator = try builder.add(.binary(.add, one, builder.add(.unary(.exponential, doubled))))
    let quotient = try builder.add(.binary(.divide, builder.float64([2]), denominator))
    return Result(response: try builder.add(.binary(.subtract, quotient, one)), margin: sum)
  }

  private func offsetSum(
    _ trees: [Tree], _ variables: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Result {
    let sum = try plainSum(trees, variables, &builder)
    let total = try builder.add(.binary(.add, sum, builder.float64([numericWeights[0]])))
    return Result(response: try builder.add(.convert(total, to: .float32)), margin: total)
  }

  private func median(
    _ trees: [Tree], _ variables: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Result {
    let values = try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .each), variables))
    let mean = try builder.add(
      .medianWindowMean(values, weights: Vector(numericWeights), halfWidth: trees.count / 6))
    return Result(response: try builder.add(.convert(mean, to: .float32)), margin: mean)
  }

  private func plainSum(
    _ trees: [Tree], _ variables: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    try builder.add(.trees(TreeEnsemble(trees: trees, width: .float64, fold: .sum(start: [0])), variables))
  }

  private func multiclass(
    _ trees: [Tree], _ variables: Value, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Result {
    let count = classCount
    let groups = trees.indices.map { Int32($0 % count) }
    let start = Vector([Double](repeating: 0, count: count))
    let sums = try builder.add(
      .trees(TreeEnsemble(trees: trees, groups: groups, width: .float64, fold: .sum(start: start)), variables))
    let one = try builder.float64([1])
    let probabilities: Value
    if dialect.isSoftmax {
      let powers = try builder.add(.unary(.exponential, sums))
      let total = try builder.add(.reduce(.sum, powers, count: 1))
      probabilities = try builder.add(.binary(.divide, powers, total))
    } else {
      // For each class i the sum over j != i, ascending, of exp(t[j] − t[i]): dealt out so that element n·K + i is the
      // n-th other class of class i.
      var others: [Int32] = []
      var owns: [Int32] = []
      for rank in 0..<count - 1 {
        for own in 0..<count {
          others.append(Int32(rank < own ? rank : rank + 1))
          owns.append(Int32(own))
        }
      }
      let differences = try builder.add(
        .binary(.subtract, builder.add(.gather(sums, others)), builder.add(.gather(sums, owns))))
      let norm = try builder.add(.reduce(.sum, builder.add(.unary(.exponential, differences)), count: count))
      probabilities = try builder.add(.binary(.divide, one, builder.add(.binary(.add, one, norm))))
    }
    return Result(response: try builder.add(.convert(probabilities, to: .float32)), margin: sums)
  }
}

// MARK: - Weights and remarks

extension ForestLowering {
  /// The boost weights as float64 numbers. Called only once `checkWeights` found them finite where they count.
  private var numericWeights: [Double] { (section.weights ?? []).map { Double($0.value ?? 0) } }

  /// Refuses weights that are not finite where they count, and remarks on odd ones.
  private func checkWeights(_ formula: Formula) throws(ReadError) {
    guard let weights = section.weights else { return }
    let bad = weights.indices.filter { weights[$0].value == nil }
    let negative = weights.indices.filter { weights[$0].value ?? 0 < 0 }
    switch formula {
    case .weightedMean, .median:
      if let first = bad.first { throw notFinite(first, of: bad.count) }
    case .offsetSum:
      if bad.first == 0 { throw notFinite(0, of: bad.count) }
    case .single, .gradient, .multiclass: break
    }
    if !bad.isEmpty {
      context.note(
        .oddity, "\(bad.count) boost weights are not finite numbers; they are not used here", place: section.element.path)
    }
    guard let first = negative.first else { return }
    switch formula {
    case .median:
      throw ForestSection.error(
        .outOfRange, section.element, tree: first, attribute: "boostWeight",
        "a negative boost weight in a weighted median (\(negative.count) of \(weights.count) trees)", context)
    case .weightedMean:
      context.note(
        .oddity, "\(negative.count) boost weights are negative", place: "\(section.element.path)/BinaryTree[\(first)]")
    case .single, .gradient, .offsetSum, .multiclass: break
    }
  }

  private func notFinite(_ tree: Int, of count: Int) -> ReadError {
    let weights = section.weights ?? []
    return ForestSection.error(
      .notFinite, section.element, tree: tree, attribute: "boostWeight",
      "boostWeight=\"\(weights[tree].text)\" is not a finite number; so are \(count) of \(weights.count) trees",
      hint: "the training sample was probably separated perfectly: every score would be 0 or NaN, depending on the ROOT version; "
        + "train again with less powerful trees", context)
  }

  private func remarkOnCombination() {
    let place = section.element.path
    if analysis == .multiclass {
      if options.boostType != .gradient {
        context.note(.oddity, "a multiclass forest of boost type \(options.boostType.rawValue)", place: place)
      }
      if section.forest.trees.count % classCount != 0 {
        context.note(
          .oddity, "\(section.forest.trees.count) trees for \(classCount) classes: the first classes have one more", place: place)
      }
    }
    if analysis == .classification && options.boostType == .adaBoostR2 {
      context.note(.oddity, "AdaBoostR2 in a classification is computed as a weighted mean, as TMVA does", place: place)
    }
    if section.weights != nil, (options.boostType == .gradient || analysis != .classification) && !section.isOfRegressionTrees {
      context.note(
        .oddity, "the trees are not marked as regression trees (AnalysisType of Weights), so their purities are added up", place: place)
    }
  }
}
