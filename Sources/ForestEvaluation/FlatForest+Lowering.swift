import CForestKernels
import ForestIR

extension FlatForest {
  /// Working storage of one block aims at this many numbers (1 MiB), so that a block stays in a near cache;
  /// a single row may need more.
  private static let comfortableCells = 1 << 17
  /// A multiple of the rows that are asked abreast, small enough for the features of a block to stay in the
  /// nearest cache.
  private static let largestStride = 64
  /// The same where trees are asked by ranks, which read each column once.
  private static let rankedCells = 1 << 19
  /// The same where trees are asked by ranks of 16 bits: so many rows that it pays to have fetched a tree, and their ranks, half a
  /// MiB of them, still find room beside it.
  private static let wideStride = 2048
  private static let wideCells = 1 << 18

  /// - Parameter columnLimit: the numbers that one row's vectors may hold together, 2²⁷ at most.
  /// - Throws: `ForestFault` (`limit`) for a model with more nodes or larger vectors than that.
  /// - Complexity: O(size of the model).
  init(_ model: Model, columnLimit: Int, strategy: Evaluator.Strategy) throws(ForestFault) {
    var lowering = Lowering(columnLimit: columnLimit, trees: TreeLowering(strategy: strategy))
    let inputs = try lowering.allocate(model.inputShape.count)
    // The inputs are rounded when a block is filled; nothing is left to be done about them on entry.
    let flat = try lowering.lower(
      model, argument: inputs, argumentWidth: model.inputWidth, mayAlias: true,
      need: Need(forResult: true, isRead: true), firstTree: 0, level: 0)
    self.init(
      model: flat, inputCount: model.inputShape.count, resultCount: model.resultShape.count, treeCount: model.treeCount)

    columnCount = lowering.highestColumn
    levelCount = lowering.levelCount
    sortedCount = lowering.sortedCount
    room = lowering.room
    constants = lowering.constants
    fewestRankedRows = strategy == .automatic ? RankedTrees.fewestRows : 1
    fewestWideRows = strategy == .automatic ? WideTrees.fewestRows : 1
    stride =
      if room.wideColumns > 0 {
        min(FlatForest.wideStride, FlatForest.wideCells / room.wideColumns, FlatForest.rankedCells / columnCount)
      } else if room.columns > 0 {
        min(Int(FOREST_ROWS), FlatForest.rankedCells / columnCount)
      } else {
        min(FlatForest.largestStride, FlatForest.comfortableCells / columnCount)
      }
    stride = max(1, stride)
    nodes = lowering.trees.nodes
    leafValues = lowering.trees.leafValues
    vectorPlaces = lowering.trees.vectorPlaces
    leafVectors = lowering.trees.leafVectors
    leafNumbers = lowering.trees.leafNumbers
    leafFormPlaces = lowering.trees.leafFormPlaces
    leafForms = lowering.trees.leafForms
    leafFormTerms = lowering.trees.leafFormTerms
    forms = lowering.trees.forms
    coefficients = lowering.trees.coefficients
    setWords = lowering.trees.setWords
    // Columns times stride stay below 2²⁹: at most 2²⁷, or comfortable, which is less.
    for index in nodes.indices where nodes[index].column & FlatNode.formBit == 0 {
      let column = nodes[index].column & FlatNode.columnMask
      nodes[index].column = nodes[index].column & ~FlatNode.columnMask | column * UInt32(stride)
    }
  }
}

/// The state of laying out a forest. Columns are given out like a stack: what an inner model used is free
/// again after it.
private struct Lowering {
  let columnLimit: Int
  var trees: TreeLowering
  var nextColumn = 0
  var highestColumn = 0
  var levelCount = 1
  var sortedCount = 0
  var room = RankedRoomSize()
  var constants: [FlatConstant] = []

  mutating func allocate(_ count: Int) throws(ForestFault) -> Columns {
    guard nextColumn + count <= columnLimit else {
      throw ForestFault(.limit, "one event needs room for more than \(columnLimit) numbers")
    }
    let columns = Columns(start: nextColumn, count: count)
    nextColumn += count
    highestColumn = max(highestColumn, nextColumn)
    return columns
  }

  /// - Parameters:
  ///   - argumentWidth: the width of the numbers in `argument`.
  ///   - mayAlias: whether the model may read `argument` where it is.
  ///   - need: what the model's result is for.
  /// Models are at most `ModelBuilder.nestingLimit` deep, which bounds the recursion.
  mutating func lower(
    _ model: Model, argument: Columns, argumentWidth: Width, mayAlias: Bool, need: Need, firstTree: Int, level: Int
  ) throws(ForestFault) -> FlatModel {
    levelCount = max(levelCount, level + 1)
    let fits = model.inputWidth == .float64 || argumentWidth == .float32
    let inputs = mayAlias && fits ? argument : try allocate(argument.count)

    let asking = model.steps.indices.filter { model.steps[$0].treeCount > 0 }.map { Value(index: $0 + 1) }
    let askingOperands = asking.flatMap { model.steps[$0.index - 1].operands }
    let forResult = model.needed(for: need.forResult ? [model.result] : [])
    let read = model.needed(for: (need.isRead ? [model.result] : []) + askingOperands)
    var columns = [inputs], firstTree = firstTree
    var steps: [FlatStep] = []
    // The outermost model is the only one in front of which there are but its inputs.
    let isOutermost = argument.start == 0 && nextColumn == argument.count
    let filled = isOutermost ? try fillConstants(of: model, where: read) : [:]
    for (index, step) in model.steps.enumerated() {
      if let known = filled[index] {
        columns.append(known)
      } else if read[index + 1] || step.treeCount > 0 {
        let result = try allocate(model.shapes[index + 1].count)
        let stepNeed = Need(forResult: forResult[index + 1], isRead: read[index + 1])
        let action = try action(step, of: model, columns, need: stepNeed, firstTree: firstTree, level: level)
        steps.append(FlatStep(action, result: result, need: stepNeed))
        columns.append(result)
      } else {
        columns.append(Columns(start: 0, count: 0))
      }
      firstTree += step.treeCount
    }
    return FlatModel(
      argument: argument, inputs: inputs, width: model.inputWidth, steps: FlatSteps(steps), result: columns[model.result.index])
  }

