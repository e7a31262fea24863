import ForestIR

/// A split in the form `x >= threshold goes right`, NaN having been given a side of its own.
struct RankedQuestion {
  struct Key: Hashable {
    let feature: Int32
    let nanGoesLeft: Bool
  }
  let key: Key
  /// NaN: no number goes right.
  let threshold: Double

  /// - Parameter width: of the numbers that are compared.
  init(_ split: Split, width: Width) {
    key = Key(feature: split.feature, nanGoesLeft: split.nanGoesLeft)
    let bound = split.test == .less ? split.threshold : split.threshold.nextUp
    if split.test == .lessOrEqual, split.threshold == .infinity {
      threshold = .nan
    } else if width == .float32 {
      // A float32 number is at least the bound exactly if it is at least the first float32 number that is.
      let narrow = Float(bound)
      threshold = Double(Double(narrow) < bound ? narrow.nextUp : narrow)
    } else {
      threshold = bound
    }
  }
}

/// The columns that questions need, and what rank each question asks for.
struct Ranking {
  private(set) var columns: [RankedEnsemble.Column] = []
  private var scales: [RankedQuestion.Key: Scale] = [:]
  private let thresholdLimit: Int

  /// The thresholds of a feature, ascending, and the first of its columns.
  private struct Scale {
    var thresholds: [Double] = []
    var hasNaN = false
    var firstColumn = 0
  }

  /// Nil if more columns were needed.
  ///
  /// - Parameter thresholdLimit: the most thresholds of one column.
  /// - Complexity: O(n log n) for n questions.
  init?(_ questions: [[RankedQuestion]], columnLimit: Int, thresholdLimit: Int) {
    self.thresholdLimit = thresholdLimit
    for question in questions.joined() {
      if question.threshold.isNaN {
        scales[question.key, default: Scale()].hasNaN = true
      } else {
        scales[question.key, default: Scale()].thresholds.append(question.threshold)
      }
    }
    for key in scales.keys.sorted(by: { ($0.feature, $0.nanGoesLeft ? 1 : 0) < ($1.feature, $1.nanGoesLeft ? 1 : 0) }) {
      var scale = scales[key]!
      scale.thresholds.sort()
      // −0 and 0 are one threshold, as they are to a comparison.
      scale.thresholds = scale.thresholds.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
      if scale.hasNaN { scale.thresholds.append(.nan) }
      scale.firstColumn = columns.count
      scales[key] = scale
      for first in stride(from: 0, to: scale.thresholds.count, by: thresholdLimit) {
        columns.append(
          .init(
            feature: Int(key.feature),
            thresholds: Array(scale.thresholds[first..<min(first + thresholdLimit, scale.thresholds.count)]),
            nanGoesLeft: key.nanGoesLeft))
        guard columns.count <= columnLimit else { return nil }
      }
    }
  }

  /// The column that a question is about, and the least rank that goes right, from 1.
  func place(of question: RankedQuestion) -> (column: Int, rank: Int) {
    let scale = scales[question.key]!
    // NaN, where it is a threshold, is the last one; no comparison with it holds.
    var low = 0, high = question.threshold.isNaN ? 0 : scale.thresholds.count - (scale.hasNaN ? 1 : 0)
    while low < high {
      let middle = (low + high) / 2
      if scale.thresholds[middle] < question.threshold { low = middle + 1 } else { high = middle }
    }
    let place = question.threshold.isNaN ? scale.thresholds.count - 1 : low
    return (scale.firstColumn + place / thresholdLimit, place % thresholdLimit + 1)
  }
}
