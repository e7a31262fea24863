import ForestIR

extension RowBlock {
  /// How many rows are led through a tree together: while one waits for memory, the others go on.
  private static let abreast = 8

  /// Asks the trees of an ensemble, in order.
  mutating func ask(_ ensemble: FlatEnsemble, of forest: borrowing FlatForest, into result: Columns, rows: Int, level: Int) {
    for copy in ensemble.copies {
      map(copy.source, to: copy.target, rows) { copy.treatment.applied(to: $0) }
    }
    if let start = ensemble.start {
      for (element, x) in start.enumerated() { fill(result.start + element, x, rows: rows) }
    }
    guard ensemble.walk == .forms || rows >= RowBlock.abreast else {
      for row in 0..<rows { askTreesAbreast(ensemble, of: forest, into: result, row: row, level: level) }
      return
    }
    for (index, tree) in ensemble.trees.enumerated() {
      if tree.walk == .forms {
        for row in 0..<rows { ends[row] = linearEnd(tree, of: forest, firstFeature: ensemble.firstFeature, row: row) }
      } else {
        findEnds(tree, of: forest, rows: rows)
      }
      let target = (result.start + tree.output) * stride
      if ensemble.hasLeafForms {
        for row in 0..<rows {
          let answer = linearAnswer(of: ends[row], ensemble, forest, row: row)
          cells[target + row] = ensemble.collecting.applied(to: cells[target + row], answer)
        }
      } else if ensemble.leafWidth == 1 {
        collect(forest.leafValues.span, into: target, rows: rows, ensemble.collecting)
      } else {
        for row in 0..<rows { collectVector(of: ends[row], ensemble, forest, into: target + row) }
      }
      if wantsLeaves { record(tree: ensemble.firstTree + index, of: forest, rows: rows, level: level) }
    }
  }

  /// With few rows it is the trees that are asked together; their values are still added in order.
  private mutating func askTreesAbreast(
    _ ensemble: FlatEnsemble, of forest: borrowing FlatForest, into result: Columns, row: Int, level: Int
  ) {
    for first in Swift.stride(from: 0, to: ensemble.trees.count, by: RowBlock.abreast) {
      let count = min(RowBlock.abreast, ensemble.trees.count - first)
      var at = InlineArray<8, UInt32>(repeating: ensemble.trees[first].root)
      for lane in 0..<count { at[lane] = ensemble.trees[first + lane].root }
      let lanes = InlineArray<8, Int>(repeating: row)
      if ensemble.walk == .sets {
        while RowBlock.stepWithSets(&at, forest.nodes.span, forest.setWords.span, cells.span, rows: lanes) {}
      } else {
        while RowBlock.step(&at, forest.nodes.span, cells.span, rows: lanes) {}
      }
      for lane in 0..<count {
        let cell = (result.start + ensemble.trees[first + lane].output) * stride + row
        if ensemble.hasLeafForms {
          let answer = linearAnswer(of: at[lane], ensemble, forest, row: row)
          cells[cell] = ensemble.collecting.applied(to: cells[cell], answer)
        } else if ensemble.leafWidth == 1 {
          cells[cell] = ensemble.collecting.applied(to: cells[cell], forest.leafValues[Int(at[lane])])
        } else {
          collectVector(of: at[lane], ensemble, forest, into: cell)
        }
        if wantsLeaves {
          let place = Int(rowOf[level * stride + row]) * treeCount + ensemble.firstTree + first + lane
          leaves[place] = forest.leafNumbers[Int(at[lane])]
        }
      }
    }
  }

  /// What the leaves' values do to the numbers from `target` on.
  private mutating func collect(_ values: Span<Double>, into target: Int, rows: Int, _ how: Collecting) {
    let ends = ends
    var sums = cells.mutableSpan
    for row in 0..<rows { sums[target + row] = how.applied(to: sums[target + row], values[Int(ends[row])]) }
  }

  /// What a leaf of several numbers does to those of one row, the first of which is `cell`.
  private mutating func collectVector(
    of leaf: UInt32, _ ensemble: FlatEnsemble, _ forest: borrowing FlatForest, into cell: Int
  ) {
    let place = Int(forest.vectorPlaces[Int(leaf)])
    let numbers = forest.leafVectors.span, how = ensemble.collecting, stride = stride
    var sums = cells.mutableSpan
    var cell = cell
    for index in place..<place + ensemble.leafWidth {
      sums[cell] = how.applied(to: sums[cell], numbers[index])
      cell += stride
    }
  }

  /// What a leaf answers that may be a linear model: trees with and without such leaves can stand side by side.
  private func linearAnswer(of leaf: UInt32, _ ensemble: FlatEnsemble, _ forest: borrowing FlatForest, row: Int) -> Double {
    let plain = forest.leafValues[Int(leaf)]
    guard Int(leaf) < forest.leafFormPlaces.count, forest.leafFormPlaces[Int(leaf)] != FlatLeafForm.none else { return plain }
    let form = forest.leafForms[Int(forest.leafFormPlaces[Int(leaf)])]
    var sum = form.offset
    for index in form.first..<form.first + form.count {
      let term = forest.leafFormTerms[index]
      let x = cells[(ensemble.firstFeature + Int(term.feature)) * stride + row]
      if x.isNaN { return plain }
      sum = sum + term.coefficient * x
    }
    return sum
  }