  /// Gives the constants of the outermost model their columns before anything else is given out, so that nothing is ever written over
  /// them.
  private mutating func fillConstants(of model: Model, where read: [Bool]) throws(ForestFault) -> [Int: Columns] {
    var filled: [Int: Columns] = [:]
    for (index, step) in model.steps.enumerated() where read[index + 1] {
      guard case .constant(let vector, _) = step else { continue }
      let columns = try allocate(vector.elements.count)
      filled[index] = columns
      constants += vector.elements.enumerated().map { FlatConstant(column: columns.start + $0, value: $1) }
    }
    return filled
  }

  private mutating func action(
    _ step: ForestIR.Operation, of model: Model, _ columns: [Columns], need: Need, firstTree: Int, level: Int
  ) throws(ForestFault) -> FlatStep.Action {
    func at(_ value: Value) -> Columns { columns[value.index] }
    func width(_ value: Value) -> Width {
      if case .number(let width) = model.shape(of: value).kind { width } else { .float64 }
    }
    let top = nextColumn
    defer { nextColumn = top }

    switch step {
    case .constant(let vector, _): return .constant(vector.elements)
    case .convert(let a, let width): return .convert(at(a), width)
    case .unary(let function, let a): return .unary(function, at(a), width(a))
    case .binary(let function, let a, let b): return .binary(function, at(a), at(b), width(a))
    case .compare(let comparison, let a, let b): return .compare(comparison, at(a), at(b))
    case .isNaN(let a): return .isNaN(at(a))
    case .not(let a): return .not(at(a))
    case .and(let a, let b): return .and(at(a), at(b))
    case .or(let a, let b): return .or(at(a), at(b))
    case .any(let a): return .any(at(a))
    case .select(let condition, let a, let b): return .select(at(condition), at(a), at(b))
    case .gather(let a, let positions): return .gather(positions.map { at(a).start + Int($0) })
    case .concatenate(let values):
      return .gather(values.flatMap { at($0).start..<at($0).start + at($0).count })
    case .reduce(let reduction, let a, _): return .reduce(reduction, at(a), width(a))
    case .indexOfMaximum(let a): return .indexOfMaximum(at(a))
    case .lookUp(let tables, let a): return .lookUp(tables.map(\.positions), at(a))
    case .product(let matrix, let a): return .product(matrix, at(a))
    case .curve(let curves, let a): return .curve(curves, at(a))
    case .inverseCurve(let curves, let a): return .inverseCurve(curves, at(a))
    case .medianWindowMean(let a, let weights, let halfWidth):
      sortedCount = max(sortedCount, at(a).count)
      return .medianWindowMean(at(a), weights: weights.elements, halfWidth: min(halfWidth, at(a).count))
    case .weightedMedian(let a, let weights):
      sortedCount = max(sortedCount, at(a).count)
      return .weightedMedian(at(a), weights: weights.elements)

    case .trees(let ensemble, let a):
      if let ranked = trees.ranked(ensemble, features: at(a), width: width(a)) {
        room.include(ranked)
        return .rankedTrees(ranked, firstTree: firstTree)
      }
      if let wide = trees.wide(ensemble, features: at(a), width: width(a)) {
        room.include(wide)
        return .wideTrees(wide, firstTree: firstTree)
      }
      let flat = try trees.lower(ensemble, features: at(a), width: width(a), firstTree: firstTree, firstFree: nextColumn)
      _ = try allocate(flat.copies.count)
      return .walkedTrees(flat)

    case .members(let models, let a):
      var members: [FlatModel] = [], firstTree = firstTree
      for member in models {
        nextColumn = top
        members.append(
          try lower(
            member, argument: at(a), argumentWidth: width(a), mayAlias: true, need: need,
            firstTree: firstTree, level: level))
        firstTree += member.treeCount
      }
      return .members(members)

    case .choose(let choice):
      var models: [FlatModel] = [], firstTree = firstTree
      for branch in choice.branches {
        nextColumn = top
        models.append(
          try lower(
            branch.model, argument: at(branch.argument), argumentWidth: width(branch.argument), mayAlias: false,
            need: need, firstTree: firstTree, level: level + 1))
        firstTree += branch.model.treeCount
      }
      return .choose(
        FlatChoice(
          conditions: choice.branches.map { at($0.condition).start }, models: models, otherwise: at(choice.otherwise),
          ambiguity: choice.ambiguity))
    }
  }
}

extension Vector {
  /// The first position of each number. NaN equals nothing, so it is left out; 0 and −0 are one key.
  fileprivate var positions: [Double: Double] {
    let known = elements.enumerated().lazy.filter { !$0.element.isNaN }
    return Dictionary(known.map { ($0.element, Double($0.offset)) }) { first, _ in first }
  }
}
