import ForestIR
import ForestReading

/// What a model file leaves open and the caller decides.
///
///     var choices = ReadingChoices()
///     choices.missingValue = -999        // the number that stood for "missing" in training
///     let model = try PetrifiedModel(reading: "model.weights.xml", choices)
public struct ReadingChoices: Sendable, Hashable {
  /// The format, by its name in `formats`; nil: recognised by the file's content.
  public var format: String?
  /// Ways of reading, by their names in `dialects`.
  public var dialects: Set<String> = []
  /// Inputs equal to this number are taken as missing (NaN).
  public var missingValue: Double?
  /// Which iterations of boosting are used, by its name in `iterationChoices`: `all`, or `best`, those up to the one that the
  /// file names as the best after early stopping. (XGBoost; for a file that names none these are all.)
  public var iterations = "all"

  public init() {}

  /// The names of the formats that can be read.
  public static let formats: [String] = ModelReading.formats.map(\.rawValue)
  /// The names of the dialects.
  public static let dialects: [String] = ReadingOptions.Dialect.allCases.map(\.rawValue)

  /// The names of the choices of iterations.
  public static let iterationChoices: [String] = ReadingOptions.Iterations.allCases.map(\.rawValue)

  /// The same in the words of the reading stage.
  func resolved() throws(PetrifyError) -> (format: ModelFormat?, options: ReadingOptions) {
    var wanted: ModelFormat?
    if let format {
      wanted = ModelReading.formats.first { $0.rawValue == format }
      if wanted == nil {
        throw PetrifyError(
          .usage, nil, "no format is called \"\(format)\"",
          hint: "formats that are read: \(Self.formats.joined(separator: ", "))")
      }
    }
    var options = ReadingOptions()
    for dialect in dialects.sorted() {
      guard let known = ReadingOptions.Dialect(rawValue: dialect) else {
        throw PetrifyError(
          .usage, nil, "no dialect is called \"\(dialect)\"", hint: "dialects: \(Self.dialects.joined(separator: ", "))")
      }
      options.dialects.insert(known)
    }
    if dialects.isSuperset(of: ["multiclass-softmax", "multiclass-pairwise"]) {
      throw PetrifyError(.usage, nil, "the dialects multiclass-softmax and multiclass-pairwise exclude each other")
    }
    guard let iterations = ReadingOptions.Iterations(rawValue: iterations) else {
      throw PetrifyError(
        .usage, nil, "no choice of iterations is called \"\(iterations)\"",
        hint: "iterations: \(Self.iterationChoices.joined(separator: ", "))")
    }
    options.iterations = iterations
    if let missingValue, missingValue.isNaN {
      throw PetrifyError(.usage, nil, "NaN always means \"missing\"", hint: "leave out --missing nan")
    }
    return (wanted, options)
  }
}
