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
  init(_ forest: FlatForest, wantsLeaves: Bool, rows: Int) {
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
  }

  /// Evaluates up to `stride` rows.
  ///
  /// - Parameters:
  ///   - rows: the numbers of all rows, row by row.
  ///   - first: the first row to be evaluated.
  ///   - count: how many.
  mutating func evaluate(_ forest: FlatForest, _ rows: Span<Double>, first: Int, count: Int) {
    // A few rows at a time, so that all numbers of a row are taken while they are near.
    for start in Swift.stride(from: 0, to: count, by: 64) {
      for input in 0..<forest.inputCount {
        for row in start..<min(start + 64, count) {
          cells[input * stride + row] = forest.model.width.rounded(rows[(first + row) * forest.inputCount + input])
        }
      }
    }
    for row in 0..<count { isAmbiguous[row] = false }
    if wantsLeaves { for index in 0..<count * treeCount { leaves[index] = -1 } }
    run(forest.model, of: forest, rows: count, level: 0)
  }

  /// The results of the last block, row by row.
  func appendResults(of forest: FlatForest, rows: Int, to list: inout [Double]) {
    let result = forest.model.result
    for row in 0..<rows {
      for element in result.start..<result.start + result.count { list.append(cells[element * stride + row]) }
    }
  }

  /// Evaluates a model for the rows 0 ..< `rows` of a level.
  mutating func run(_ model: FlatModel, of forest: FlatForest, rows: Int, level: Int) {
    if model.inputs != model.argument {
      for element in 0..<model.inputs.count {
        copy(model.argument.start + element, to: model.inputs.start + element, rows: rows, model.width)
      }
    }
    runSteps(model, of: forest, rows: rows, level: level)
  }

  mutating func runSteps(_ model: FlatModel, of forest: FlatForest, rows: Int, level: Int) {
    for step in model.steps where step.need.forResult || wantsLeaves {
      perform(step, of: forest, rows: rows, level: level)
    }
  }

  mutating func copy(_ source: Int, to target: Int, rows: Int, _ width: Width = .float64) {
    let source = source * stride, target = target * stride
    for row in 0..<rows { cells[target + row] = width.rounded(cells[source + row]) }
  }
}