  private mutating func record(tree: Int, of forest: borrowing FlatForest, rows: Int, level: Int) {
    for row in 0..<rows {
      leaves[Int(rowOf[level * stride + row]) * treeCount + tree] = forest.leafNumbers[Int(ends[row])]
    }
  }

  /// Finds the leaf of each row.
  private mutating func findEnds(_ tree: FlatTree, of forest: borrowing FlatForest, rows: Int) {
    let nodes = forest.nodes.span, words = forest.setWords.span
    // Lent out for the time being, so that the cells can be read while the ends are written.
    var lent: [UInt32] = []
    swap(&lent, &ends)
    defer { swap(&lent, &ends) }
    var ends = lent.mutableSpan
    for first in Swift.stride(from: 0, to: rows, by: RowBlock.abreast) {
      let count = min(RowBlock.abreast, rows - first)
      var at = InlineArray<8, UInt32>(repeating: tree.root)
      // Where rows are missing, the last one goes several times.
      let lanes = InlineArray<8, Int> { first + min($0, count - 1) }
      if tree.walk == .sets {
        while RowBlock.stepWithSets(&at, nodes, words, cells.span, rows: lanes) {}
      } else {
        // No leaf is nearer than that, so nobody needs to be asked whether he has arrived.
        for _ in 0..<tree.shallowest { _ = RowBlock.step(&at, nodes, cells.span, rows: lanes) }
        if tree.shallowest < tree.deepest { while RowBlock.step(&at, nodes, cells.span, rows: lanes) {} }
      }
      for lane in 0..<count { ends[first + lane] = at[lane] }
    }
  }

  /// One step down in each lane; a leaf stays where it is. Returns whether any lane moved.
  ///
  /// Reads without bounds checks, this being where the time goes. That is safe because the forest was laid
  /// out from a model that was proved on its way in: `child` and `child + 1` are nodes of the same tree (a
  /// leaf never adds 1, its threshold being NaN), `column` is the first of `stride` cells, and a row is less
  /// than `stride`.
  @inline(__always)
  private static func step(
    _ at: inout InlineArray<8, UInt32>, _ nodes: Span<FlatNode>, _ cells: Span<Double>, rows: InlineArray<8, Int>
  ) -> Bool {
    var moved: UInt32 = 0
    for lane in 0..<abreast {
      let index = at[unchecked: lane]
      let node = nodes[unchecked: Int(index)]
      let x = cells[unchecked: Int(node.column) &+ rows[unchecked: lane]]
      let next = node.child &+ (x >= node.threshold ? 1 : 0)
      moved |= next ^ index
      at[unchecked: lane] = next
    }
    return moved != 0
  }

  /// The same in a tree some of whose splits test category sets.
  private static func stepWithSets(
    _ at: inout InlineArray<8, UInt32>, _ nodes: Span<FlatNode>, _ words: Span<UInt32>, _ cells: Span<Double>,
    rows: InlineArray<8, Int>
  ) -> Bool {
    var moved: UInt32 = 0
    for lane in 0..<abreast {
      let index = at[lane]
      let node = nodes[Int(index)]
      let x = cells[Int(node.column & FlatNode.columnMask) + rows[lane]]
      let next =
        node.column & FlatNode.setBit != 0
        ? node.next(x, words: words) : node.child &+ (x >= node.threshold ? 1 : 0)
      moved |= next ^ index
      at[lane] = next
    }
    return moved != 0
  }

  /// The way through a tree some of whose splits test linear forms, others maybe category sets.
  private func linearEnd(_ tree: FlatTree, of forest: borrowing FlatForest, firstFeature: Int, row: Int) -> UInt32 {
    var at = tree.root
    while true {
      let node = forest.nodes[Int(at)]
      if node.child == at { return at }
      let x: Double
      if node.column & FlatNode.formBit == 0 {
        x = cells[Int(node.column & FlatNode.columnMask) + row]
        if node.column & FlatNode.setBit != 0 {
          at = node.next(x, words: forest.setWords.span)
          continue
        }
      } else {
        let form = forest.forms[Int(node.column ^ FlatNode.formBit)]
        var sum = form.offset
        for i in 0..<form.count {
          sum = sum + forest.coefficients[form.first + i] * cells[(firstFeature + i) * stride + row]
        }
        x = form.treatment.applied(to: sum)
      }
      at = node.child + (x >= node.threshold ? 1 : 0)
    }
  }
}

/// What becomes of a number of the result when a tree has answered.
private enum Collecting {
  case set, add, addNarrow

  @inline(__always) func applied(to sum: Double, _ value: Double) -> Double {
    switch self {
    case .set: value
    case .add: sum + value
    case .addNarrow: Double(Float(sum) + Float(value))
    }
  }
}

extension FlatEnsemble {
  fileprivate var collecting: Collecting { start == nil ? .set : width == .float32 ? .addNarrow : .add }
}
