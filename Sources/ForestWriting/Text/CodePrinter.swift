/// Lines and indentation, nothing else.
///
/// Text is collected as UTF-8. Indentation is put in front of every line that is not empty.
package struct CodePrinter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private(set) var margin: [UInt8] = []
  private let step: Int

  package init(indentation: Int = 2) { step = indentation }

  /// One line, or several if `text` holds line feeds.
  package mutating func line(_ text: String = "") {
    // Nearly all of a large file are single lines.
    if !hasLineFeed(text.utf8.span) {
      if !text.isEmpty { bytes.append(contentsOf: margin) }
      bytes.append(contentsOf: text.utf8)
      bytes.append(0x0A)
      return
    }
    var isAtStart = true
    for byte in text.utf8 {
      if isAtStart, byte != 0x0A {
        bytes.append(contentsOf: margin)
        isAtStart = false
      }
      bytes.append(byte)
      if byte == 0x0A { isAtStart = true }
    }
    bytes.append(0x0A)
  }

  private func hasLineFeed(_ text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] == 0x0A { return true }
    return false
  }

  package mutating func indent() { margin.append(contentsOf: repeatElement(0x20, count: step)) }
  package mutating func outdent() {
    precondition(margin.count >= step, "outdented past the margin")
    margin.removeLast(step)
  }

  package mutating func indented<E: Error>(_ body: (inout CodePrinter) throws(E) -> Void) throws(E) {
    indent()
    try body(&self)
    outdent()
  }

  /// Whole lines, indented already.
  package mutating func verbatim(_ lines: some Collection<UInt8>) { bytes.append(contentsOf: lines) }
}
