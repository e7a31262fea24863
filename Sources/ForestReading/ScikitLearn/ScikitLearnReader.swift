package import FileBytes
package import ForestIR

/// Reads scikit-learn models written as JSON: `sklearn-trees`, and what resembles it closely enough.
///
/// The result computes what the estimator's own methods compute, bit for bit, given the C library's `exp` and `log`. The way
/// through the files of this folder: `EstimatorParser` (what the file says, in compact form), `ScikitDocument` (which dialect
/// it is, and the release whose rules hold), `EstimatorLowering` (what that means), `ScikitDescription` (the words around it).
package struct ScikitLearnReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .scikitLearn }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    return try JSONStream.reading(&source) { stream throws(ReadError) in
      try forest(JSONCursor(stream, file: file, options: Self.cursorOptions), stream)
    }
  }

  /// Trees may be nested as deep as they grow.
  private static let cursorOptions = JSONCursor.Options(
    acceptsNonFiniteWords: true, acceptsNonFiniteStrings: true, depthLimit: 100_000)

  private func forest(_ cursor: JSONCursor, _ stream: JSONStream) throws(ReadError) -> Forest {
    let remarks = Remarks()
    var parser = EstimatorParser(cursor: cursor, remarks: remarks)
    let document = try ScikitDocument(&parser)
    let source = Provenance.Source(file: cursor.file, digest: stream.digest)
    let estimator = document.estimator
    let description = ScikitDescription(document: document, remarks: remarks, cursor: parser.cursor)
    let count = try description.featureCount()
    let width: Width = estimator.readsFloat64 ? .float64 : .float32
    var lowering = EstimatorLowering(
      inputCount: count, width: width, cursor: parser.cursor, release: document.release, scipyRelease: document.scipyRelease,
      remarks: remarks, place: estimator.place)
    let prediction = try lowering.lower(estimator, Value.inputs)
    return try description.forest(prediction, &lowering, source)
  }
}

extension Estimator {
  /// Whether anything in the estimator looks at more than float32. The recursion is bounded by the parser.
  var readsFloat64: Bool {
    let name = values["class"]?.value.text ?? ""
    if name.hasPrefix("Hist") || values["threshold_type"]?.value.text == "float64" { return true }
    if let steps, steps.dropLast().contains(where: { $0 != nil }) { return true }
    let inner = (steps ?? []).compactMap { $0 } + (members ?? []).flatMap { $0 } + [initial].compactMap { $0 }
    return inner.contains { $0.readsFloat64 }
  }
}
