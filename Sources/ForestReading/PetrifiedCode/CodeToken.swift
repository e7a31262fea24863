/// The languages in which petrified code is read.
enum CodeLanguage: Sendable {
  case cPlusPlus
  case python
}

/// One word of source code, by its place in the file.
///
/// Blanks and comments are gone. What a token means is for the grammar that reads it; nothing is evaluated here.
struct CodeToken: Sendable {
  enum Kind: Sendable {
    /// An identifier or a keyword.
    case word
    /// Anything that begins like a number: a digit, or a point before a digit.
    case number
    /// A string literal, quotes included.
    case text
    /// A character literal, quotes included.
    case character
    /// An operator or a bracket, the longest that fits.
    case symbol
    /// A preprocessor line without the blanks at its end; C++ only.
    case directive
    /// The end of a line that holds a token; Python only.
    case lineEnd
    /// The end of the file.
    case end
  }

  var kind: Kind
  var range: Range<Int>
  /// Counted from 1.
  var line: Int
  /// The first byte of the line.
  var lineStart: Int

  /// How many bytes stand before the token on its line.
  var indentation: Int { range.lowerBound - lineStart }
}
