package import FileBytes
package import ForestIR

/// Reads weight files of FastBDT 5 (Belle II): the text that its `Classifier` writes.
///
/// What is read is the file, with the digits it has: FastBDT writes F0 and the shrinkage with six or seven digits, so that a
/// classifier in memory can differ from the file it was saved to.
package struct FastBDTReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .fastBDT }

  /// Larger files are refused; they are held in memory while they are read.
  static let sizeLimit = 1 << 32

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let file = source.path
    let bytes: [UInt8]
    do { bytes = try source.readAll(limit: Self.sizeLimit) } catch { throw ReadError(error) }
    let digest = Provenance.Source(file: file, digest: source.digest)
    return try Self.forest(bytes, file: file, digest)
  }

  static func forest(_ bytes: [UInt8], file: String, _ source: Provenance.Source?) throws(ReadError) -> Forest {
    var words = FastBDTWords(bytes, file: file)
    let model = try FastBDTModel(&words)
    do throws(ForestFault) {
      return try FastBDTLowering(model).forest(source)
    } catch {
      let mark = SourceMark(file: file, path: error.tree.map { "trees[\($0)]" })
      throw ReadError(error.code == .limit ? .limit : error.code == .number ? .outOfRange : .inconsistent, at: mark, error.message)
    }
  }

  /// Whether text begins as such a file does: the version, two counts, and a list of numbers behind its length, line by line.
  static func recognises(_ text: ArraySlice<UInt8>) -> Bool {
    let lines = text.prefix(1 << 16).split(separator: UInt8(ascii: "\n"), maxSplits: 4, omittingEmptySubsequences: false)
    guard lines.count == 5 else { return false }
    let words = lines.prefix(4).map { line in line.split { $0 == 0x20 || $0 == 0x0D } }
    guard words.joined().allSatisfy({ word in word.count < 10 && word.allSatisfy { (0x30...0x39).contains($0) } }) else { return false }
    return words.prefix(3).allSatisfy { $0.count == 1 } && words[0][0].elementsEqual("1".utf8)
      && words[3].first.map { Int(String(decoding: $0, as: UTF8.self)) == words[3].count - 1 && words[3].count > 1 } == true
  }
}
