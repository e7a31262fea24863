import CForestKernels
import ForestIR

/// One tree on its way into a `RankedEnsemble`.
struct RankedTree {
  /// Of a tree of any shape, level by level, the children of a split side by side; leaves are nodes too.
  private(set) var nodes: [forest_node] = []
  /// Columns and complements of the tests: a heap where all ways are of one length, splits being added that ask nothing where one
  /// would end early; one for each level if all splits of a level ask the same; of any shape, part by part, each in preorder.
  private(set) var testColumns: [UInt8] = []
  private(set) var testComplements: [UInt8] = []
  private(set) var isOblivious = false
  /// The length of all ways; 0: of any shape.
  private(set) var height = 0
  /// Sides of the tests of a tree of any shape.
  private(set) var sides: [forest_side] = []
  /// The splits of a tree of any shape, those above leaves only last.
  private(set) var splits: [forest_split] = []
  private(set) var parentCount = 0
  /// How many splits of a tree of any shape are above its parts; `walkedUpperCount` where they are more than can be asked at once.
  private(set) var upperCount = 0
  /// The leaves as they are counted, from left to right. Where splits were added, a leaf is counted several times.
  private(set) var leafOrder: [Int] = []

  /// Trees of one kind are asked by the same steps.
  var kind: Int { 4 * height + (isOblivious ? 2 : 0) + (upperCount > 0 ? 1 : 0) }

  /// How many leaves a part of a tree has at most.
  private static let partLimit = 32
  private static let walkedUpperCount = 255

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
      appendHeap()
    } else {
      appendAnyShape()
      appendNodes()
    }
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

  /// Where test `test` of a heap stands: the root is 1, below test q are tests 2q and 2q + 1. Of 7 or 8 levels the lowest 6 are heaps
  /// of 64 one behind the other, and those above them stand in their free places.
  private func place(ofTest test: Int) -> Int {
    let top = height - 6, level = Int.bitWidth - 1 - test.leadingZeroBitCount
    if top <= 0 { return test }
    if level < top { return 64 * test }
    let heap = test >> (level - top) - 1 << top, below = 1 << (level - top)
    return 64 * heap + (test & (below - 1) | below)
  }

  private mutating func appendHeap() {
    testColumns = [UInt8](repeating: 0, count: 1 << height)
    testComplements = testColumns
    // A way that ends early goes on through splits that ask nothing, with the same leaf on both sides.
    var open: [(child: Child, test: Int, levels: Int)] = [(.split(0), 1, height)]
    var ofLevel = [(column: UInt8, complement: UInt8)?](repeating: nil, count: height)
    isOblivious = true
    while let (child, test, levels) = open.popLast() {
      guard levels > 0 else {
        leafOrder.append(child.index)
        continue
      }
      var (left, right) = (child, child)
      var (column, complement): (UInt8, UInt8) = (0, 0)
      if !child.isLeaf {
        (left, right) = (tree.splits[child.index].left, tree.splits[child.index].right)
        (column, complement) = (asked[child.index].column, 255 - asked[child.index].rank)
      }
      testColumns[place(ofTest: test)] = column
      testComplements[place(ofTest: test)] = complement
      if let known = ofLevel[levels - 1] {
        if known != (column, complement) { isOblivious = false }
      } else {
        ofLevel[levels - 1] = (column, complement)
      }
      open.append((right, 2 * test + 1, levels - 1))
      open.append((left, 2 * test, levels - 1))
    }
    if isOblivious {
      testColumns = ofLevel.map { $0!.column }
      testComplements = ofLevel.map { $0!.complement }
    }
  }

  private mutating func appendAnyShape() {
    let (leavesLeft, order) = tree.leavesFromLeft
    leafOrder = order
    appendParts(leavesLeft)
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

extension RankedTree {
  /// A tree, or its upper end, or a part of it: splits in preorder, with what is on their left sides, and what is below them.
  private struct Part {
    var splits: [Int] = []
    var sides: [forest_side] = []
    var ends: [(child: Child, leafCount: Int)] = []
  }

  /// The part from `root` down to ends of at most so many leaves.
  private func part(from root: Child, _ leafCount: Int, downTo limit: Int, _ leavesLeft: [Int]) -> Part {
    var part = Part()
    // A right child knows of which split it is: when its turn comes, everything on the left side has been counted.
    var open = [(child: root, leafCount: leafCount, isRightOf: Int?.none)]
    while let (child, leafCount, isRightOf) = open.popLast() {
      if let parent = isRightOf { part.sides[parent].left = UInt8(part.ends.count - Int(part.sides[parent].before)) }
      guard leafCount > limit else {
        part.ends.append((child, leafCount))
        continue
      }
      let left = leavesLeft[child.index], split = tree.splits[child.index]
      open.append((split.right, leafCount - left, part.splits.count))
      open.append((split.left, left, nil))
      part.splits.append(child.index)
      part.sides.append(forest_side(left: 0, before: UInt8(part.ends.count)))
    }
    return part
  }

  private mutating func appendParts(_ leavesLeft: [Int]) {
    let root = tree.splits.isEmpty ? Child.leaf(0) : Child.split(0)
    let upper = part(from: root, tree.leafCount, downTo: RankedTree.partLimit, leavesLeft)
    guard upper.ends.count <= RankedTree.partLimit else {
      upperCount = RankedTree.walkedUpperCount
      return
    }
    upperCount = upper.splits.count
    append(upper)
    if upperCount > 0 {
      var before = 0
      for end in upper.ends {
        sides.append(forest_side(left: UInt8(end.leafCount), before: UInt8(before)))
        before += end.leafCount
      }
    }
    for end in upper.ends { append(part(from: end.child, end.leafCount, downTo: 1, leavesLeft)) }
  }

  private mutating func append(_ part: Part) {
    for split in part.splits {
      testColumns.append(asked[split].column)
      testComplements.append(255 - asked[split].rank)
    }
    sides += part.sides
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
