import CLibXML2

/// What happens in a document, in its order. A thrown error ends the parse and is what the cursor throws.
protocol XMLEvents: AnyObject {
  func start(_ tag: borrowing XMLTag) throws(ReadError)
  /// A stretch of character data; an element's text may come in several.
  func text(_ bytes: Span<UInt8>, line: Int) throws(ReadError)
  func end(line: Int) throws(ReadError)
}

/// A streaming XML parser: bytes are pushed in, events come out. The only file that calls libxml2.
///
/// The document is untrusted. Nothing is ever opened or fetched; document types, and with them entity declarations, are
/// refused before they are read; a tag, comment or instruction may be at most `longestToken` bytes long, so memory and
/// the parser's search for repeated attributes stay bounded. Nesting and the number of things are for the listener to
/// limit. Blanks and a byte-order mark before the XML declaration are skipped: some writers leave them there, and the
/// trainer's own reader takes them.
///
/// libxml2's parser context is freed in `deinit`; it is the reason why the type cannot be copied.
struct XMLCursor: ~Copyable {
  /// No tag of a model file comes near this.
  static let longestToken = 512 * 1024
  static let mostAttributes = 8192

  private let context: xmlParserCtxtPtr
  private let relay: Relay
  private let file: String
  private var utf8 = LenientUTF8()
  /// The beginning of the file until its declaration has been seen; nil afterwards.
  private var head: [UInt8]? = []
  private var fed = 0

  /// - Parameters:
  ///   - file: the name for error messages.
  ///   - events: the listener; kept until the cursor ends.
  init(file: String, events: any XMLEvents) throws(ReadError) {
    self.file = file
    relay = Relay(events: events, file: file)
    var handler = Relay.handler()
    // The context keeps a copy of the handler and an unretained pointer to the relay, which lives as long as it does.
    guard
      let context = xmlCreatePushParserCtxt(&handler, Unmanaged.passUnretained(relay).toOpaque(), nil, 0, nil)
    else {
      throw ReadError(.limit, at: SourceMark(file: file), "there is not enough memory to parse XML")
    }
    self.context = context
    // NOENT only replaces the five predefined entities here, since no document can declare another.
    let options = XML_PARSE_HUGE.rawValue | XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue
      | XML_PARSE_IGNORE_ENC.rawValue
    _ = xmlCtxtUseOptions(context, Int32(bitPattern: options))
    relay.context = context
  }

  deinit {
    xmlFreeParserCtxt(context)
  }

  /// Parses the next bytes of the file.
  mutating func feed(_ bytes: Span<UInt8>) throws(ReadError) {
    if head != nil {
      bytes.withUnsafeBufferPointer { head!.append(contentsOf: $0) }
      try openIfPossible(atEnd: false)
      return
    }
    if utf8.encoding == .utf8 && utf8.isBetweenSequences && bytes.isASCII {
      try push(bytes)
      return
    }
    var translated: [UInt8] = []
    utf8.translate(bytes, into: &translated)
    try push(translated.span)
  }

  /// Says that the file has ended; throws where the document has not.
  mutating func finish() throws(ReadError) {
    try openIfPossible(atEnd: true)
    var rest: [UInt8] = []
    utf8.finish(into: &rest)
    try push(rest.span)
    try check(xmlParseChunk(context, nil, 0, 1))
  }

  /// Looks at the first bytes: skips blanks, settles the encoding, and hands them on.
  private mutating func openIfPossible(atEnd: Bool) throws(ReadError) {
    guard var bytes = head else { return }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let blanks = bytes.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    let start = Array(bytes.dropFirst(blanks.count))
    if !atEnd {
      if bytes.count < 4 { return }
      let declarationIsOpen = start.count < 4096 && start.firstRange(of: Array("?>".utf8)) == nil
      if start.count < 5 || (start.starts(with: Array("<?xml".utf8)) && declarationIsOpen) {
        if blanks.count <= XMLCursor.longestToken { return }
      }
    }
    head = nil
    relay.skippedLines = blanks.count { $0 == 0x0A }
    utf8.encoding = try encoding(of: start)
    try feed(start.span)
  }

  /// The encoding that the declaration states, UTF-8 where it states none.
  private func encoding(of start: [UInt8]) throws(ReadError) -> LenientUTF8.Encoding {
    let mark = SourceMark(file: file, line: 1 + relay.skippedLines, column: 1)
    if start.prefix(2) == [0xFF, 0xFE] || start.prefix(2) == [0xFE, 0xFF] || start.prefix(4).contains(0) {
      throw ReadError(
        .unsupported, at: mark, "the XML is not in UTF-8 (it looks like UTF-16 or UTF-32)",
        hint: "convert the file to UTF-8")
    }
    guard start.starts(with: Array("<?xml".utf8)), let end = start.firstRange(of: Array("?>".utf8)) else {
      return .utf8
    }
    let declaration = start[..<end.lowerBound]
    guard let key = declaration.firstRange(of: Array("encoding".utf8)) else { return .utf8 }
    let name = declaration[key.upperBound...]
      .drop { $0 == 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      .prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
    switch String(decoding: name, as: UTF8.self).lowercased() {
    case "utf-8", "utf8", "us-ascii", "ascii": return .utf8
    case "iso-8859-1", "latin1", "iso-8859-15", "windows-1252": return .latin1
    case let other:
      throw ReadError(
        .unsupported, at: mark, "the XML declares the encoding \(other)", hint: "convert the file to UTF-8")
    }
  }

  /// Gives valid UTF-8 to the parser, in pieces small enough for its `int` lengths.
  private mutating func push(_ bytes: Span<UInt8>) throws(ReadError) {
    var position = 0
    while position < bytes.count {
      let piece = bytes.extracting(position..<min(position + 64 * 1024, bytes.count))
      let status = piece.withUnsafeBytes {
        xmlParseChunk(context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), 0)
      }
      try check(status)
      position += piece.count
      fed += piece.count
      if fed - Int(xmlByteConsumed(context)) > Self.longestToken {
        throw ReadError(
          .limit, at: relay.mark(), "a tag, comment or instruction is longer than \(Self.longestToken) bytes",
          hint: "no model file needs that; is the file damaged?")
      }
    }
  }

