/// Text that is put together from small pieces, numbers above all: they are put down in room that is there already.
package struct TextBuffer: Sendable {
  /// Text, and room behind it for one more number at any time.
  private var room: [UInt8]
  /// How many bytes of text there are.
  package private(set) var count = 0

  package init(capacity: Int = 256) { room = [UInt8](repeating: 0, count: capacity + DecimalText.room) }

  package var bytes: ArraySlice<UInt8> { room[..<count] }

  package mutating func removeAll() { count = 0 }

  /// Takes back what was written last.
  package mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count, "only text that is there can be taken back")
    count = length
  }

  @inline(__always)
  package mutating func append(_ byte: UInt8) {
    room[count] = byte
    count &+= 1
    if count > room.count &- DecimalText.room { grow(by: 1) }
  }

  package mutating func append(_ text: some Sequence<UInt8>) {
    for byte in text { append(byte) }
  }

  /// Constant ASCII.
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append($0) }
  }

  /// The digits of a whole number.
  @inline(__always)
  package mutating func append(whole value: Int) { put { DecimalText.write(whole: value, to: &$0, at: $1) } }

  /// The lowest `digits` hexadecimal digits, at most 16, in small letters.
  package mutating func append(hexadecimal bits: UInt64, digits: Int) {
    precondition(digits <= 16)
    put { bytes, start in
      for place in 0..<digits {
        let digit = UInt8(truncatingIfNeeded: bits >> UInt64(truncatingIfNeeded: 4 * (digits - 1 - place))) & 15
        bytes.storeBytes(of: digit < 10 ? 0x30 + digit : 0x57 + digit, toByteOffset: start + place, as: UInt8.self)
      }
      return start + digits
    }
  }

  /// See `DecimalText.append`.
  package mutating func append(number value: Double) { put { DecimalText.write(value, to: &$0, at: $1) } }

  /// See `DecimalText.append`.
  package mutating func append(number value: Float) { put { DecimalText.write(value, to: &$0, at: $1) } }

  @inline(__always)
  private mutating func put(_ write: (inout MutableRawSpan, Int) -> Int) {
    let start = count
    count = Self.written(in: &room, at: start, write)
    if count > room.count &- DecimalText.room { grow(by: DecimalText.room) }
  }

  @inline(__always)
  private static func written(in room: inout [UInt8], at start: Int, _ write: (inout MutableRawSpan, Int) -> Int) -> Int {
    var span = room.mutableSpan
    var bytes = span.mutableBytes
    return write(&bytes, start)
  }

  @inline(never)
  private mutating func grow(by size: Int) { room.append(contentsOf: repeatElement(0, count: max(size, room.count))) }
}
