import ForestIR
import Testing

@testable import ForestReading

/// How a refusal is shown: one place for the wording of the frame, and nothing of a file may drive a terminal.
struct ReadErrorTests {
  @Test func hasPlaceQuoteCaretAndHint() {
    let error = ReadError(
      .malformed, at: SourceMark(file: "m.xml", line: 3, column: 7, path: "Weights@NTrees"), "a sentence", hint: "a remedy",
      quote: ReadError.Quote(text: "<Weights NTrees=\"x\">", caret: 6))
    #expect(
      error.description == """
        m.xml:3:7: error: a sentence (Weights@NTrees)
        <Weights NTrees="x">
              ^
        hint: a remedy
        """)
  }

  @Test(arguments: [
    (SourceMark(file: "m"), "m"), (SourceMark(file: "m", line: 2), "m:2"), (SourceMark(file: "m", byte: 17), "m: BYTE 17"),
    (SourceMark(file: "m", line: 2, column: 5), "m:2:5"),
  ])
  func marks(_ mark: SourceMark, _ text: String) {
    #expect(mark.description == text)
  }

  @Test func controlCharactersAreReplaced() {
    let error = ReadError(.malformed, at: SourceMark(file: "a\u{1B}[31m"), "x\u{9B}y\u{202E}z\n", hint: "\u{7}")
    #expect(error.description == "a\u{FFFD}[31m: error: x\u{FFFD}y\u{FFFD}z\u{FFFD}\nhint: \u{FFFD}")
  }

  @Test func longTextIsCutOff() {
    #expect(ReadError.printable(String(repeating: "a", count: 1 << 20)).count < 2100)
  }

  @Test func aLongLineIsShownAroundTheCaret() throws {
    let padding = String(repeating: "x", count: 5000)
    let xml = WeightFile().xml.replacing("NCoef=\"0\" IVar=\"0\" Cut=\"1.5e+00\"", with: "odd=\"\(padding)\" IVar=\"0\" Cut=\"inf\" NCoef=\"0\"")
    let error = try #require(refusal(xml))
    let quote = try #require(error.quote)
    #expect(quote.text.count <= 111)
    let caret = try #require(quote.caret)
    #expect(quote.text.dropFirst(caret).hasPrefix("inf"))
  }
}
