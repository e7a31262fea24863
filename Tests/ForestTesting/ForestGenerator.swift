package import ForestIR

/// Makes random forests that use the whole IR: every operation, both widths, models within models.
///
///     var generator = ForestGenerator(seed: 7)
///     let forest = generator.forest()
///
/// The same seed gives the same forests in the same order.
package struct ForestGenerator: Sendable {
  package var random: SplitMix64
  /// How large the parts may become.
  package var limits: Limits

  package struct Limits: Sendable {
    /// Inputs of the forest.
    package var inputs = 5
    /// Trees of one ensemble.
    package var trees = 6
    /// Splits of one tree.
    package var splits = 12
    /// Attempted steps of one model; not all of them fit.
    package var steps = 24
    /// Models within models.
    package var nesting = 2
    /// Elements of one vector.
    package var elements = 24
    /// Elements of a vector that is only there to be reduced.
    package var longElements = 300
    /// Only trees that can be written as nested conditions: leaves of one number, no category sets.
    package var onlyPlainTrees = false

    package init() {}
  }

  package init(seed: UInt64, limits: Limits = Limits()) {
    random = SplitMix64(seed: seed)
    self.limits = limits
  }

  /// A forest of random steps. Its columns are called `c0`, `c1`, …, its inputs `x0`, `x1`, ….
  package mutating func forest() -> Forest {
    let inputCount = Int.random(in: 1...limits.inputs, using: &random)
    let width = random.pick(Width.allCases)
    let model = model(
      inputCount: inputCount, resultCount: Int.random(in: 1...6, using: &random), resultWidth: width,
      nesting: limits.nesting)
    return described(model)
  }

  /// A forest of the common kind: inputs, one ensemble that sums its trees into `groups` outputs, nothing
  /// else.
  ///
  /// - Parameters:
  ///   - depth: of every leaf of every tree; nil for trees of any shape within the limits.
  ///   - leafWidth: how many numbers a leaf holds; more than one are as many outputs, whatever `groups` says.
  ///   - linear: whether trees may test linear forms; not those of a certain depth.
  ///   - sets: whether trees may test category sets.
  package mutating func plainForest(
    inputs: Int, trees: Int, depth: Int? = nil, groups: Int = 1, inputWidth: Width = .float32,
    width: Width = .float64, leafWidth: Int = 1, linear: Bool = false, sets: Bool = false
  ) -> Forest {
    let groups = leafWidth == 1 ? groups : leafWidth
    let all = (0..<trees).map { _ in
      withTrees {
        if let depth {
          $0.fullTree(featureCount: inputs, depth: depth, width: width, leafWidth: leafWidth, sets: sets)
        } else {
          $0.tree(
            featureCount: inputs, splitLimit: $1, width: width, leafWidth: leafWidth, linear: linear, sets: sets)
        }
      }
    }
    let start = (0..<groups).map { _ in random.number(width) }
    let model = proven { () throws(ForestFault) in
      var builder = ModelBuilder(inputCount: inputs, width: inputWidth)
      let ensemble = try TreeEnsemble(
        trees: all, groups: (0..<trees).map { Int32(leafWidth == 1 ? $0 % groups : 0) }, width: width, fold: .sum(start: Vector(start)))
      return try builder.finish(.trees(ensemble, .inputs))
    }
    return described(model)
  }

  /// A forest around a model: inputs and columns with plain names.
  package func described(_ model: Model) -> Forest {
    let width: Width = if case .number(let width) = model.resultShape.kind { width } else { .float64 }
    return proven { () throws(ForestFault) in
      try Forest(
        inputs: (0..<model.inputShape.count).map { Input(label: "x\($0)") }, model: model,
        columns: (0..<model.resultShape.count).map {
          Column(name: "c\($0)", role: .response, meaning: "made up", width: width)
        },
        provenance: Provenance(trainer: "none", kind: "random", format: "none"))
    }
  }

  mutating func withTrees<T>(_ make: (inout TreeGenerator, Int) -> T) -> T {
    var trees = TreeGenerator(random: random)
    defer { random = trees.random }
    return make(&trees, limits.splits)
  }
}
