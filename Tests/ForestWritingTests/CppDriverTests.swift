import ForestEvaluation
import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// The emitted program that turns a table of events into a table of scores.
struct CppDriverTests {
  static let labels = ["log(mjj)", "a,b", "say \"hi\""]

  /// A forest that hands its inputs on, so that numbers are seen as they were read.
  static func echo(isUnnamed: Bool = false) throws -> Forest {
    var builder = ModelBuilder(inputCount: 3, width: .float64)
    let result = try builder.add(.gather(.inputs, [0, 1, 2]))
    return try Forest(
      inputs: labels.map { Input(label: $0, isUnnamed: isUnnamed) }, model: try builder.model(result: result),
      columns: labels.map { Column(name: $0, role: .response, meaning: "as it came in", width: .float64) },
      provenance: Provenance(trainer: "", kind: "", format: ""))
  }

  static let numbers = [
    "0", "-0", "1", "-1.5", "0.1", "1e22", "1e23", "123456789012345678901234567890", "2.2250738585072011e-308", "4.9e-324",
    "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623159e308", "1e400", "-1e-400",
    "9007199254740993", "0.000000000000000000000000000000000000012345", "1e-5", "5.", ".5", "+3", "1E+2",
    "179769313486231580793728971405301e276", "0.500000000000000166533453693773481063544750213623046875", "1e99999999999999999999",
  ]

  @Test(arguments: [("g++", "-std=c++17"), ("clang++", "-std=c++11")])
  func tables(compiler: String, standard: String) throws {
    let workshop = try CppWorkshop()
    try workshop.write(CppEmitter().emit(CppRequests.request(try CppDriverTests.echo(), withDriver: true)).files)
    let built = try workshop.run([compiler, standard, "-O1"] + CppWorkshop.warnings + ["-o", "driver", "model_driver.cpp"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    let heading = "log(mjj),\"a,b\",\"say \"\"hi\"\"\"\n"

    // Byte order mark, CR LF, columns in another order and one too many, quotes, blanks, words, nothing.
    let odd = try workshop.run(
      ["./driver"],
      input: "\u{FEFF}\"a,b\",extra,\"say \"\"hi\"\"\", log(mjj)\r\n1, \"x\n,\"\"\",2,3\r\n NaN ,,-INF,\"+Infinity\"\r\n,,\"\",7".replacing(", \"x", with: ",\"x"))
    #expect(odd.errors == "")
    #expect(odd.output == heading + "3,1,2\ninf,nan,-inf\n7,nan,nan\n")

    var random = SplitMix64(seed: 3)
    let texts = CppDriverTests.numbers + (0..<3000).map { _ in
      let value = Double(bitPattern: random.next())
      return value.isNaN ? "nan" : "\(value)"
    }
    let many = try workshop.run(
      ["./driver"], input: heading + texts.map { "\($0),0.3,-\($0 == "+3" || $0.hasPrefix("-") ? "1" : $0)\n" }.joined())
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
      // As short as the shortest of another library.
      if expected.isFinite, standard == "-std=c++17" { #expect(field.count <= "\(expected)".count, "\(field)") }
    }

    for (input, complaint) in [
      ("log(mjj),\"a,b\"\n", "say \"hi\""), (heading + "1,2\n", "fields"), (heading + "1,2,3,4\n", "fields"), ("", "header"),
      (heading + "1,2,x\n", "not a number"), (heading + "1,2,0x10\n", "not a number"), (heading + "1,2,1e\n", "not a number"),
      (heading + "1,2,\"3\n", "never closed"), (heading + "\n1,2,3\n", "blank line"), (heading + "1,2,nan(7)\n", "not a number"),
      (heading.replacing("\n", with: ",log(mjj)\n"), "twice"),
    ] {
      let refused = try workshop.run(["./driver"], input: input)
      #expect(refused.code == 65, "\(input)")
      #expect(refused.errors.contains(complaint), "\(input): \(refused.errors)")
    }
    #expect(try workshop.run(["./driver"], input: heading + "1,2,3\n\n\n").output == heading + "1.0,2.0,3.0\n".replacing(".0", with: ""))
  }

  @Test func columnsByPosition() throws {
    let workshop = try CppWorkshop()
    try workshop.write(CppEmitter().emit(CppRequests.request(try CppDriverTests.echo(isUnnamed: true), withDriver: true)).files)
    // The function object, on the way.
    try workshop.write(
      """
      #include "model.hpp"
      int main() {
        const model::Functor<float> score = {};
        const model::Outputs out = score(1.0f, 2.0f, 0.5f);
        return out.log_mjj < 1 ? 1 : 0;
      }

      """, to: "main.cpp")
    #expect(try workshop.run(["g++", "-std=c++11"] + CppWorkshop.warnings + ["-o", "main", "main.cpp"]).errors == "")
    #expect(try workshop.run(["./main"]).code == 0)
    #expect(try workshop.run(["g++", "-o", "driver", "model_driver.cpp"]).code == 0)
    let outcome = try workshop.run(["./driver"], input: "p,q,r\n1,2,3\n")
    #expect(outcome.output.hasSuffix("\n1,2,3\n"))
    #expect(try workshop.run(["./driver"], input: "p,q\n1,2\n").code == 65)
  }
}
