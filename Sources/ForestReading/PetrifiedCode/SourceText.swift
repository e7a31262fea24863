import FileBytes

/// A whole file of source code: it is read at once, since a program cannot be understood from a part of it.
enum SourceText {
  /// More code than this is no forest that anybody compiled.
  static let longest = 1 << 29

  static func bytes(of source: inout ByteSource) throws(ReadError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: ByteSource.chunkSize)
    while true {
      let count: Int
      do { count = try source.read(into: &buffer) } catch { throw ReadError(error) }
      if count == 0 {
        try checkLineEnds(bytes, source.path)
        return bytes
      }
      guard bytes.count + count <= longest else {
        throw ReadError(
          .limit, at: SourceMark(file: source.path), "more than \(longest) bytes of source code",
          hint: "give the model that the code was made from")
      }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Compilers do not agree whether a carriage return alone ends a line, and with it a comment.
  private static func checkLineEnds(_ bytes: [UInt8], _ file: String) throws(ReadError) {
    var line = 1
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\r"), index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n") {
        throw ReadError(
          .malformed, at: SourceMark(file: file, line: line), "a carriage return that is not followed by a line feed",
          hint: "no known writer of petrified code does that; was the file edited?")
      }
    }
  }
}
