extension AdditiveForest {
  /// One tree for each output in each round, in the order of the sums; zeros fill up. Start values are the first round.
  var rounds: [RoutedTree] {
    let count = outputCount
    var queues = [[RoutedTree]](repeating: [], count: count)
    if start.contains(where: { $0 != 0 }) {
      for output in 0..<count { queues[output].append(.constant(start[output], group: output)) }
    }
    for tree in trees {
      if tree.leafWidth == 1 {
        queues[tree.group].append(tree)
      } else {
        for output in 0..<count { queues[output].append(tree.part(output)) }
      }
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
  /// The tree that answers with number `output` of each leaf's vector.
  func part(_ output: Int) -> RoutedTree {
    var tree = self
    tree.leaves = stride(from: output, to: leaves.count, by: leafWidth).map { leaves[$0] }
    tree.leafWidth = 1
    tree.group = output
    return tree
  }
}
