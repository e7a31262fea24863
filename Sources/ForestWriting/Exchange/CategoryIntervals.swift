/// Intervals of numbers as categories, for formats whose sets hold whole numbers.
struct CategoryIntervals {
  /// The whole numbers from 0 on that lie in the intervals, ascending.
  let categories: [Int]
  /// Whether the intervals hold a negative number or one of `limit` or more, for which there is no category.
  let hasOthers: Bool

  /// - Parameter limit: the number of categories that the format has.
  /// - Returns: nil where there are more than a million of them.
  init?(_ intervals: [ClosedRange<Double>], limit: Int) {
    var categories: [Int] = []
    var hasOthers = false
    for interval in intervals {
      if interval.lowerBound <= -1 || interval.upperBound >= Double(limit) { hasOthers = true }
      let first = max(0, interval.lowerBound.rounded(.up)), last = min(Double(limit - 1), interval.upperBound.rounded(.down))
      guard first <= last else { continue }
      guard Int(last) - Int(first) + categories.count < 1 << 20 else { return nil }
      categories += Int(first)...Int(last)
    }
    self.categories = categories
    self.hasOthers = hasOthers
  }

  /// Whether a format that drops the fraction of a number before it looks for the category sends every number the right way, not
  /// only whole ones.
  ///
  /// - Parameter zeroIsBelow: whether numbers between −1 and 0 are category 0 for it, else they are none.
  func holdsForFractions(_ intervals: [ClosedRange<Double>], in numbers: OrderedNumbers, zeroIsBelow: Bool) -> Bool {
    var expected: [ClosedRange<Double>] = []
    for category in categories {
      let low = category == 0 && zeroIsBelow ? numbers.above(-1) : Double(category)
      let high = numbers.below(Double(category + 1))
      if let last = expected.last, numbers.above(last.upperBound) == low {
        expected[expected.count - 1] = last.lowerBound...high
      } else {
        expected.append(low...high)
      }
    }
    return expected == intervals
  }
}
