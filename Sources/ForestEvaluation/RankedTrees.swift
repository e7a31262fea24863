import CForestKernels
import ForestIR

/// An ensemble laid out for many events at once: numbers become ranks, trees become comparisons of bytes.
///
/// Each column that the splits compare is first replaced by its **rank** among the column's thresholds, one byte:
///
///     thresholds of the column    0.5     1.0     2.5     3.1
///     rank of x                0   │   1   │   2   │   3   │   4          x >= 2.5  is  rank >= 3
///
/// which is exact, since only the thresholds' order matters. A register then holds the ranks of 64 events, one comparison
/// answers a split for all of them with 64 bits, and from the masks of a tree each event's leaf is counted (`CForestKernels`): no
/// event ever waits for its own way through a tree. A column has at most 254 thresholds, so trees are dealt out, in order, to
/// **groups** that have no more; ranks are made anew for each group.
///
/// Rank 255 is NaN where NaN goes right; where it goes left it has rank 0. A feature that is asked both ways has two columns.
struct RankedTrees: Sendable {
  struct Column: Sendable {
    /// The column of the block whose numbers are ranked.
    let source: Int
    /// Where its 255 thresholds start: the real ones, ascending, then NaN.
    let first: Int
    let count: Int
    let nanRank: UInt8
  }
  /// Trees with few enough thresholds to share ranks.
  struct Group: Sendable {
    let columns: Range<Int>
    let trees: Range<Int>
  }

  var splits: [forest_split] = []
  var trees: [forest_tree] = []
  var columns: [Column] = []
  var groups: [Group] = []
  /// The thresholds and leaf values, in one of two widths.
  var thresholds64: [Double] = []
  var thresholds32: [Float] = []
  var leaves64: [Double] = []
  var leaves32: [Float] = []
  /// Whether the numbers that are compared are float32, and whether the sums are.
  let comparesFloat32: Bool
  let addsFloat32: Bool
  let leafWidth: Int
  let outputCount: Int
  /// The most columns that a group has.
  var columnCount: Int { groups.map(\.columns.count).max() ?? 0 }

  /// More leaves cannot be counted in a byte.
  static let leafLimit = 256
  /// Thresholds of one column in one group.
  static let thresholdLimit = 254

  /// How few rows at once are faster asked one by one: about the time of 64 rows here divided by that of one there.
  static func fewestRows() -> Int {
    switch forest_instruction_set() {
    case 2: 6
    case 1: 20
    default: 28
    }
  }
}

/// A split in the form `x >= threshold goes right`, NaN having been given a side of its own.
private struct RankedQuestion {
  let column: RankedColumns.Key
  /// Nil: no number goes right.
  let threshold: Double?

  init(_ split: Split, firstFeature: Int, comparesFloat32: Bool) {
    column = .init(source: firstFeature + Int(split.feature), nanGoesLeft: split.nanGoesLeft)
    let bound = split.test == .less ? split.threshold : split.threshold.nextUp
    if split.test == .lessOrEqual, split.threshold == .infinity {
      threshold = nil
    } else if comparesFloat32 {
      // A float32 number is at least the bound exactly if it is at least the first float32 number that is.
      let narrow = Float(bound)
      threshold = Double(Double(narrow) < bound ? narrow.nextUp : narrow)
    } else {
      threshold = bound
    }
  }
}

/// The columns of a group while trees are added to it.
private struct RankedColumns {
  struct Key: Hashable {
    let source: Int
    let nanGoesLeft: Bool
  }
  private(set) var order: [Key] = []
  private(set) var places: [Key: Int] = [:]
  private(set) var thresholds: [Set<Double>] = []

  /// Adds the questions of a tree; false, and no threshold is added, if a column would have too many.
  mutating func add(_ questions: [RankedQuestion]) -> Bool {
    // −0 and 0 are one threshold to a set, as they are to a comparison.
    var new: [Int: Set<Double>] = [:]
    for question in questions {
      let place = place(of: question.column)
      guard let threshold = question.threshold, !thresholds[place].contains(threshold) else { continue }
      new[place, default: []].insert(threshold)
    }
    guard new.allSatisfy({ thresholds[$0].count + $1.count <= RankedTrees.thresholdLimit }) else { return false }
    for (place, added) in new { thresholds[place].formUnion(added) }
    return true
  }

  private mutating func place(of key: Key) -> Int {
    if let place = places[key] { return place }
    places[key] = order.count
    order.append(key)
    thresholds.append([])
    return order.count - 1
  }
}

