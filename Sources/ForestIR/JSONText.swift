import Decimals

/// Writes JSON: separators, line breaks, escapes and the spelling of numbers, nothing about forests.
///
/// The same calls always give the same bytes. Members and elements come in the order of the calls; nothing checks
/// that an object's names differ.
///
/// A text may be handed on in pieces while it is being written, so that a large one is never in memory as a whole.
package struct JSONText {
  /// Where white space goes.
  package enum Layout: Sendable {
    /// For people: two columns for each level, lines of about a hundred columns.
    case readable
    /// None at all.
    case compact
  }

  /// How the parts of one object or array are laid out where white space is wanted.
  package enum Style: Sendable {
    /// All on one line.
    case line
    /// Each on a line of its own.
    case lines
    /// On one line until it is full, then on the next: for many numbers.
    case wrapped
  }

  /// What was written and not yet handed on: everything, unless there is a receiver.
  package var bytes: [UInt8] { text + piece.bytes }
  /// Full pieces that nobody receives.
  private var text: [UInt8] = []
  private var piece = TextBuffer()
  private let receiver: (([UInt8]) -> Void)?
  private let layout: Layout
  private var style = Style.line
  private var isFirst = true
  private var depth = 0
  /// Where the line began, as an index in `piece`; negative if that part was handed on.
  private var lineStart = 0

  /// A wrapped line is left behind this column. A number has 24 characters at most (`-2.2250738585072014e-308`).
  private static let fullLine = 84

  /// Pieces are at least so many bytes long, but for the last one.
  private static let pieceSize = 64 * 1024

  /// - Parameter receiver: gets the text piece by piece, in order, the last piece at `finish()`; nil to keep it in `bytes`.
  package init(layout: Layout = .readable, receiver: (([UInt8]) -> Void)? = nil) {
    self.layout = layout
    self.receiver = receiver
  }

  // MARK: Structure

  package mutating func object(_ style: Style, _ members: (inout JSONText) -> Void) {
    enclosed(UInt8(ascii: "{"), UInt8(ascii: "}"), style, members)
  }

  package mutating func array(_ style: Style, _ elements: (inout JSONText) -> Void) {
    enclosed(UInt8(ascii: "["), UInt8(ascii: "]"), style, elements)
  }

  private mutating func enclosed(
    _ opening: UInt8, _ closing: UInt8, _ style: Style, _ parts: (inout JSONText) -> Void
  ) {
    let outer = self.style
    piece.append(opening)
    self.style = style
    isFirst = true
    depth += 1
    parts(&self)
    depth -= 1
    if style == .lines, !isFirst { breakLine() }
    piece.append(closing)
    self.style = outer
    isFirst = false
  }

  /// The name of the member whose value is written next. Plain ASCII without anything to escape.
  package mutating func name(_ name: StaticString) {
    next()
    append(quoted: name)
    piece.append(UInt8(ascii: ":"))
    if layout == .readable { piece.append(UInt8(ascii: " ")) }
  }

  /// Before each element of an array.
  package mutating func next() {
    if piece.count >= Self.pieceSize { handOn() }
    if !isFirst { piece.append(UInt8(ascii: ",")) }
    switch style {
    case .lines: breakLine()
    case .wrapped where piece.count - lineStart > Self.fullLine: breakLine()
    case .line, .wrapped: if !isFirst, layout == .readable { piece.append(UInt8(ascii: " ")) }
    }
    isFirst = false
  }

  /// Ends the text as text files end.
  package mutating func finish() {
    if layout == .readable { piece.append(UInt8(ascii: "\n")) }
    handOn()
  }

  private mutating func handOn() {
    if let receiver {
      receiver(Array(piece.bytes))
    } else {
      text += piece.bytes
    }
    lineStart -= piece.count
    piece.removeAll()
  }

  private mutating func breakLine() {
    guard layout == .readable else { return }
    piece.append(UInt8(ascii: "\n"))
    lineStart = piece.count
    for _ in 0..<depth {
      piece.append(UInt8(ascii: " "))
      piece.append(UInt8(ascii: " "))
    }
  }

  // MARK: Values

  package mutating func bool(_ value: Bool) { append(value ? "true" : "false") }

  /// A constant string of plain ASCII without anything to escape.
  package mutating func string(_ value: StaticString) { append(quoted: value) }

  /// Any text. Quotes, backslashes and control characters (DEL too) are escaped; all other characters stay UTF-8.
  package mutating func string(_ value: some StringProtocol) {
    piece.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        piece.append(UInt8(ascii: "\\"))
        piece.append(byte)
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\r"): append("\\r")
      case UInt8(ascii: "\t"): append("\\t")
      case 0..<0x20, 0x7F:
        append("\\u00")
        append(hex: UInt64(byte), digits: 2)
      default: piece.append(byte)
      }
    }
    piece.append(UInt8(ascii: "\""))
  }

  package mutating func integer(_ value: Int) {
    piece.append(whole: value)
  }

  /// The shortest decimal that reads back to the same float64: `3.0`, `-0.0`, `1e-05`, `5e-324`.
  ///
  /// JSON has no infinities and no NaN; they become the strings `"Infinity"`, `"-Infinity"` and `"NaN"`, a NaN of another
  /// bit pattern than the usual one `"NaN:"` and its 16 hexadecimal digits.
  package mutating func number(_ value: Double) {
    guard value.isFinite else { return nonFinite(value) }
    piece.append(number: value)
  }

  private mutating func nonFinite(_ value: Double) {
    if value.bitPattern == Double.nan.bitPattern {
      append("\"NaN\"")
    } else if value.isNaN {
      append("\"NaN:")
      append(hex: value.bitPattern, digits: 16)
      piece.append(UInt8(ascii: "\""))
    } else {
      append(value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }

  private mutating func append(hex value: UInt64, digits: Int) {
    for digit in (0..<digits).reversed() {
      let nibble = UInt8(truncatingIfNeeded: value >> (4 * UInt64(digit))) & 0xF
      piece.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
    }
  }

  private mutating func append(_ text: StaticString) {
    piece.append(text)
  }

  private mutating func append(quoted text: StaticString) {
    piece.append(UInt8(ascii: "\""))
    append(text)
    piece.append(UInt8(ascii: "\""))
  }
}

extension JSONText {
  /// An array of numbers, wrapped unless there are very few.
  package mutating func numbers(_ values: [Double]) {
    array(values.count > 4 ? .wrapped : .line) { text in
      for value in values {
        text.next()
        text.number(value)
      }
    }
  }

  /// An array of integers, wrapped.
  package mutating func integers(_ values: some Sequence<some BinaryInteger>) {
    array(.wrapped) { text in
      for value in values {
        text.next()
        text.integer(Int(value))
      }
    }
  }
}
