import ForestIR

extension ProbeSet {
  /// Events for a benchmark: each input lies between two neighbouring thresholds, any two equally often, and somewhere between
  /// them. So no branch is known beforehand, which with numbers drawn from the whole of a range it often is.
  ///
  /// - Returns: the rows one after the other. The same forest gives the same rows.
  /// - Complexity: O(count · inputs).
  func spreadRows(_ count: Int) -> [Double] {
    var random = SplitMix64(seed: 0x7370_7265_6164_2121)
    var values: [Double] = []
    values.reserveCapacity(count * thresholds.count)
    for _ in 0..<count {
      for input in thresholds.indices {
        let borders = thresholds[input]
        let gap = random.below(borders.count + 1)
        let low = gap == 0 ? min(ranges[input].lowest, borders.first ?? .infinity) : borders[gap - 1]
        let high = gap == borders.count ? max(ranges[input].highest, borders.last ?? -.infinity) : borders[gap]
        // No difference is formed: that of two large numbers may be infinite.
        let share = Double(random.below(1 << 20)) / Double(1 << 20)
        let value = low * (1 - share) + high * share
        values.append(isInteger[input] ? value.rounded() : value)
      }
    }
    return values
  }
}
