package import FileBytes
package import ForestIR

/// Reads XGBoost models, in all three forms in which it saved them.
///
/// The result computes what the release that wrote the file computes, bit for bit, given the C library's `expf`. The way
/// through the files of this folder: `XGBoostParser` (JSON and UBJSON, over a `ModelCursor`) or `LegacyParser` (the old binary
/// format) fill an `XGBoostModel`, what the file says; `XGBoostLowering` says what that means, `XGBoostDescription` the words
/// around it.
package struct XGBoostReader: ModelReader {
  package let format: ModelFormat

  package var recordsBestIteration: Bool { true }

  private init(format: ModelFormat) { self.format = format }

  /// `save_model` with the ending `.json`.
  package static let json = XGBoostReader(format: .xgboostJSON)
  /// `save_model` with the ending `.ubj`, or without one from 2.1 on.
  package static let ubjson = XGBoostReader(format: .xgboostUBJSON)
  /// `save_model` up to 3.0 with any other ending, with or without the mark `binf` in front.
  package static let binary = XGBoostReader(format: .xgboostBinary)

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    return try JSONStream.reading(&source) { stream throws(ReadError) in
      let remarks = Remarks()
      let model = try model(stream, file: file, remarks)
      return try forest(model, options, remarks, stream)
    }
  }

  private func model(_ stream: JSONStream, file: String, _ remarks: Remarks) throws(ReadError) -> XGBoostModel {
    switch format {
    case .xgboostJSON:
      let options = JSONCursor.Options(acceptsNonFiniteWords: true, depthLimit: 64, stringLimit: 1 << 24)
      let cursor = JSONCursor(stream, file: file, options: options)
      var parser = XGBoostParser(cursor, format: "XGBoost model (JSON)", file: file, remarks: remarks)
      try parser.document()
      return parser.model
    case .xgboostUBJSON:
      let cursor = UBJSONCursor(stream, file: file)
      var parser = XGBoostParser(cursor, format: "XGBoost model (UBJSON)", file: file, remarks: remarks)
      try parser.document()
      return parser.model
    default:
      var parser = LegacyParser(stream, file: file, remarks: remarks)
      try parser.document()
      return parser.model
    }
  }

  private func forest(
    _ model: XGBoostModel, _ options: ReadingOptions, _ remarks: Remarks, _ stream: JSONStream
  ) throws(ReadError) -> Forest {
    try model.check()
    let objective = XGBoostObjective(model.objective ?? "", release: model.rules, outputCount: model.outputCount)
    let best = try model.bestTreeCount()
    let treeCount = options.iterations == .best ? best ?? model.trees.count : model.trees.count
    let description = XGBoostDescription(model: model, objective: objective, remarks: remarks, treeCount: treeCount)
    description.addNotes(best: best, wantsBest: options.iterations == .best)
    var lowering = XGBoostLowering(
      model, objective: objective, treeCount: treeCount, featureCount: model.featureCount ?? 1)
    let prediction = try lowering.lower()
    let source = Provenance.Source(file: model.file, digest: stream.digest)
    return try description.forest(prediction, &lowering, source)
  }
}
