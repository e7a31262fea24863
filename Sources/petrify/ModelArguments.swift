import ArgumentParser
import PetrifyKit

/// The model and how to read it: what all commands have in common.
struct ModelArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The model as its trainer saved it, gzip-compressed or not.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "The format of the model, where its content is not to decide (\(ReadingChoices.formats.joined(separator: ", "))).",
      valueName: "format"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "How to read what the file leaves open; may be repeated (\(ReadingChoices.dialects.joined(separator: ", "))).",
      valueName: "dialect"))
  var dialect: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number that meant \"missing\" in training, such as -999.", valueName: "value"))
  var missing: Double?

  /// No format that is read so far records where training would have been stopped, so there is nothing to choose from.
  @Option(help: .hidden)
  var iterations: Iterations = .all

  enum Iterations: String, ExpressibleByArgument, CaseIterable { case all, best }

  func validate() throws {
    if iterations == .best {
      throw ValidationError("--iterations best: none of the formats that are read records a best iteration")
    }
  }

  /// Reads the model.
  func read() throws(PetrifyError) -> PetrifiedModel {
    var choices = ReadingChoices()
    choices.format = from
    choices.dialects = Set(dialect)
    choices.missingValue = missing
    Terminal.progress("reading \(model)")
    let model = try PetrifiedModel(reading: model, choices)
    Terminal.endProgress()
    return model
  }
}
