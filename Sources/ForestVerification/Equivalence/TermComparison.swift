import ForestIR

/// Proves that computations are the same, or finds where they part ways.
///
/// Both are walked together from their results: equal operations have equal operands to be compared, trees are laid over each
/// other, leaf against leaf. What it calls equal is equal for every event; what it calls different may still
/// be the same function in a way that it does not see.
struct TermComparison: Sendable {
  private let table: TermTable
  private var known: Set<TermPair> = []
  /// Where the computations part ways, in the order of the trees.
  private(set) var divergences: [Divergence] = []
  /// How many more steps may be spent on laying trees over each other.
  private var budget = 20_000_000
  private static let budgetOfTree = 1_000_000

  init(_ table: TermTable) { self.table = table }

  /// Whether two results are proved to be the same. What was found before is kept.
  ///
  /// - Complexity: O(terms that differ), trees of different shape O(pairs of leaves that an event can reach) within a budget.
  mutating func areSame(_ a: TermID, _ b: TermID) -> Bool {
    // Anew for each pair of results: what several share is to be held against each.
    known = []
    var found: [Divergence] = []
    swap(&found, &divergences)
    var open = [TermPair(a, b)]
    while let pair = open.popLast() {
      guard pair.a != pair.b, known.insert(pair).inserted else { continue }
      compare(pair, &open)
    }
    let isSame = divergences.isEmpty
    let seen = Set(found.map { TermPair($0.a, $0.b) })
    divergences = found + divergences.filter { !seen.contains(TermPair($0.a, $0.b)) }
    return isSame
  }

  private mutating func compare(_ pair: TermPair, _ open: inout [TermPair]) {
    let a = table[pair.a], b = table[pair.b]
    if table.question(pair.a) != nil || table.question(pair.b) != nil { return overlay(pair, &open) }
    let widths = (table.widthOfSum(pair.a), table.widthOfSum(pair.b))
    if let width = widths.0 ?? widths.1 {
      if let other = widths.1, other != width { divergences.append(Divergence(pair, .width(width, other))) }
      return compareSums(table.addends(pair.a, width), table.addends(pair.b, widths.1 ?? width), pair, &open)
    }
    guard a.kind == b.kind, a.function == b.function, a.flag == b.flag, a.bits == b.bits, a.kind.operands == b.kind.operands else {
      divergences.append(Divergence(pair, .step))
      return
    }
    if a.kind == .list { return compareLists(pair, &open) }
    // The last is taken first.
    let operands = [(a.a, b.a), (a.b, b.b), (a.c, b.c)].prefix(a.kind.operands)
    guard a.kind.operands > 0, a.kind != .medianWindowMean || a.b == b.b else {
      divergences.append(Divergence(pair, .step))
      return
    }
    for (x, y) in operands.reversed() { open.append(TermPair(TermID(index: x), TermID(index: y))) }
  }

  private mutating func compareSums(_ a: [TermID], _ b: [TermID], _ pair: TermPair, _ open: inout [TermPair]) {
    // Sums of other widths may be of the same numbers.
    if a == b { return }
    if a.count == b.count {
      // The first two may change places: x + y is y + x.
      if a.count > 1, a[0] == b[1], a[1] == b[0], a.dropFirst(2).elementsEqual(b.dropFirst(2)) { return }
      if a.sorted(by: { $0.index < $1.index }) == b.sorted(by: { $0.index < $1.index }) {
        divergences.append(Divergence(pair, .order))
        return
      }
    } else {
      divergences.append(Divergence(pair, .count(a.count, b.count)))
    }
    for (x, y) in zip(a, b).reversed() { open.append(TermPair(x, y)) }
  }

  private mutating func compareLists(_ pair: TermPair, _ open: inout [TermPair]) {
    var a = pair.a.index, b = pair.b.index
    while a >= 0, b >= 0 {
      let x = table[TermID(index: a)], y = table[TermID(index: b)]
      open.append(TermPair(TermID(index: x.b), TermID(index: y.b)))
      (a, b) = (x.a, y.a)
    }
    if a >= 0 || b >= 0 { divergences.append(Divergence(pair, .step)) }
  }

  /// Lays two trees over each other: every pair of leaves that one event can reach must agree.
  private mutating func overlay(_ pair: TermPair, _ open: inout [TermPair]) {
    var stack = [(pair, TermCell())]
    var cells: [TermCell] = []
    var example: TermPair?
    var rest = min(budget, Self.budgetOfTree)
    while let (pair, cell) = stack.popLast() {
      guard pair.a != pair.b else { continue }
      rest -= 1 + cell.ranges.count
      guard rest > 0 else {
        divergences.append(Divergence(pair, .tooLong, cells: cells))
        return
      }
      let first = table.question(pair.a)
      if let question = first ?? table.question(pair.b) {
        let known = cell[question.feature] ?? table.everything(question.feature)
        let (left, right) = known.parted(by: question.test, nanGoesLeft: question.nanGoesLeft)
        for (side, child) in [(right, question.right), (left, question.left)] where !side.isEmpty {
          var cell = cell
          cell[question.feature] = side
          stack.append((first == nil ? TermPair(pair.a, child) : TermPair(child, pair.b), cell))
        }
      } else if table.constantValue(pair.a) != nil, table.constantValue(pair.b) != nil {
        example = example ?? pair
        cells.append(cell)
        // A few places are enough to find an event.
        if cells.count == 8 { break }
      } else {
        open.append(pair)
      }
    }
    budget -= min(budget, Self.budgetOfTree) - rest
    if let example { divergences.append(Divergence(pair, .leaves(example.a, example.b), cells: cells)) }
  }
}

/// Where two computations part ways.
struct Divergence: Sendable {
  enum Kind: Sendable {
    /// Other leaves are reached in the cells.
    case leaves(TermID, TermID)
    /// Trees of different shape and too large to be laid over each other.
    case tooLong
    /// The same is added in another order.
    case order
    /// So many numbers are added, and so many.
    case count(Int, Int)
    /// Sums are rounded to different widths.
    case width(Width, Width)
    /// Different operations.
    case step
  }

  let a: TermID
  let b: TermID
  let kind: Kind
  /// Events to look at.
  let cells: [TermCell]

  init(_ pair: TermPair, _ kind: Kind, cells: [TermCell] = []) {
    a = pair.a
    b = pair.b
    self.kind = kind
    self.cells = cells
  }
}

/// A term of each computation.
struct TermPair: Sendable, Hashable {
  let a: TermID
  let b: TermID
  init(_ a: TermID, _ b: TermID) {
    self.a = a
    self.b = b
  }
}

extension Term.Kind {
  /// How many of `a`, `b` and `c` are terms.
  var operands: Int {
    switch self {
    case .input, .constant, .refused: 0
    case .toFloat32, .unary, .isNaN, .not, .indexOfMaximum, .lookUp, .curve, .inverseCurve, .medianWindowMean, .weightedMedian: 1
    case .binary, .compare, .and, .or, .larger, .list: 2
    case .select, .upTo, .member, .isMissing: 3
    }
  }
}
