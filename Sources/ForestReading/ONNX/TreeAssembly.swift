import ForestIR

/// Turns the tables of a tree operator into trees of the IR.
///
/// A tree reads the feature as it stands. Only tests for equality and membership read an element of their own: the position of the
/// feature's value among all values that it is compared with so, −1 where it equals none of them, NaN for NaN.
struct TreeAssembly {
  let tables: TreeTables
  let targetCount: Int
  /// How many elements the features are.
  let featureCount: Int
  /// For each feature that is tested for equality: its number among those, and the values.
  private var equalities: [Int32: (rank: Int, values: EqualityValues)] = [:]

  /// How the numbers of a leaf are laid out.
  enum Layout {
    /// One number; each tree adds to the target that all its leaves name.
    case grouped([Int32])
    /// `slots` numbers for each target, slot by slot; then, if there are flags, for each target a 1 where the leaf has a weight for it.
    case vectors(slots: Int, withFlags: Bool)
  }

  init(_ tables: TreeTables, targetCount: Int, featureCount: Int) {
    self.tables = tables
    self.targetCount = targetCount
    self.featureCount = featureCount
    for tree in tables.trees {
      for branch in tree.branches {
        switch branch.mode {
        case .equal, .notEqual: equalities[branch.feature, default: (0, EqualityValues())].values.insert(branch.value)
        case .member:
          equalities[branch.feature, default: (0, EqualityValues())].values.insert(tables.sets[Int(branch.value)])
        default: break
        }
      }
    }
    for (rank, feature) in equalities.keys.sorted().enumerated() { equalities[feature]?.rank = rank }
  }

  // MARK: What the trees read

  /// Appends the steps that make the vector the trees read.
  func features(_ inputs: Value, _ width: Width, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    guard !equalities.isEmpty else { return inputs }
    let asked = equalities.keys.sorted()
    let values = try builder.add(.gather(inputs, asked))
    let positions = try builder.add(.lookUp(asked.map { Vector(equalities[$0]?.values.table ?? [0]) }, values))
    let none = try builder.add(.constant([-1], width))
    let matched = try builder.add(.select(builder.add(.isNaN(positions)), none, positions))
    let elements = try builder.add(.select(builder.add(.isNaN(values)), values, matched))
    return try builder.add(.concatenate([inputs, elements]))
  }

  // MARK: Leaves

  /// The most weights that one leaf has for one target.
  var slots: Int {
    var most = 1
    var counts: [Int32: Int] = [:]
    for range in tables.weights.ranges where range.count > 1 {
      counts.removeAll(keepingCapacity: true)
      for weight in range { counts[tables.weights.targets[Int(weight)], default: 0] += 1 }
      most = max(most, counts.values.max() ?? 1)
    }
    return most
  }

  /// The target of each tree, if each of its leaves has one weight, and all for the same target.
  var groups: [Int32]? {
    guard tables.weights.ranges.allSatisfy({ $0.count == 1 }) else { return nil }
    var groups: [Int32] = []
    for tree in tables.trees {
      let target = tables.weights.targets[Int(tables.weights.ranges[Int(tree.leaves[0])].lowerBound)]
      guard tree.leaves.allSatisfy({ tables.weights.targets[Int(tables.weights.ranges[Int($0)].lowerBound)] == target }) else { return nil }
      groups.append(target)
    }
    return groups
  }

  /// For each target whether some tree has a weight for it in every leaf, so that every row has a score.
  var alwaysScored: [Bool] {
    var always = [Bool](repeating: false, count: targetCount)
    for tree in tables.trees {
      var counts: [Int32: Int] = [:]
      for leaf in tree.leaves {
        for target in Set(tables.weights.ranges[Int(leaf)].map({ tables.weights.targets[Int($0)] })) {
          counts[target, default: 0] += 1
        }
      }
      for (target, count) in counts where count == tree.leaves.count { always[Int(target)] = true }
    }
    return always
  }

  /// How many numbers all leaves would hold: a bound on what a small file can inflate.
  func isTooLarge(_ layout: Layout) -> Bool {
    guard case .vectors(let slots, let withFlags) = layout else { return false }
    let (width, overflow) = targetCount.multipliedReportingOverflow(by: slots + (withFlags ? 1 : 0))
    let (numbers, inflated) = width.multipliedReportingOverflow(by: tables.trees.reduce(0) { $0 + $1.leaves.count })
    return overflow || inflated || numbers > max(1 << 25, 16 * tables.weights.values.count)
  }

  // MARK: Trees

  /// - Parameters:
  ///   - filler: what stands where a leaf has no weight.
  ///   - negated: whether the opposite of each weight is wanted.
  func trees(_ layout: Layout, filler: Double = 0, negated: Bool = false) throws(ForestFault) -> [Tree] {
    var trees: [Tree] = []
    trees.reserveCapacity(tables.trees.count)
    for (index, raw) in tables.trees.enumerated() {
      do throws(ForestFault) {
        trees.append(try tree(raw, layout, filler, negated))
      } catch {
        var fault = error
        fault.tree = index
        throw fault
      }
    }
    return trees
  }

