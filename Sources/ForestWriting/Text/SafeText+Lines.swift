extension SafeText {
  /// Text of any origin as comment lines of bounded length, broken at blanks; words longer than a line are cut.
  ///
  /// - Parameters:
  ///   - width: how many characters a line may have.
  ///   - start: text of our own, shorter than a line, with which the first line begins.
  ///   - hanging: how many blanks every further line begins with.
  /// - Returns: no line for text without words, unless `start` makes one.
  /// - Complexity: O(length).
  static func lines(_ text: String, width: Int, start: String = "", hanging: Int = 0) -> [String] {
    var lines: [String] = []
    var line = start.unicodeScalars, length = line.count, isFresh = true
    for word in comment(text).split(separator: " ") {
      var rest = Substring.UnicodeScalarView(word.unicodeScalars)
      while !rest.isEmpty {
        let gap = isFresh ? 0 : 1, count = rest.count
        if length + gap + count <= width {
          if !isFresh { line.append(" ") }
          line.append(contentsOf: rest)
          length += gap + count
          isFresh = false
          break
        }
        if isFresh {
          let room = max(1, width - length)
          line.append(contentsOf: rest.prefix(room))
          rest = rest.dropFirst(room)
        }
        lines.append(String(line))
        line = String(repeating: " ", count: hanging).unicodeScalars
        length = hanging
        isFresh = true
      }
    }
    if !isFresh || (lines.isEmpty && !start.isEmpty) { lines.append(String(line)) }
    return lines
  }
}