  /// Throws what the listener threw, or what libxml2 found wrong.
  private func check(_ status: Int32) throws(ReadError) {
    if let failure = relay.failure { throw failure }
    guard status != 0 || context.pointee.wellFormed == 0 else { return }
    var mark = relay.mark()
    var message = "the document is not well-formed XML"
    if let error = xmlCtxtGetLastError(context)?.pointee {
      if error.line > 0 { mark.line = Int(error.line) + relay.skippedLines }
      if error.int2 > 0 { mark.column = Int(error.int2) }
      if let text = error.message {
        let said = String(cString: text).split(whereSeparator: \.isNewline).first ?? ""
        message += ": \(said)"
      }
    }
    throw ReadError(
      .notWellFormed, at: mark, message,
      hint: "the file is damaged or cut off; fetch it again from where it was made")
  }
}

/// What libxml2's callbacks talk to. Its only owner is the cursor, which outlives every callback.
private final class Relay {
  let events: any XMLEvents
  let file: String
  var context: xmlParserCtxtPtr?
  private(set) var failure: ReadError?
  /// Whether there is a failure: asked at every event, and cheaper to ask.
  private var hasFailed = false
  /// Lines before the declaration that the parser never saw.
  var skippedLines = 0

  init(events: any XMLEvents, file: String) {
    self.events = events
    self.file = file
  }

  /// Calls `body` with the relay that libxml2 hands back, without counting the reference: several times a node that would
  /// be the larger part of the work. The cursor owns the relay for as long as libxml2 can call.
  @inline(__always)
  static func with(_ user: UnsafeMutableRawPointer?, _ body: (Relay) -> Void) {
    if let user { Unmanaged<Relay>.fromOpaque(user)._withUnsafeGuaranteedRef { body($0) } }
  }

  var line: Int {
    guard let input = context?.pointee.input else { return 1 }
    return Int(input.pointee.line) + skippedLines
  }

  func mark() -> SourceMark { SourceMark(file: file, line: line) }

  func fail(_ error: ReadError) {
    if !hasFailed { failure = error }
    hasFailed = true
    if let context { xmlStopParser(context) }
  }

  func start(
    _ name: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ count: Int32,
    _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  ) {
    guard !hasFailed, let name else { return }
    if prefix != nil {
      return fail(ReadError(.unexpected, at: mark(), "an element's name has a namespace prefix"))
    }
    if count > XMLCursor.mostAttributes {
      return fail(
        ReadError(.limit, at: mark(), "an element has \(count) attributes; at most \(XMLCursor.mostAttributes) are read"))
    }
    do {
      try events.start(XMLTag(name: name, attributes: attributes, count: Int(count), line: line))
    } catch {
      fail(error)
    }
  }

  func end() {
    guard !hasFailed else { return }
    do { try events.end(line: line) } catch { fail(error) }
  }

  func text(_ start: UnsafePointer<UInt8>?, _ count: Int32) {
    guard !hasFailed, count > 0 else { return }
    do { try events.text(UnsafeBufferPointer(start: start, count: Int(count)).span, line: line) } catch { fail(error) }
  }

  func refuseDocumentType() {
    fail(
      ReadError(
        .forbiddenMarkup, at: mark(), "the document has a document type declaration (<!DOCTYPE …>)",
        hint: "model files have none; remove it if you trust the file"))
  }

  /// The callbacks: elements, text, document types; everything else in a document is ignored, errors are kept by libxml2.
  static func handler() -> xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = XML_SAX2_MAGIC
    handler.startElementNs = { user, name, prefix, _, _, _, count, _, attributes in
      Relay.with(user) { $0.start(name, prefix, count, attributes) }
    }
    handler.endElementNs = { user, _, _, _ in Relay.with(user) { $0.end() } }
    handler.characters = { user, start, count in Relay.with(user) { $0.text(start, count) } }
    handler.ignorableWhitespace = handler.characters
    handler.internalSubset = { user, _, _, _ in Relay.with(user) { $0.refuseDocumentType() } }
    handler.externalSubset = { user, _, _, _ in Relay.with(user) { $0.refuseDocumentType() } }
    handler.entityDecl = { user, _, _, _, _, _ in Relay.with(user) { $0.refuseDocumentType() } }
    handler.serror = { _, _ in }
    return handler
  }
}

extension Span<UInt8> {
  /// Whether no byte has its high bit set. Eight bytes at a time.
  fileprivate var isASCII: Bool {
    withUnsafeBytes { bytes in
      var all: UInt64 = 0
      let words = bytes.count / 8
      for word in 0..<words { all |= bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self) }
      for index in 8 * words..<bytes.count { all |= UInt64(bytes[index]) }
      return all & 0x8080_8080_8080_8080 == 0
    }
  }
}
