/// Literals of texts.
enum PythonText {
  /// A string literal.
  static func literal(_ text: String) -> String { "\"\(SafeText.pythonLiteral(text))\"" }

  /// A tuple of strings or of other literals, all on one line.
  static func tuple(_ items: [String]) -> String {
    items.count == 1 ? "(\(items[0]),)" : "(\(items.joined(separator: ", ")))"
  }
}
