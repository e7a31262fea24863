/// Which of the names in a file was probably meant.
enum NearestName {
  /// How many names are compared, and how many bytes of each: a hostile header must not cost time.
  private static let nameLimit = 10_000
  private static let lengthLimit = 64

  /// The name at the smallest edit distance from `wanted`, the first of several; `nil` if none shares half of it.
  static func nearest(to wanted: [UInt8], among names: [[UInt8]]) -> [UInt8]? {
    var best: (distance: Int, name: [UInt8])?
    for name in names.prefix(nameLimit) {
      let distance = distance(lowercased(wanted), lowercased(name))
      if distance < best?.distance ?? .max { best = (distance, name) }
    }
    guard let best, best.distance * 2 <= max(min(wanted.count, lengthLimit), 2) else { return nil }
    return best.name
  }

  private static func lowercased(_ name: [UInt8]) -> [UInt8] {
    name.prefix(lengthLimit).map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// The number of bytes to insert, delete or replace (V. Levenshtein, 1965).
  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (index, byte) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in second.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[second.count]
  }
}
