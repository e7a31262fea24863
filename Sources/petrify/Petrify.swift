import ArgumentParser
import Foundation
import PetrifyKit

@main
struct Petrify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "petrify",
    abstract: "Turn a trained decision forest into source code that computes the very same numbers.",
    discussion: """
      MODEL is the file that the trainer saved, gzip-compressed or not; its format is recognised by its content.
      Formats that are read: \(ReadingChoices.formats.joined(separator: ", ")).
      Targets: \(Target.writable.map(\.name).joined(separator: ", ")).

      EXAMPLES
        petrify inspect BDT.weights.xml
        petrify convert BDT.weights.xml --to \(exampleTargets) -o generated
        petrify score BDT.weights.xml --data in.csv > scores.csv
        petrify diff BDT.weights.xml --data in.csv --reference scores.csv
        petrify compare BDT.weights.xml BDT.json
        petrify bench BDT.weights.xml

      EXIT CODES
        0   all well
        1   diff, compare or bench found differences
        64  wrong usage
        65  the model or the data cannot be used
        70  a fault of petrify
        74  a file cannot be read or written, or a compiler is missing
      """,
    version: PetrifyTool.version,
    subcommands: [Convert.self, Score.self, Diff.self, Compare.self, Inspect.self, Bench.self])

  /// For examples: the languages.
  static var exampleTargets: String { Target.sources.map(\.name).joined(separator: ",") }
  /// What there is to write.
  static var writableTargets: String { Target.writable.map(\.name).joined(separator: ",") }

  /// Names and titles of targets, a line for each, indented for a text of help.
  static func lines(_ targets: [Target]) -> String {
    targets.map { "  \($0.name.padding(toLength: 14, withPad: " ", startingAt: 0))  \($0.title)" }.joined(separator: "\n")
  }

  static func main() {
    // A reader that goes away (`petrify score … | head`) ends the program quietly, even where the caller ignores the signal.
    signal(SIGPIPE, SIG_DFL)
    main(nil)
  }
}
