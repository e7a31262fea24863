/// Texts of any length as constants of a C header.
///
/// C99 compilers need not take a literal of more than 4095 characters, and say so under `-Wpedantic`; longer texts are
/// arrays of characters.
struct CTexts {
  let dialect: CFamilyDialect
  private var count = 0

  /// What every compiler takes, without the zero at the end.
  static let literalLimit = 4095

  init(_ dialect: CFamilyDialect) { self.dialect = dialect }

  /// What a `const char[]` is initialised with. - Complexity: O(length).
  static func initialiser(_ text: String) -> String {
    guard text.utf8.count > literalLimit else { return CFamilyDialect.literal(text) }
    var printer = CodePrinter()
    printer.indent()
    printer.indent()
    printer.filled(text.utf8.map(character) + ["'\\0'"])
    return "{\n" + String(decoding: printer.bytes, as: UTF8.self) + "}"
  }

  /// What a `const char*` is initialised with: a literal, or the name of an array that is printed before.
  mutating func pointer(_ text: String, to printer: inout CodePrinter) -> String {
    guard text.utf8.count > CTexts.literalLimit else { return CFamilyDialect.literal(text) }
    let name = dialect.hidden("text_\(count)")
    count += 1
    printer.line()
    printer.line("static const char \(name)[] = \(CTexts.initialiser(text));")
    return name
  }

  /// The value of a character constant is that of a `char`, whether that has a sign or not.
  private static func character(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "?"): "'\\\(Unicode.Scalar(byte))'"
    case 0x20..<0x7F: "'\(Unicode.Scalar(byte))'"
    default:
      "'\\" + String(repeating: "0", count: byte < 8 ? 2 : byte < 64 ? 1 : 0) + String(byte, radix: 8) + "'"
    }
  }
}
