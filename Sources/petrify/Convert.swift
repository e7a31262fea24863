import ArgumentParser
import PetrifyKit

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model as source code, or as a file for other programs.",
    discussion: """
      Writes one file for each target, and with --driver a small program that scores a CSV table for each language. Source \
      files need nothing but the standard library of their language. Either all are written, or none.

      LANGUAGES
      \(Petrify.lines(Target.sources))

      FILES FOR OTHER PROGRAMS
      \(Petrify.lines(Target.documents))

      EXAMPLES
        petrify convert BDT.weights.xml --to \(Petrify.exampleTargets) -o generated
        petrify convert BDT.weights.xml.gz --to \(Target.sources.first?.name ?? "cpp") -o out --name Tagger --driver
      """)

  @OptionGroup var model: ModelArguments

  @Option(help: ArgumentHelp("Targets, comma-separated: \(Petrify.writableTargets).", valueName: "list"))
  var to: String

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The directory for the files; made if missing.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("The name of the files and of what they declare (default: from the model's file name).", valueName: "ident"))
  var name: String?

  @Option(help: "How trees are written: as nested conditions, as tables, or by size.")
  var layout: Layout = .auto

  @Flag(help: "Also write a program that reads events as CSV and writes scores as CSV.")
  var driver = false

  @Option(help: ArgumentHelp("A table of events for the self-test in the files (default: 16 generated events).", valueName: "file"))
  var events: String?

  @Flag(help: "Write files for other programs even where those add in another precision, so that last digits differ.")
  var allowRounding = false

  func run() throws {
    try Terminal.reporting {
      let targets = try Target.list(to)
      let model = try model.read()
      var choices = EmissionChoices()
      choices.name = name
      choices.layout = layout.choice
      choices.withDriver = driver
      choices.eventsTable = events
      choices.allowsRounding = allowRounding
      Terminal.progress("writing \(targets.map(\.title).joined(separator: ", "))")
      try model.emit(targets, into: output, choices) { Terminal.note($0) }
    }
  }
}

extension Convert {
  enum Layout: String, ExpressibleByArgument, CaseIterable {
    case auto, branches, tables

    var choice: EmissionChoices.Layout {
      switch self {
      case .auto: .auto
      case .branches: .branches
      case .tables: .tables
      }
    }
  }
}
