package import FileBytes
package import ForestIR

/// Reads TMVA weight files (XML) of methods that are made of decision trees: BDT, DT, Boost and Category.
///
/// The result computes what `TMVA::Reader` computes, bit for bit, rounding float32 where it does. The way through the
/// files of this folder: `TMVADocument` (sections and raw trees), `MethodSetup` and `MethodBody` (what the file says,
/// checked), `MethodLowering` (what that means).
package struct TMVAReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .tmvaXML }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let document = try document(&source)
    let digest = Provenance.Source(file: source.path, digest: source.digest)
    return try Self.forest(document, context: TMVAContext(file: source.path, options: options), source: digest)
  }

  /// From the document as found to what it means.
  static func forest(
    _ document: TMVADocument, context: TMVAContext, source: Provenance.Source?
  ) throws(ReadError) -> Forest {
    let method = try MethodSetup(document.root, context)
    let body = try MethodBody(method, context)
    let dialect = try TMVADialect.decide(method, body, context)
    let whole = try MethodLowering(context: context, dialect: dialect).whole(method, body)
    do {
      return try Forest(
        inputs: TMVADescription.inputs(method, whole.layout, context), model: whole.model,
        columns: TMVADescription.columns(method, marginCount: whole.marginCount),
        provenance: TMVADescription.provenance(method, body, source: source, context))
    } catch {
      throw context.wrap(error, document.root)
    }
  }

  private func document(_ source: inout ByteSource) throws(ReadError) -> TMVADocument {
    let file = source.path
    let listener = TMVADocument.Listener(file: file)
    var cursor = try XMLCursor(file: file, events: listener)
    var buffer = [UInt8](repeating: 0, count: ByteSource.chunkSize)
    while true {
      let count: Int
      do { count = try source.read(into: &buffer) } catch { throw ReadError(error) }
      if count == 0 { break }
      try cursor.feed(buffer.span.extracting(0..<count))
    }
    try cursor.finish()
    return try listener.document()
  }
}
