import ForestIR
import ONNXProto

/// Ensembles of trees as one tree operator each.
extension ONNXLowering {
  /// - Parameter width: that of the argument.
  mutating func trees(
    _ ensemble: TreeEnsemble, _ argument: Tensor, _ width: Width, featureCount: Int
  ) throws(EmissionError) -> Tensor {
    for (index, tree) in ensemble.trees.enumerated() {
      guard tree.leafForms == nil else { throw Self.refusal("the leaves of tree \(index) are sums of inputs (linear leaves)") }
      guard tree.linearForms.isEmpty else { throw Self.refusal("tree \(index) asks for a sum of several inputs (a linear form)") }
    }
    let memberships = ONNXMemberships(ensemble.trees, featureCount: featureCount)
    // Comparing is exact in either width; where one of the two is float64, so is the operator.
    let isWide = width == .float64 || ensemble.width == .float64
    let operatorWidth: Width = isWide ? .float64 : .float32
    var features = convert(argument, width, operatorWidth)
    if !memberships.isEmpty {
      let elements = try memberships.elements(of: features, operatorWidth, &self)
      features = graph.node("Concat", [features] + elements, [.integer("axis", 1)])
    }
    // In float64, a sum of float32 numbers would be rounded otherwise: then each tree has a result of its own, and they are added here.
    let isSeparate = operatorWidth != ensemble.width
    var start: [Double] = []
    if case .sum(let vector) = ensemble.fold { start = vector.elements }
    // Runtimes begin with +0, and +0 it stays when -0 is added.
    guard !start.contains(where: { $0 == 0 && $0.sign == .minus }) else { throw Self.refusal("a sum begins with -0") }
    var table = ONNXTreeTable(width: operatorWidth, memberships: memberships)
    if case .sum = ensemble.fold, !isSeparate {
      // Runtimes add base values last; the first trees hold what sums begin with.
      for (target, value) in start.enumerated() where value != 0 { table.addConstant(value, target: target) }
    }
    for (index, tree) in ensemble.trees.enumerated() {
      var terms = tree.leaves
      var targets = Array(0..<tree.leafWidth)
      switch ensemble.fold {
      case .each: targets = targets.map { index * tree.leafWidth + $0 }
      case .sum:
        if let weight = ensemble.weights?.elements[index] {
          terms = terms.map { ensemble.width.rounded(ensemble.width == .float32 ? Double(Float(weight) * Float($0)) : weight * $0) }
        }
        if isSeparate {
          targets = targets.map { index * tree.leafWidth + $0 }
        } else if tree.leafWidth == 1 {
          targets = [Int(ensemble.groups[index])]
        }
      }
      guard terms.allSatisfy(\.isFinite) else { throw Self.refusal("a leaf of tree \(index) is infinite") }
      if case .each = ensemble.fold, terms.contains(where: { $0 == 0 && $0.sign == .minus }) {
        throw Self.refusal("a leaf of tree \(index) is -0, and is not added to anything")
      }
      table.add(tree, terms: terms, targets: targets, splitsVectors: usesVersion5)
    }
    guard case .sum = ensemble.fold else {
      let count = ensemble.trees.count * ensemble.leafWidth
      return convert(finish(table, features, targetCount: count), operatorWidth, ensemble.width)
    }
    guard isSeparate else { return finish(table, features, targetCount: start.count) }
    return separateSums(ensemble, finish(table, features, targetCount: ensemble.trees.count * ensemble.leafWidth), start, operatorWidth)
  }

