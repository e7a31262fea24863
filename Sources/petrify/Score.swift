import ArgumentParser
import Foundation
import PetrifyKit

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score a table of events.",
    discussion: """
      Reads CSV with a header (columns are found by name, in any order), .npy or .npz, gzip-compressed or not, and writes one \
      CSV row for each. Numbers are written with as many digits as it takes to read the very same number back.

      EXAMPLES
        petrify score BDT.weights.xml --data in.csv > scores.csv
        petrify score BDT.weights.xml --data in.npy -o scores.csv --threads 8
      """)

  @OptionGroup var model: ModelArguments

  @Option(help: ArgumentHelp("The table of events.", valueName: "file"))
  var data: String

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("Where the scores go (default: standard output).", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("How many threads share the work (default: one for each processor).", valueName: "n"))
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads takes a number from 1 to 1024") }
  }

  func run() throws {
    try Terminal.reporting {
      try model.read().score(
        table: data, to: output.map { .file($0) } ?? .standardOutput, threads: threads,
        progress: { Terminal.progress("\($0) rows scored") })
    }
  }
}
