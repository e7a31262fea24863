import ForestTesting
import ForestWriting
import Testing

/// The emitted C program that turns a table of events into a table of scores.
struct CDriverTests {
  @Test(arguments: ["gcc", "clang"])
  func tables(compiler: String) throws {
    let workshop = try CppWorkshop()
    try workshop.write(CEmitter().emit(CppRequests.request(try CppDriverTests.echo(), withDriver: true)).files)
    let built = try workshop.run(
      [compiler, "-std=c99", "-O2"] + CProgramTests.warnings + ["-o", "driver", "model_driver.c", "-lm"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    let heading = "log(mjj),\"a,b\",\"say \"\"hi\"\"\"\n"

    // Byte order mark, CR LF, columns in another order and one too many, quotes, blanks, words, nothing; a line longer than
    // any buffer.
    let long = String(repeating: "y", count: 200_000)
    let odd = try workshop.run(
      ["./driver"],
      input: "\u{FEFF}\"a,b\",extra,\"say \"\"hi\"\"\", log(mjj)\r\n1,\"\(long)\n,\"\"\",2,3\r\n NaN ,,-INF,\"+Infinity\"\r\n,,\"\",7")
    #expect(odd.errors == "")
    #expect(odd.output == heading + "3,1,2\ninf,nan,-inf\n7,nan,nan\n")

    var random = SplitMix64(seed: 3)
    let texts = CppDriverTests.numbers + ["5e-324", "-1.5e-310", "2.2250738585072014e-308"] + (0..<3000).map { _ in
      let value = Double(bitPattern: random.next())
      return value.isNaN ? "nan" : "\(value)"
    }
    let many = try workshop.run(["./driver"], input: heading + texts.map { "\($0),0.3,1\n" }.joined())
    #expect(many.errors == "")
    let lines = many.output.split(separator: "\n").dropFirst()
    #expect(lines.count == texts.count)
    for (text, line) in zip(texts, lines) {
      let field = String(line.prefix { $0 != "," })
      guard let expected = Double(text == "5." ? "5" : text), let got = Double(field) else {
        Issue.record("\(text) → \(field)")
        continue
      }
      #expect(sameBits(got, expected), "\(text) → \(field)")
      // As many digits as the shortest of another library.
      if expected.isFinite { #expect(CDriverTests.digits(field) <= CDriverTests.digits("\(expected)"), "\(field)") }
    }

    for (input, complaint) in [
      ("log(mjj),\"a,b\"\n", "say \"hi\""), (heading + "1,2\n", "fields"), (heading + "1,2,3,4\n", "fields"), ("", "header"),
      (heading + "1,2,x\n", "not a number"), (heading + "1,2,0x10\n", "not a number"), (heading + "1,2,1e\n", "not a number"),
      (heading + "1,2,%n%s\n", "\"%n%s\" is not a number"), (heading + "1,2,\"3\n", "never closed"),
      (heading + "\n1,2,3\n", "blank line"), (heading + "1,2,nan(7)\n", "not a number"), (heading + "1,2,3\r4\n", "carriage return"),
      (heading + "1,2,\"3\"4\n", "closing quote"), (heading + "1,2,3\"\n", "a quote inside"),
      (heading.replacing("\n", with: ",log(mjj)\n"), "twice"),
    ] {
      let refused = try workshop.run(["./driver"], input: input)
      #expect(refused.code == 65, "\(input)")
      #expect(refused.errors.contains(complaint), "\(input): \(refused.errors)")
    }
    #expect(try workshop.run(["./driver"], input: heading + "1,2,3\n\n\n").output == heading + "1,2,3\n")
  }

  @Test func columnsByPosition() throws {
    let workshop = try CppWorkshop()
    try workshop.write(CEmitter().emit(CppRequests.request(try CppDriverTests.echo(isUnnamed: true), withDriver: true)).files)
    #expect(try workshop.run(["gcc", "-std=c99", "-o", "driver", "model_driver.c", "-lm"]).errors == "")
    #expect(try workshop.run(["./driver"], input: "p,q,r\n1,2,3\n").output.hasSuffix("\n1,2,3\n"))
    #expect(try workshop.run(["./driver"], input: "p,q\n1,2\n").code == 65)
  }

  /// How many digits a number's text has, without those that only hold a place.
  private static func digits(_ text: String) -> Int {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).drop { $0 == "0" }
    return String(mantissa.reversed()).drop { $0 == "0" }.count
  }
}
