import Decimals
import FileBytes

/// Goes through CSV text record by record, as RFC 4180 has it, with line ends CR LF or LF.
///
/// It holds a window over the file that grows only for a record longer than itself, up to `recordLimit`. The fields
/// of the current record are ranges in that window; nothing is copied. Quotes may enclose commas, line ends and
/// doubled quotes. A quote inside an unquoted field, text behind a closing quote, and a lone CR are errors.
struct CSVCursor: ~Copyable {
  /// The longest record that is read, in bytes.
  static let recordLimit = 64 << 20

  /// One field of the current record.
  struct Field {
    /// Its first byte in the window, behind the opening quote if there is one.
    var start: Int
    /// Behind its last byte.
    var end: Int
    /// Whether it stands in quotes.
    var isQuoted: Bool
  }

  /// The path as the user gave it.
  let path: String
  /// The fields of the current record; at least one.
  private(set) var fields: [Field] = []
  /// The line on which the current record begins, counted from 1.
  private(set) var line = 0

  private var source: ByteSource
  private var window: [UInt8]
  private var filled = 0
  private var sourceEnded = false
  private var recordStart = 0
  private var next = 0
  private var nextLine = 1

  /// Begins before the first record; a UTF-8 byte order mark is skipped.
  init(_ source: consuming ByteSource) throws(DataError) {
    path = source.path
    self.source = source
    window = [UInt8](repeating: 0, count: ByteSource.chunkSize)
    try fill()
    if filled >= 3, window[0] == 0xef, window[1] == 0xbb, window[2] == 0xbf { next = 3 }
  }

  /// Goes to the next record; `false` at the end of the file.
  ///
  /// A record with more than `columns` fields is an error.
  mutating func advance(columns: Int) throws(DataError) -> Bool {
    while true {
      if next == filled, sourceEnded { return false }
      if next < filled {
        // Moved out and back: the window is borrowed while the fields change.
        var found = fields
        fields = []
        let outcome = Self.split(
          window.span.extracting(0..<filled), from: next, isLast: sourceEnded, columns: columns, into: &found)
        fields = found
        recordStart = next
        line = nextLine
        switch outcome {
        case .record(let end, let lines):
          next = end
          nextLine += lines
          return true
        case .malformed(let index, let what, let hint):
          throw error(at: index, what, hint: hint)
        case .tooManyFields(let index):
          throw error(
            at: index, "the row has more fields than the header, which has \(columns)",
            hint: "a comma inside a value needs quotes around the value; numbers need a decimal point")
        case .incomplete:
          break
        }
      }
      try fill()
    }
  }

  /// Puts the numbers of the records that follow into `block`, as far as they are plain, whole and in the window; says how
  /// many records that were. The cursor then stands on none of them.
  mutating func readPlain(_ plain: PlainRecords, into block: inout [Double], at start: Int) -> Int {
    var values = block.mutableSpan
    let found = plain.read(window.span.extracting(0..<filled), from: next, into: &values, at: start)
    next = found.end
    nextLine += found.rows
    return found.rows
  }

  /// Whether the current record is an empty line.
  var isBlank: Bool {
    fields.count == 1 && fields[0].start == fields[0].end && !fields[0].isQuoted
  }

  /// The number in a field of the current record; NaN if it is empty or blank, `nil` if it is something else.
  @inline(__always)
  func number(_ field: Field) -> Double? {
    let text = window.span.extracting(field.start..<field.end)
    if let value = DecimalText.double(text, words: .accepted) { return value }
    return unusualNumber(field)
  }

  /// Numbers with blanks around them, and the empty field.
  private func unusualNumber(_ field: Field) -> Double? {
    let text = trimmed(field)
    return text.isEmpty ? .nan : DecimalText.double(text.span, words: .accepted)
  }

  /// The bytes of a field of the current record, with doubled quotes made single.
  func text(_ field: Field) -> [UInt8] {
    let raw = window[field.start..<field.end]
    guard field.isQuoted, raw.contains(UInt8(ascii: "\"")) else { return Array(raw) }
    var plain: [UInt8] = []
    var isSecondQuote = false
    for byte in raw {
      isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
      if !isSecondQuote { plain.append(byte) }
    }
    return plain
  }

  /// The bytes of a field without the blanks and tabs around them.
  func trimmed(_ field: Field) -> [UInt8] {
    trimmedBlanks(window[field.start..<field.end])
  }

  /// An error at a byte of the current record's window.
  func error(at index: Int, _ what: String, hint: String? = nil) -> DataError {
    var lineStart = recordStart
    var number = line
    for position in recordStart..<max(recordStart, min(index, filled)) where window[position] == UInt8(ascii: "\n") {
      lineStart = position + 1
      number += 1
    }
    // The excerpt needs no more of the line than can be shown.
    let far = min(filled, max(index, lineStart) + 200)
    let lineEnd = window[max(index, lineStart)..<max(far, max(index, lineStart))].firstIndex { $0 == 10 || $0 == 13 }
    return DataError(
      path: path, place: .line(number, column: index - lineStart + 1), what: what,
      excerpt: DataError.Excerpt(window, line: lineStart..<max(lineEnd ?? far, lineStart), at: index), hint: hint)
  }

