import FileBytes

/// A binary file that is read as it is parsed, in memory that does not depend on its length.
struct ByteWindow {
  private let stream: JSONStream
  let file: String
  /// The part of the file that is held.
  private(set) var bytes: [UInt8] = []
  /// Where in the file the window begins.
  private var base = 0
  /// The byte of the window that is read next.
  var offset = 0
  private var hasMore = true

  private static let size = 1 << 18

  init(_ stream: JSONStream, file: String) {
    self.stream = stream
    self.file = file
  }

  /// The byte of the file that is read next.
  var position: Int { base + offset }

  /// How many bytes there are in the window, at least `wanted` unless the file ends before.
  mutating func available(_ wanted: Int) -> Int {
    if bytes.count - offset < wanted, hasMore {
      bytes.removeSubrange(..<offset)
      base += offset
      offset = 0
      hasMore = stream.fill(&bytes, to: max(ByteWindow.size, wanted))
    }
    return bytes.count - offset
  }

  /// Makes sure that so many bytes are in the window.
  mutating func need(_ count: Int) throws(ReadError) {
    guard available(count) >= count else {
      throw ReadError(
        .notWellFormed, at: SourceMark(file: file, byte: base + bytes.count), "the file ends early",
        hint: "was it written or copied completely?")
    }
  }

  mutating func isAtEnd() throws(ReadError) -> Bool { available(1) == 0 }

  mutating func peekByte() throws(ReadError) -> UInt8 {
    try need(1)
    return bytes[offset]
  }

  mutating func byte() throws(ReadError) -> UInt8 {
    try need(1)
    offset += 1
    return bytes[offset - 1]
  }

  /// Goes on by a few bytes, which must be there.
  mutating func advance(_ count: Int) throws(ReadError) {
    try need(count)
    offset += count
  }

  /// Goes on by any number of bytes, which must be there.
  mutating func pass(_ count: Int) throws(ReadError) {
    var left = count
    while left > 0 {
      let step = min(left, ByteWindow.size)
      try advance(step)
      left -= step
    }
  }

  /// The next bytes. The array grows only as far as the file goes.
  mutating func take(_ count: Int) throws(ReadError) -> [UInt8] {
    var taken: [UInt8] = []
    var left = count
    while left > 0 {
      let step = min(left, ByteWindow.size)
      try need(step)
      taken.append(contentsOf: bytes[offset..<offset + step])
      offset += step
      left -= step
    }
    return taken
  }

  /// An unsigned number of up to eight bytes, the highest first.
  mutating func bigEndian(_ count: Int) throws(ReadError) -> UInt64 {
    try need(count)
    var bits: UInt64 = 0
    for index in offset..<offset + count { bits = bits << 8 | UInt64(bytes[index]) }
    offset += count
    return bits
  }

  /// An unsigned number of up to eight bytes, the lowest first.
  mutating func littleEndian(_ count: Int) throws(ReadError) -> UInt64 {
    try need(count)
    var bits: UInt64 = 0
    for index in (offset..<offset + count).reversed() { bits = bits << 8 | UInt64(bytes[index]) }
    offset += count
    return bits
  }
}
