import FileBytes

/// A table of scores somebody else computed: all columns of a CSV file, by name.
package struct ReferenceTable: Sendable {
  /// What a column holds.
  package enum Values: Sendable {
    /// Numbers; NaN where the field is empty.
    case numbers([Double])
    /// The text of every field, of a column with any field that is not a number (class labels).
    case labels([String])
  }

  /// One column.
  package struct Column: Sendable {
    package var name: String
    package var values: Values
  }

  /// How large a file may be, in bytes, because it is held in memory: 4 GiB.
  package static let usualLimit = 4 << 30

  /// The columns in the order of the file. A name may occur more than once.
  package let columns: [Column]
  /// The number of rows.
  package let rowCount: Int

  /// Reads a CSV file, gzip-compressed or not.
  package static func read(path: String, byteLimit: Int = usualLimit) throws(DataError) -> ReferenceTable {
    let bytes: [UInt8]
    do {
      var source = try ByteSource(path: path, hashing: false)
      bytes = try source.readAll(limit: byteLimit)
    } catch {
      throw DataError(error)
    }
    return try ReferenceTable(bytes: bytes, name: path)
  }

  /// Reads CSV text; `name` stands for the path in messages.
  package init(bytes: [UInt8], name: String) throws(DataError) {
    // Twice: first to see which columns hold labels, then to keep each in the form it has.
    var isLabel: [Bool] = []
    _ = try Self.scan(bytes, name) { cursor, isHeader in
      if isHeader {
        isLabel = Array(repeating: false, count: cursor.fields.count)
      } else {
        for (column, field) in cursor.fields.enumerated() where !isLabel[column] {
          isLabel[column] = cursor.number(field) == nil
        }
      }
    }
    var names: [String] = []
    var values = isLabel.map { $0 ? Values.labels([]) : Values.numbers([]) }
    rowCount = try Self.scan(bytes, name) { cursor, isHeader in
      for (column, field) in cursor.fields.enumerated() {
        if isHeader {
          names.append(String(decoding: cursor.text(field), as: UTF8.self))
        } else {
          values[column].append(cursor, field)
        }
      }
    }
    columns = zip(names, values).map { Column(name: $0, values: $1) }
  }

  /// The first column of a name; `nil` if there is none.
  package func column(_ name: String) -> Column? {
    columns.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Shows every record to `body`, the header first, and counts the rows.
  private static func scan(
    _ bytes: [UInt8], _ name: String, _ body: (borrowing CSVCursor, _ isHeader: Bool) -> Void
  ) throws(DataError) -> Int {
    let source: ByteSource
    do {
      source = try ByteSource(bytes: bytes, name: name, hashing: false)
    } catch {
      throw DataError(error)
    }
    var rows = try CSVRows(source)
    body(rows.cursor, true)
    var count = 0
    while try rows.advance() {
      body(rows.cursor, false)
      count += 1
    }
    return count
  }
}

extension ReferenceTable.Values {
  /// Appends one field. The emptied case in between keeps the array unshared, so that appending does not copy it.
  fileprivate mutating func append(_ cursor: borrowing CSVCursor, _ field: CSVCursor.Field) {
    switch self {
    case .numbers(var numbers):
      self = .numbers([])
      numbers.append(cursor.number(field) ?? .nan)
      self = .numbers(numbers)
    case .labels(var labels):
      self = .labels([])
      labels.append(String(decoding: cursor.text(field), as: UTF8.self))
      self = .labels(labels)
    }
  }
}
