package import ForestIR

/// Events aimed at a forest: on, just below and just above the numbers it compares its inputs with, and in between.
///
/// Where the trees read transformed inputs their thresholds say nothing about the inputs, and only the training ranges aim.
/// The same forest gives the same rows on every machine.
package struct ProbeSet: Sendable {
  /// For each input, the thresholds that it is compared with as it is: finite, ascending, each once, evenly thinned out to
  /// `thresholdLimit`.
  package let thresholds: [[Double]]

  let ranges: [Input.TrainingRange]
  let isInteger: [Bool]
  private let width: Width

  /// More thresholds than this for one input help nobody.
  package static let thresholdLimit = 10_000

  package init(_ forest: Forest) {
    var sets = [Set<Double>](repeating: [], count: forest.inputs.count)
    forest.model.forEachEnsemble { ensemble, origins in
      for tree in ensemble.trees {
        for split in tree.splits where split.test != .linearLessOrEqual && split.threshold.isFinite {
          if case .input(let input) = origins[Int(split.feature)] { sets[input].insert(split.threshold) }
        }
      }
    }
    thresholds = sets.map { set in
      let sorted = set.sorted()
      guard sorted.count > Self.thresholdLimit else { return sorted }
      return (0..<Self.thresholdLimit).map { sorted[$0 * sorted.count / Self.thresholdLimit] }
    }
    ranges = zip(forest.inputs, thresholds).map(Self.range)
    isInteger = forest.inputs.map { $0.kind == .integer }
    width = forest.model.inputWidth
  }

  /// Events aimed at two forests at once.
  ///
  /// - Parameters:
  ///   - places: for each input of the forests its place among the `count` inputs of the events.
  package init(_ a: (forest: Forest, places: [Int]), _ b: (forest: Forest, places: [Int]), count: Int) {
    let probes = [ProbeSet(a.forest), ProbeSet(b.forest)]
    var sets = [Set<Double>](repeating: [], count: count)
    var ranges = [Input.TrainingRange?](repeating: nil, count: count)
    var isInteger = [Bool](repeating: false, count: count)
    for (probe, places) in zip(probes, [a.places, b.places]) {
      for (input, place) in places.enumerated() {
        sets[place].formUnion(probe.thresholds[input])
        ranges[place] = ranges[place] ?? probe.ranges[input]
        isInteger[place] = isInteger[place] || probe.isInteger[input]
      }
    }
    thresholds = sets.map { $0.sorted() }
    self.ranges = ranges.map { $0 ?? Input.TrainingRange(lowest: -1, highest: 1) }
    self.isInteger = isInteger
    width = probes.allSatisfy { $0.width == .float32 } ? .float32 : .float64
  }

  /// Events in which every input comes by every one of its thresholds, on it, just below and just above.
  ///
  /// - Parameter round: another number gives other combinations.
  /// - Returns: three times as many as an input has thresholds at most.
  package func coveringRows(round: UInt64) -> [[Double]] {
    var random = SplitMix64(seed: 0x636F_7665_7200 &+ round)
    let columns = thresholds.map { thresholds in
      thresholds.flatMap { [below($0), $0, above($0)] }.shuffled(using: &random)
    }
    let count = columns.map(\.count).max() ?? 0
    return (0..<count).map { row in
      columns.indices.map { input in
        // Each value once; then at random among them and plain numbers.
        if row < columns[input].count { return columns[input][row] }
        return columns[input].isEmpty || random.below(2) == 0
          ? plainNumber(input, &random) : columns[input][random.below(columns[input].count)]
      }
    }
  }

  /// Where the input's values are to be drawn from: where it was trained, else around its thresholds, else about 0.
  private static func range(_ input: Input, _ thresholds: [Double]) -> Input.TrainingRange {
    if let range = input.trainingRange, isUsable(range) { return range }
    if let lowest = thresholds.first, let highest = thresholds.last {
      let margin = max((highest - lowest) * 0.125, abs(lowest) * 0.125, 1)
      let range = Input.TrainingRange(lowest: lowest - margin, highest: highest + margin)
      if isUsable(range) { return range }
    }
    return Input.TrainingRange(lowest: -1, highest: 1)
  }

  private static func isUsable(_ range: Input.TrainingRange) -> Bool {
    range.lowest.isFinite && range.highest.isFinite && range.lowest <= range.highest
      && (range.highest - range.lowest).isFinite
  }

  /// Events for a self-test: every other one of plain numbers inside the training ranges, the others with as many inputs as
  /// possible on a threshold or next to it. All numbers are finite.
  ///
  /// - Complexity: O(count · inputs).
  package func referenceRows(_ count: Int) -> [[Double]] {
    var random = SplitMix64(seed: 0x7065_7472_6966_7931)
    return (0..<count).map { row in
      thresholds.indices.map { input in
        let inside = isInteger[input] ? plainNumber(input, &random).rounded() : plainNumber(input, &random)
        guard row % 2 == 1, !thresholds[input].isEmpty, random.below(4) > 0 else { return inside }
        let threshold = thresholds[input][random.below(thresholds[input].count)]
        let near = [below(threshold), threshold, above(threshold)][random.below(3)]
        return near.isFinite ? near : inside
      }
    }
  }

  /// Events to attack with: any input on, below or above any of its thresholds, or one of the numbers on which comparisons are
  /// got wrong (NaN, infinities, zeros of both signs, the smallest and the largest numbers).
  ///
  /// - Complexity: O(count · inputs).
  package func hostileRows(_ count: Int, seed: UInt64) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      thresholds.indices.map { input in
        let kind = random.below(16)
        if kind == 0 { return Self.specialNumbers[random.below(Self.specialNumbers.count)] }
        guard kind > 4, !thresholds[input].isEmpty else { return plainNumber(input, &random) }
        let threshold = thresholds[input][random.below(thresholds[input].count)]
        return [below(threshold), threshold, above(threshold)][random.below(3)]
      }
    }
  }

  private static let specialNumbers: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    Double(Float.leastNonzeroMagnitude), Double(Float.greatestFiniteMagnitude), -Double(Float.greatestFiniteMagnitude),
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
  ]

  /// The next number below in the width that the forest sees.
  private func below(_ value: Double) -> Double {
    width == .float32 ? Double(Float(value).nextDown) : value.nextDown
  }

  private func above(_ value: Double) -> Double {
    width == .float32 ? Double(Float(value).nextUp) : value.nextUp
  }

  /// A number of the input's range with few binary digits, so that its decimal text is short as well.
  private func plainNumber(_ input: Int, _ random: inout SplitMix64) -> Double {
    let range = ranges[input]
    let extent = range.highest - range.lowest
    let value = range.lowest + extent * (Double(random.below(4097)) / 4096)
    let step = extent.binade / 512
    guard extent > 0, step.isNormal else { return value }
    let rounded = (value / step).rounded() * step
    return rounded >= range.lowest && rounded <= range.highest ? rounded : value
  }
}
