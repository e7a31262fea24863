import ForestIR

extension RowBlock {
  /// How many rows are led through a tree together: while one waits for memory, the others go on.
  private static let abreast = 8

  /// Asks the trees of an ensemble, in order.
  mutating func ask(_ ensemble: FlatEnsemble, of forest: FlatForest, into result: Columns, rows: Int, level: Int) {
    for copy in ensemble.copies {
      let source = copy.source * stride, target = copy.target * stride
      for row in 0..<rows { cells[target + row] = copy.treatment.applied(to: cells[source + row]) }
    }
    if let start = ensemble.start {
      for (element, x) in start.enumerated() { fill(result.start + element, x, rows: rows) }
    }
    for (index, tree) in ensemble.trees.enumerated() {
      if tree.isLinear {
        for row in 0..<rows { ends[row] = linearEnd(tree, of: forest, firstFeature: ensemble.firstFeature, row: row) }
      } else {
        findEnds(tree, forest.nodes.span, rows: rows)
      }
      collect(
        forest.leafValues.span, into: (result.start + tree.output) * stride, rows: rows,
        ensemble.start == nil ? .set : ensemble.width == .float32 ? .addNarrow : .add)
      if wantsLeaves { record(tree: ensemble.firstTree + index, of: forest, rows: rows, level: level) }
    }
  }

  private enum Collecting { case set, add, addNarrow }

  /// What the leaves' values do to the numbers from `target` on.
  private mutating func collect(_ values: Span<Double>, into target: Int, rows: Int, _ how: Collecting) {
    let ends = ends
    var sums = cells.mutableSpan
    for row in 0..<rows {
      let value = values[Int(ends[row])]
      switch how {
      case .set: sums[target + row] = value
      case .add: sums[target + row] += value
      case .addNarrow: sums[target + row] = Double(Float(sums[target + row]) + Float(value))
      }
    }
  }

  private mutating func record(tree: Int, of forest: FlatForest, rows: Int, level: Int) {
    for row in 0..<rows {
      leaves[Int(rowOf[level * stride + row]) * treeCount + tree] = forest.leafNumbers[Int(ends[row])]
    }
  }

  /// Finds the leaf of each row.
  ///
  /// Reads without bounds checks, this being where the time goes. That is safe because the forest was laid out from a model
  /// that was proved on its way in: `child` and `child + 1` are nodes of the same tree (a leaf never adds 1, its
  /// threshold being NaN), and `column` is the first of `stride` cells, of which the first `rows` are asked for.
  private mutating func findEnds(_ tree: FlatTree, _ nodes: Span<FlatNode>, rows: Int) {
    // Lent out for the time being, so that the cells can be read while the ends are written.
    var lent: [UInt32] = []
    swap(&lent, &ends)
    defer { swap(&lent, &ends) }
    var ends = lent.mutableSpan
    let cells = cells.span
    let together = rows - rows % RowBlock.abreast
    var row = 0
    while row < together {
      var at = InlineArray<8, UInt32>(repeating: tree.root)
      // No leaf is nearer than that, so nobody needs to be asked whether he has arrived.
      for _ in 0..<tree.shallowest {
        for lane in 0..<8 { at[unchecked: lane] = RowBlock.next(at[unchecked: lane], nodes, cells, row + lane) }
      }
      if tree.shallowest < tree.deepest {
        var moved: UInt32 = 1
        while moved != 0 {
          moved = 0
          for lane in 0..<8 {
            let target = RowBlock.next(at[unchecked: lane], nodes, cells, row + lane)
            moved |= target ^ at[unchecked: lane]
            at[unchecked: lane] = target
          }
        }
      }
      for lane in 0..<8 { ends[unchecked: row + lane] = at[unchecked: lane] }
      row += RowBlock.abreast
    }
    while row < rows {
      var at = tree.root, target = RowBlock.next(at, nodes, cells, row)
      while target != at {
        at = target
        target = RowBlock.next(at, nodes, cells, row)
      }
      ends[row] = at
      row += 1
    }
  }

  /// One step down; a leaf stays where it is.
  @inline(__always)
  private static func next(_ index: UInt32, _ nodes: Span<FlatNode>, _ cells: Span<Double>, _ row: Int) -> UInt32 {
    let node = nodes[unchecked: Int(index)]
    return node.child &+ (cells[unchecked: Int(node.column) &+ row] >= node.threshold ? 1 : 0)
  }

  /// The way through a tree some of whose splits test linear forms.
  private func linearEnd(_ tree: FlatTree, of forest: FlatForest, firstFeature: Int, row: Int) -> UInt32 {
    var at = tree.root
    while true {
      let node = forest.nodes[Int(at)]
      if node.child == at { return at }
      let x: Double
      if node.column & FlatNode.formBit == 0 {
        x = cells[Int(node.column) + row]
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
