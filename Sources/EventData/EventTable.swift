/// Rows of inputs in memory, row after row.
package struct EventTable: Equatable, Sendable {
  /// The names of the inputs, in the order of the model.
  package let inputs: [String]
  /// The values; row r, input i is at r · inputs.count + i.
  package let values: [Double]
  /// The number of rows.
  package let rowCount: Int

  /// - Precondition: `values` holds `rowCount` rows.
  package init(inputs: [String], values: [Double], rowCount: Int) {
    precondition(values.count == rowCount * inputs.count)
    self.inputs = inputs
    self.values = values
    self.rowCount = rowCount
  }

  /// The values of one row.
  ///
  /// - Precondition: `0 <= row < rowCount`.
  package func row(_ row: Int) -> ArraySlice<Double> {
    precondition(row >= 0 && row < rowCount)
    return values[row * inputs.count..<(row + 1) * inputs.count]
  }

  /// Reads a whole table; see `EventTableReader` for what is read. Two tables with other bits in a NaN are not equal,
  /// and neither are two with the same NaN: compare bit patterns.
  ///
  /// - Parameter valueLimit: the most values that are kept; a table with more is an error (default: 2^31, 16 GiB).
  package static func read(
    path: String, inputs: [String], byPosition: Bool, valueLimit: Int = 1 << 31
  ) throws(DataError) -> EventTable {
    var reader = try EventTableReader(path: path, inputs: inputs, byPosition: byPosition)
    return try read(&reader, path, inputs, valueLimit)
  }

  /// The same for a table in memory; `name` stands for the path in messages.
  package static func read(
    bytes: [UInt8], name: String, inputs: [String], byPosition: Bool, valueLimit: Int = 1 << 31
  ) throws(DataError) -> EventTable {
    var reader = try EventTableReader(bytes: bytes, name: name, inputs: inputs, byPosition: byPosition)
    return try read(&reader, name, inputs, valueLimit)
  }

  private static func read(
    _ reader: inout EventTableReader, _ path: String, _ inputs: [String], _ valueLimit: Int
  ) throws(DataError) -> EventTable {
    var values: [Double] = []
    var block: [Double] = []
    var rows = 0
    while true {
      let count = try reader.read(into: &block)
      if count == 0 { break }
      rows += count
      values.append(contentsOf: block)
      if values.count > valueLimit {
        throw DataError(
          path: path, what: "the table holds more than \(valueLimit) values", hint: "split the table into smaller files")
      }
    }
    return EventTable(inputs: inputs, values: values, rowCount: rows)
  }
}
