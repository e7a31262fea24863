import ForestIR

extension RowBlock {
  /// `Operation.reduce`: one heap for each element of the result.
  mutating func reduce(_ reduction: Reduction, _ a: Columns, _ width: Width, into result: Columns, _ rows: Int) {
    for heap in 0..<result.count {
      let target = result.start + heap
      let elements = Swift.stride(from: a.start + heap, to: a.start + a.count, by: result.count)
      switch reduction {
      case .sum:
        fill(target, 0, rows: rows)
        for element in elements {
          accumulate(element, into: target, rows) { BinaryFunction.add.value($0, $1, in: width) }
        }
      case .maximum:
        copy(a.start + heap, to: target, rows: rows)
        for element in elements.dropFirst() { accumulate(element, into: target, rows) { $1 > $0 ? $1 : $0 } }
      case .pairwiseSum:
        for row in 0..<rows {
          let pile = Pile(
            first: (a.start + heap) * stride + row, step: result.count * stride, count: a.count / result.count)
          cells[target * stride + row] = pairwiseSum(pile, width)
        }
      }
    }
  }

  /// The elements of one heap of one row: every `step`-th cell from `first` on.
  private struct Pile {
    let first: Int
    let step: Int
    let count: Int

    subscript(index: Int) -> Int { first + index * step }

    func part(_ range: Range<Int>) -> Pile { Pile(first: self[range.lowerBound], step: step, count: range.count) }
  }

  /// `Reduction.pairwiseSum`. It halves what it adds, so the recursion is no deeper than the count has bits.
  private func pairwiseSum(_ pile: Pile, _ width: Width) -> Double {
    func plus(_ a: Double, _ b: Double) -> Double { BinaryFunction.add.value(a, b, in: width) }
    let count = pile.count
    if count > 128 {
      let half = count / 2 - count / 2 % 8
      return plus(pairwiseSum(pile.part(0..<half), width), pairwiseSum(pile.part(half..<count), width))
    }
    var sum = 0.0, added = 0
    if count >= 8 {
      var r = InlineArray<8, Double> { cells[pile[$0]] }
      added = 8
      while added + 8 <= count {
        for lane in 0..<8 { r[lane] = plus(r[lane], cells[pile[added + lane]]) }
        added += 8
      }
      sum = plus(plus(plus(r[0], r[1]), plus(r[2], r[3])), plus(plus(r[4], r[5]), plus(r[6], r[7])))
    }
    for index in added..<count { sum = plus(sum, cells[pile[index]]) }
    return sum
  }

  /// `Operation.indexOfMaximum`.
  mutating func findMaximum(_ a: Columns, into result: Int, _ rows: Int) {
    fill(result, 0, rows: rows)
    let target = result * stride
    for element in Swift.stride(from: 1, to: a.count, by: 1) {
      for row in 0..<rows {
        let largest = cells[(a.start + Int(cells[target + row])) * stride + row]
        if cells[(a.start + element) * stride + row] > largest { cells[target + row] = Double(element) }
      }
    }
  }
}
