import Foundation
import PetrifyKit
import Testing

/// The command as it was built, run as users run it.
@Suite struct CommandTests {
  private let scratch: Scratch
  private let model: String
  private let events: String

  init() throws {
    scratch = try Scratch()
    model = try scratch.file("BDT.weights.xml", SmallModel.xml())
    events = try scratch.file("events.csv", "pt,eta\n1.5,2\n1,2\n")
  }

  private struct Outcome {
    let code: Int32
    let output: String
    let complaint: String
  }

  /// The executable lies beside the bundle of tests.
  private static var executable: URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.pathExtension == "xctest" || folder.lastPathComponent == "MacOS" || folder.lastPathComponent == "Contents" {
      folder.deleteLastPathComponent()
    }
    return folder.appendingPathComponent("petrify")
  }

  private func petrify(_ arguments: String...) throws -> Outcome { try petrify(arguments) }

  private func petrify(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file(".out", "")))
    let complaint = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file(".err", "")))
    process.standardOutput = output
    process.standardError = complaint
    try process.run()
    process.waitUntilExit()
    let outcome = try Outcome(
      code: process.terminationStatus, output: scratch.text(".out"), complaint: scratch.text(".err"))
    try FileManager.default.removeItem(atPath: scratch.path + "/.out")
    try FileManager.default.removeItem(atPath: scratch.path + "/.err")
    return outcome
  }

  @Test func tellsItsVersion() throws {
    let outcome = try petrify("--version")
    #expect(outcome.code == 0)
    #expect(outcome.output == PetrifyTool.version + "\n")
  }

  @Test(arguments: [[], ["convert"], ["score"], ["diff"], ["compare"], ["inspect"], ["bench"]])
  func helpsWithExamples(_ command: [String]) throws {
    let outcome = try petrify(command + ["--help"])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("EXAMPLES"))
    #expect(!outcome.output.contains("petrify prove"))
  }

  @Test func scores() throws {
    let outcome = try petrify("score", model, "--data", events)
    #expect(outcome.code == 0)
    #expect(outcome.output == "score\n1.0\n-0.3333333333333333\n")
    #expect(outcome.complaint == "")
  }

  @Test func converts() throws {
    let outcome = try petrify("convert", model, "--to", "cpp,python", "-o", scratch.path + "/out", "--name", "Tagger")
    #expect(outcome.code == 0)
    #expect(outcome.output == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/out").sorted() == ["Tagger.hpp", "Tagger.py"])
  }

  @Test func convertListsItsTargets() throws {
    let help = try petrify("convert", "--help").output
    for target in Target.writable { #expect(help.contains("\(target.name) ") && help.contains(target.title)) }
  }

  @Test func inspects() throws {
    let outcome = try petrify("inspect", model)
    #expect(outcome.code == 0)
    #expect(outcome.output.hasPrefix("BDT.weights.xml\nboosted decision trees (AdaBoost)"))
    #expect(!outcome.output.contains("\u{1B}"))
  }

  @Test func compares() throws {
    let same = try petrify("diff", model, "--data", events, "--to", "evaluator")
    #expect(same.code == 0)
    let reference = try scratch.file("scores.csv", "score\n1.0\n-0.3\n")
    let other = try petrify("diff", model, "--data", events, "--reference", reference, "--to", "evaluator")
    #expect(other.code == 1)
    #expect(other.complaint == "")
    #expect(other.output.contains("row 2, score"))
    let tolerant = try petrify(
      "diff", model, "--data", events, "--reference", reference, "--to", "evaluator", "--max-ulp", "1000000000000000")
    #expect(tolerant.code == 0)
  }

  @Test func comparesModels() throws {
    let other = try scratch.file("other.xml", SmallModel.xml(title: "p_{T}", cut: "1.5000000001"))
    let same = try petrify("compare", model, other)
    #expect(same.code == 0)
    #expect(same.complaint == "")
    #expect(same.output.contains("identical (proved)"))
    let wrong = try scratch.file("wrong.xml", SmallModel.xml(cut: "1.5000001"))
    let different = try petrify("compare", model, wrong)
    #expect(different.code == 1)
    #expect(different.complaint == "")
    #expect(different.output.contains("are different functions: score"))
    #expect(try petrify("compare", model, wrong, "--json").output.contains("\"finding\": \"different\""))
    #expect(try petrify("compare", model, other, "--missing-a", "-999").code == 1)
    #expect(try petrify("compare", model, other, "--missing-a", "-999", "--missing-b", "-999").code == 0)
    #expect(try petrify("compare", model, scratch.path + "/none.xml").code == 74)
    #expect(try petrify("compare", events, model).code == 65)
  }

  @Test func benchmarks() throws {
    let short = ["--rows", "100", "--rounds", "1"]
    let table = try petrify(["bench", model, "--to", "evaluator", "--threads", "1"] + short)
    #expect(table.code == 0)
    #expect(table.complaint == "")
    #expect(table.output.contains("ns per event"))
    let json = try petrify(["bench", model, "--data", events, "--to", "evaluator", "--json"] + short)
    #expect(json.code == 0)
    #expect(json.output.hasPrefix("{\n"))
    #expect(try petrify(["bench", model, "--data", scratch.path + "/none.csv"] + short).code == 74)
    let missing = try petrify(["bench", model] + short, environment: ["CXX": "no-such-compiler"])
    #expect(missing.code == 74)
    #expect(missing.output == "")
    #expect(missing.complaint.contains("cpp: error: no-such-compiler is not on this machine"))
  }

  @Test func doesNotMeasureWrongAnswers() throws {
    // A compiler whose programs say 0 for every event: 100 results one by one, 100 at once.
    let compiler = try scratch.file(
      "compiler",
      """
      #!/bin/sh
      while [ "$1" != -o ]; do shift; done
      printf '#!/bin/sh\\nhead -c 1600 /dev/zero > "$4"\\n' > "$2"
      chmod +x "$2"

      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: compiler)
    let outcome = try petrify(
      ["bench", model, "--to", "evaluator,cpp", "--rows", "100", "--rounds", "1"], environment: ["CXX": compiler])
    #expect(outcome.code == 1)
    #expect(outcome.complaint == "")
    #expect(outcome.output.contains("cpp             200          0  row 1, score"))
    #expect(outcome.output.contains("Not measured"))
    #expect(!outcome.output.contains("ns per event"))
  }

  @Test(arguments: [
    ["compare", "MODEL"], ["compare", "MODEL", "MODEL", "--only", "leaves"], ["compare", "MODEL", "MODEL", "--rows", "0"],
    ["compare", "MODEL", "MODEL", "--from-a", "x"], ["compare", "MODEL", "MODEL", "--dialect-b", "x"],
    ["convert", "MODEL"], ["convert", "MODEL", "--to", "ada", "-o", "OUT"],
    ["convert", "MODEL", "--to", "cpp", "-o", "OUT", "--name", "a b"], ["convert", "MODEL", "--to", "cpp", "-o", "OUT", "--layout", "x"],
    ["score", "MODEL"], ["score", "MODEL", "--data", "EVENTS", "--threads", "0"], ["prove", "MODEL"], ["publish", "MODEL"],
    ["bench"], ["bench", "MODEL", "--rows", "0"], ["bench", "MODEL", "--threads", "0"], ["bench", "MODEL", "--rounds", "0"],
    ["bench", "MODEL", "--to", "forest"], ["bench", "MODEL", "--to", "ada"], ["inspect", "MODEL", "--dialect", "x"], ["inspect", "MODEL", "--from", "x"],
    ["inspect", "MODEL", "--iterations", "best"], ["inspect", "MODEL", "--missing", "nan"],
    ["diff", "MODEL", "--data", "EVENTS", "--report", "x.html"], ["diff", "MODEL", "--data", "EVENTS", "--to", "forest"], ["--nonsense"],
  ])
  func refusesWrongUsage(_ arguments: [String]) throws {
    let outcome = try run(arguments)
    #expect(outcome.code == 64)
    #expect(outcome.output == "")
    #expect(outcome.complaint.lowercased().contains("error: "))
    #expect(try scratch.names == ["BDT.weights.xml", "events.csv"])
  }

  @Test(arguments: [["inspect"], ["convert", "--to", "cpp,c,python,swift,forest", "-o", "OUT"], ["score", "--data", "EVENTS"]])
  func refusesABadModelAlike(_ arguments: [String]) throws {
    let bad = try scratch.file("bad.xml", SmallModel.xml(cut: "nan"))
    let outcome = try run([arguments[0], bad] + arguments.dropFirst())
    #expect(outcome.code == 65)
    #expect(outcome.output == "")
    #expect(outcome.complaint.contains("bad.xml:18:"))
    #expect(outcome.complaint.contains(": error: "))
    #expect(try scratch.names == ["BDT.weights.xml", "bad.xml", "events.csv"])
  }

  @Test func tellsWhatCannotBeRead() throws {
    #expect(try petrify("inspect", scratch.path + "/none.xml").code == 74)
    #expect(try petrify("score", model, "--data", scratch.path + "/none.csv").code == 74)
    #expect(try petrify("score", model, "--data", events, "-o", scratch.path + "/no/folder.csv").code == 74)
  }

  @Test func takesAStandInThatBeginsWithAMinus() throws {
    let events = try scratch.file("missing.csv", "pt,eta\n-999,2\n")
    #expect(try petrify("score", model, "--data", events, "--missing", "-999").output == "score\n-999.0\n")
    #expect(try petrify("score", model, "--data", events).output == "score\n-0.3333333333333333\n")
  }

  private func run(_ arguments: [String]) throws -> Outcome {
    let places = ["MODEL": model, "OUT": scratch.path + "/out", "EVENTS": events]
    return try petrify(arguments.map { places[$0] ?? $0 })
  }
}
