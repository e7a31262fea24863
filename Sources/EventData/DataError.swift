package import FileBytes

/// An event table that cannot be read as it stands, with the place, a sentence and a remedy.
package struct DataError: Error, Equatable, Sendable {
  /// Where in the file.
  package enum Place: Equatable, Sendable {
    /// The file as a whole.
    case file
    /// A line and a column of text, both counted from 1; the column counts bytes, as compilers do.
    case line(Int, column: Int)
    /// A byte of the uncompressed data, counted from 0.
    case byte(Int)
  }

  /// The piece of the line that the place is in.
  package struct Excerpt: Equatable, Sendable {
    /// The text, free of control characters and not longer than a line on a screen.
    package var text: String
    /// How many characters of `text` stand before the place.
    package var caret: Int
  }

  /// The path as the user gave it.
  package var path: String
  /// Where in the file.
  package var place: Place
  /// One sentence without the place and without a full stop.
  package var what: String
  /// The source line, where there is one.
  package var excerpt: Excerpt?
  /// What the user can do about it.
  package var hint: String?
  /// 65 for a table that is wrong, 74 for a file that cannot be read.
  package var exitCode: Int32

  package init(
    path: String, place: Place = .file, what: String, excerpt: Excerpt? = nil, hint: String? = nil,
    exitCode: Int32 = 65
  ) {
    self.path = path
    self.place = place
    self.what = what
    self.excerpt = excerpt
    self.hint = hint
    self.exitCode = exitCode
  }

  /// The same trouble, met while reading a table.
  package init(_ error: FileError) {
    self.init(
      path: error.path, place: error.byte.map { .byte($0) } ?? .file, what: error.what, hint: error.hint,
      exitCode: error.exitCode)
  }
}

extension DataError: CustomStringConvertible {
  /// `FILE:LINE:COLUMN: error: what`, the line with a caret under the place, and `hint: what to do`.
  package var description: String {
    var lines: [String] = []
    switch place {
    case .file: lines.append("\(path): error: \(what)")
    case .line(let line, let column): lines.append("\(path):\(line):\(column): error: \(what)")
    case .byte(let byte): lines.append("\(path): BYTE \(byte): error: \(what)")
    }
    if let excerpt {
      lines.append(excerpt.text)
      lines.append(String(repeating: " ", count: excerpt.caret) + "^")
    }
    if let hint { lines.append("hint: \(hint)") }
    return lines.joined(separator: "\n")
  }
}

extension DataError.Excerpt {
  /// How many bytes are shown on either side of the place.
  private static let reach = 50

  /// Cuts the surroundings of `bytes[index]` out of the line that is `bytes[line]`.
  init(_ bytes: [UInt8], line: Range<Int>, at index: Int) {
    let index = min(max(index, line.lowerBound), line.upperBound)
    let start = max(line.lowerBound, index - Self.reach)
    let end = min(line.upperBound, index + Self.reach)
    let before = Self.printable(bytes[start..<index])
    text = before + Self.printable(bytes[index..<end])
    caret = before.count
  }

  /// Text that cannot steer a terminal: control characters become blanks, and broken UTF-8 a replacement character.
  static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    String(
      String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
        scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
          ? " " : Character(scalar)
      })
  }
}

/// A name from a file in quotes for a message: printable, and cut to a length that can be read.
func quoted(_ name: some Collection<UInt8>) -> String {
  let text = DataError.Excerpt.printable(Array(name.prefix(80))[...])
  return "'\(text)\(name.count > 80 ? "…" : "")'"
}

/// A name in quotes for a message.
func quoted(_ name: String) -> String {
  quoted(Array(name.utf8))
}
