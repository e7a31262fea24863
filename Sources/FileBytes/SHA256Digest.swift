import Crypto

/// The SHA-256 of some bytes.
package struct SHA256Digest: Hashable, Sendable {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// The digest of `data`.
  package init(of data: [UInt8]) {
    var running = RunningSHA256()
    running.update(data, 0..<data.count)
    self = running.finish()
  }

  /// The digest of the pieces that `producer` hands over one after the other, without joining them.
  package init(ofPieces producer: (_ take: @escaping ([UInt8]) -> Void) -> Void) {
    var running = RunningSHA256()
    producer { running.update($0, 0..<$0.count) }
    self = running.finish()
  }

  fileprivate init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// 64 lower-case hexadecimal digits, as `sha256sum` prints them.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension SHA256Digest: CustomStringConvertible {
  package var description: String { hex }
}

/// A SHA-256 under way.
struct RunningSHA256: Sendable {
  private var hasher = SHA256()

  /// Takes in `bytes[range]`.
  mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
    // swift-crypto takes a raw pointer here; it is read within the call, inside the bounds of the array.
    bytes.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// The digest of all that was taken in.
  func finish() -> SHA256Digest {
    SHA256Digest(bytes: Array(hasher.finalize()))
  }
}
