package import FileBytes
package import ForestIR

/// Reads LightGBM models: the text form that LightGBM itself saves, formats v2 to v4.
///
/// The result computes what `Booster.predict` computes, raw and transformed, bit for bit, given the C library's `exp` and
/// `log1p`. The way through the files of this folder: `LightGBMLines` (the text), `LightGBMTextParser` and
/// `LightGBMDumpParser` (what the two forms say), `LightGBMTree` (a tree), `LightGBMColumns` (what the trees read),
/// `LightGBMObjective` and `LightGBMLowering` (what is made of their sums), `LightGBMDescription` (the words around it).
package struct LightGBMReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .lightgbmText }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    let remarks = Remarks()
    var parser = try LightGBMTextParser(try source.taken(), remarks)
    try parser.read()
    let origin = Provenance.Source(file: file, digest: parser.digest)
    let lowering = LightGBMLowering(
      header: parser.header, columns: parser.columns, remarks: remarks, format: "LightGBM model (text)")
    return try lowering.forest(parser.takeTrees(), origin)
  }
}

/// Reads what `Booster.dump_model` gives, written as JSON. Numbers in it are exact.
package struct LightGBMDumpReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .lightgbmJSON }

  /// Trees may be nested as deep as they grow.
  private static let cursorOptions = JSONCursor.Options(
    acceptsNonFiniteWords: true, acceptsNonFiniteStrings: true, depthLimit: 100_000, stringLimit: 1 << 24)

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    let remarks = Remarks()
    return try JSONStream.reading(&source) { stream throws(ReadError) in
      var parser = LightGBMDumpParser(JSONCursor(stream, file: file, options: Self.cursorOptions), remarks)
      let trees = try parser.read()
      let origin = Provenance.Source(file: file, digest: stream.digest)
      let lowering = LightGBMLowering(
        header: parser.header, columns: parser.columns, remarks: remarks, format: "LightGBM model (dump_model JSON)")
      return try lowering.forest(trees, origin)
    }
  }
}
