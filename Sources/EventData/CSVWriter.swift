import Decimals
package import FileBytes

/// Writes a CSV table: a header, then rows of numbers and labels, with LF at the end of each line.
///
/// Numbers are the shortest text that reads back to the same float64 (`DecimalText.append`). Text is put in quotes where
/// it has to be. Rows go to the file in large pieces.
package struct CSVWriter: ~Copyable {
  private static let bufferSize = 64 * 1024

  private var output: OutputFile
  private var buffer: [UInt8] = []
  private let width: Int
  private var fieldsInRow = 0

  /// Begins a table with a header of at least one column.
  package init(_ output: consuming OutputFile, header: [String]) throws(FileError) {
    precondition(!header.isEmpty)
    self.output = output
    width = header.count
    for name in header { append(label: name) }
    try endRow()
  }

  /// Adds a number to the row.
  package mutating func append(_ value: Double) {
    separate()
    DecimalText.append(value, to: &buffer)
  }

  /// Adds a whole number to the row; it has no point.
  package mutating func append(whole value: Int64) {
    separate()
    DecimalText.append(value, to: &buffer)
  }

  /// Adds text to the row, in quotes if it holds a comma, a quote, a line end, or blanks at an end. The only field of
  /// a row is in quotes also when it is empty: the line would be blank.
  package mutating func append(label text: String) {
    separate()
    Self.append(label: text, isAlone: width == 1, to: &buffer)
  }

  /// Ends the row.
  ///
  /// - Precondition: it has as many fields as the header.
  package mutating func endRow() throws(FileError) {
    precondition(fieldsInRow == width)
    buffer.append(UInt8(ascii: "\n"))
    fieldsInRow = 0
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes whole rows of numbers.
  ///
  /// - Precondition: the count is a multiple of the number of columns, and no row is under way.
  package mutating func write(rows values: Span<Double>) throws(FileError) {
    precondition(fieldsInRow == 0)
    Self.append(rows: values, width: width, to: &buffer)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes rows that were made elsewhere by `append(rows:width:to:)`.
  package mutating func write(text: [UInt8]) throws(FileError) {
    precondition(fieldsInRow == 0)
    try flush()
    try output.write(text)
  }

  /// Writes what is left and completes the file.
  package mutating func finish() throws(FileError) {
    try flush()
    try output.finish()
  }

  /// Appends rows of numbers to a text; several tasks can do this at once, each with a text of its own.
  package static func append(rows values: Span<Double>, width: Int, to text: inout [UInt8]) {
    precondition(width > 0 && values.count % width == 0)
    var column = 0
    var first = 0
    while first < values.count {
      let last = min(values.count, first + 1024)
      // Room for the longest numbers, each with a separator; what they leave of it is given back.
      var end = text.count
      text.append(contentsOf: repeatElement(0, count: (last - first) * (DecimalText.longest + 1) + DecimalText.room))
      var span = text.mutableSpan
      var bytes = span.mutableBytes
      for index in first..<last {
        end = DecimalText.write(values[index], to: &bytes, at: end)
        column += 1
        let isLast = column == width
        bytes.storeBytes(of: isLast ? UInt8(ascii: "\n") : UInt8(ascii: ","), toByteOffset: end, as: UInt8.self)
        end += 1
        if isLast { column = 0 }
      }
      text.removeLast(text.count - end)
      first = last
    }
  }

  /// Appends text to a row, in quotes where needed; see `append(label:)`.
  package static func append(label text: String, isAlone: Bool, to row: inout [UInt8]) {
    let blanks: [UInt8?] = [UInt8(ascii: " "), UInt8(ascii: "\t")]
    let needsQuotes =
      text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }
      || blanks.contains(text.utf8.first ?? 0) || blanks.contains(text.utf8.last ?? 0)
      || (isAlone && text.isEmpty)
    guard needsQuotes else {
      row.append(contentsOf: text.utf8)
      return
    }
    row.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { row.append(byte) }
      row.append(byte)
    }
    row.append(UInt8(ascii: "\""))
  }

  private mutating func separate() {
    if fieldsInRow > 0 { buffer.append(UInt8(ascii: ",")) }
    fieldsInRow += 1
  }

  private mutating func flush() throws(FileError) {
    try output.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
