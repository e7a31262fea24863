import ArgumentParser
import PetrifyKit

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a model.",
    discussion: """
      Kind, trainer and version, size, inputs with units, training ranges and how often trees ask for them, results and their \
      meaning, what the file left open and how it was read, and anything odd.

      EXAMPLES
        petrify inspect BDT.weights.xml
        petrify inspect BDT.weights.xml --json | python3 -m json.tool
      """)

  @OptionGroup var model: ModelArguments

  @Flag(help: "Print JSON for programs instead of text for people.")
  var json = false

  func run() throws {
    try Terminal.reporting {
      let summary = try model.read().summary
      try Terminal.show(json ? summary.json : summary.text(emphasis: Terminal.bold))
    }
  }
}
