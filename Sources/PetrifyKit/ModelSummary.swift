import FileBytes
import ForestIR
import ForestVerification

/// What a person wants to know of a model first.
///
///     let summary = try PetrifiedModel(reading: "BDT.weights.xml").summary
///     print(summary.kind, summary.trees)
///     for input in summary.inputs { print(input.label, input.splits) }
///
/// Texts are as the file has them: they may hold anything. `text` and `json` make them harmless.
public struct ModelSummary: Sendable {
  /// One quantity that the model reads.
  public struct InputSummary: Sendable {
    public let label: String
    /// The formula by which an analysis computes it, if known.
    public let expression: String
    public let title: String
    public let unit: String
    public let isInteger: Bool
    /// Only conditions and transformations read it, no tree asks for it.
    public let isSelector: Bool
    /// The smallest and largest value seen in training, if known.
    public let trainingRange: (lowest: Double, highest: Double)?
    /// How many splits ask for it, as it is or through a transformation of its own. Linear combinations inside splits count for
    /// each of their inputs.
    public let splits: Int
  }

  /// An element of the vector that trees read which mixes several inputs.
  public struct MixedFeature: Sendable {
    /// Its position, counted from 0.
    public let index: Int
    public let splits: Int
  }

  /// One number of the result.
  public struct OutputSummary: Sendable {
    public let name: String
    /// What it says, in a sentence.
    public let meaning: String
    /// `margin`, `response` or `label`.
    public let role: String
    /// `float32` or `float64`: the precision of the trainer's own result.
    public let precision: String
    /// Whether `score` prints it; other numbers are offered to programs only.
    public let isPrinted: Bool
    /// What values can occur, where that can be told from the leaves.
    public let range: PossibleValues?
  }

  /// Something the reader of the file has to say.
  public struct Remark: Sendable {
    /// The place in the file; empty if it concerns all of it.
    public let place: String
    public let text: String
  }

  /// The file's name without folder and `.gz`.
  public let fileName: String
  public let format: String
  public let kind: String
  public let trainer: String
  /// Versions, options and other things worth keeping, by name.
  public let facts: [(name: String, value: String)]
  public let trees: Int
  public let splits: Int
  public let leaves: Int
  /// The largest number of splits on the way to a leaf.
  public let depth: Int
  /// Trees of a single leaf.
  public let constantTrees: Int
  /// Splits on linear combinations.
  public let linearSplits: Int
  /// The precision to which inputs are rounded on entry.
  public let inputPrecision: String
  /// What is done to the inputs before trees see them, in order.
  public let transformations: [String]
  public let inputs: [InputSummary]
  public let mixedFeatures: [MixedFeature]
  public let outputs: [OutputSummary]
  /// Decisions that the file left open: which way was taken, and why.
  public let choices: [Remark]
  /// Legal, but worth a look.
  public let oddities: [Remark]
  /// SHA-256 of the file's uncompressed bytes.
  public let sourceSHA256: String?
  /// Identifies what the model computes; see `PetrifiedModel.digest`.
  public let digest: String
  /// The base name that emitted files get.
  public let defaultName: String
}

extension PetrifiedModel {
  /// What a person wants to know first.
  ///
  /// - Complexity: O(size of the model).
  public var summary: ModelSummary {
    let statistics = forest.statistics
    let use = FeatureUse(forest)
    let provenance = forest.provenance
    let ranges = forest.possibleResults
    func remarks(_ kind: Provenance.Note.Kind) -> [ModelSummary.Remark] {
      provenance.notes.filter { $0.kind == kind }.map { ModelSummary.Remark(place: $0.place, text: $0.text) }
    }
    return ModelSummary(
      fileName: provenance.source?.fileName ?? path, format: provenance.format, kind: provenance.kind,
      trainer: provenance.trainer, facts: provenance.facts.map { ($0.name, $0.value) }, trees: statistics.trees,
      splits: statistics.nodes - statistics.leaves, leaves: statistics.leaves, depth: statistics.depth,
      constantTrees: statistics.constantTrees, linearSplits: statistics.linearSplits,
      inputPrecision: forest.model.inputWidth.rawValue, transformations: forest.model.transformationsBeforeTrees,
      inputs: forest.inputs.enumerated().map { index, input in
        ModelSummary.InputSummary(
          label: input.label, expression: input.expression, title: input.title, unit: input.unit,
          isInteger: input.kind == .integer, isSelector: input.role == .selector,
          trainingRange: input.trainingRange.map { ($0.lowest, $0.highest) }, splits: use.splitsOfInput[index])
      },
      mixedFeatures: use.splitsOfMixture.sorted { $0.key < $1.key }
        .map { ModelSummary.MixedFeature(index: $0.key, splits: $0.value) },
      outputs: forest.columns.enumerated().map { index, column in
        ModelSummary.OutputSummary(
          name: column.name, meaning: column.meaning, role: column.role.rawValue, precision: column.width.rawValue,
          isPrinted: column.isPrinted, range: ranges[index])
      },
      choices: remarks(.choice), oddities: remarks(.oddity), sourceSHA256: provenance.source?.sha256, digest: digest,
      defaultName: defaultName)
  }
}
