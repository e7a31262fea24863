import Decimals

/// The words of a text file, separated by white space, with the checks that untrusted numbers need.
struct FastBDTWords {
  private let bytes: [UInt8]
  private let file: String
  private var offset = 0
  /// The word that was read last.
  private var word = 0..<0

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// An error at the word that was read last. O(bytes before it).
  func fault(_ code: ReadError.Code, _ message: String, path: String? = nil) -> ReadError {
    var line = 1
    var lineStart = 0
    for index in 0..<word.lowerBound where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    let mark = SourceMark(file: file, line: line, column: word.lowerBound - lineStart + 1, path: path)
    return ReadError(code, at: mark, message)
  }

  /// Goes to the next word.
  private mutating func next(_ what: String) throws(ReadError) {
    while offset < bytes.count, bytes[offset] <= 0x20 { offset += 1 }
    let start = offset
    while offset < bytes.count, bytes[offset] > 0x20 { offset += 1 }
    word = start..<offset
    guard !word.isEmpty else { throw fault(.notWellFormed, "the file ends where \(what) must stand") }
    // FastBDT ends with empty lines; without them the last number may have lost digits.
    guard offset < bytes.count else { throw fault(.notWellFormed, "the file ends with \(what), and no white space behind it: it may be cut off") }
  }

  /// An unsigned number below 2³².
  mutating func unsigned(_ what: String) throws(ReadError) -> Int {
    try next(what)
    guard let number: UInt32 = DecimalText.integer(bytes.span.extracting(word)) else { throw wrong(what, "an unsigned integer") }
    return Int(number)
  }

  /// How many of something follow, each of at least one word.
  mutating func count(_ what: String) throws(ReadError) -> Int {
    let count = try unsigned("the number of \(what)")
    guard count <= bytes.count - offset else {
      throw fault(.notWellFormed, "\(count) \(what), more than the rest of the file can hold")
    }
    return count
  }

  /// 0 or 1.
  mutating func flag(_ what: String) throws(ReadError) -> Bool {
    let number = try unsigned(what)
    guard number <= 1 else { throw fault(.malformed, "\(what) is 0 or 1, not \(number)") }
    return number == 1
  }

  /// A finite float64.
  mutating func number(_ what: String) throws(ReadError) -> Double {
    try next(what)
    guard let number = DecimalText.double(bytes.span.extracting(word)) else { throw wrong(what, "a number") }
    guard number.isFinite else { throw fault(.notFinite, "\(what) is not finite") }
    return number
  }

  /// A float32, which may be NaN or infinite where it is so written.
  mutating func float(_ what: String) throws(ReadError) -> Float {
    try next(what)
    let text = bytes.span.extracting(word)
    guard let number = DecimalText.float(text, words: .accepted) else { throw wrong(what, "a number") }
    guard !number.isInfinite || DecimalText.float(text) == nil else { throw fault(.outOfRange, "\(what) is too large for a float32") }
    return number
  }

  /// Proves that nothing is left.
  mutating func end() throws(ReadError) {
    while offset < bytes.count, bytes[offset] <= 0x20 { offset += 1 }
    word = offset..<offset
    guard offset == bytes.count else { throw fault(.unexpected, "something follows the end of the model") }
  }

  private func wrong(_ what: String, _ expected: String) -> ReadError {
    fault(.malformed, "\(what) is \(expected), not \"\(JSONCursor.clipped(String(decoding: bytes[word], as: UTF8.self)))\"")
  }
}
