/// The comment with which petrifyML begins its files (petrify-bdt has none).
enum PetrifiedBanner {
  /// The version that it names: letters, digits and points; nil without such a comment.
  static func version(_ bytes: [UInt8]) -> String? {
    let head = bytes.prefix(4096)
    let words = Array("This code was produced by petrifyML ".utf8)
    guard let range = head.firstRange(of: words) else { return nil }
    let version = head[range.upperBound...].prefix {
      $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
    }
    return String(decoding: version.prefix(20), as: UTF8.self)
  }
}
