import ForestIR

/// What a tree operator gives: the sums, and what becomes of them.
struct TreeResult {
  /// The sums over the trees with their base values, before any transform.
  let margins: Value
  let scores: Value
}

/// A regressor of any version: the fold over the trees, base values, transform.
struct EnsembleLowering {
  enum Aggregate: String {
    case sum = "SUM", average = "AVERAGE", minimum = "MIN", maximum = "MAX"
  }

  let assembly: TreeAssembly
  let aggregate: Aggregate
  let baseValues: [Double]
  let transform: ScoreTransform
  /// The width of thresholds, weights and sums.
  let width: Width
  /// The width of the output.
  let outputWidth: Width
  let path: String
  let context: ONNXContext

  func lower(_ features: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> TreeResult {
    let count = assembly.targetCount
    let input = try assembly.features(features, width, &builder)
    if count == 1, assembly.slots > 1 {
      throw ForestFault(.structure, "a leaf has several weights for the single target, of which runtimes take one")
    }
    let addsBase = baseValues.count == count
    if !baseValues.isEmpty, !addsBase {
      context.remarks.note(
        .oddity, "\(baseValues.count) base values for \(count) targets: they are left out, as onnxruntime does", place: path)
    }
    var sums: Value
    /// Which targets have no weight in the leaves of the row: those are 0, whatever the base value.
    var isUnscored: Value?
    switch aggregate {
    case .sum, .average:
      let withFlags = addsBase && assembly.alwaysScored.contains(false)
      sums = try Self.sum(assembly, input, width, withFlags: withFlags, &builder)
      if withFlags {
        let flags = try builder.add(.gather(sums, (count..<2 * count).map { Int32($0) }))
        isUnscored = try builder.add(.compare(.equal, flags, builder.add(.constant([0], width))))
        sums = try builder.add(.gather(sums, (0..<count).map { Int32($0) }))
      }
      if aggregate == .average {
        let trees = width.rounded(Double(assembly.tables.trees.count))
        sums = try builder.add(.binary(.divide, sums, builder.add(.constant([trees], width))))
      }
    case .maximum, .minimum:
      let isMinimum = aggregate == .minimum
      sums = try extreme(input, negated: isMinimum, &builder)
      if assembly.alwaysScored.contains(false) {
        let nothing = try builder.add(.constant([isMinimum ? .infinity : -.infinity], width))
        isUnscored = try builder.add(.compare(.equal, sums, nothing))
      }
    }
    if addsBase {
      sums = try builder.add(.binary(.add, sums, builder.add(.constant(Vector(baseValues), width))))
    }
    if let isUnscored {
      sums = try builder.add(.select(isUnscored, builder.add(.constant([0], width)), sums))
    }
    if count == 1, transform != .none {
      context.remarks.note(
        .oddity, "the transform \(transform.rawValue) is not applied to a single target, as onnxruntime does", place: path)
    }
    let scores = count == 1 || transform == .none ? sums : try transform.apply(sums, &builder)
    return TreeResult(margins: sums, scores: try builder.add(.convert(scores, to: outputWidth)))
  }

  /// The sum for each target, from 0, in the order of the trees, and within a leaf in the order of its weights.
  static func sum(
    _ assembly: TreeAssembly, _ input: Value, _ width: Width, withFlags: Bool = false, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    let count = assembly.targetCount
    if !withFlags, let groups = assembly.groups {
      let start = Vector([Double](repeating: 0, count: count))
      return try builder.add(
        .trees(TreeEnsemble(trees: assembly.trees(.grouped(groups)), groups: groups, width: width, fold: .sum(start: start)), input))
    }
    let slots = assembly.slots
    let layout = TreeAssembly.Layout.vectors(slots: slots, withFlags: withFlags)
    guard !assembly.isTooLarge(layout) else { throw tooLarge(count) }
    let trees = try assembly.trees(layout)
    // Where a leaf has no weight a 0 is added, which changes no sum that began with 0.
    if slots == 1 {
      let start = Vector([Double](repeating: 0, count: count * (slots + (withFlags ? 1 : 0))))
      return try builder.add(.trees(TreeEnsemble(trees: trees, width: width, fold: .sum(start: start)), input))
    }
    let all = try builder.add(.trees(TreeEnsemble(trees: trees, width: width, fold: .each), input))
    guard withFlags else { return try builder.add(.reduce(.sum, all, count: count)) }
    let leafWidth = count * (slots + 1)
    let positions = (0..<trees.count * leafWidth).map { Int32($0) }
    let numbers = try builder.add(.gather(all, positions.filter { Int($0) % leafWidth < count * slots }))
    let flags = try builder.add(.gather(all, positions.filter { Int($0) % leafWidth >= count * slots }))
    return try builder.add(
      .concatenate([builder.add(.reduce(.sum, numbers, count: count)), builder.add(.reduce(.sum, flags, count: count))]))
  }

  static func tooLarge(_ count: Int) -> ForestFault {
    ForestFault(.limit, "trees for \(count) targets whose leaves have weights for few of them")
  }

  /// The largest (or, negated, the smallest) weight for each target; an infinity where no leaf has one.
  private func extreme(_ input: Value, negated: Bool, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let layout = TreeAssembly.Layout.vectors(slots: assembly.slots, withFlags: false)
    guard !assembly.isTooLarge(layout) else { throw Self.tooLarge(assembly.targetCount) }
    guard assembly.tables.weights.values.allSatisfy(\.isFinite) else {
      throw ForestFault(.number, "a weight that is not finite, where the largest or smallest is wanted")
    }
    let trees = try assembly.trees(layout, filler: -.infinity, negated: negated)
    let all = try builder.add(.trees(TreeEnsemble(trees: trees, width: width, fold: .each), input))
    let extremes = try builder.add(.reduce(.maximum, all, count: assembly.targetCount))
    return negated ? try builder.add(.unary(.negate, extremes)) : extremes
  }
}
