package import FileBytes
package import ForestIR

/// Reads C++ and Python code that petrify-bdt and petrifyML wrote from TMVA and scikit-learn models.
///
/// The result computes what the code computes, bit for bit, in float64, each product and each sum rounded once (a C++
/// compiler that fuses them computes something else). What the writers themselves got wrong stays wrong.
package struct PetrifiedCodeReader: ModelReader {
  private let language: CodeLanguage

  package static let cpp = PetrifiedCodeReader(language: .cPlusPlus)
  package static let python = PetrifiedCodeReader(language: .python)

  private init(language: CodeLanguage) { self.language = language }

  package var format: ModelFormat { language == .python ? .petrifiedPython : .petrifiedCpp }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let bytes = try SourceText.bytes(of: &source)
    let digest = Provenance.Source(file: source.path, digest: source.digest)
    let model: PetrifiedFunctions
    if language == .python {
      var parser = try PetrifiedPythonParser(file: source.path, bytes: bytes)
      model = try parser.parse()
    } else {
      var parser = try PetrifiedCppParser(file: source.path, bytes: bytes)
      model = try parser.parse()
    }
    do {
      return try PetrifiedLowering(model: model, language: language, source: digest).forest()
    } catch {
      throw ReadError(.unsupported, at: SourceMark(file: source.path), "the model cannot be represented: \(error.message)")
    }
  }
}