  /// An error at the end of the current record.
  func errorAtEnd(_ what: String, hint: String? = nil) -> DataError {
    error(at: fields.last.map { $0.end + ($0.isQuoted ? 1 : 0) } ?? recordStart, what, hint: hint)
  }

  /// Moves what is left of the window to its front and reads until the window is full or the file ends. Filling it
  /// each time keeps the work linear: a long record is looked at again only when the window has doubled.
  private mutating func fill() throws(DataError) {
    if next > 0 {
      window.replaceSubrange(0..<filled - next, with: Array(window[next..<filled]))
      filled -= next
      next = 0
      recordStart = 0
    } else if filled == window.count {
      guard filled < Self.recordLimit else {
        throw DataError(
          path: path, place: .line(nextLine, column: 1), what: "the row is longer than \(Self.recordLimit) bytes",
          hint: "a quote that is never closed makes the rest of the file one row")
      }
      window.append(contentsOf: repeatElement(0, count: filled))
    }
    while filled < window.count, !sourceEnded {
      do {
        let count = try source.read(into: &window, from: filled)
        filled += count
        sourceEnded = count == 0
      } catch {
        throw DataError(error)
      }
    }
  }
}

// MARK: - Splitting one record

extension CSVCursor {
  private enum Outcome {
    /// The record ends before `end`, and so many lines with it.
    case record(end: Int, lines: Int)
    /// The bytes end before the record does.
    case incomplete
    case tooManyFields(at: Int)
    case malformed(at: Int, what: String, hint: String?)
  }

  /// Finds the fields of the record that begins at `start`; `isLast` says that no bytes follow these.
  private static func split(
    _ bytes: Span<UInt8>, from start: Int, isLast: Bool, columns: Int, into fields: inout [Field]
  ) -> Outcome {
    fields.removeAll(keepingCapacity: true)
    let count = bytes.count
    var index = start
    var lines = 0
    while true {
      if index < count, bytes[index] == UInt8(ascii: "\"") {
        let open = index
        guard let close = closingQuote(bytes, after: open, isLast: isLast, lines: &lines) else {
          return isLast ? .malformed(at: open, what: "the quote is never closed", hint: nil) : .incomplete
        }
        fields.append(Field(start: open + 1, end: close, isQuoted: true))
        index = close + 1
      } else {
        let first = index
        while index < count {
          let byte = bytes[index]
          // The four that can end a field are at most a comma, digits and letters are above.
          if byte <= UInt8(ascii: ","), isSpecial(byte) { break }
          index += 1
        }
        if index < count, bytes[index] == UInt8(ascii: "\"") {
          return .malformed(
            at: index, what: "a quote inside a field that does not begin with one",
            hint: "put the whole field in quotes and double the quotes inside")
        }
        fields.append(Field(start: first, end: index, isQuoted: false))
      }
      guard index < count else { return isLast ? .record(end: count, lines: lines) : .incomplete }
      switch bytes[index] {
      case UInt8(ascii: ","):
        if fields.count >= columns { return .tooManyFields(at: index + 1) }
        index += 1
      case UInt8(ascii: "\n"):
        return .record(end: index + 1, lines: lines + 1)
      case UInt8(ascii: "\r"):
        guard index + 1 < count else { return isLast ? .record(end: count, lines: lines + 1) : .incomplete }
        guard bytes[index + 1] == UInt8(ascii: "\n") else {
          return .malformed(
            at: index, what: "a carriage return without a line feed", hint: "end lines with LF or CR LF")
        }
        return .record(end: index + 2, lines: lines + 1)
      default:
        return .malformed(at: index, what: "text behind a closing quote", hint: "double the quotes inside a field")
      }
    }
  }

  @inline(__always)
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\"")
  }

  /// The quote that ends the field opened at `open`; `nil` if the bytes end before it is certain.
  private static func closingQuote(
    _ bytes: Span<UInt8>, after open: Int, isLast: Bool, lines: inout Int
  ) -> Int? {
    var index = open + 1
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        guard index + 1 < bytes.count else { return isLast ? index : nil }
        if bytes[index + 1] != UInt8(ascii: "\"") { return index }
        index += 2
      case UInt8(ascii: "\n"):
        lines += 1
        index += 1
      default:
        index += 1
      }
    }
    return nil
  }
}

/// The bytes without blanks and tabs at both ends.
func trimmedBlanks(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
  guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
  else { return [] }
  return Array(bytes[first...last])
}
