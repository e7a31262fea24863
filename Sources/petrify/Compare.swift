import ArgumentParser
import Foundation
import PetrifyKit

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out whether two models are the same function.",
    discussion: """
      Of use after any conversion: from one trainer's format to another, to ONNX and back, from one release to the next. The \
      models are compared tree by tree and step by step; thresholds that part the same numbers, splits that decide nothing, \
      the order of inputs and the numbers of leaves do not count. What that cannot decide is asked of events on both sides \
      of every split. The result is a proof, or no difference found (no proof), or an event for which the two differ.

      Inputs belong together by name, or by position where a model names none; results by kind and name.

      EXAMPLES
        petrify compare model.json model.onnx
        petrify compare old.json new.json --only margin
        petrify compare BDT.weights.xml xgboost.json --float32 --no-missing
        petrify compare a.txt b.txt --json | python3 -m json.tool

      EXIT CODES
        0   proved to be the same, or no difference found
        1   different
      """)

  @Argument(help: ArgumentHelp("A model.", valueName: "A"))
  var a: String

  @Argument(help: ArgumentHelp("Another model.", valueName: "B"))
  var b: String

  @Option(help: ArgumentHelp("The format of A.", valueName: "format"))
  var fromA: String?

  @Option(help: ArgumentHelp("The format of B.", valueName: "format"))
  var fromB: String?

  @Option(help: ArgumentHelp("How to read what A leaves open; may be repeated.", valueName: "dialect"))
  var dialectA: [String] = []

  @Option(help: ArgumentHelp("How to read what B leaves open; may be repeated.", valueName: "dialect"))
  var dialectB: [String] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number that meant \"missing\" in A's training.", valueName: "value"))
  var missingA: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number that meant \"missing\" in B's training.", valueName: "value"))
  var missingB: Double?

  @Option(help: ArgumentHelp("Which iterations of A to use: all or best.", valueName: "choice"))
  var iterationsA = ModelArguments.Iterations.all

  @Option(help: ArgumentHelp("Which iterations of B to use: all or best.", valueName: "choice"))
  var iterationsB = ModelArguments.Iterations.all

  @Option(
    help: ArgumentHelp(
      "The results to compare, comma-separated: \(EquivalenceChoices.kinds.joined(separator: ",")) (default: all).", valueName: "kinds"))
  var only: String?

  @Flag(help: "Take inputs by their order, whatever they are called.")
  var byPosition = false

  @Flag(help: "Compare for inputs that are float32 numbers.")
  var float32 = false

  @Flag(help: "Compare for events without NaN.")
  var noMissing = false

  @Option(help: ArgumentHelp("How many events to ask where there is no proof.", valueName: "n"))
  var rows = 100_000

  @Flag(help: "Print JSON for programs instead of text for people.")
  var json = false

  func validate() throws {
    guard rows > 0 else { throw ValidationError("--rows \(rows): at least one event is needed") }
  }

  func run() throws {
    try Terminal.reporting {
      var choices = EquivalenceChoices()
      if let only { choices.results = try EquivalenceChoices.kinds(only) }
      choices.byPosition = byPosition
      choices.float32Inputs = float32
      choices.withoutMissing = noMissing
      choices.rows = rows
      choices.threads = ProcessInfo.processInfo.activeProcessorCount
      var choicesA = ReadingChoices(), choicesB = ReadingChoices()
      (choicesA.format, choicesB.format) = (fromA, fromB)
      (choicesA.dialects, choicesB.dialects) = (Set(dialectA), Set(dialectB))
      (choicesA.missingValue, choicesB.missingValue) = (missingA, missingB)
      (choicesA.iterations, choicesB.iterations) = (iterationsA.rawValue, iterationsB.rawValue)
      let first = try read(a, choicesA), second = try read(b, choicesB)
      Terminal.progress("comparing")
      let report = try first.equivalence(with: second, choices)
      Terminal.endProgress()
      try Terminal.show(json ? report.json : report.text(emphasis: Terminal.bold))
      if !report.holds { throw ExitCode(1) }
    }
  }

  private func read(_ path: String, _ choices: ReadingChoices) throws(PetrifyError) -> PetrifiedModel {
    Terminal.progress("reading \(path)")
    return try PetrifiedModel(reading: path, choices)
  }
}
