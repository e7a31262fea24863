import ArgumentParser
import Foundation
import PetrifyKit

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine scores the model, with each target.",
    discussion: """
      Times are nanoseconds an event, for one call an event and for one call for all of them. Source targets are written, \
      compiled and run in a temporary directory (CXX, CC, PYTHON and SWIFTC choose compilers; a missing one is an error). \
      First the bits of every target are compared with the evaluator's: the time of a wrong answer is worth nothing. \
      Then all targets are measured in turn, several rounds.

      Without --data, events are made whose inputs lie between the model's thresholds, any two equally often. A quiet \
      machine gives better numbers.

      EXAMPLES
        petrify bench BDT.weights.xml
        petrify bench BDT.weights.xml --data in.csv --to evaluator,\(Petrify.exampleTargets)
        CXX="c++ -march=native" petrify bench BDT.weights.xml --to cpp --json

      EXIT CODES
        0   measured
        1   a target computes other numbers than the evaluator; nothing was measured
      """)

  @OptionGroup var model: ModelArguments

  @Option(help: ArgumentHelp("A table of events (default: events made for the model).", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "How many events; rows of the table are repeated if it has fewer (default: 100000, for large forests 20000).",
      valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("How many threads the evaluator uses, measured besides one.", valueName: "n"))
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp(
      "Targets, comma-separated: evaluator,\(Petrify.exampleTargets) (default: evaluator,\(Target.sources.first?.name ?? "cpp")).",
      valueName: "list"))
  var to: String?

  @Option(help: ArgumentHelp("How often everything is measured.", valueName: "n"))
  var rounds: Int = 5

  @Flag(help: "Print JSON, with the times of each round.")
  var json = false

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads takes a number from 1 to 1024") }
    guard (1...10_000_000).contains(rows ?? 1) else { throw ValidationError("--rows takes a number from 1 to 10000000") }
    guard (1...1000).contains(rounds) else { throw ValidationError("--rounds takes a number from 1 to 1000") }
  }

  func run() throws {
    try Terminal.reporting {
      let targets = try to.map { list throws(PetrifyError) in try Target.list(list, computing: true) }
        ?? [.evaluator] + Target.sources.prefix(1)
      let model = try model.read()
      var choices = BenchmarkChoices()
      choices.table = data
      choices.rows = rows
      choices.threads = threads
      choices.rounds = rounds
      let signals = SignalWatch()
      let benchmark = try model.benchmark(targets, choices, progress: Terminal.progress)
      withExtendedLifetime(signals) { Terminal.endProgress() }
      try Terminal.show(json ? benchmark.json : benchmark.text(emphasis: Terminal.bold))
      if !benchmark.holds { throw ExitCode(1) }
    }
  }
}
