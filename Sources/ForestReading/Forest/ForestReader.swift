package import FileBytes
package import ForestIR

/// Reads the canonical JSON form of a forest as a model file like any other.
///
/// The forest is the one that was written. Its provenance still tells of the trainer and of the trainer's file; that it came
/// through this form is a fact beside it. (A forest that was written without a source has this file for one.)
package struct ForestReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .forest }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    let stream = JSONStream(try source.taken())
    let forest = try ForestJSONReader.read(stream, file: file)
    return forest.with(provenance: forest.provenance.passed(through: ModelReading.shortName(file), stream.digest))
  }
}

extension Provenance {
  /// The name of the fact that says by which file a forest came here; there is one, however often it is written and read.
  static let passageFact = "read from"

  fileprivate func passed(through file: String, _ digest: SHA256Digest?) -> Provenance {
    let words = "\(file), a forest as JSON" + (digest.map { ", SHA-256 \($0.hex)" } ?? "")
    return Provenance(
      trainer: trainer, kind: kind, format: format,
      source: source ?? digest.map { Source(fileName: file, sha256: $0.hex) },
      facts: facts.filter { $0.name != Self.passageFact } + [Fact(Self.passageFact, words)], notes: notes)
  }
}
