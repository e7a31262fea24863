import ForestIR

/// Working storage for a block of rows: made once per thread, used for block after block.
struct RowBlock: ~Copyable {
  /// The vectors; see `FlatForest` for the layout.
  var cells: [Double]
  let stride: Int
  /// For each row the leaf numbers of all trees; empty if nobody asks.
  var leaves: [Int32]
  let treeCount: Int
  var isAmbiguous: [Bool]

  /// The node at which each row ends in the tree that is being asked.
  var ends: [UInt32]
  /// For each level of choices within choices: which row of the block each row is …
  var rowOf: [Int32]
  /// … the branch each row takes …
  var branchOf: [Int32]
  /// … and which row of the level above each row is.
  var rowAbove: [Int32]
  /// For trees that are asked by ranks.
  let room: RankedRoom
  /// The order of the elements of a vector that is sorted.
  var order: [Int32]

  var wantsLeaves: Bool { !leaves.isEmpty }

  /// - Parameter rows: there will never be more. Columns are then no longer than that, unless nodes say where they start.
  init(_ forest: borrowing FlatForest, wantsLeaves: Bool, rows: Int) {
    stride = forest.nodes.isEmpty ? max(1, min(rows, forest.stride)) : forest.stride
    treeCount = forest.treeCount
    cells = [Double](repeating: 0, count: forest.columnCount * stride)
    leaves = [Int32](repeating: -1, count: wantsLeaves ? forest.treeCount * stride : 0)
    isAmbiguous = [Bool](repeating: false, count: stride)
    ends = [UInt32](repeating: 0, count: stride)
    rowOf = (0..<forest.levelCount).flatMap { [stride] _ in 0..<Int32(stride) }
    branchOf = [Int32](repeating: 0, count: forest.levelCount * stride)
    rowAbove = branchOf
    room = RankedRoom(forest.room, rows: stride, trees: wantsLeaves ? forest.treeCount : 0)
    order = [Int32](repeating: 0, count: forest.sortedCount)
    for constant in forest.constants { fill(constant.column, constant.value, rows: stride) }
  }

  /// Evaluates up to `stride` rows.
  ///
  /// - Parameters:
  ///   - rows: the numbers of all rows, row by row.
  ///   - first: the first row to be evaluated.
  ///   - count: how many.
  mutating func evaluate(_ forest: borrowing FlatForest, _ rows: Span<Double>, first: Int, count: Int) {
    take(rows, from: first * forest.inputCount, count: count, inputCount: forest.inputCount, forest.model.width)
    if forest.levelCount > 1 { isAmbiguous.withUnsafeMutableBufferPointer { $0.update(repeating: false) } }
    if wantsLeaves { for index in 0..<count * treeCount { leaves[index] = -1 } }
    run(forest.model, of: forest, rows: count, level: 0)
  }

  /// The results of the last event, into as many numbers.
  func putResults(of forest: borrowing FlatForest, into numbers: inout [Double]) {
    let result = forest.model.result
    for element in 0..<result.count { numbers[element] = cells[(result.start + element) * stride] }
  }

  /// The results of the last block, row by row.
  func appendResults(of forest: borrowing FlatForest, rows: Int, to list: inout [Double]) {
    let result = forest.model.result
    if result.count == 1 { return list.append(contentsOf: cells[result.start * stride..<result.start * stride + rows]) }
    for row in 0..<rows {
      for element in result.start..<result.start + result.count { list.append(cells[element * stride + row]) }
    }
  }

  /// Evaluates a model for the rows 0 ..< `rows` of a level.
  mutating func run(_ model: FlatModel, of forest: borrowing FlatForest, rows: Int, level: Int) {
    if model.inputs != model.argument {
      for element in 0..<model.inputs.count {
        copy(model.argument.start + element, to: model.inputs.start + element, rows: rows, model.width)
      }
    }
    runSteps(model, of: forest, rows: rows, level: level)
  }

  mutating func runSteps(_ model: FlatModel, of forest: borrowing FlatForest, rows: Int, level: Int) {
    for index in model.steps.indices {
      model.steps.withStep(at: index) { step in
        if step.need.forResult || wantsLeaves { perform(step, of: forest, rows: rows, level: level) }
      }
    }
  }

  mutating func copy(_ source: Int, to target: Int, rows: Int, _ width: Width = .float64) {
    switch width {
    case .float32: map(source, to: target, rows) { Double(Float($0)) }
    case .float64: map(source, to: target, rows) { $0 }
    }
  }
}
