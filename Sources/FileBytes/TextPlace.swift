import Decimals

/// A line and a column of a UTF-8 text, both counted from 1; the column in Unicode scalars.
package struct TextPlace: Sendable, Hashable {
  package private(set) var line = 1
  package private(set) var column = 1

  /// The beginning of a text.
  package init() {}

  /// Goes past the next bytes of the text.
  ///
  /// Bytes that continue a character do not count as columns. Linear in the bytes; all of a large document comes through
  /// here, so eight bytes that hold neither a line break nor the rest of a character are counted at once.
  package mutating func pass(_ text: Span<UInt8>) {
    var index = 0
    while index <= text.count - 8 {
      let word = text.eightBytes(at: index)
      // The highest bit of a byte stays set where the byte is ASCII and no line break: nearly everywhere.
      let others = ((word ^ 0x0A0A_0A0A_0A0A_0A0A) & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F
      if others & ~word & 0x8080_8080_8080_8080 == 0x8080_8080_8080_8080 {
        column += 8
      } else {
        for index in index..<index + 8 { pass(text[index]) }
      }
      index += 8
    }
    while index < text.count {
      pass(text[index])
      index += 1
    }
  }

  @inline(__always)
  private mutating func pass(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }
}
