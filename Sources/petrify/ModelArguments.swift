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

  @Option(
    help: ArgumentHelp(
      "Which iterations of boosting to use: all, or best, those up to the best one that early stopping named (XGBoost).",
      valueName: "choice"))
  var iterations: Iterations = .all

  enum Iterations: String, ExpressibleByArgument, CaseIterable { case all, best }

  /// Reads the model.
  func read() throws(PetrifyError) -> PetrifiedModel {
    var choices = ReadingChoices()
    choices.format = from
    choices.dialects = Set(dialect)
    choices.missingValue = missing
    choices.iterations = iterations.rawValue
    Terminal.progress("reading \(model)")
    let model = try PetrifiedModel(reading: model, choices)
    Terminal.endProgress()
    return model
  }
}
