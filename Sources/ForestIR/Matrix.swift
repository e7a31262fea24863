/// A rectangle of float64 constants, row by row.
///
/// Its product with a vector x is `y[i] = Σ_j m[i][j] · x[j]`: float64 sums from 0, j ascending, one rounding for each
/// product and each addition.
package struct Matrix: Sendable, Hashable {
  package let rows: Int
  package let columns: Int
  package let elements: Vector

  /// - Throws: `ForestFault` unless `elements` has `rows` × `columns` entries, at least one.
  package init(rows: Int, columns: Int, elements: [Double]) throws(ForestFault) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0, !overflow, count == elements.count else {
      throw ForestFault(.shape, "\(elements.count) numbers for a matrix of \(rows) × \(columns)")
    }
    self.rows = rows
    self.columns = columns
    self.elements = Vector(elements)
  }
}
