import ForestIR

/// From what a file says to a model of the IR, in the arithmetic of the trainer: float32 throughout.
struct XGBoostLowering {
  let model: XGBoostModel
  let objective: XGBoostObjective
  /// How many of the trees are used.
  let treeCount: Int
  var builder: ModelBuilder

  /// What comes out.
  struct Prediction {
    /// One sum for each output.
    let margins: Value
    /// nil if what becomes of the margins is not known.
    let predictions: Value?
  }

  init(_ model: XGBoostModel, objective: XGBoostObjective, treeCount: Int, featureCount: Int) {
    self.model = model
    self.objective = objective
    self.treeCount = treeCount
    builder = ModelBuilder(inputCount: featureCount, width: .float32)
  }

  mutating func lower() throws(ReadError) -> Prediction {
    let start = try model.startMargins(objective)
    do throws(ForestFault) {
      let margins = try sums(start)
      guard let link = objective.link else { return Prediction(margins: margins, predictions: nil) }
      return Prediction(margins: margins, predictions: try predictions(link, margins))
    } catch {
      throw refusal(error)
    }
  }

  func refusal(_ fault: ForestFault) -> ReadError {
    model.refusal(
      fault.code == .limit ? .limit : .inconsistent, "model", below: fault.tree.map { ".trees[\($0)]" } ?? "", fault.message)
  }

  // MARK: Sums

  private mutating func sums(_ start: [Float]) throws(ForestFault) -> Value {
    let (vector, trees) = try treesAndTheirVector()
    let margins = start.map { Double($0) }
    // Early releases sum the leaves first.
    let first = model.rules.startsWithBaseScore ? margins : margins.map { _ in 0 }
    let groups = model.leafWidth > 1 ? nil : model.treeOutputs.map { Array($0.prefix(treeCount)) }
    let weights = model.weights.map { $0.prefix(treeCount).map { Double($0) } }
    let sums = try builder.add(
      .trees(
        TreeEnsemble(trees: trees, groups: groups, weights: weights, width: .float32, fold: .sum(start: Vector(first))), vector))
    guard !model.rules.startsWithBaseScore else { return sums }
    return try builder.add(.binary(.add, builder.add(.constant(Vector(margins), .float32)), sums))
  }

  // MARK: Links

  private mutating func predictions(_ link: XGBoostObjective.Link, _ margins: Value) throws(ForestFault) -> Value {
    switch link {
    case .identity: return margins
    case .exponential: return try builder.add(.unary(.exponential, margins))
    case .logistic:
      var exponent = try builder.add(.unary(.negate, margins))
      if model.rules.boundsLogistic {
        exponent = try builder.add(.binary(.minimum, constant(88.7), exponent))
      }
      let power = try builder.add(.unary(.exponential, exponent))
      // XGBoost adds 1e-16 to the divisor, too, which float32 never shows beside 1.
      return try builder.add(.binary(.divide, constant(1), builder.add(.binary(.add, power, constant(1)))))
    case .softmax:
      let largest = try builder.add(.reduce(.maximum, margins, count: 1))
      let powers = try builder.add(.unary(.exponential, builder.add(.binary(.subtract, margins, largest))))
      let wide = try builder.add(.convert(powers, to: .float64))
      let sum = try builder.add(.convert(builder.add(.reduce(.sum, wide, count: 1)), to: .float32))
      return try builder.add(.binary(.divide, powers, sum))
    case .firstMaximum:
      return try builder.add(.convert(builder.add(.indexOfMaximum(margins)), to: .float32))
    case .step:
      let isAbove = try builder.add(.compare(.greater, margins, constant(0)))
      return try builder.add(.select(isAbove, constant(1), constant(0)))
    }
  }

  private mutating func constant(_ number: Float) throws(ForestFault) -> Value {
    try builder.add(.constant([Double(number)], .float32))
  }

  // MARK: Categories

  /// The vector that the trees read, and the trees.
  ///
  /// A feature whose categories are asked for is cut to an integer, below 0 to −1, which is no category. Where a feature is
  /// asked for both as a number and by its categories, the categories get an element of their own, behind all others.
  private mutating func treesAndTheirVector() throws(ForestFault) -> (vector: Value, trees: [Tree]) {
    let trees = treeCount == model.trees.count ? model.trees : Array(model.trees.prefix(treeCount))
    let count = builder.shape(of: .inputs).count
    var asked: [Int32: (asNumber: Bool, byCategory: Bool)] = [:]
    for tree in trees where !tree.categorySets.isEmpty {
      for split in tree.splits where split.test == .inSet { asked[split.feature, default: (false, false)].byCategory = true }
    }
    guard !asked.isEmpty else { return (.inputs, trees) }
    for tree in trees {
      for split in tree.splits where split.test != .inSet { asked[split.feature]?.asNumber = true }
    }
    let features = asked.keys.sorted()
    let raw = try builder.add(.gather(.inputs, features))
    let isBelow = try builder.add(.compare(.less, raw, constant(0)))
    let codes = try builder.add(.select(isBelow, constant(-1), builder.add(.unary(.truncate, raw))))
    let both = try builder.add(.concatenate([.inputs, codes]))
    var positions = (0..<Int32(count)).map { $0 }
    var moved: [Int32: Int32] = [:]
    for (index, feature) in features.enumerated() {
      let code = Int32(count + index)
      if asked[feature]?.asNumber == true {
        moved[feature] = Int32(positions.count)
        positions.append(code)
      } else {
        positions[Int(feature)] = code
      }
    }
    let vector = try builder.add(.gather(both, positions))
    guard !moved.isEmpty else { return (vector, trees) }
    var rewritten: [Tree] = []
    for tree in trees { rewritten.append(try tree.movingCategories(moved)) }
    return (vector, rewritten)
  }
}

extension Tree {
  /// The same tree, its questions for categories asking other features.
  fileprivate func movingCategories(_ moved: [Int32: Int32]) throws(ForestFault) -> Tree {
    guard !categorySets.isEmpty else { return self }
    let splits = splits.map { split in
      guard split.test == .inSet, let feature = moved[split.feature] else { return split }
      return Split(
        feature: Int(feature), test: split.test, threshold: split.threshold, nanGoesLeft: split.nanGoesLeft, left: split.left,
        right: split.right)
    }
    return try Tree(
      splits: splits, leaves: leaves, leafWidth: leafWidth, leafNumbers: leafNumbers, linearForms: linearForms,
      categorySets: categorySets)
  }
}
