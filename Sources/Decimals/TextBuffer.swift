/// Text that is put together from small pieces, numbers above all: they are put down in room that is there already.
package struct TextBuffer: Sendable {
  /// Text, and room behind it for one more number at any time.
  @usableFromInline var room: [UInt8]
  /// So many bytes are always there.
  @inlinable static var slack: Int { DecimalText.room }

  /// How many bytes of text there are.
  @usableFromInline package var count = 0

  package init(capacity: Int = 256) { room = [UInt8](repeating: 0, count: capacity + TextBuffer.slack) }

  package var bytes: ArraySlice<UInt8> { room[..<count] }

  package mutating func removeAll() { count = 0 }

  /// Takes back what was written last.
  package mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count, "only text that is there can be taken back")
    count = length
  }

  /// Takes out the zero in front of the point of a number that was written from `start` on.
  package mutating func dropLeadingZero(from start: Int) {
    let place = start < count && room[start] == UInt8(ascii: "-") ? start + 1 : start
    guard place + 1 < count, room[place] == UInt8(ascii: "0"), room[place + 1] == UInt8(ascii: ".") else { return }
    for index in place..<count - 1 { room[index] = room[index + 1] }
    count -= 1
  }

  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8) {
    room[count] = byte
    count &+= 1
    if count > room.count &- TextBuffer.slack { grow() }
  }

  @inlinable
  package mutating func append(_ text: some Sequence<UInt8>) {
    for byte in text { append(byte) }
  }

  /// Constant ASCII.
  @inlinable
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { for byte in $0 { append(byte) } }
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
    if count > room.count &- TextBuffer.slack { grow() }
  }

  @inline(__always)
  private static func written(in room: inout [UInt8], at start: Int, _ write: (inout MutableRawSpan, Int) -> Int) -> Int {
    var span = room.mutableSpan
    var bytes = span.mutableBytes
    return write(&bytes, start)
  }

  @usableFromInline @inline(never)
  mutating func grow() { room.append(contentsOf: repeatElement(0, count: room.count)) }
}
