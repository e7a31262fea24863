package import FileBytes
package import ForestIR
import ONNXProto
import SwiftProtobuf

/// Reads ONNX models whose heart is a tree operator of the domain `ai.onnx.ml`.
///
/// What is computed is what onnxruntime computes on one thread. The way through the files of this folder: `ProtobufShape` (is the
/// file whole), `GraphLowering` (tensor by tensor, node by node), `TreeTables` (the tables of the operators of versions 1 and 3)
/// and `TreeTables+Version5`, `TreeAssembly` (tables into trees), `EnsembleLowering` and `ClassifierLowering` (what is made of the
/// leaves), `ONNXDescription` (the words around it).
package struct ONNXReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .onnx }

  /// The largest file: no protocol buffer is larger.
  static let largestFile = Int(Int32.max)

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    let bytes: [UInt8]
    do { bytes = try source.readAll(limit: Self.largestFile) } catch { throw ReadError(error) }
    let origin = Provenance.Source(file: file, digest: source.digest)
    let context = ONNXContext(file: file)
    return try ONNXDescription.forest(Self.model(bytes, file: file), source: origin, context)
  }

  private static func model(_ bytes: [UInt8], file: String) throws(ReadError) -> ONNXModel {
    try ProtobufShape.check(bytes, file: file)
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = 16
    options.discardUnknownFields = true
    do {
      return try ONNXModel(serializedBytes: bytes, options: options)
    } catch {
      throw ReadError(
        .notWellFormed, at: SourceMark(file: file), "the file is not a protocol buffer of the ONNX format",
        hint: "an ONNX file is one protocol buffer; was it copied completely?")
    }
  }
}
