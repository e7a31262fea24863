// Strings. RFC 8259, section 7; the bytes must be UTF-8 as RFC 3629 has it: shortest forms only, no surrogates,
// nothing beyond U+10FFFF.

extension JSONCursor {
  /// The string that stands next, with its escapes resolved.
  package mutating func string() throws(ReadError) -> String {
    try expectValue()
    guard bytes[offset] == UInt8(ascii: "\"") else { throw wrongType(expected: "a string") }
    let string = try takeString()
    isPending = false
    return string
  }

  mutating func takeString() throws(ReadError) -> String {
    let start = offset
    let hasEscapes = try scanString()
    let content = start + 1..<offset - 1
    guard content.count <= options.stringLimit else {
      throw fault(.limit, at: base + start, "a string of more than \(options.stringLimit) bytes")
    }
    // Proved to be UTF-8 by the scan: decoding repairs nothing.
    return hasEscapes ? unescaped(content) : String(decoding: bytes[content], as: UTF8.self)
  }

  /// Passes over the string that starts here and proves it well-formed.
  ///
  /// - Returns: whether it holds escapes.
  mutating func scanString() throws(ReadError) -> Bool {
    let start = offset
    var index = offset + 1
    var hasEscapes = false
    while true {
      // The longest escape fits before the end of a window.
      if hasMore, index > bytes.count - 16 { try extend() }
      guard index < bytes.count else { break }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        offset = index + 1
        return hasEscapes
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        index = try endOfEscape(index)
      } else if byte < 0x20 {
        throw fault(.notWellFormed, at: base + index, "a control character (\(shown(index))) inside a string must be escaped")
      } else if byte < 0x80 {
        index += 1
      } else {
        let count = scalarLength(index)
        guard count > 0 else { throw fault(.notWellFormed, at: base + index, "bytes that are not UTF-8 inside a string") }
        index += count
      }
    }
    throw fault(.notWellFormed, at: base + start, "a string without its closing quote")
  }

  /// The index behind the escape that starts at `index`; a pair of surrogates is one escape.
  private func endOfEscape(_ index: Int) throws(ReadError) -> Int {
    guard index + 1 < bytes.count else { throw fault(.notWellFormed, at: base + index, "the file ends inside a string") }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      guard let unit = codeUnit(index) else {
        throw fault(.notWellFormed, at: base + index, "\"\\u\" must be followed by four hexadecimal digits")
      }
      switch unit {
      case 0xD800..<0xDC00:
        guard let low = codeUnit(index + 6), (0xDC00..<0xE000).contains(low) else {
          throw fault(.notWellFormed, at: base + index, "half of a surrogate pair")
        }
        return index + 12
      case 0xDC00..<0xE000: throw fault(.notWellFormed, at: base + index, "half of a surrogate pair")
      default: return index + 6
      }
    default:
      throw fault(.notWellFormed, at: base + index, "an escape that JSON does not know: \"\\\" and \(shown(index + 1))")
    }
  }

  /// The code unit of a `\uXXXX` at `index`, or nil if there is none.
  private func codeUnit(_ index: Int) -> UInt32? {
    guard bytes.count - index >= 6, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
      return nil
    }
    var unit: UInt32 = 0
    for position in index + 2..<index + 6 {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return unit
  }

  /// The length of the UTF-8 sequence of a scalar beyond ASCII; 0 if there is none. (Unicode 16, table 3-7.)
  private func scalarLength(_ index: Int) -> Int {
    func continues(_ position: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      position < bytes.count && range.contains(bytes[position])
    }
    switch bytes[index] {
    case 0xC2...0xDF: return continues(index + 1) ? 2 : 0
    case 0xE0...0xEF:
      let second: ClosedRange<UInt8> =
        switch bytes[index] {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        default: 0x80...0xBF
        }
      return continues(index + 1, second) && continues(index + 2) ? 3 : 0
    case 0xF0...0xF4:
      let second: ClosedRange<UInt8> =
        switch bytes[index] {
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
      return continues(index + 1, second) && continues(index + 2) && continues(index + 3) ? 4 : 0
    default: return 0
    }
  }

  /// Resolves the escapes of a string that was scanned.
  private func unescaped(_ content: Range<Int>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(content.count)
    var index = content.lowerBound
    while index < content.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        text.append(bytes[index])
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"):
        var value = codeUnit(index) ?? 0xFFFD
        if (0xD800..<0xDC00).contains(value), let low = codeUnit(index + 6) {
          value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
          index += 6
        }
        text.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        index += 4
      default: text.append(bytes[index + 1])
      }
      index += 2
    }
    return String(decoding: text, as: UTF8.self)
  }
}
