import ForestIR

/// A tree as `CASE` expressions: the tree itself, and the parts below a certain depth as expressions of their own.
struct SQLTree {
  private let tree: RoutedTree
  /// The splits at which parts begin: `levels[k]` those (k + 1) · `nestingLimit` splits below the root.
  let levels: [[Int]]
  private let isPart: Set<Int>

  /// More intervals than this in one question are not written.
  private static let intervalLimit = 100

  /// - Parameter tree: its leaves are single numbers.
  init(_ tree: RoutedTree) throws(EmissionError) {
    for (index, split) in tree.splits.enumerated() {
      guard case .within(let intervals) = split.question,
        intervals.count(where: { $0.lowerBound < $0.upperBound }) > Self.intervalLimit
      else { continue }
      throw EmissionError(
        "split \(index) of tree \(tree.source ?? 0) asks for more than \(Self.intervalLimit) intervals of numbers, too many for SQL engines",
        hint: "source code (cpp, python, swift) says every model")
    }
    self.tree = tree
    var levels: [[Int]] = []
    var open: [(split: Int, depth: Int)] = tree.splits.isEmpty ? [] : [(0, 0)]
    while let (split, depth) = open.popLast() {
      if depth > 0, depth % SQLWriter.nestingLimit == 0 {
        let level = depth / SQLWriter.nestingLimit - 1
        while levels.count <= level { levels.append([]) }
        levels[level].append(split)
      }
      for child in [tree.splits[split].right, tree.splits[split].left] where !child.isLeaf {
        open.append((child.index, depth + 1))
      }
    }
    self.levels = levels
    isPart = Set(levels.joined())
  }

  var partCount: Int { isPart.count }

  func addsTo(_ output: Int) -> Bool { tree.group == output }

  /// What an event gets below a split; parts further below are columns.
  ///
  /// The recursion is as deep as `nestingLimit`.
  ///
  /// - Parameter index: of the tree, in the names of its parts.
  func expression(from split: Int, tree index: Int) -> String {
    tree.splits.isEmpty ? leaf(0) : conditional(split, index)
  }

  private func conditional(_ index: Int, _ tree: Int) -> String {
    let split = self.tree.splits[index]
    let left = value(split.left, tree), right = value(split.right, tree)
    let x = "x\(split.input)"
    switch (split.question, split.nanGoesLeft) {
    case (.atMost(.infinity), true): return left
    case (.atMost(let threshold), false):
      return "CASE WHEN \(x) <= \(SQLWriter.number(threshold)) THEN \(left) ELSE \(right) END"
    case (.atMost(let threshold), true):
      // True for no missing value: NaN is above all numbers where it is ordered, and so is its negative.
      return "CASE WHEN -\(x) < \(SQLWriter.number(-threshold)) THEN \(right) ELSE \(left) END"
    case (.within(let intervals), let nanGoesLeft):
      let test = membership(x, intervals)
      return nanGoesLeft
        ? "CASE WHEN \(x) <= 9e999 AND NOT (\(test)) THEN \(right) ELSE \(left) END"
        : "CASE WHEN \(test) THEN \(left) ELSE \(right) END"
    }
  }

  private func value(_ child: Child, _ tree: Int) -> String {
    if child.isLeaf { return leaf(child.index) }
    return isPart.contains(child.index) ? "p\(tree)_\(child.index)" : conditional(child.index, tree)
  }

  private func leaf(_ leaf: Int) -> String { SQLWriter.number(tree.leaves[leaf]) }

  private func membership(_ x: String, _ intervals: [ClosedRange<Double>]) -> String {
    var tests: [String] = []
    let points = intervals.filter { $0.lowerBound == $0.upperBound }.map { SQLWriter.number($0.lowerBound) }
    if !points.isEmpty { tests.append("\(x) IN (\(points.joined(separator: ", ")))") }
    for interval in intervals where interval.lowerBound < interval.upperBound {
      tests.append("\(x) BETWEEN \(SQLWriter.number(interval.lowerBound)) AND \(SQLWriter.number(interval.upperBound))")
    }
    return tests.isEmpty ? "1 = 0" : tests.joined(separator: " OR ")
  }
}
