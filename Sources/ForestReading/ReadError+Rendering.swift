// What a refusal looks like on a terminal:
//
//     model.xml:31:44: error: Cut is not a finite number (Weights/BinaryTree[17]/Node/Node[0]@Cut)
//           <Node pos="l" depth="1" NCoef="0" IVar="2" Cut="inf" …
//                                                           ^
//     hint: …
//
// Everything that comes from the file passes through `printable`, so that no file can drive the terminal.

extension ReadError: CustomStringConvertible {
  /// The whole message, one or more lines, without a newline at the end.
  package var description: String {
    var lines = ["\(mark): error: \(Self.printable(message))"]
    if let path = mark.path { lines[0] += " (\(Self.printable(path)))" }
    if let quote {
      lines.append(quote.text)
      if let caret = quote.caret { lines.append(String(repeating: " ", count: max(0, caret)) + "^") }
    }
    if let hint { lines.append("hint: \(Self.printable(hint))") }
    return lines.joined(separator: "\n")
  }

  /// The text with control characters and bidirectional overrides replaced by a visible mark, and cut off at a length
  /// that nobody reads beyond.
  package static func printable(_ text: String) -> String {
    let limit = 2000
    var shown = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      count += 1
      if count > limit {
        shown.append("…")
        break
      }
      shown.append(isHarmless(scalar) ? scalar : "\u{FFFD}")
    }
    return String(shown)
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: false
    case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: false
    default: true
    }
  }
}

extension SourceMark: CustomStringConvertible {
  /// `FILE:LINE:COLUMN`, `FILE: BYTE n`, or as much of it as is known.
  package var description: String {
    let name = ReadError.printable(file)
    guard let line else {
      return byte.map { "\(name): BYTE \($0)" } ?? name
    }
    return column.map { "\(name):\(line):\($0)" } ?? "\(name):\(line)"
  }
}
