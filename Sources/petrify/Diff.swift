import ArgumentParser
import Foundation
import PetrifyKit

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare original scores with what each target computes, bit for bit.",
    discussion: """
      The original scores come from a CSV file, row by row those of the events, its columns called like the model's results \
      (`petrify inspect` names them); without a file they are what the plain reference evaluator says. Source targets are \
      written, compiled and run in a temporary directory; a compiler that is missing is an error.

      EXAMPLES
        petrify diff BDT.weights.xml --data in.csv --reference scores.csv
        petrify diff BDT.weights.xml --data in.csv --to evaluator,\(Target.sources.first?.name ?? "cpp")
      """)

  @OptionGroup var model: ModelArguments

  @Option(help: ArgumentHelp("The table of events.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("The table of original scores.", valueName: "file"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "Targets, comma-separated: evaluator,\(Petrify.exampleTargets) (default: all).", valueName: "list"))
  var to: String?

  @Option(name: .customLong("max-ulp"), help: ArgumentHelp("How far off a number may be, in units in the last place.", valueName: "n"))
  var maximumULP: UInt64 = 0

  func run() throws {
    try Terminal.reporting {
      let targets = try to.map { list throws(PetrifyError) in try Target.list(list, computing: true) }
        ?? Target.computing
      let model = try model.read()
      let signals = SignalWatch()
      let comparison = try model.compare(
        events: data, reference: reference, targets: targets, maximumULP: maximumULP,
        threads: ProcessInfo.processInfo.activeProcessorCount, progress: Terminal.progress)
      withExtendedLifetime(signals) { Terminal.endProgress() }
      try Terminal.show(comparison.text(emphasis: Terminal.bold))
      if !comparison.holds { throw ExitCode(1) }
    }
  }
}
