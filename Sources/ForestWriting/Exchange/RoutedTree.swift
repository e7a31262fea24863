package import ForestIR

/// A tree whose questions are about the model's inputs themselves.
///
/// The trees of a forest may read rounded, scaled or otherwise treated inputs; here the treatment has gone into the thresholds, which
/// are numbers of the width that the reader of the exported file compares in.
package struct RoutedTree: Sendable {
  package var splits: [RoutedSplit]
  /// What each leaf adds: `leafWidth` numbers a leaf, the tree's weight already in them.
  package var leaves: [Double]
  package var leafWidth: Int
  /// The output to which it adds; 0 where leaves are vectors.
  package var group: Int
  /// Its number among the trees of the forest; nil for a constant that is no tree there.
  package var source: Int?

  /// A tree without splits.
  static func constant(_ value: Double, group: Int) -> RoutedTree {
    RoutedTree(splits: [], leaves: [value], leafWidth: 1, group: group, source: nil)
  }
}

/// A question about one input: true leads left, NaN where `nanGoesLeft` says.
package struct RoutedSplit: Sendable {
  package enum Question: Sendable, Hashable {
    /// `x <= threshold`, the threshold being a number of the width of comparison; ∞ is true for every number.
    case atMost(Double)
    /// `x` lies in one of the intervals, ends included; ascending, apart from each other.
    case within([ClosedRange<Double>])
  }

  package var input: Int
  package var question: Question
  package var nanGoesLeft: Bool
  package var left: Child
  package var right: Child
}

/// Turns questions about features into questions about inputs.
struct SplitRouting {
  let numbers: OrderedNumbers
  private var known: [Asked: Answer] = [:]

  private struct Asked: Hashable {
    let function: ElementFunction
    let test: Split.Test
    let threshold: Double
  }

  private struct Answer {
    var question: RoutedSplit.Question
    /// Whether the truth of the answer is the falsehood of what was asked.
    var isSwapped: Bool
  }

  /// - Parameter width: in which the inputs are compared.
  init(_ width: Width) { numbers = OrderedNumbers(width) }

  /// `f(x) < t` or `f(x) <= t`; nil where f is not monotone.
  mutating func threshold(
    _ split: Split, _ trace: FeatureTracing.Trace
  ) -> RoutedSplit? {
    let asked = Asked(function: trace.function, test: split.test, threshold: split.threshold)
    guard let answer = known[asked] ?? answer(asked) else { return nil }
    known[asked] = answer
    // Where NaN goes is the forest's own decision only if the feature of NaN is NaN.
    let ofNaN = trace.function(.nan)
    let nanGoesLeft = ofNaN.isNaN ? split.nanGoesLeft : split.test == .less ? ofNaN < split.threshold : ofNaN <= split.threshold
    return RoutedSplit(
      input: trace.input, question: answer.question, nanGoesLeft: nanGoesLeft, left: split.left, right: split.right)
      .swapped(answer.isSwapped)
  }

  private func answer(_ asked: Asked) -> Answer? {
    let f = asked.function, t = asked.threshold
    let holds: (Double) -> Bool = asked.test == .less ? { f($0) < t } : { f($0) <= t }
    switch f.direction {
    case .rising:
      if let last = numbers.last(where: holds) { return Answer(question: .atMost(last), isSwapped: false) }
      return Answer(question: .atMost(.infinity), isSwapped: true)
    case .falling:
      if let last = numbers.last(where: { !holds($0) }) { return Answer(question: .atMost(last), isSwapped: true) }
      return Answer(question: .atMost(.infinity), isSwapped: false)
    case nil: return nil
    }
  }

  /// More members of a set than this are not looked up one by one.
  private static let memberLimit = 1 << 16

  /// `f(x)` is a member of the set; nil where f is not monotone, or the set has more than 65,536 members.
  func membership(_ split: Split, _ set: CategorySet, _ trace: FeatureTracing.Trace) -> RoutedSplit? {
    var intervals: [ClosedRange<Double>] = []
    var members = set.members
    guard members.count <= Self.memberLimit else { return nil }
    var isSwapped = false
    let ofNaN = trace.function(.nan)
    if case .position(let table, let inner) = trace.function {
      guard inner.direction != nil, ofNaN.isNaN else { return nil }
      // A number that is not in the table goes where NaN goes: then the others are asked for.
      isSwapped = split.nanGoesLeft
      members = table.elements.indices.filter { set.contains(Double($0)) != isSwapped && !table.elements[$0].isNaN }
      let values = members.map { table.elements[$0] }
      for value in Set(values) { if let range = range(of: inner, equal: value) { intervals.append(range) } }
    } else {
      guard trace.function.direction != nil else { return nil }
      for member in members { if let range = range(of: trace.function, equal: Double(member)) { intervals.append(range) } }
    }
    let nanGoesLeft = ofNaN.isNaN ? split.nanGoesLeft : set.contains(ofNaN)
    return RoutedSplit(
      input: trace.input, question: .within(joined(intervals)), nanGoesLeft: nanGoesLeft, left: split.left, right: split.right)
      .swapped(isSwapped)
  }

  /// The numbers of which a monotone function gives `value`.
  private func range(of f: ElementFunction, equal value: Double) -> ClosedRange<Double>? {
    let isRising = f.direction == .rising
    guard let last = numbers.last(where: { isRising ? f($0) <= value : f($0) >= value }), f(last) == value else { return nil }
    let before = numbers.last { isRising ? f($0) < value : f($0) > value }
    return (before.map(numbers.above) ?? -.infinity)...last
  }

  private func joined(_ intervals: [ClosedRange<Double>]) -> [ClosedRange<Double>] {
    var result: [ClosedRange<Double>] = []
    for interval in intervals.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, numbers.above(last.upperBound) >= interval.lowerBound {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, interval.upperBound)
      } else {
        result.append(interval)
      }
    }
    return result
  }
}

extension RoutedSplit {
  /// The same split with the question's answers exchanged.
  fileprivate func swapped(_ isSwapped: Bool) -> RoutedSplit {
    guard isSwapped else { return self }
    var split = self
    split.left = right
    split.right = left
    split.nanGoesLeft.toggle()
    return split
  }
}
