/// Text from a model file on its way into a comment or a literal. Such text is untrusted: it must never become code.
package enum SafeText {
  /// For a comment line: one line of printable text that cannot end any language's comment or string, nor join lines.
  ///
  /// Control, line-breaking, bidirectional and other invisible format characters become blanks; `*/` and `/*` are
  /// parted; a backslash becomes `\` only where more text follows on the line; `??` (trigraphs) is parted; triple quotes are parted.
  package static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(isPlain(scalar) ? scalar : " ")
    }
    for (unsafe, safe) in [
      ("*/", "* /"), ("/*", "/ *"), ("??", "? ?"), ("\"\"\"", "\" \" \""), ("'''", "' ' '"), ("\\", "\u{2216}"),
    ] {
      result = replacing(unsafe, by: safe, in: result)
    }
    while result.last == " " { result.removeLast() }
    return result
  }

  /// The inside of a C or C++ string literal: printable ASCII as it is, everything else as octal escapes of its UTF-8
  /// bytes (always three digits, so that a digit may follow); `?` escaped against trigraphs.
  package static func cLiteral(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): result += "\\\""
      case UInt8(ascii: "\\"): result += "\\\\"
      case UInt8(ascii: "?"): result += "\\?"
      case 0x20..<0x7F: result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let octal = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      }
    }
    return result
  }

  /// The inside of a Swift string literal in double quotes.
  package static func swiftLiteral(_ text: String) -> String {
    escaped(text) { "\\u{" + String($0, radix: 16) + "}" }
  }

  /// The inside of a Python string literal in double quotes.
  package static func pythonLiteral(_ text: String) -> String {
    escaped(text) {
      let digits = String($0, radix: 16)
      let width = $0 > 0xFFFF ? 8 : 4
      return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }
  }

  private static func escaped(_ text: String, code: (UInt32) -> String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" {
        result += "\\" + String(scalar)
      } else if isPlain(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += code(scalar.value)
      }
    }
    return result
  }

  /// Whether a character is visible, or the plain blank.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  private static func replacing(_ pattern: String, by replacement: String, in text: String) -> String {
    guard let first = pattern.unicodeScalars.first, text.unicodeScalars.contains(first) else { return text }
    let source = Array(text.unicodeScalars), wanted = Array(pattern.unicodeScalars)
    var result = String.UnicodeScalarView()
    var i = 0
    while i < source.count {
      if i + wanted.count <= source.count, source[i..<(i + wanted.count)].elementsEqual(wanted) {
        result.append(contentsOf: replacement.unicodeScalars)
        i += wanted.count
      } else {
        result.append(source[i])
        i += 1
      }
    }
    return String(result)
  }
}
