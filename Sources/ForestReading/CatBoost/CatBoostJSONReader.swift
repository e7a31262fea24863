package import FileBytes
package import ForestIR

/// Reads CatBoost models as `save_model(…, format="json")` writes them.
///
/// The file streams by; what stays are the trees in compact form. `CatBoostJSONParser` says what stands in the file,
/// `CatBoostLowering` what it means.
package struct CatBoostJSONReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .catboostJSON }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    // The stream takes the source over; nobody reads it again.
    var taken: ByteSource
    do { taken = try ByteSource(bytes: [], name: file, hashing: false) } catch { throw ReadError(error) }
    swap(&source, &taken)
    let stream = JSONStream(taken)
    do {
      var parser = CatBoostJSONParser(cursor: JSONCursor(stream, file: file, options: Self.cursorOptions))
      let model = try parser.document()
      let digest = stream.digest.map { Provenance.Source(fileName: ModelReading.shortName(file), sha256: "\($0)") }
      return try Self.forest(model, file: file, digest)
    } catch {
      // A file that could not be read to its end looks like one that is cut off.
      throw stream.failure.map { ReadError($0) } ?? error
    }
  }

  static func forest(_ model: CatBoostModel, file: String, _ source: Provenance.Source?) throws(ReadError) -> Forest {
    try CatBoostLowering(model, file: file).forest(format: "CatBoost JSON", source)
  }

  /// Trees that are not symmetric are nested as deep as they grow.
  static let cursorOptions = JSONCursor.Options(depthLimit: 10_000)
}