extension RankedTrees {
  /// Nil for an ensemble that cannot be laid out so, or would not be faster.
  ///
  /// - Parameters:
  ///   - features: the vector that the trees read.
  ///   - width: the width of its numbers.
  init?(_ ensemble: TreeEnsemble, features: Columns, width: Width, _ strategy: Evaluator.Strategy) {
    guard strategy != .walks, case .sum(let start) = ensemble.fold,
      ensemble.trees.allSatisfy({ tree in
        tree.leafCount <= RankedTrees.leafLimit && tree.leafForms == nil
          && tree.splits.allSatisfy { $0.test == .less || $0.test == .lessOrEqual }
      }), start.count <= Int(UInt16.max)
    else { return nil }
    comparesFloat32 = width == .float32
    addsFloat32 = ensemble.width == .float32
    leafWidth = ensemble.leafWidth
    outputCount = start.count

    var open = RankedColumns(), firstOfGroup = 0
    let questions = ensemble.trees.map { tree in
      tree.splits.map { RankedQuestion($0, firstFeature: features.start, comparesFloat32: width == .float32) }
    }
    for index in ensemble.trees.indices {
      if open.add(questions[index]) { continue }
      guard index > firstOfGroup else { return nil }
      append(open, ensemble, questions, firstOfGroup..<index)
      (open, firstOfGroup) = (RankedColumns(), index)
      guard open.add(questions[index]) else { return nil }
    }
    append(open, ensemble, questions, firstOfGroup..<ensemble.trees.count)
    // A kernel may read a table's worth of leaves from any leaf on.
    if addsFloat32 { leaves32 += repeatElement(0, count: 64) } else { leaves64 += repeatElement(0, count: 64) }
    guard strategy == .ranks || isWorthwhile(ensemble), columns.count <= Int(UInt16.max) else { return nil }
  }

  /// Compares rough counts of processor cycles for one row: a rank costs about 10, a split an eighth, a step of a walk 8.
  private func isWorthwhile(_ ensemble: TreeEnsemble) -> Bool {
    let steps = ensemble.trees.reduce(0.0) { $0 + Double($1.depth + 2) }
    return Double(columns.count) * 10 + Double(splits.count) / 8 < steps * 8
  }

  private mutating func append(
    _ found: RankedColumns, _ ensemble: TreeEnsemble, _ questions: [[RankedQuestion]], _ range: Range<Int>
  ) {
    let firstColumn = columns.count
    var ranks: [[Double: UInt8]] = []
    for (key, thresholds) in zip(found.order, found.thresholds) {
      let ascending = thresholds.sorted()
      let padding = repeatElement(Double.nan, count: 255 - ascending.count)
      columns.append(
        Column(
          source: key.source, first: comparesFloat32 ? thresholds32.count : thresholds64.count, count: ascending.count,
          nanRank: key.nanGoesLeft ? 0 : 255))
      if comparesFloat32 {
        thresholds32 += (ascending + padding).map { Float($0) }
      } else {
        thresholds64 += ascending + padding
      }
      ranks.append(Dictionary(uniqueKeysWithValues: zip(ascending, 1...)))
    }
    for index in range {
      let asked = questions[index].map { question in
        let column = found.places[question.column]!
        return (column: column, rank: question.threshold.map { ranks[column][$0]! } ?? 255)
      }
      append(ensemble.trees[index], weight: ensemble.weights?.elements[index], output: Int(ensemble.groups[index]), asked)
    }
    groups.append(Group(columns: firstColumn..<columns.count, trees: range))
  }

  /// One tree: its splits level by level, those above leaves only last, and its leaves from left to right.
  private mutating func append(_ tree: Tree, weight: Double?, output: Int, _ asked: [(column: Int, rank: UInt8)]) {
    let (leavesBelow, leafOrder) = tree.leavesFromLeft
    let isLast = tree.splits.map { $0.left.isLeaf && $0.right.isLeaf }
    var order: [Int] = [], place = [Int](repeating: 0, count: tree.splits.count), reach = place
    // From the root down, level by level, then the same for the last ones.
    var level = tree.splits.isEmpty ? [] : [0]
    var last: [Int] = []
    while !level.isEmpty {
      var below: [Int] = []
      for split in level {
        if isLast[split] { last.append(split) } else { order.append(split) }
        for child in [tree.splits[split].left, tree.splits[split].right] where !child.isLeaf { below.append(child.index) }
      }
      level = below
    }
    let parentCount = order.count
    order += last
    for (position, split) in order.enumerated() { place[split] = position }
    for split in order {
      if !tree.splits[split].left.isLeaf { reach[tree.splits[split].left.index] = 2 * place[split] + 1 }
      if !tree.splits[split].right.isLeaf { reach[tree.splits[split].right.index] = 2 * place[split] + 2 }
    }
    trees.append(
      forest_tree(
        first_split: UInt32(splits.count), first_leaf: UInt32(addsFloat32 ? leaves32.count : leaves64.count),
        split_count: UInt16(tree.splits.count), parent_count: UInt16(parentCount), output: UInt16(output)))
    for split in order {
      splits.append(
        forest_split(
          column: UInt16(clamping: asked[split].column), reach: UInt16(reach[split]), rank: asked[split].rank,
          leaves_left: UInt8(leavesBelow[split])))
    }
    for place in 0..<leafWidth {
      for leaf in leafOrder {
        let plain = tree.leaves[leaf * leafWidth + place]
        let width: Width = addsFloat32 ? .float32 : .float64
        let value = weight.map { BinaryFunction.multiply.value($0, plain, in: width) } ?? plain
        if addsFloat32 { leaves32.append(Float(value)) } else { leaves64.append(value) }
      }
    }
  }
}

extension Tree {
  /// For each split how many leaves lie on its left side, and the leaves from left to right.
  fileprivate var leavesFromLeft: (leavesBelow: [Int], order: [Int]) {
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
