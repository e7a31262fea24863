extension AdditiveForest {
  /// One tree for each output in each round, in the order of the sums; zeros fill up. Start values are the first round.
  var rounds: [RoutedTree] {
    let count = outputCount
    var queues = [[RoutedTree]](repeating: [], count: count)
    if start.contains(where: { $0 != 0 }) {
      for output in 0..<count { queues[output].append(.constant(start[output], group: output)) }
    }
    for tree in trees {
      for part in tree.parts { queues[part.group].append(part) }
    }
    let length = queues.reduce(0) { max($0, $1.count) }
    var result: [RoutedTree] = []
    result.reserveCapacity(length * count)
    for round in 0..<length {
      for output in 0..<count {
        result.append(round < queues[output].count ? queues[output][round] : .constant(0, group: output))
      }
    }
    return result
  }
}

extension RoutedTree {
  /// One tree for each number of a leaf, each adding to its own output; the tree itself where leaves are single numbers.
  var parts: [RoutedTree] { leafWidth == 1 ? [self] : (0..<leafWidth).map(part) }

  private func part(_ output: Int) -> RoutedTree {
    var tree = self
    tree.leaves = stride(from: output, to: leaves.count, by: leafWidth).map { leaves[$0] }
    tree.leafWidth = 1
    tree.group = output
    return tree
  }
}
