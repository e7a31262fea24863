/// One number that came out otherwise than expected, with what is needed to see it again.
package struct Difference: Sendable, Equatable {
  /// The row of the table, counted from 0.
  package let row: Int
  /// The name of the column.
  package let column: String
  package let expected: Double
  package let found: Double
  /// The row's inputs, in the order of the model.
  package let inputs: [Double]

  package init(row: Int, column: String, expected: Double, found: Double, inputs: [Double]) {
    self.row = row
    self.column = column
    self.expected = expected
    self.found = found
    self.inputs = inputs
  }

  /// Two differences are the same when their bits are.
  package static func == (a: Difference, b: Difference) -> Bool {
    a.row == b.row && a.column == b.column && a.expected.bitPattern == b.expected.bitPattern
      && a.found.bitPattern == b.found.bitPattern && a.inputs.map(\.bitPattern) == b.inputs.map(\.bitPattern)
  }
}
