package import FileBytes
package import ForestIR

/// Reads CatBoost models as `save_model(…)` writes them unless told otherwise (`.cbm`).
///
/// The file: `CBM1`, the size of the core, the core, which is a FlatBuffer, then parts for features that are not numerical.
/// The core's tables are described by CatBoost's own `model.fbs` and `features.fbs`; what is used of them is in `CatBoostCore`.
package struct CatBoostBinaryReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .catboostBinary }

  /// What helps whenever a file of this kind is refused.
  static let remedy = "load it where it was made and save it as JSON: model.save_model(\"model.json\", format=\"json\")"

  /// Larger files are refused; they are held in memory while they are read.
  static let sizeLimit = 1 << 34

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    let bytes: [UInt8]
    do { bytes = try source.readAll(limit: Self.sizeLimit) } catch { throw ReadError(error) }
    let digest = Provenance.Source(file: file, digest: source.digest)
    do {
      let model = try Self.model(bytes, file: file)
      return try CatBoostLowering(model, file: file).forest(format: "CatBoost binary", digest)
    } catch {
      var error = error
      if error.hint == nil { error.hint = Self.remedy }
      throw error
    }
  }

  private static func model(_ bytes: [UInt8], file: String) throws(ReadError) -> CatBoostModel {
    let all = FlatBuffer(bytes: bytes, range: 0..<bytes.count, file: file)
    guard bytes.starts(with: "CBM1".utf8) else { throw all.fault(at: 0, "the file does not begin with \"CBM1\"") }
    var start = 8
    var size = try all.integer(at: 4, bytes: 4)
    // A size of more than 32 bits follows this mark.
    if size == 0xFFFF_FFFF {
      size = try all.integer(at: 8, bytes: 8)
      start = 16
    }
    guard size >= 8, size <= UInt64(bytes.count - start) else {
      throw all.fault(at: 4, "the model has \(size) bytes, but \(bytes.count - start) follow: the file is cut off or damaged")
    }
    let end = start + Int(size)
    let core = CatBoostCore(buffer: FlatBuffer(bytes: bytes, range: start..<end, file: file))
    let model = try core.model()
    guard end == bytes.count else { throw all.fault(.unexpected, at: end, "something follows the end of the model") }
    return model
  }
}
