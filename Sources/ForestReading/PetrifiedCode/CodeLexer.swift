/// Splits source code into tokens, one after the other, in one pass.
///
/// Only what the known shapes need is understood; a construction that could make a compiler see other tokens than this
/// lexer (a line continued with a backslash, a tab in Python's indentation) is refused, not interpreted.
struct CodeLexer {
  let bytes: [UInt8]
  let language: CodeLanguage
  private var position = 0
  private var line = 1
  private var lineStart = 0
  /// Whether a token of this line was already handed out.
  private var isInsideLine = false

  init(_ bytes: [UInt8], _ language: CodeLanguage) {
    self.bytes = bytes
    self.language = language
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// What cannot be read, and the line it stands on.
  struct Failure: Error {
    let line: Int
    let message: String
  }

  /// The next token; at the end of the file a token of kind `end`, again and again.
  mutating func next() throws(Failure) -> CodeToken {
    if let lineEnd = try skipBlanks() { return lineEnd }
    guard position < bytes.count else {
      if language == .python, isInsideLine {
        isInsideLine = false
        return token(.lineEnd, from: position)
      }
      return token(.end, from: position)
    }
    let start = position
    let byte = bytes[position]
    if language == .cPlusPlus, byte == UInt8(ascii: "#"), !isInsideLine {
      position = endOfLine(from: position)
      if position > start, bytes[position - 1] == UInt8(ascii: "\\") { throw failure("a line is continued with a backslash") }
      var end = position
      while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
      return CodeToken(kind: .directive, range: start..<end, line: line, lineStart: lineStart)
    }
    isInsideLine = true
    if Self.beginsWord(byte) {
      while position < bytes.count, Self.continuesWord(bytes[position]) { position += 1 }
      return token(.word, from: start)
    }
    if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(peek(1))) {
      skipNumber()
      return token(.number, from: start)
    }
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      try skipQuoted(byte)
      return token(byte == UInt8(ascii: "'") && language == .cPlusPlus ? .character : .text, from: start)
    }
    guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else {
      throw failure("a character that has no place in this code")
    }
    let pair = UInt16(byte) << 8 | UInt16(peek(1))
    position += Self.pairs.contains(pair) ? 2 : 1
    return token(.symbol, from: start)
  }

  private static let pairs: Set<UInt16> = Set(
    ["::", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "&&", "||", "**", "//"]
      .map { $0.utf8.reduce(0) { $0 << 8 | UInt16($1) } })

  private func token(_ kind: CodeToken.Kind, from start: Int) -> CodeToken {
    CodeToken(kind: kind, range: start..<position, line: line, lineStart: lineStart)
  }

  /// Goes past blanks and comments; stops with a token at the end of a Python line that holds any.
  private mutating func skipBlanks() throws(Failure) -> CodeToken? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\n") {
        let end = token(.lineEnd, from: position)
        let isEnd = language == .python && isInsideLine
        position += 1
        line += 1
        lineStart = position
        isInsideLine = false
        if isEnd { return end }
      } else if byte == UInt8(ascii: "\t"), language == .python, !isInsideLine {
        throw failure("a tab in the indentation")
      } else if byte == 0x20 || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
        position += 1
      } else if language == .python, byte == UInt8(ascii: "#") {
        position = endOfLine(from: position)
      } else if language == .cPlusPlus, byte == UInt8(ascii: "/"), peek(1) == byte {
        position = endOfLine(from: position)
        var last = position - 1
        while bytes[last] == UInt8(ascii: "\r") { last -= 1 }
        if bytes[last] == UInt8(ascii: "\\") { throw failure("a comment is continued with a backslash") }
      } else if language == .cPlusPlus, byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        try skipBlockComment()
      } else {
        return nil
      }
    }
    return nil
  }

  private mutating func skipBlockComment() throws(Failure) {
    let firstLine = line
    position += 2
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
        position += 2
        return
      }
      if bytes[position] == UInt8(ascii: "\n") {
        line += 1
        lineStart = position + 1
        isInsideLine = false
      }
      position += 1
    }
    throw Failure(line: firstLine, message: "a comment that does not end")
  }

  /// A number, or what a compiler would take for one (`1e-7`, but also `1f`, `0x1p3`): its text decides later.
  private mutating func skipNumber() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "'") || Self.continuesWord(byte) {
        position += 1
      } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), "eEpP".utf8.contains(bytes[position - 1]) {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func skipQuoted(_ quote: UInt8) throws(Failure) {
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      let byte = bytes[position]
      guard byte != UInt8(ascii: "\\") || (peek(1) != UInt8(ascii: "\n") && position + 1 < bytes.count) else { break }
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == quote { return }
    }
    throw failure("a quoted text that does not end on its line")
  }

  private func failure(_ message: String) -> Failure { Failure(line: line, message: message) }

  private func peek(_ distance: Int) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  private func endOfLine(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func beginsWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
  private static func continuesWord(_ byte: UInt8) -> Bool { beginsWord(byte) || isDigit(byte) }
}
