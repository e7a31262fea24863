// Where something stands, and the errors that say so. All of it is worked out only when an error is made.

extension JSONCursor {
  /// A value's place, kept for an error that can be known only later.
  package struct Place: Sendable, Hashable {
    package let byte: Int
    package let path: String
    /// The line and column, which cannot be found out later where the document is read from a stream.
    fileprivate var position: Position?

    package init(byte: Int, path: String) {
      self.byte = byte
      self.path = path
    }

    fileprivate struct Position: Sendable, Hashable {
      let line: Int
      let column: Int
    }
  }

  /// The place of the value that stands next. It holds text: for one value in many, `nextByte()` is cheaper.
  package var here: Place {
    var start = self
    // The copy must not read on.
    start.hasMore = false
    var place = Place(byte: start.nextByte(), path: path)
    if stream != nil {
      let position = position(of: place.byte)
      place.position = Place.Position(line: position.line, column: position.column)
    }
    return place
  }

  /// The byte at which the value that stands next begins.
  package mutating func nextByte() -> Int {
    skipSpace()
    return base + offset
  }

  /// Where the cursor is, in the document's terms: `learner.trees[3].left_children[17]`; empty at the root.
  package var path: String {
    var path = ""
    for (depth, frame) in frames.enumerated() where frame.count > 0 {
      if frame.isObject {
        // The newest key of this object stands just before the first of the next one.
        let end = frames[(depth + 1)...].first?.firstKey ?? keys.count
        path += JSONCursor.pathComponent(keys[end - 1], isFirst: path.isEmpty)
      } else {
        path += "[\(frame.count - 1)]"
      }
    }
    return path
  }

  private static func pathComponent(_ key: String, isFirst: Bool) -> String {
    let isPlain = !key.isEmpty && key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain else { return "[\"\(clipped(key))\"]" }
    return (isFirst ? "" : ".") + clipped(key)
  }

  /// Text of the file, short enough for a message.
  package static func clipped(_ text: String) -> String {
    let limit = 60
    // Counted in scalars: one character can have any number of them.
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }

  /// The line and column of a byte, both counted from 1; the column in characters. O(offset).
  ///
  /// Of a stream only bytes in the window can be found; for an earlier one the window's beginning is given.
  package func position(of offset: Int) -> (line: Int, column: Int) {
    if let stream { return stream.position(of: max(offset, base), bytes, base: base) }
    var line = 1
    var lineStart = 0
    let end = min(offset, bytes.count)
    for index in 0..<end where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    // Bytes that continue a character do not count.
    var column = 1
    for index in lineStart..<end where bytes[index] & 0xC0 != 0x80 { column += 1 }
    return (line, column)
  }

  /// A byte of the file, for a message.
  func shown(_ index: Int) -> String {
    guard index < bytes.count else { return "the end of the file" }
    let byte = bytes[index]
    return (0x20..<0x7F).contains(byte) ? "\"\(Character(Unicode.Scalar(byte)))\"" : "the byte 0x\(String(byte, radix: 16, uppercase: true))"
  }

  // MARK: Errors

  /// - Parameter offset: the byte at fault; the one that is read next unless given.
  package func fault(_ code: ReadError.Code, at offset: Int? = nil, _ message: String, hint: String? = nil) -> ReadError {
    ReadError(code, at: mark(offset ?? base + self.offset, path), message, hint: hint)
  }

  /// An error about a value that was read before.
  ///
  /// - Parameter below: what is to be added to the value's path: `.trees[3]`.
  package func fault(
    _ code: ReadError.Code, at place: Place, below: String = "", _ message: String, hint: String? = nil
  ) -> ReadError {
    var mark = mark(place.byte, place.path + below)
    if let position = place.position { (mark.line, mark.column) = (position.line, position.column) }
    return ReadError(code, at: mark, message, hint: hint)
  }

  private func mark(_ offset: Int, _ path: String) -> SourceMark {
    let position = position(of: offset)
    return SourceMark(file: file, line: position.line, column: position.column, path: path.isEmpty ? nil : path)
  }

  /// The value that stands next is not what the caller needs; or it is not a value at all.
  func wrongType(expected: String) -> ReadError {
    var copy = self
    do throws(ReadError) {
      let found =
        switch try copy.kind() {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a truth value"
        case .null: "null"
        }
      return fault(.malformed, "\(expected) is needed here, not \(found)")
    } catch {
      return error
    }
  }
}
