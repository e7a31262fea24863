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
    return try JSONStream.reading(&source) { stream throws(ReadError) in
      var parser = CatBoostJSONParser(cursor: JSONCursor(stream, file: file, options: Self.cursorOptions))
      let model = try parser.document()
      let digest = Provenance.Source(file: file, digest: stream.digest)
      return try Self.forest(model, file: file, digest)
    }
  }

  static func forest(_ model: CatBoostModel, file: String, _ source: Provenance.Source?) throws(ReadError) -> Forest {
    try CatBoostLowering(model, file: file).forest(format: "CatBoost JSON", source)
  }

  /// Trees that are not symmetric are nested as deep as they grow.
  static let cursorOptions = JSONCursor.Options(depthLimit: 10_000)
}
