/// Lines and indentation, nothing else.
///
/// Text is collected as UTF-8. Indentation is put in front of every line that is not empty.
package struct CodePrinter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var margin: [UInt8] = []
  private let step: Int

  package init(indentation: Int = 2) { step = indentation }

  /// One line, or several if `text` holds line feeds.
  package mutating func line(_ text: String = "") {
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

  /// Comma-separated items, filled into lines of at most `width` columns, the last without a comma.
  package mutating func filled(_ items: some Sequence<String>, width: Int = 118, separator: String = ", ") {
    var current: [UInt8] = margin
    var isEmpty = true
    let gap = Array(separator.utf8)
    let lineEnd = gap.last == 0x20 ? gap.dropLast() : gap[...]
    for item in items {
      if !isEmpty {
        if current.count + gap.count + item.utf8.count + 1 > width {
          bytes.append(contentsOf: current)
          bytes.append(contentsOf: lineEnd)
          bytes.append(0x0A)
          current = margin
        } else {
          current.append(contentsOf: gap)
        }
      }
      current.append(contentsOf: item.utf8)
      isEmpty = false
    }
    if !isEmpty {
      bytes.append(contentsOf: current)
      bytes.append(0x0A)
    }
  }
}

extension CodePrinter {
  /// Whole lines, indented already.
  package mutating func verbatim(_ lines: [UInt8]) { bytes.append(contentsOf: lines) }
}
