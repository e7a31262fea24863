package import EventData
package import ForestIR

/// The events that everything in a benchmark is asked: the same ones, as the model reads them.
package struct BenchmarkEvents: Sendable {
  /// In the order of the model. Where the model reads float32 they are float32 numbers already.
  package let table: EventTable
  /// The width in which they are handed over to compiled programs.
  package let width: Width
  /// How many of the rows are not repetitions.
  package let distinctRows: Int

  /// As many rows of a table as are wanted: its first ones, and rows drawn at random from all of it where it has too few.
  ///
  /// - Precondition: the table has a row.
  package init(resampling table: EventTable, rows: Int, _ forest: Forest) {
    precondition(table.rowCount > 0)
    let kept = min(rows, table.rowCount)
    var values = Array(table.values[..<(kept * table.inputs.count)])
    values.reserveCapacity(rows * table.inputs.count)
    var random = SplitMix64(seed: 0x7265_7361_6D70_6C65)
    for _ in kept..<rows { values += table.row(random.below(table.rowCount)) }
    self.init(values, distinctRows: kept, rows: rows, forest)
  }

  /// Rows made for the purpose: both sides of the splits are about as frequent.
  package init(generating rows: Int, _ forest: Forest) {
    self.init(ProbeSet(forest).spreadRows(rows), distinctRows: rows, rows: rows, forest)
  }

  private init(_ values: [Double], distinctRows: Int, rows: Int, _ forest: Forest) {
    width = forest.model.inputWidth
    table = EventTable(
      inputs: forest.inputs.map(\.label), values: width == .float32 ? values.map { Double(Float($0)) } : values, rowCount: rows)
    self.distinctRows = distinctRows
  }

  /// The same events without some rows.
  ///
  /// - Parameter rows: ascending.
  package func without(rows: [Int], _ forest: Forest) -> BenchmarkEvents {
    let left = Set(rows)
    let kept = (0..<table.rowCount).filter { !left.contains($0) }
    return BenchmarkEvents(
      kept.flatMap { table.row($0) }, distinctRows: min(distinctRows, kept.count), rows: kept.count, forest)
  }

  /// The numbers as compiled programs read them from a file: the width that the model reads, this machine's byte order.
  var bytes: [UInt8] {
    switch width {
    case .float32: table.values.map { Float($0) }.withUnsafeBytes { Array($0) }
    case .float64: table.values.withUnsafeBytes { Array($0) }
    }
  }
}
