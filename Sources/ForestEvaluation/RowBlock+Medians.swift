import ForestIR

/// Medians of the elements of a vector, row by row.
extension RowBlock {
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

  /// `Operation.weightedMedian` for each row.
  mutating func weightedMedians(_ a: Columns, _ weights: [Double], into result: Int, _ rows: Int) {
    for row in 0..<rows {
      sort(a, row: row)
      var total = 0.0
      for position in order[..<a.count] { total = total + weights[Int(position)] }
      // The same sums once more, up to the half. The last of them is the total, so the way ends there at last.
      var sum = weights[Int(order[0])], t = 0
      while !(sum >= 0.5 * total), t < a.count - 1 {
        t += 1
        sum = sum + weights[Int(order[t])]
      }
      cells[result * stride + row] = cells[(a.start + Int(order[t])) * stride + row]
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
