import ForestIR

/// A classifier of versions 1 and 3: sums for each class, and how onnxruntime makes columns and a label of them.
///
/// More than two classes are simple. With two classes everything hangs on whether some leaf that the row comes to has a weight for
/// class 1, and on the number of base values; formats like this one are read as they run, not as they were meant.
struct ClassifierLowering {
  let assembly: TreeAssembly
  let baseValues: [Double]
  let transform: ScoreTransform
  /// The label of each class; the class's number where labels are texts.
  let labels: [Double]
  let width: Width

  struct Result {
    let trees: TreeResult
    /// One float64 number.
    let label: Value
  }

  private var count: Int { labels.count }

  func lower(_ features: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Result {
    let input = try assembly.features(features, width, &builder)
    return count == 2 ? try lowerTwo(input, &builder) : try lowerMany(input, &builder)
  }

  // MARK: More than two classes

  private func lowerMany(_ input: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Result {
    // A class without a score in this row is not among those whose largest is the label.
    let withFlags = baseValues.isEmpty && assembly.alwaysScored.contains(false)
    let results = try EnsembleLowering.sum(assembly, input, width, withFlags: withFlags, &builder)
    var sums = results
    var candidates = results
    if withFlags {
      sums = try part(results, 0..<count, &builder)
      let isScored = try builder.add(.compare(.greater, part(results, count..<2 * count, &builder), number(0, &builder)))
      candidates = try builder.add(.select(isScored, sums, number(-.infinity, &builder)))
    } else {
      if !baseValues.isEmpty {
        sums = try builder.add(.binary(.add, sums, builder.add(.constant(Vector(baseValues), width))))
      }
      candidates = sums
    }
    let label = try Self.pick(labels, builder.add(.indexOfMaximum(candidates)), &builder)
    return Result(trees: TreeResult(margins: sums, scores: try transform.apply(sums, &builder)), label: label)
  }

  // MARK: Two classes

  /// Whether a leaf of the row has a weight for a class.
  private enum Presence {
    case always, never
    case sometimes(Value)
  }

  private func lowerTwo(_ input: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Result {
    let always = assembly.alwaysScored
    let present = [0, 1].map { target in assembly.tables.weights.targets.contains(Int32(target)) }
    let withFlags = [0, 1].contains { present[$0] && !always[$0] }
    let results = try EnsembleLowering.sum(assembly, input, width, withFlags: withFlags, &builder)
    var has: [Presence] = []
    for target in [0, 1] {
      if always[target] {
        has.append(.always)
      } else if !present[target] {
        has.append(.never)
      } else {
        has.append(.sometimes(try builder.add(.compare(.greater, part(results, 2 + target..<3 + target, &builder), number(0, &builder)))))
      }
    }
    let s0 = try part(results, 0..<1, &builder), s1 = try part(results, 1..<2, &builder)

    var alone: Row?, together: Row?
    if case .always = has[1] {} else { alone = try withoutClass1(s0, &builder) }
    if case .never = has[1] {} else { together = try withClass1(s0, s1, has[0], &builder) }
    switch (alone, together, has[1]) {
    case (let row?, nil, _), (nil, let row?, _):
      return Result(trees: TreeResult(margins: row.margins, scores: row.scores), label: row.label)
    case (let alone?, let together?, .sometimes(let hasClass1)):
      guard baseValues.count == 2 else {
        throw ForestFault(
          .structure, "a row may come to leaves that have weights for the first of two classes only: runtimes leave its second column unset")
      }
      return Result(
        trees: TreeResult(
          margins: try builder.add(.select(hasClass1, together.margins, alone.margins)),
          scores: try builder.add(.select(hasClass1, together.scores, alone.scores))),
        label: try builder.add(.select(hasClass1, together.label, alone.label)))
    default: throw ForestFault(.shape, "a classifier without weights")
    }
  }

  private struct Row {
    let margins: Value
    let scores: Value
    let label: Value
  }

  /// No leaf of the row has a weight for class 1.
  private func withoutClass1(_ s0: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Row {
    var score = s0
    if let base = baseValues.first { score = try builder.add(.binary(.add, s0, number(base, &builder))) }
    let label = try label(score, &builder)
    if baseValues.count == 2 {
      let both = try builder.add(.concatenate([score, number(0, &builder)]))
      return Row(margins: both, scores: try transform.apply(both, &builder), label: label)
    }
    let opposite: Value
    if transform == .logistic {
      opposite = try builder.add(.unary(.negate, score))
      let both = try builder.add(.concatenate([opposite, score]))
      return Row(margins: score, scores: try transform.apply(both, &builder), label: label)
    }
    if hasNoNegativeWeight {
      opposite = try builder.add(.binary(.subtract, number(1, &builder), score))
    } else {
      opposite = try builder.add(.unary(.negate, score))
    }
    let both = try builder.add(.convert(builder.add(.concatenate([opposite, score])), to: .float32))
    return Row(margins: score, scores: both, label: label)
  }

  /// Some leaf of the row has a weight for class 1.
  private func withClass1(
    _ s0: Value, _ s1: Value, _ has0: Presence, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Row {
    var first = s0, second = s1
    if baseValues.count == 2 {
      second = try builder.add(.binary(.add, number(baseValues[1], &builder), s0))
      first = try builder.add(.unary(.negate, second))
    } else if let base = baseValues.first {
      first = try builder.add(.binary(.add, s0, number(base, &builder)))
    }
    switch has0 {
    case .always: break
    case .never: first = try number(0, &builder)
    case .sometimes(let hasClass0): first = try builder.add(.select(hasClass0, first, number(0, &builder)))
    }
    let both = try builder.add(.concatenate([first, second]))
    return Row(margins: both, scores: try transform.apply(both, &builder), label: try label(second, &builder))
  }

  private var hasOneClass: Bool {
    let targets = assembly.tables.weights.targets
    return targets.allSatisfy { $0 == targets[0] }
  }

  private var hasNoNegativeWeight: Bool { assembly.tables.weights.values.allSatisfy { $0 >= 0 } }

  /// The label that goes with a score; the numbers 1 and 0, whatever the labels are, where weights for both classes occur.
  private func label(_ score: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let limit = hasOneClass && hasNoNegativeWeight ? 0.5 : 0
    let isSecond = try builder.add(.compare(.greater, score, number(limit, &builder)))
    let pair = hasOneClass ? labels : [0, 1]
    return try builder.add(
      .select(isSecond, builder.add(.constant([pair[1]], .float64)), builder.add(.constant([pair[0]], .float64))))
  }

  // MARK: Small steps

  private func number(_ x: Double, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    try builder.add(.constant([x], width))
  }

  private func part(_ value: Value, _ range: Range<Int>, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    try builder.add(.gather(value, range.map { Int32($0) }))
  }

  /// The entry of the table at an index that the model computes, a float64 number.
  static func pick(_ table: [Double], _ index: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let positions = table.indices.map(Double.init)
    if table == positions { return index }
    let isThere = try builder.add(.compare(.equal, index, builder.add(.constant(Vector(positions), .float64))))
    let nothing = try builder.add(.constant([0], .float64))
    let chosen = try builder.add(.select(isThere, builder.add(.constant(Vector(table), .float64)), nothing))
    return try builder.add(.reduce(.sum, chosen, count: 1))
  }
}
