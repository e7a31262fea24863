import ForestIR

extension RowBlock {
  private static let none: Int32 = -1
  private static let refused: Int32 = -2

  /// Sends each row to the model it chooses: the rows of one branch are moved together, evaluated as a block
  /// of their own, and their results are moved back.
  mutating func choose(
    _ choice: FlatChoice, of forest: FlatForest, into result: Columns, rows: Int, level: Int, need: Need
  ) {
    let here = level * stride, inside = (level + 1) * stride
    for row in 0..<rows {
      branchOf[here + row] = branch(of: choice, row: row)
      if branchOf[here + row] == RowBlock.refused, need.forResult { isAmbiguous[Int(rowOf[here + row])] = true }
    }
    for element in 0..<result.count {
      let source = (choice.otherwise.start + element) * stride, target = (result.start + element) * stride
      for row in 0..<rows {
        cells[target + row] = branchOf[here + row] == RowBlock.refused ? .nan : cells[source + row]
      }
    }

    for (index, model) in choice.models.enumerated() {
      var count = 0
      for row in 0..<rows where branchOf[here + row] == Int32(index) {
        rowAbove[inside + count] = Int32(row)
        rowOf[inside + count] = rowOf[here + row]
        count += 1
      }
      guard count > 0 else { continue }
      for element in 0..<model.inputs.count {
        let source = (model.argument.start + element) * stride, target = (model.inputs.start + element) * stride
        for row in 0..<count {
          cells[target + row] = model.width.rounded(cells[source + Int(rowAbove[inside + row])])
        }
      }
      runSteps(model, of: forest, rows: count, level: level + 1)
      guard need.isRead else { continue }
      for element in 0..<result.count {
        let source = (model.result.start + element) * stride, target = (result.start + element) * stride
        for row in 0..<count { cells[target + Int(rowAbove[inside + row])] = cells[source + row] }
      }
    }
  }

  /// The index of the branch that a row takes, or `none`, or `refused`.
  private func branch(of choice: FlatChoice, row: Int) -> Int32 {
    var found = RowBlock.none
    for (index, condition) in choice.conditions.enumerated() where cells[condition * stride + row] != 0 {
      if found == RowBlock.none { found = Int32(index) } else { return RowBlock.refused }
      if choice.ambiguity == .first { break }
    }
    return found
  }

  /// `Operation.medianWindowMean` for each row.
  mutating func medianWindowMeans(_ a: Columns, _ weights: [Double], _ halfWidth: Int, into result: Int, _ rows: Int) {
    var total = 0.0
    for weight in weights { total = total + weight }
    for row in 0..<rows {
      sort(a, row: row)
      var s = 0.0, t = 0
      while s <= total / 2, t < a.count {
        s = s + weights[Int(order[t])]
        t += 1
      }
      let lo = max(0, t - 1 - halfWidth), hi = min(a.count - 1, t - 1 + halfWidth)
      var sum = 0.0
      for position in lo...hi { sum = sum + cells[(a.start + Int(order[position])) * stride + row] }
      cells[result * stride + row] = sum / Double(hi - lo + 1)
    }
  }

  /// Puts the positions of a row's elements into `order`, ascending, equal ones in their order, NaN last. A
  /// heap sort: the order is total, so it need not be stable, and it needs no memory.
  private mutating func sort(_ a: Columns, row: Int) {
    for index in 0..<a.count { order[index] = Int32(index) }
    for root in Swift.stride(from: a.count / 2 - 1, through: 0, by: -1) { sink(root, below: a.count, a, row) }
    for end in Swift.stride(from: a.count - 1, to: 0, by: -1) {
      order.swapAt(0, end)
      sink(0, below: end, a, row)
    }
  }

  private mutating func sink(_ root: Int, below end: Int, _ a: Columns, _ row: Int) {
    var root = root
    while 2 * root + 1 < end {
      var child = 2 * root + 1
      if child + 1 < end, precedes(order[child], order[child + 1], a, row) { child += 1 }
      guard precedes(order[root], order[child], a, row) else { return }
      order.swapAt(root, child)
      root = child
    }
  }

  private func precedes(_ i: Int32, _ j: Int32, _ a: Columns, _ row: Int) -> Bool {
    let x = cells[(a.start + Int(i)) * stride + row], y = cells[(a.start + Int(j)) * stride + row]
    if x < y { return true }
    if y < x { return false }
    if x.isNaN != y.isNaN { return y.isNaN }
    return i < j
  }
}
