import ForestIR

extension RowBlock {
  private static let none: Int32 = -1
  private static let refused: Int32 = -2

  /// Sends each row to the model it chooses: the rows of one branch are moved together, evaluated as a block
  /// of their own, and their results are moved back.
  mutating func choose(
    _ choice: FlatChoice, of forest: borrowing FlatForest, into result: Columns, rows: Int, level: Int, need: Need
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
}
