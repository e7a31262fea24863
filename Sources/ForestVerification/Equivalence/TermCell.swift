/// A part of all events, by what is known of single terms: where two computations part ways.
struct TermCell: Sendable {
  private(set) var ranges: [TermID: ValueRange] = [:]

  subscript(feature: TermID) -> ValueRange? {
    get { ranges[feature] }
    set { ranges[feature] = newValue }
  }

  /// Makes an event lie in the cell, as far as the cell speaks of inputs as they are.
  ///
  /// - Parameter pick: chooses one of several values.
  /// - Returns: whether every term of the cell is an input, and no input has two ranges that no value satisfies.
  func move(_ row: inout [Double], in table: TermTable, pick: (Int) -> Int) -> Bool {
    var isReached = true
    for (feature, range) in ranges.sorted(by: { $0.key.index < $1.key.index }) {
      guard let input = table.input(behind: feature) else {
        isReached = false
        continue
      }
      let isFloat32 = table.traits(feature).contains(.isFloat32)
      let present = isFloat32 ? Double(Float(row[input])) : row[input]
      if range.contains(present) { continue }
      var samples = range.samples(float32: isFloat32)
      if range.admitsNaN, samples.isEmpty || pick(8) == 7 { samples = [.nan] }
      if samples.isEmpty { isReached = false } else { row[input] = samples[pick(samples.count)] }
    }
    return isReached
  }
}
