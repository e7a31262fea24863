import FileBytes

/// The lines of a text, read through a window: memory does not grow with the file, nor with its longest line.
///
/// A line is looked at from its beginning: first its key, then what follows, as a list of numbers, as text, or not at all.
/// Blanks around keys and numbers, empty lines, carriage returns before line feeds and a byte-order mark do not count.
struct LightGBMLines: ~Copyable {
  /// How many bytes are held.
  private static let windowSize = 1 << 18
  /// So many bytes from the beginning of a line, and of a number, are in the window unless the file ends before.
  static let lookAhead = 1 << 12

  let file: String
  private var source: ByteSource
  var window = [UInt8](repeating: 0, count: windowSize)
  /// The bytes that are not read yet: `window[offset..<filled]`.
  var offset = 0
  var filled = 0
  /// There may be bytes behind the window.
  var hasMore = true
  /// The number of the line, from 1.
  private(set) var line = 1
  /// Where in the file the window and the line begin.
  private var base = 0
  private(set) var lineStart = 0

  init(_ source: consuming ByteSource) throws(ReadError) {
    file = source.path
    self.source = source
    try refill()
    if window.span.extracting(0..<filled).starts(with: "\u{FEFF}") { offset = 3 }
  }

  /// The digest of the whole file, once it was read to its end.
  var digest: SHA256Digest? { source.digest }

  /// Where in the file the next byte stands.
  var position: Int { base + offset }

  // MARK: Lines

  /// Goes to the first byte of the next line that is not empty: of this one, if none of it was read.
  ///
  /// - Returns: false at the end of the file.
  mutating func nextLine() throws(ReadError) -> Bool {
    while true {
      while offset < filled {
        let byte = window[offset]
        if byte == UInt8(ascii: "\n") {
          passLineFeed()
        } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
          offset += 1
        } else {
          if hasMore, filled - offset < Self.lookAhead { try refill() }
          return true
        }
      }
      guard hasMore else { return false }
      try refill()
    }
  }

  private mutating func passLineFeed() {
    offset += 1
    line += 1
    lineStart = base + offset
  }

  /// Takes the key of the line and the equals sign behind it; nil, and nothing taken, where the line has none.
  ///
  /// - Returns: the key's place in the window, good until something else is taken.
  mutating func takeKey() -> Range<Int>? {
    let end = min(filled, offset + Self.lookAhead)
    var index = offset
    while index < end, window[index] != UInt8(ascii: "\n") {
      if window[index] == UInt8(ascii: "=") {
        var keyEnd = index
        while keyEnd > offset, window[keyEnd - 1] <= UInt8(ascii: " ") { keyEnd -= 1 }
        defer { offset = index + 1 }
        return offset..<keyEnd
      }
      index += 1
    }
    return nil
  }

  /// Whether the rest of the line, blanks at its end left out, is `text`. Nothing is taken.
  func isLine(_ text: StaticString) -> Bool {
    let span = window.span.extracting(offset..<filled)
    guard span.starts(with: text) else { return false }
    return LightGBMLines.isEnd(span, text.utf8CodeUnitCount)
  }

  func startsLine(with text: StaticString) -> Bool { window.span.extracting(offset..<filled).starts(with: text) }

  private static func isEnd(_ text: Span<UInt8>, _ start: Int) -> Bool {
    var index = start
    while index < text.count, text[index] != UInt8(ascii: "\n") {
      guard text[index] <= UInt8(ascii: " ") else { return false }
      index += 1
    }
    return true
  }

  /// Passes over the rest of the line.
  mutating func skipLine() throws(ReadError) {
    while true {
      if let end = window[offset..<filled].firstIndex(of: UInt8(ascii: "\n")) {
        offset = end
        return
      }
      offset = filled
      guard hasMore else { return }
      try refill()
    }
  }

  /// The rest of the line, without blanks at its end.
  ///
  /// - Parameter limit: more bytes than this are refused.
  mutating func takeText(limit: Int) throws(ReadError) -> [UInt8] {
    var text: [UInt8] = []
    while true {
      let end = window[offset..<filled].firstIndex(of: UInt8(ascii: "\n")) ?? filled
      guard text.count <= limit - (end - offset) else { throw fault(.limit, "a line of more than \(limit) bytes") }
      text.append(contentsOf: window[offset..<end])
      offset = end
      if end < filled || !hasMore { break }
      try refill()
    }
    while let last = text.last, last <= UInt8(ascii: " ") { text.removeLast() }
    return text
  }

  // MARK: The window

  /// Lets the window begin at the byte that is read next, and fills it.
  mutating func refill() throws(ReadError) {
    let left = filled - offset
    if offset > 0 {
      for index in 0..<left { window[index] = window[offset + index] }
      base += offset
      offset = 0
      filled = left
    }
    while hasMore, filled < window.count {
      let count: Int
      do { count = try source.read(into: &window, from: filled) } catch { throw ReadError(error) }
      if count == 0 { hasMore = false }
      filled += count
    }
  }

  // MARK: Errors

  /// The place of the next byte.
  var mark: SourceMark { SourceMark(file: file, line: line, column: position - lineStart + 1) }

  func fault(_ code: ReadError.Code, _ message: String, path: String? = nil, hint: String? = nil) -> ReadError {
    var mark = mark
    mark.path = path
    return ReadError(code, at: mark, message, hint: hint)
  }
}

extension Span<UInt8> {
  func starts(with text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { letters in letters.indices.allSatisfy { self[$0] == letters[$0] } }
  }
}