  /// Adds the trees' own results in the ensemble's width, output by output.
  private mutating func separateSums(_ ensemble: TreeEnsemble, _ all: Tensor, _ start: [Double], _ width: Width) -> Tensor {
    let terms = convert(all, width, ensemble.width)
    let sums = start.indices.map { output -> Tensor in
      let positions = ensemble.trees.indices.flatMap { tree -> [Int] in
        if ensemble.leafWidth > 1 { return [tree * ensemble.leafWidth + output] }
        return Int(ensemble.groups[tree]) == output ? [tree] : []
      }
      let first = graph.expanded(graph.constant([start[output]], ensemble.width), columns: 1, input)
      guard !positions.isEmpty else { return first }
      let column = graph.node("Concat", [first, graph.columns(terms, positions)], [.integer("axis", 1)])
      return sum(column, ensemble.width, positions.count + 1, heaps: 1)
    }
    return sums.count == 1 ? sums[0] : graph.node("Concat", sums, [.integer("axis", 1)])
  }

  private mutating func finish(_ table: ONNXTreeTable, _ features: Tensor, targetCount: Int) -> Tensor {
    usesVersion5
      ? graph.node("TreeEnsemble", [features], table.version5(targetCount: targetCount), domain: "ai.onnx.ml")
      : graph.node("TreeEnsembleRegressor", [features], table.version3(targetCount: targetCount), domain: "ai.onnx.ml")
  }
}

/// Tests of membership as elements that the trees ask: 1 for a member, 0 for another number, NaN for NaN.
struct ONNXMemberships {
  private struct Key: Hashable {
    let feature: Int32
    let set: CategorySet
  }

  private var elements: [Key: Int] = [:]
  /// Sets of one feature stand together.
  private var keys: [Key] = []

  init(_ trees: [Tree], featureCount: Int) {
    var seen: Set<Key> = []
    for tree in trees {
      for split in tree.splits where split.test == .inSet {
        let key = Key(feature: split.feature, set: tree.categorySets[Int(split.threshold)])
        if seen.insert(key).inserted { keys.append(key) }
      }
    }
    // A stable order: by feature, then as they come.
    keys = keys.enumerated().sorted { ($0.element.feature, $0.offset) < ($1.element.feature, $1.offset) }.map(\.element)
    for (position, key) in keys.enumerated() { elements[key] = featureCount + position }
  }

  var isEmpty: Bool { keys.isEmpty }

  func element(_ split: Split, of tree: Tree) -> Int {
    elements[Key(feature: split.feature, set: tree.categorySets[Int(split.threshold)])] ?? 0
  }

  /// One tensor for each feature: which sets its number is in.
  func elements(of features: ONNXLowering.Tensor, _ width: Width, _ lowering: inout ONNXLowering) throws(EmissionError) -> [ONNXLowering.Tensor] {
    let all = keys
    var tensors: [ONNXLowering.Tensor] = []
    var start = 0
    while start < all.count {
      let sets = all[start...].prefix { $0.feature == all[start].feature }.map(\.set)
      let categories = Set(sets.flatMap(\.members)).sorted()
      guard categories.count * sets.count <= 1 << 24 else {
        throw ONNXLowering.refusal("\(sets.count) sets of \(categories.count) categories are asked of one input")
      }
      let column = lowering.graph.columns(features, [Int(all[start].feature)])
      start += sets.count
      // Rows of a table: what each category is a member of; the last row is for all other numbers.
      let rows = categories.flatMap { category in sets.map { $0.contains(Double(category)) ? 1.0 : 0 } } + sets.map { _ in 0.0 }
      let table = lowering.graph.constant(rows, rows: categories.count + 1, width)
      var row = lowering.graph.integers([categories.count])
      if !categories.isEmpty {
        let (position, isFound) = lowering.position(of: column, in: categories.map(Double.init), width)
        row = lowering.graph.select(isFound, position, row)
      } else {
        row = lowering.graph.select(lowering.graph.node("IsNaN", [column]), row, row)
      }
      let flat = lowering.graph.node("Reshape", [row, lowering.graph.integers([-1])])
      let found = lowering.graph.node("Gather", [table, flat], [.integer("axis", 0)])
      tensors.append(lowering.graph.select(lowering.graph.node("IsNaN", [column]), lowering.graph.constant([.nan], width), found))
    }
    return tensors
  }
}
