/// Text for people, laid out in lines.
enum PythonText {
  /// Text of any origin as lines of harmless text, broken at blanks; words longer than a line are cut.
  ///
  /// Empty text gives no line. - Complexity: O(length).
  static func wrapped(_ text: String, width: Int, indentation: String = "", hanging: String = "") -> [String] {
    var lines: [String] = []
    var line = indentation
    var room = width - indentation.unicodeScalars.count
    var isFresh = true
    for word in SafeText.comment(text).split(separator: " ") {
      var rest = Substring.UnicodeScalarView(word.unicodeScalars)
      while !rest.isEmpty {
        if rest.count + (isFresh ? 0 : 1) <= room {
          line += (isFresh ? "" : " ") + String(rest)
          room -= rest.count + (isFresh ? 0 : 1)
          isFresh = false
          rest = rest.suffix(0)
        } else if !isFresh {
          lines.append(line)
          line = indentation + hanging
          room = width - line.unicodeScalars.count
          isFresh = true
        } else {
          line += String(rest.prefix(max(1, room)))
          rest = rest.dropFirst(max(1, room))
          room = 0
          isFresh = false
        }
      }
    }
    if !isFresh { lines.append(line) }
    return lines
  }

  /// A string literal.
  static func literal(_ text: String) -> String { "\"\(SafeText.pythonLiteral(text))\"" }

  /// A tuple of strings or of other literals, all on one line.
  static func tuple(_ items: [String]) -> String {
    items.count == 1 ? "(\(items[0]),)" : "(\(items.joined(separator: ", ")))"
  }
}
