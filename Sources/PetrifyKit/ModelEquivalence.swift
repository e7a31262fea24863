import ForestIR
import ForestVerification

/// Whether two models are the same function, and where they part ways.
public struct ModelEquivalence: Sendable {
  /// What came out. More may come.
  public struct Finding: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// Proved to be the same, tree by tree and step by step, for every event.
    public static let identical = Finding(description: "identical")
    /// No event was found for which they differ, and no proof that there is none.
    public static let alikeOnProbes = Finding(description: "same_on_probed_rows")
    /// There is an event for which they differ.
    public static let different = Finding(description: "different")
  }

  let found: Equivalence
  let a: PetrifiedModel
  let b: PetrifiedModel

  /// Of all results that were compared the worst.
  public var finding: Finding { found.isProved ? .identical : found.isSame ? .alikeOnProbes : .different }
  /// Whether no difference is known.
  public var holds: Bool { found.isSame }

  /// A pair of results.
  public struct Result: Sendable {
    /// Their names in the two models.
    public let a: String
    public let b: String
    public let finding: Finding
    /// The largest distance found, in numbers of the results' precision that lie between.
    public let worstULP: UInt64
    /// The largest absolute distance found.
    public let worstDelta: Double
    /// Probed events for which they differ.
    public let differingRows: Int
    let verdict: Verdict
  }

  /// The results that were compared.
  public var results: [Result] {
    zip(found.columns.pairs, zip(found.proofs, found.probes)).map { pair, outcome in
      let (proof, verdict) = outcome
      return Result(
        a: a.forest.columns[pair.a].name, b: b.forest.columns[pair.b].name,
        finding: proof == .proved ? .identical : proof == .refuted ? .different : .alikeOnProbes,
        worstULP: verdict.worstULP, worstDelta: verdict.worstDelta, differingRows: verdict.rows - verdict.identicalRows,
        verdict: verdict)
    }
  }

  /// Inputs that the models have in common but call differently.
  public var renamedInputs: [(a: String, b: String)] {
    found.inputs.pairs.compactMap { pair in
      guard let i = pair.a, let j = pair.b, a.inputs[i] != b.inputs[j] else { return nil }
      return (a.inputs[i], b.inputs[j])
    }
  }

  /// Inputs of one model that have no counterpart in the other.
  public var inputsOnlyInA: [String] { found.inputs.pairs.compactMap { $0.b == nil ? $0.a.map { a.inputs[$0] } : nil } }
  public var inputsOnlyInB: [String] { found.inputs.pairs.compactMap { $0.a == nil ? $0.b.map { b.inputs[$0] } : nil } }

  /// How many events were asked; where everything is proved a few, as a check of the proof.
  public var probedRows: Int { found.probedRows }

  /// A name for each joint input: that of the first model, where it has it.
  var jointInputs: [String] {
    found.inputs.pairs.map { pair in pair.a.map { a.inputs[$0] } ?? pair.b.map { b.inputs[$0] } ?? "" }
  }
}

extension PetrifiedModel {
  /// Finds out whether another model is the same function: structurally where possible, else by events aimed at every border of
  /// every tree.
  ///
  ///     let report = try PetrifiedModel(reading: "BDT.weights.xml").equivalence(with: PetrifiedModel(reading: "BDT.onnx"))
  ///     print(report.text())
  ///
  /// Inputs belong together by their names, or by their order where a model names none; results by their kinds and names.
  /// Numbers of leaves, captions, ranges and provenance do not count.
  ///
  /// - Throws: `PetrifyError` of the kind `badInput` if no result of one corresponds to one of the other.
  public func equivalence(
    with other: PetrifiedModel, _ choices: EquivalenceChoices = EquivalenceChoices()
  ) throws(PetrifyError) -> ModelEquivalence {
    let plan = try choices.plan()
    do {
      return ModelEquivalence(found: try Equivalence(forest, other.forest, plan), a: self, b: other)
    } catch {
      switch error.code {
      case .shape:
        throw PetrifyError(
          .badInput, other.path, error.message,
          hint: "results: \(outputs.joined(separator: ", ")) here, \(other.outputs.joined(separator: ", ")) there")
      default: throw PetrifyError(error, model: other.path)
      }
    }
  }
}
