import CForestKernels
import ForestIR

/// One tree on its way into a `RankedEnsemble`.
struct RankedTree {
  /// The tree level by level, the children of a split side by side; leaves are nodes too.
  private(set) var nodes: [forest_node] = []
  /// In preorder, with splits added that ask nothing until all ways are of one length; one for each level if all splits of a level
  /// ask the same. Empty if that does not pay.
  private(set) var tests: [forest_test] = []
  private(set) var isOblivious = false
  /// The length of all ways; 0: of any shape.
  private(set) var height = 0
  /// The splits of a tree of any shape, those above leaves only last.
  private(set) var splits: [forest_split] = []
  private(set) var parentCount = 0
  /// The leaves as they are counted, from left to right. Where splits were added, a leaf is counted several times.
  private(set) var leafOrder: [Int] = []

  private let tree: Tree
  private let asked: [(column: UInt8, rank: UInt8)]

  init(_ tree: Tree, asked: [(column: UInt8, rank: UInt8)]) {
    self.tree = tree
    self.asked = asked
    let lastCount = tree.splits.count { $0.left.isLeaf && $0.right.isLeaf }
    // Rough costs of a split in cycles, for 64 rows: one that is asked whoever comes, one with splits below, one without.
    let complete = 2 << tree.depth, any = 6 * (tree.splits.count - lastCount) + 3 * lastCount
    if tree.depth > 0, tree.depth <= 8, complete <= any || tree.splits.count + 1 == 1 << tree.depth {
      height = tree.depth
      appendTests()
    } else {
      appendSplits()
    }
    appendNodes()
  }

  /// All children of a level from left to right, level by level.
  private func appendingChildren(of level: [Child]) -> [Child] {
    level.flatMap { $0.isLeaf ? [] : [tree.splits[$0.index].left, tree.splits[$0.index].right] }
  }

  private mutating func appendNodes() {
    var numberOfLeaf = [Int](repeating: 0, count: tree.leafCount)
    for (number, leaf) in leafOrder.enumerated().reversed() { numberOfLeaf[leaf] = number }
    var level = [tree.splits.isEmpty ? Child.leaf(0) : Child.split(0)]
    while !level.isEmpty {
      var firstBelow = nodes.count + level.count
      for child in level {
        if child.isLeaf {
          nodes.append(UInt32(numberOfLeaf[child.index]) | UInt32(nodes.count) << 16)
        } else {
          let (column, rank) = asked[child.index]
          nodes.append(UInt32(column) | (256 - UInt32(rank)) << 8 | UInt32(firstBelow) << 16)
          firstBelow += 2
        }
      }
      level = appendingChildren(of: level)
    }
  }

  private mutating func appendTests() {
    // A way that ends early goes on through splits that ask nothing, with the same leaf on both sides.
    var open: [(child: Child, levels: Int)] = [(.split(0), height)]
    var levelTests = [forest_test?](repeating: nil, count: height)
    isOblivious = true
    while let (child, levels) = open.popLast() {
      guard levels > 0 else {
        leafOrder.append(child.index)
        continue
      }
      let (left, right): (Child, Child)
      let test: forest_test
      if child.isLeaf {
        (left, right) = (child, child)
        test = forest_test(offset: 0, complement: 0)
      } else {
        (left, right) = (tree.splits[child.index].left, tree.splits[child.index].right)
        let (column, rank) = asked[child.index]
        test = forest_test(offset: UInt16(column) * UInt16(FOREST_ROWS), complement: 255 - rank)
      }
      tests.append(test)
      if let known = levelTests[height - levels] {
        if known.offset != test.offset || known.complement != test.complement { isOblivious = false }
      } else {
        levelTests[height - levels] = test
      }
      open.append((right, levels - 1))
      open.append((left, levels - 1))
    }
    if isOblivious { tests = levelTests.map { $0! } }
  }

  private mutating func appendSplits() {
    let (leavesLeft, order) = tree.leavesFromLeft
    leafOrder = order
    var parents: [Int] = [], last: [Int] = []
    var level = tree.splits.isEmpty ? [] : [Child.split(0)]
    while !level.isEmpty {
      for child in level where !child.isLeaf {
        if tree.splits[child.index].left.isLeaf && tree.splits[child.index].right.isLeaf {
          last.append(child.index)
        } else {
          parents.append(child.index)
        }
      }
      level = appendingChildren(of: level)
    }
    var reach = [Int](repeating: 0, count: tree.splits.count)
    for (place, split) in parents.enumerated() {
      if !tree.splits[split].left.isLeaf { reach[tree.splits[split].left.index] = 2 * place + 1 }
      if !tree.splits[split].right.isLeaf { reach[tree.splits[split].right.index] = 2 * place + 2 }
    }
    parentCount = parents.count
    splits = (parents + last).map { split in
      forest_split(
        reach: UInt16(reach[split]), column: asked[split].column, rank: asked[split].rank,
        leaves_left: UInt8(leavesLeft[split]))
    }
  }
}

extension Tree {
  /// For each split how many leaves lie on its left side, and the leaves from left to right.
  fileprivate var leavesFromLeft: (leavesLeft: [Int], order: [Int]) {
    guard !splits.isEmpty else { return ([], [0]) }
    var order: [Int] = []
    var left = [Int](repeating: 0, count: splits.count), countBefore = left
    // A split is met twice: on the way down, and when everything on its left side has been counted.
    var open: [(child: Child, isBack: Bool)] = [(.split(0), false)]
    while let (child, isBack) = open.popLast() {
      if child.isLeaf {
        order.append(child.index)
      } else if isBack {
        left[child.index] = order.count - countBefore[child.index]
      } else {
        countBefore[child.index] = order.count
        open.append((splits[child.index].right, false))
        open.append((child, true))
        open.append((splits[child.index].left, false))
      }
    }
    return (left, order)
  }
}
