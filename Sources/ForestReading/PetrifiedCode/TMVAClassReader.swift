package import FileBytes
package import ForestIR

/// Reads the C++ classes (`*.class.C`) that TMVA writes beside its weight files.
///
/// The result computes what the class computes when it is compiled, bit for bit: in float64, with the cuts as they are
/// printed. That is not the trained model: the class holds rounded numbers, and in many releases another comparison than
/// TMVA's own reader; the notes say by how much.
package struct TMVAClassReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .tmvaClass }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let bytes = try SourceText.bytes(of: &source)
    let digest = Provenance.Source(file: source.path, digest: source.digest)
    return try Self.forest(bytes, file: source.path, source: digest)
  }

  static func forest(_ bytes: [UInt8], file: String, source: Provenance.Source?) throws(ReadError) -> Forest {
    var parser = try TMVAClassParser(file: file, bytes: bytes)
    let model = try parser.parse()
    do {
      return try TMVAClassLowering(model: model, header: TMVAClassHeader(bytes), source: source).forest()
    } catch {
      throw ReadError(.unsupported, at: SourceMark(file: file), "the model cannot be represented: \(error.message)")
    }
  }
}
