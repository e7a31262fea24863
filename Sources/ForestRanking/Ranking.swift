import ForestIR

/// A split in the form `x >= threshold goes right`, NaN having been given a side of its own.
struct RankedQuestion {
  let feature: Int32
  let nanGoesLeft: Bool
  /// NaN: no number goes right.
  let threshold: Double

  /// - Parameter width: of the numbers that are compared.
  init(_ split: Split, width: Width) {
    feature = split.feature
    nanGoesLeft = split.nanGoesLeft
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
  /// Two for each feature: NaN goes right in the first, left in the second.
  private var scales: [Scale] = []
  private let thresholdLimit: Int

  /// The thresholds of a feature, ascending, and the first of its columns.
  private struct Scale {
    var thresholds: [Double] = []
    var hasNaN = false
    var firstColumn = 0

    /// Sorts what was collected. −0 and 0 are one threshold, as they are to a comparison.
    mutating func settle(firstColumn: Int) {
      self.firstColumn = firstColumn
      thresholds.sort()
      var kept = 0
      for index in thresholds.indices where kept == 0 || thresholds[kept - 1] != thresholds[index] {
        thresholds[kept] = thresholds[index]
        kept += 1
      }
      thresholds.removeLast(thresholds.count - kept)
      if hasNaN { thresholds.append(.nan) }
    }
  }

  /// Nil if more columns were needed.
  ///
  /// - Parameter thresholdLimit: the most thresholds of one column.
  /// - Complexity: O(n log n) for n questions.
  init?(_ questions: [[RankedQuestion]], columnLimit: Int, thresholdLimit: Int) {
    self.thresholdLimit = thresholdLimit
    for some in questions {
      for question in some {
        let index = Ranking.index(of: question)
        if index >= scales.count { scales += repeatElement(Scale(), count: index + 1 - scales.count) }
        if question.threshold.isNaN {
          scales[index].hasNaN = true
        } else {
          scales[index].thresholds.append(question.threshold)
        }
      }
    }
    for index in scales.indices {
      scales[index].settle(firstColumn: columns.count)
      let thresholds = scales[index].thresholds
      for first in stride(from: 0, to: thresholds.count, by: thresholdLimit) {
        columns.append(
          .init(
            feature: index / 2, thresholds: Array(thresholds[first..<min(first + thresholdLimit, thresholds.count)]),
            nanGoesLeft: index % 2 == 1))
        guard columns.count <= columnLimit else { return nil }
      }
    }
  }

  private static func index(of question: RankedQuestion) -> Int {
    2 * Int(question.feature) + (question.nanGoesLeft ? 1 : 0)
  }

  /// The column that a question is about, and the least rank that goes right, from 1.
  func place(of question: RankedQuestion) -> (column: Int, rank: Int) {
    let scale = scales[Ranking.index(of: question)]
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
