/// Whether bytes begin like a model in the old binary format, which has no mark of its own before 1.1.
///
/// Looked at is what every such file has: parameters that a model can have, room filled with zeros, the name of an objective
/// and that of a booster, each behind its length.
enum LegacyMarks {
  static func begins(_ bytes: [UInt8]) -> Bool {
    let start = bytes.starts(with: "binf".utf8) ? 4 : 0
    guard bytes.count >= start + 136 + 8 else { return false }
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func name(_ offset: Int) -> (text: String, end: Int)? {
      guard offset <= bytes.count - 8 else { return nil }
      let length = number(offset, 8)
      guard (1...128).contains(length), offset + 8 + Int(length) <= bytes.count else { return nil }
      let end = offset + 8 + Int(length)
      let text = bytes[offset + 8..<end]
      guard text.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return nil }
      return (String(decoding: text, as: UTF8.self), end)
    }
    guard Float(bitPattern: UInt32(number(start, 4))).isFinite else { return false }
    // Features, classes, two flags, the release: small numbers, or none.
    guard number(start + 4, 4) < 1 << 31, number(start + 8, 4) < 1 << 24, number(start + 12, 4) <= 1, number(start + 16, 4) <= 1,
      number(start + 20, 4) < 10, number(start + 24, 4) < 1000
    else { return false }
    // Targets and a flag came late; behind them nothing ever stood.
    guard bytes[(start + 36)..<(start + 136)].allSatisfy({ $0 == 0 }) else { return false }
    guard let objective = name(start + 136), let booster = name(objective.end) else { return false }
    return ["gbtree", "dart", "gblinear"].contains(booster.text)
  }
}
