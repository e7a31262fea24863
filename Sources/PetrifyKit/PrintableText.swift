/// Text from files on its way to a terminal: it must not move the cursor, change colours, or hide what it says.
enum PrintableText {
  /// One line of the text: control and invisible format characters, line ends too, become `�`. Tabs become blanks.
  static func line(_ text: some StringProtocol) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      shown.append(scalar == "\t" ? " " : isHarmless(scalar) ? scalar : "\u{FFFD}")
    }
    return String(shown)
  }

  /// The line, cut to `limit` characters with an ellipsis at its end.
  static func line(_ text: some StringProtocol, limit: Int) -> String {
    let whole = line(text)
    guard whole.count > limit else { return whole }
    return whole.prefix(max(0, limit - 1)) + "…"
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }

  /// Lines of at most `width` characters, broken at blanks; a word longer than that stays whole.
  static func wrapped(_ text: some StringProtocol, width: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    for word in line(text).split(separator: " ") {
      if current.isEmpty {
        current = String(word)
      } else if current.count + 1 + word.count <= width {
        current += " " + word
      } else {
        lines.append(current)
        current = String(word)
      }
    }
    if !current.isEmpty || lines.isEmpty { lines.append(current) }
    return lines
  }
}
