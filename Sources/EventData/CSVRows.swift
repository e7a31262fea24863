import FileBytes

/// The records of a CSV table: a header, then rows with as many fields, then nothing but blank lines.
struct CSVRows: ~Copyable {
  /// The most columns a header may have.
  static let columnLimit = 1 << 20

  /// Stands on the header after `init`, then on the row that `advance` went to.
  private(set) var cursor: CSVCursor
  /// The number of columns.
  let width: Int

  /// Reads the header.
  init(_ source: consuming ByteSource) throws(DataError) {
    var cursor = try CSVCursor(source)
    guard try cursor.advance(columns: Self.columnLimit), !cursor.isBlank else {
      throw DataError(
        path: cursor.path, place: .line(1, column: 1), what: "the table has no header",
        hint: "the first line names the columns, separated by commas")
    }
    width = cursor.fields.count
    self.cursor = cursor
  }

  /// Puts the numbers of the rows that follow into `block`, as long as they are plain and there is room; says how many
  /// rows that were. The next row is for `advance`.
  mutating func readPlain(_ plain: PlainRecords, into block: inout [Double], at start: Int) -> Int {
    cursor.readPlain(plain, into: &block, at: start)
  }

  /// Goes to the next row; `false` at the end.
  mutating func advance() throws(DataError) -> Bool {
    guard try cursor.advance(columns: width) else { return false }
    if cursor.isBlank {
      // In a table of one column a blank line could also mean a missing value: that is not for us to guess.
      let blank = cursor.error(
        at: cursor.fields[0].start, "a blank line inside the table",
        hint: width == 1 ? "write nan or \"\" where the value is missing" : "remove the line")
      while try cursor.advance(columns: width) {
        if !cursor.isBlank { throw blank }
      }
      return false
    }
    if cursor.fields.count < width {
      throw cursor.errorAtEnd("the row has \(cursor.fields.count) fields, the header has \(width)")
    }
    return true
  }
}
