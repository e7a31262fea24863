/// Turns the bytes of an XML file into valid UTF-8, chunk by chunk.
///
/// Weight files declare no encoding and are ASCII but for a user name or a folder written in the encoding of some old
/// login. A byte that is no part of valid UTF-8 is taken as the Latin-1 character of that number, so that such a file
/// can be read; the places where it happens carry no meaning for the model.
struct LenientUTF8 {
  /// How the bytes of the file are to be taken.
  enum Encoding {
    case utf8
    /// Every byte is the character of its number.
    case latin1
  }

  var encoding = Encoding.utf8
  /// The beginning of a sequence whose end is in the next chunk: at most three bytes.
  private var pending: [UInt8] = []

  /// Appends the translation of `bytes` to `output`. O(n).
  mutating func translate(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
    if encoding == .latin1 {
      for index in bytes.indices { Self.appendLatin1(bytes[index], to: &output) }
      return
    }
    for index in bytes.indices {
      let byte = bytes[index]
      if byte < 0x80 && pending.isEmpty {
        output.append(byte)
        continue
      }
      pending.append(byte)
      settle(into: &output, atEnd: false)
    }
  }

  /// Appends what was still waiting for its end.
  mutating func finish(into output: inout [UInt8]) {
    settle(into: &output, atEnd: true)
  }

  /// Whether the next ASCII-only chunk may be passed on as it is.
  var isBetweenSequences: Bool { pending.isEmpty }

  private mutating func settle(into output: inout [UInt8], atEnd: Bool) {
    while let first = pending.first {
      guard let length = Self.sequenceLength(first) else {
        Self.appendLatin1(first, to: &output)
        pending.removeFirst()
        continue
      }
      let valid = pending.indices.dropFirst().allSatisfy {
        $0 >= length || Self.isContinuation(pending[$0], at: $0, after: first)
      }
      if !valid || (atEnd && pending.count < length) {
        Self.appendLatin1(first, to: &output)
        pending.removeFirst()
      } else if pending.count >= length {
        output.append(contentsOf: pending.prefix(length))
        pending.removeFirst(length)
      } else {
        return
      }
    }
  }

  /// The length of the sequence that `lead` begins, or nil where it begins none.
  private static func sequenceLength(_ lead: UInt8) -> Int? {
    switch lead {
    case 0x00..<0x80: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: nil
    }
  }

  /// Table 3-7 of the Unicode standard: the second byte excludes overlong forms, surrogates and what lies above U+10FFFF.
  private static func isContinuation(_ byte: UInt8, at position: Int, after lead: UInt8) -> Bool {
    guard position == 1 else { return (0x80...0xBF).contains(byte) }
    switch lead {
    case 0xE0: return (0xA0...0xBF).contains(byte)
    case 0xED: return (0x80...0x9F).contains(byte)
    case 0xF0: return (0x90...0xBF).contains(byte)
    case 0xF4: return (0x80...0x8F).contains(byte)
    default: return (0x80...0xBF).contains(byte)
    }
  }

  private static func appendLatin1(_ byte: UInt8, to output: inout [UInt8]) {
    if byte < 0x80 {
      output.append(byte)
    } else {
      output.append(0xC0 | byte >> 6)
      output.append(0x80 | byte & 0x3F)
    }
  }
}
