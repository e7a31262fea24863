import ForestIR
import Testing

@testable import ForestReading

struct XMLCursorTests {
  /// Collects what the cursor says.
  final class Listener: XMLEvents {
    var events: [String] = []
    func start(_ tag: borrowing XMLTag) throws(ReadError) {
      var event = "<\(tag.name)"
      for index in 0..<tag.attributeCount { event += " \(tag.attributeName(index))=\(tag.attributeText(index))" }
      events.append(event + " @\(tag.line)")
    }
    func text(_ bytes: Span<UInt8>, line: Int) throws(ReadError) {
      var copy: [UInt8] = []
      for index in bytes.indices { copy.append(bytes[index]) }
      if copy.contains(where: { $0 > 0x20 }) { events.append(String(decoding: copy, as: UTF8.self)) }
    }
    func end(line: Int) throws(ReadError) { events.append(">") }
  }

  /// Feeds a document in pieces of the given size.
  func events(_ bytes: [UInt8], piece: Int = 1 << 20) throws(ReadError) -> [String] {
    let listener = Listener()
    var cursor = try XMLCursor(file: "f.xml", events: listener)
    var position = 0
    while position < bytes.count {
      let end = min(position + piece, bytes.count)
      try cursor.feed(bytes.span.extracting(position..<end))
      position = end
    }
    try cursor.finish()
    return listener.events
  }

  static let document = Array(
    "\n \t\r\n<?xml version=\"1.0\"?>\n<!-- note -->\n<a x=\"1 &lt;&amp;&gt;&quot; 2\" y='é≤'>\n<b/>t&amp;u</a>\n".utf8)

  @Test(arguments: [1, 2, 3, 5, 7, 64, 100_000])
  func piecesDoNotMatter(_ piece: Int) throws {
    let found = try events(Self.document, piece: piece)
    #expect(found.first == "<a x=1 <&>\" 2 y=é≤ @5")
    #expect(found.dropFirst().first == "<b @6")
    #expect(found.dropFirst(3).dropLast().joined() == "t&u")
    #expect(found.last == ">")
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    #expect(try events([0xEF, 0xBB, 0xBF] + Array("<a/>".utf8)) == ["<a @1", ">"])
  }

  @Test(arguments: [
    ([0x64, 0xE9, 0x70], "dép"), ([0xC3, 0xA9, 0xFF], "éÿ"), ([0xE2, 0x89, 0xA4], "≤"), ([0xE2, 0x89, 0x78], "â\u{89}x"),
    ([0xC0, 0xAF], "À¯"), ([0xED, 0xA0, 0x80], "í\u{A0}\u{80}"), ([0xF4, 0x90, 0x80, 0x80], "ô\u{90}\u{80}\u{80}"),
  ] as [([UInt8], String)])
  func bytesThatAreNoUTF8AreTakenAsLatin1(_ bytes: [UInt8], _ text: String) throws {
    let document = Array("<a dir=\"".utf8) + bytes + Array("\"/>".utf8)
    for piece in [1, 1000] {
      #expect(try events(document, piece: piece).first == "<a dir=\(text) @1")
    }
  }

  @Test func aDeclaredLatin1IsRead() throws {
    let document = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a x=\"".utf8) + [0xC3, 0xA9] + Array("\"/>".utf8)
    #expect(try events(document).first == "<a x=Ã© @1")
  }

  @Test(arguments: ["UTF-16", "EBCDIC-XML", "utf-7"])
  func otherEncodingsAreRefused(_ name: String) {
    let document = Array("<?xml version=\"1.0\" encoding=\"\(name)\"?><a/>".utf8)
    #expect(throws: ReadError.self) { try events(document) }
  }

  @Test func wideEncodingsAreRefused() {
    for start in [[0xFF, 0xFE, 0x3C, 0x00], [0x00, 0x3C, 0x00, 0x61]] as [[UInt8]] {
      #expect(throws: ReadError.self) { try events(start + [0, 0, 0, 0]) }
    }
  }

  @Test func anEndlessTagIsRefused() throws {
    let document = Array("<a x=\"".utf8) + [UInt8](repeating: 0x61, count: 2 << 20)
    let error = try #require(throws: ReadError.self) { try events(document) }
    #expect(error.code == .limit)
  }

  @Test func manyAttributesAreRefused() throws {
    let document = Array(("<a " + (0..<9000).map { "x\($0)=\"\" " }.joined() + "/>").utf8)
    let error = try #require(throws: ReadError.self) { try events(document) }
    #expect(error.code == .limit)
  }

  @Test func aDocumentTypeIsRefusedBeforeItIsRead() throws {
    let document = Array("<!DOCTYPE a SYSTEM \"http://localhost/x.dtd\" [<!ENTITY e SYSTEM \"/etc/passwd\">]><a>&e;</a>".utf8)
    let error = try #require(throws: ReadError.self) { try events(document) }
    #expect(error.code == .forbiddenMarkup)
  }

  @Test func anErrorHasLineAndColumn() throws {
    let error = try #require(throws: ReadError.self) { try events(Array("<a>\n  <b></c>\n</a>".utf8)) }
    #expect(error.code == .notWellFormed)
    #expect(error.mark.line == 2)
    #expect(error.mark.column != nil)
  }

  @Test(arguments: [
    (NodeLayout.Key.node, "Node"),
    (NodeLayout.Key.position, "pos"),
    (NodeLayout.Key.depth, "depth"),
    (NodeLayout.Key.coefficientCount, "NCoef"),
    (NodeLayout.Key.variable, "IVar"),
    (NodeLayout.Key.cut, "Cut"),
    (NodeLayout.Key.sense, "cType"),
    (NodeLayout.Key.response, "res"),
    (NodeLayout.Key.purity, "purity"),
    (NodeLayout.Key.type, "nType"),
    (NodeLayout.Key.signal, "nS"),
    (NodeLayout.Key.oldSignal, "s"),
    (NodeLayout.Key.background, "nB"),
    (NodeLayout.Key.oldBackground, "b"),
  ] as [(XMLNameKey, String)])
  func packedNames(_ key: XMLNameKey, _ name: String) {
    #expect(key == XMLNameKey(Array(name.utf8).span))
  }

  @Test func longNamesHaveNoKey() {
    #expect(XMLNameKey(Array("BinaryTree".utf8).span).bits == 0)
    #expect(XMLNameKey("Node") == NodeLayout.Key.node)
  }
}
