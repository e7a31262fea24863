import FileBytes

/// The wanted columns of a CSV table, block by block.
final class CSVEvents: EventBlocks {
  /// How many numbers are made room for at once, so that memory grows only as rows arrive.
  private static let step = 1 << 16

  private var rows: CSVRows
  /// For each input, its column in the file.
  private let columns: [Int]
  private let plain: PlainRecords

  /// Reads the header and finds the inputs in it.
  init(_ source: consuming ByteSource, inputs: [String], byPosition: Bool) throws(DataError) {
    let rows = try CSVRows(source)
    let header = CSVHeader(rows.cursor)
    columns = try byPosition ? header.positions(inputs) : header.columns(inputs)
    plain = PlainRecords(columns, of: rows.width)
    self.rows = rows
  }

  func read(rows limit: Int, into block: inout [Double]) throws(DataError) -> Int {
    let width = columns.count
    var filled = block.count
    var count = 0
    defer { block.removeLast(block.count - filled) }
    while count < limit {
      if block.count - filled < width || width == 0 {
        block.append(contentsOf: repeatElement(0, count: width * min(limit - count, max(1, Self.step / max(1, width)))))
      }
      let found = rows.readPlain(plain, into: &block, at: filled)
      count += found
      filled += found * width
      if count == limit || (block.count - filled < width) { continue }
      // The next record is unusual, or the last of what was read so far, or there is none.
      guard try rows.advance() else { break }
      try rows.cursor.readNumbers(of: columns, into: &block, at: filled)
      count += 1
      filled += width
    }
    return count
  }
}

extension CSVCursor {
  /// Puts the numbers in some columns of the current record into a row.
  fileprivate borrowing func readNumbers(of columns: [Int], into block: inout [Double], at row: Int) throws(DataError) {
    for (input, column) in columns.enumerated() {
      let field = fields[column]
      guard let value = number(field) else {
        throw error(
          at: field.start, "\(quoted(text(field))) is not a number",
          hint: "numbers are written like -1.5e3, with a decimal point; nan, inf, -inf and nothing are read, too")
      }
      block[row + input] = value
    }
  }
}

/// The names in the first record of a CSV table.
struct CSVHeader {
  private let path: String
  private let line: Int
  /// The names as they stand there.
  let names: [[UInt8]]
  private let trimmed: [[UInt8]]

  /// The header is the current record of the cursor.
  init(_ cursor: borrowing CSVCursor) {
    path = cursor.path
    line = cursor.line
    var names: [[UInt8]] = []
    var trimmed: [[UInt8]] = []
    for field in cursor.fields {
      let name = cursor.text(field)
      names.append(name)
      // People write `pt, eta`; inside quotes a blank is meant.
      trimmed.append(field.isQuoted ? name : trimmedBlanks(name[...]))
    }
    self.names = names
    self.trimmed = trimmed
  }

  /// The column of each input, found by its name. Names are compared byte by byte: first as they stand, then without
  /// the blanks around them.
  func columns(_ inputs: [String]) throws(DataError) -> [Int] {
    var places: [[UInt8]: [Int]] = [:]
    for (column, name) in names.enumerated() { places[name, default: []].append(column) }
    var trimmedPlaces: [[UInt8]: [Int]] = [:]
    for (column, name) in trimmed.enumerated() { trimmedPlaces[name, default: []].append(column) }
    var columns: [Int] = []
    for input in inputs {
      let name = Array(input.utf8)
      let found = places[name] ?? trimmedPlaces[trimmedBlanks(name[...])] ?? []
      if found.count > 1 {
        throw error(
          "the column \(quoted(name)), which the model reads, occurs \(found.count) times",
          hint: "keep one column of that name")
      }
      guard let column = found.first else { throw missing(name) }
      columns.append(column)
    }
    return columns
  }

  /// The columns in the order of the file, for models that name none.
  func positions(_ inputs: [String]) throws(DataError) -> [Int] {
    guard names.count == inputs.count else {
      throw error(
        "the table has \(names.count) columns, the model has \(inputs.count) inputs",
        hint: "the model names no columns, so they are taken by position and there must be exactly as many")
    }
    return Array(names.indices)
  }

  private func missing(_ name: [UInt8]) -> DataError {
    let hint: String
    if let nearest = NearestName.nearest(to: name, among: trimmed) {
      hint = "did you mean \(quoted(nearest))?"
    } else if names.count == 1, let other = [";", "\t"].first(where: { names[0].contains($0.utf8.first!) }) {
      hint = "columns are separated by commas, not by \(other == ";" ? "semicolons" : "tabs")"
    } else {
      let shown = trimmed.prefix(8).map { quoted($0) }.joined(separator: ", ")
      hint = "the columns are \(shown)\(trimmed.count > 8 ? ", …" : "")"
    }
    return error("the column \(quoted(name)), which the model reads, is missing", hint: hint)
  }

  private func error(_ what: String, hint: String) -> DataError {
    DataError(path: path, place: .line(line, column: 1), what: what, hint: hint)
  }
}
