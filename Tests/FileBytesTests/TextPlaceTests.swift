import FileBytes
import Testing

@Suite struct TextPlaceTests {
  @Test(arguments: [
    ("", 1, 1), ("a", 1, 2), ("\n", 2, 1), ("12345678", 1, 9), ("1234567\n", 2, 1), ("\n2345678", 2, 8), ("12345678\n\n12345678", 3, 9),
    ("ééééé", 1, 6), ("1234567é", 1, 9), ("1234567🌳2\n🌳", 2, 2), ("\u{8A}\u{10A}abcdefgh\u{A}", 2, 1), ("\r\t\u{B}\u{0}\u{7F}abcdefghij", 1, 16),
  ])
  func places(text: String, line: Int, column: Int) {
    let bytes = Array(text.utf8)
    // In one piece, and in two, cut anywhere.
    for cut in 0...bytes.count {
      var place = TextPlace()
      place.pass(bytes.span.extracting(..<cut))
      place.pass(bytes.span.extracting(cut...))
      #expect(place.line == line && place.column == column)
    }
  }
}
