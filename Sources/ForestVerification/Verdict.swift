package import ForestIR

/// What came of comparing two tables of results, number by number.
///
/// A difference is a result, not an error: a verdict says how many there are, how large, and where the first one is.
package struct Verdict: Sendable, Equatable {
  /// How many rows were compared.
  package private(set) var rows = 0
  /// Rows in which every number has the expected bits (any NaN equals any NaN).
  package private(set) var identicalRows = 0
  /// The largest distance between an expected number and the one found, in numbers of the column's width. Values of which
  /// only one is NaN do not count here, but in `nanDisagreements`.
  package private(set) var worstULP: UInt64 = 0
  /// The largest |found − expected|; infinite where an infinity is missed.
  package private(set) var worstDelta = 0.0
  /// Numbers found where NaN was expected, or the other way round.
  package private(set) var nanDisagreements = 0
  /// The first difference, going row by row and in each row from left to right.
  package private(set) var first: Difference?

  /// Nothing compared yet.
  package init() {}

  /// Whether all bits are as expected.
  package var isIdentical: Bool { identicalRows == rows }

  /// Whether no number is more than `limit` units in the last place off; with a limit of 0 the bits decide.
  package func holds(within limit: UInt64) -> Bool { nanDisagreements == 0 && worstULP <= limit }

  /// Takes in one row.
  ///
  /// - Parameter columns: the name and the width of each number. `expected` and `found` have as many elements.
  package mutating func compare(
    expected: some RandomAccessCollection<Double>, found: some RandomAccessCollection<Double>,
    columns: [(name: String, width: Width)], inputs: @autoclosure () -> [Double]
  ) {
    precondition(expected.count == columns.count && found.count == columns.count, "a number for each column")
    var isIdentical = true
    for (column, (e, f)) in zip(columns, zip(expected, found)) {
      let distance = column.width.ulps(e, f)
      if distance == 0 { continue }
      isIdentical = false
      if let distance {
        worstULP = max(worstULP, distance)
        worstDelta = max(worstDelta, abs(f - e))
      } else {
        nanDisagreements += 1
      }
      if first == nil {
        first = Difference(row: rows, column: column.name, expected: e, found: f, inputs: inputs())
      }
    }
    rows += 1
    if isIdentical { identicalRows += 1 }
  }
}
