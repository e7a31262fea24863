import FileBytes
import ForestIR

extension ByteSource {
  /// Hands the source over to a parser of its own; an empty one stays behind, which nobody reads again.
  mutating func taken() throws(ReadError) -> ByteSource {
    var taken: ByteSource
    do { taken = try ByteSource(bytes: [], name: path, hashing: false) } catch { throw ReadError(error) }
    swap(&self, &taken)
    return taken
  }
}

extension JSONStream {
  /// Reads a whole document from a source.
  ///
  /// A file that could not be read to its end looks like one that is cut off; that it could not be read is then what is told.
  static func reading<Result>(
    _ source: inout ByteSource, _ read: (JSONStream) throws(ReadError) -> Result
  ) throws(ReadError) -> Result {
    let stream = JSONStream(try source.taken())
    do { return try read(stream) } catch { throw stream.failure.map { ReadError($0) } ?? error }
  }
}

extension Provenance.Source {
  /// The file a model was read from; nil where its bytes were not hashed.
  init?(file: String, digest: SHA256Digest?) {
    guard let digest else { return nil }
    self.init(fileName: ModelReading.shortName(file), sha256: digest.hex)
  }
}
