import Decimals

/// Reads source code of a fixed shape: what must stand next is said by `expect`, and anything else is refused.
struct CodeCursor {
  let file: String
  /// Who writes such code, for messages.
  let writer: String
  private var lexer: CodeLexer
  /// The token that is looked at.
  private(set) var token: CodeToken

  init(file: String, bytes: [UInt8], language: CodeLanguage, writer: String) throws(ReadError) {
    self.file = file
    self.writer = writer
    lexer = CodeLexer(bytes, language)
    token = CodeToken(kind: .end, range: 0..<0, line: 1, lineStart: 0)
    try advance()
  }

  mutating func advance() throws(ReadError) {
    do {
      token = try lexer.next()
    } catch {
      throw ReadError(.malformed, at: SourceMark(file: file, line: error.line), error.message, hint: hint)
    }
  }

  // MARK: What stands here

  /// The token's bytes.
  var bytes: ArraySlice<UInt8> {
    lexer.bytes[token.range]
  }

  var text: String {
    switch token.kind {
    case .lineEnd: "the end of the line"
    case .end: "the end of the file"
    default: String(decoding: bytes.prefix(60), as: UTF8.self)
    }
  }

  func stands(_ literal: StaticString) -> Bool {
    guard token.range.count == literal.utf8CodeUnitCount else { return false }
    return literal.withUTF8Buffer { $0.elementsEqual(bytes) }
  }

  /// Goes past the token if it is this one.
  mutating func take(_ literal: StaticString) throws(ReadError) -> Bool {
    guard token.kind != .end, token.kind != .lineEnd, stands(literal) else { return false }
    try advance()
    return true
  }

  // MARK: What must stand here

  /// Goes past exactly this token.
  mutating func need(_ literal: StaticString) throws(ReadError) {
    guard try take(literal) else { throw differs("`\(literal)`") }
  }

  /// Goes past exactly these tokens; `""` stands for any text in quotes.
  mutating func expect(_ shape: String) throws(ReadError) {
    if let word = try firstDifference(shape) { throw differs("`\(word)`") }
  }

  /// Goes past these tokens up to the first that does not stand here, which is returned.
  private mutating func firstDifference(_ shape: String) throws(ReadError) -> String? {
    var wanted = CodeLexer(Array(shape.utf8), .cPlusPlus)
    while let next = try? wanted.next(), next.kind != .end {
      let word = wanted.bytes[next.range]
      let isAnyText = next.kind == .text && next.range.count == 2
      guard token.kind == next.kind, isAnyText || word == bytes else { return String(decoding: word, as: UTF8.self) }
      try advance()
    }
    return nil
  }

  /// Goes past these tokens if all of them stand here, and past none otherwise.
  mutating func takeAll(_ shape: String) -> Bool {
    var trial = self
    // No error is made of what is only tried: its place would be counted out each time.
    do {
      guard try trial.firstDifference(shape) == nil else { return false }
    } catch {
      return false
    }
    self = trial
    return true
  }

  /// A preprocessor line, blanks between its words not counted.
  mutating func expectDirective(_ line: String) throws(ReadError) {
    guard standsDirective(line) else { throw differs("`\(line)`") }
    try advance()
  }

  /// Whether this preprocessor line stands here.
  func standsDirective(_ line: String) -> Bool {
    token.kind == .directive
      && bytes.split(whereSeparator: { $0 <= 0x20 }).elementsEqual(line.utf8.split(separator: 0x20), by: { $0.elementsEqual($1) })
  }

  /// An identifier.
  mutating func word() throws(ReadError) -> String {
    guard token.kind == .word else { throw differs("a name") }
    let word = String(decoding: bytes, as: UTF8.self)
    try advance()
    return word
  }

  /// A text in quotes, without them; none of the known writers escapes anything.
  mutating func quoted() throws(ReadError) -> String {
    guard token.kind == .text else { throw differs("a text in quotes") }
    let content = bytes.dropFirst().dropLast()
    guard !content.contains(UInt8(ascii: "\\")) else {
      throw error(.malformed, "a backslash in a name")
    }
    let text = String(decoding: content, as: UTF8.self)
    try advance()
    return text
  }

  /// A number as it stands in the code.
  struct Literal {
    var value: Double
    /// Its digits, without a sign.
    var digits: ArraySlice<UInt8>
    /// Neither a point nor an exponent.
    var isInteger: Bool
  }

  /// A decimal number, perhaps after a minus sign, as the compiler takes it: the nearest float64, finite.
  ///
  /// Suffixes, octal and hexadecimal digits are refused, and so are integers beyond 2⁵³: their arithmetic is not that of
  /// float64. (An integer has no negative zero.)
  mutating func number() throws(ReadError) -> Literal {
    let isNegative = try take("-")
    guard token.kind == .number else {
      throw token.kind == .word && (stands("inf") || stands("nan"))
        ? error(.notFinite, "`\(text)` where a finite number is needed") : differs("a number")
    }
    let digits = bytes
    let isInteger = digits.allSatisfy { (0x30...0x39).contains($0) }
    guard let magnitude = DecimalText.double(Array(digits).span), magnitude.isFinite else {
      throw error(.malformed, "`\(text)` is not a finite decimal number")
    }
    if isInteger, (digits.count > 1 && digits.first == UInt8(ascii: "0")) || magnitude > 0x1p53 {
      throw error(.malformed, "`\(text)` is not an integer as \(writer) prints it")
    }
    try advance()
    let value = isNegative && !(isInteger && magnitude == 0) ? -magnitude : magnitude
    return Literal(value: value, digits: digits, isInteger: isInteger)
  }

  /// A decimal integer within a range.
  mutating func integer(_ range: ClosedRange<Int>, _ what: String) throws(ReadError) -> Int {
    let start = self
    let literal = try number()
    guard literal.isInteger, let value = Int(exactly: literal.value) else { throw start.differs("an integer (\(what))") }
    guard range.contains(value) else {
      throw start.error(.outOfRange, "\(what) is \(value), but must be in \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  /// Python: the end of a line.
  mutating func endLine() throws(ReadError) {
    guard token.kind == .lineEnd else { throw differs("the end of the line") }
    try advance()
  }

  // MARK: Errors

  var mark: SourceMark {
    var place = SourceMark(file: file, line: token.line)
    if token.kind != .end {
      let before = lexer.bytes[token.lineStart..<token.range.lowerBound]
      place.column = 1 + before.count { $0 & 0xC0 != 0x80 }
    }
    return place
  }

  func differs(_ wanted: String) -> ReadError {
    error(.unexpected, "\(wanted) is expected here, not `\(text)`")
  }

  func error(_ code: ReadError.Code, _ message: String) -> ReadError {
    ReadError(code, at: mark, message, hint: hint)
  }

  private var hint: String {
    "only code exactly as \(writer) wrote it is read; if it was edited, or comes from another version, give the model it was made from"
  }
}