  private func tree(_ raw: TreeTables.RawTree, _ layout: Layout, _ filler: Double, _ negated: Bool) throws(ForestFault) -> Tree {
    var sets = TreeSets()
    let splits = try raw.branches.map { branch throws(ForestFault) in try split(branch, &sets) }
    var leaves: [Double] = []
    var width = 1
    let weights = tables.weights
    switch layout {
    case .grouped:
      leaves = raw.leaves.map { weights.values[Int(weights.ranges[Int($0)].lowerBound)] }
    case .vectors(let slots, let withFlags):
      width = targetCount * (slots + (withFlags ? 1 : 0))
      leaves.reserveCapacity(width * raw.leaves.count)
      for leaf in raw.leaves {
        let start = leaves.count
        leaves.append(contentsOf: repeatElement(filler, count: targetCount * slots))
        if withFlags { leaves.append(contentsOf: repeatElement(0, count: targetCount)) }
        var used = slots > 1 ? [Int](repeating: 0, count: targetCount) : []
        for weight in weights.ranges[Int(leaf)] {
          let target = Int(weights.targets[Int(weight)])
          let slot = slots > 1 ? used[target] : 0
          if slots > 1 { used[target] += 1 }
          leaves[start + slot * targetCount + target] = negated ? -weights.values[Int(weight)] : weights.values[Int(weight)]
          if withFlags { leaves[start + slots * targetCount + target] = 1 }
        }
      }
    }
    var numbers: [Int32] = []
    for number in raw.leafNumbers {
      guard let number = Int32(exactly: number) else { throw ForestFault(.limit, "the node id \(number) has more than 32 bits") }
      numbers.append(number)
    }
    return try Tree(splits: splits, leaves: leaves, leafWidth: width, leafNumbers: numbers, categorySets: sets.all)
  }

  private func split(_ branch: TreeTables.Branch, _ sets: inout TreeSets) throws(ForestFault) -> Split {
    let missing = branch.missingGoesTrue
    let ways: (test: Split.Test, trueIsLeft: Bool)
    switch branch.mode {
    case .lessOrEqual: ways = (.lessOrEqual, true)
    case .less: ways = (.less, true)
    case .greater: ways = (.lessOrEqual, false)
    case .greaterOrEqual: ways = (.less, false)
    case .equal, .member: ways = (.inSet, true)
    case .notEqual: ways = (.inSet, false)
    }
    // NaN compares as false, so that it follows the false branch unless it is told otherwise; "not equal" is true of NaN.
    let nanIsTrue = missing || branch.mode == .notEqual
    var feature = Int(branch.feature)
    var threshold = branch.value
    if ways.test == .inSet, let (rank, values) = equalities[branch.feature] {
      let key = branch.mode == .member ? TreeSets.Key.set(Int(branch.value)) : .value(branch.value + 0)
      feature = featureCount + rank
      threshold = Double(try sets.number(key, branch.feature) {
        CategorySet(branch.mode == .member ? tables.sets[Int(branch.value)].compactMap(values.position) : [values.position(branch.value)].compactMap { $0 })
      })
    }
    return Split(
      feature: feature, test: ways.test, threshold: threshold, nanGoesLeft: nanIsTrue == ways.trueIsLeft,
      left: ways.trueIsLeft ? branch.whenTrue : branch.whenFalse, right: ways.trueIsLeft ? branch.whenFalse : branch.whenTrue)
  }
}

/// The distinct values that one feature is compared with for equality, in the order of their coming.
struct EqualityValues {
  private(set) var table: [Double] = []
  private var positions: [Double: Int] = [:]

  mutating func insert(_ value: Double) {
    guard positions[value] == nil else { return }
    positions[value] = table.count
    table.append(value)
  }

  /// A set of no members leaves a table of one value that nobody asks for.
  mutating func insert(_ set: [Double]) {
    for member in set { insert(member) }
    if table.isEmpty { insert(0) }
  }

  func position(_ value: Double) -> Int? { positions[value] }
}

/// The category sets of one tree, each once.
private struct TreeSets {
  enum Key: Hashable {
    case value(Double)
    case set(Int)
  }
  private struct Place: Hashable {
    let feature: Int32
    let key: Key
  }
  private(set) var all: [CategorySet] = []
  private var numbers: [Place: Int] = [:]
  private var words = 0

  mutating func number(_ key: Key, _ feature: Int32, _ make: () -> CategorySet) throws(ForestFault) -> Int {
    let place = Place(feature: feature, key: key)
    if let number = numbers[place] { return number }
    let set = make()
    words += set.words.count
    guard words <= Tree.categoryWordLimit else {
      throw ForestFault(.limit, "tests for equality with too many different values in one tree")
    }
    numbers[place] = all.count
    all.append(set)
    return all.count - 1
  }
}
