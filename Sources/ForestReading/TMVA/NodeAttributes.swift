/// The attributes of one `Node` element, read from the parser's buffer without making strings.
///
/// Which numbers count is not known yet: a `Cut` matters in inner nodes only, `res` or `purity` by the kind of tree.
/// Texts that are no finite float32 numbers are therefore marked, not refused.
struct NodeAttributes {
  enum Position { case root, left, right }

  private(set) var node = RawNode()
  private(set) var position = Position.root
  /// Nil where the attribute is absent.
  private(set) var depth: Int?
  /// Of a Fisher node, the offset last; empty in others.
  private(set) var coefficients: [Double] = []

  /// What is wrong with an attribute that always counts.
  struct Fault: Error {
    let attribute: String
    let code: ReadError.Code
    let message: String
  }

  private struct Seen: OptionSet {
    let rawValue: Int
    static let position = Seen(rawValue: 1)
    static let variable = Seen(rawValue: 2)
    static let cut = Seen(rawValue: 4)
    static let sense = Seen(rawValue: 8)
    static let type = Seen(rawValue: 16)
    static let response = Seen(rawValue: 32)
    static let purity = Seen(rawValue: 64)
    static let signal = Seen(rawValue: 128)
    static let background = Seen(rawValue: 256)
  }

  /// The attributes' names, packed. Written as numbers, so that the compiler needs no lazy initialisation in the hottest
  /// loop of the reader; a test compares them with the names.
  enum Key {
    static let node = XMLNameKey(bits: 0x4E6F6465)
    static let position = XMLNameKey(bits: 0x706F73)
    static let depth = XMLNameKey(bits: 0x6465707468)
    static let coefficientCount = XMLNameKey(bits: 0x4E436F6566)
    static let variable = XMLNameKey(bits: 0x49566172)
    static let cut = XMLNameKey(bits: 0x437574)
    static let sense = XMLNameKey(bits: 0x6354797065)
    static let response = XMLNameKey(bits: 0x726573)
    static let purity = XMLNameKey(bits: 0x707572697479)
    static let type = XMLNameKey(bits: 0x6E54797065)
    // Signal and background in the node, of TMVA 4.0 and of files re-written from 3.8 and 3.9.
    static let signal = XMLNameKey(bits: 0x6E53)
    static let oldSignal = XMLNameKey(bits: 0x73)
    static let background = XMLNameKey(bits: 0x6E42)
    static let oldBackground = XMLNameKey(bits: 0x62)
  }

  init(_ tag: borrowing XMLTag) throws(Fault) {
    var seen: Seen = []
    var coefficientCount = 0
    var signal: Float?
    var background: Float?
    for index in 0..<tag.attributeCount {
      switch tag.attributeKey(index) {
      case Key.position:
        seen.insert(.position)
        position = try Self.position(tag, index)
      case Key.depth:
        // The number is not used; text that is none counts as a wrong depth.
        depth = tag.withValue(index) { Self.integer($0) } ?? -1
      case Key.coefficientCount:
        coefficientCount = try Self.integer(tag, index, "NCoef", in: 0...XMLCursor.mostAttributes)
      case Key.variable:
        seen.insert(.variable)
        node.variable = Int16(try Self.integer(tag, index, "IVar", in: Int(Int16.min)...Int(Int16.max)))
      case Key.cut:
        seen.insert(.cut)
        node.cut = number(tag, index, orMark: .badCut)
      case Key.sense:
        seen.insert(.sense)
        if try Self.integer(tag, index, "cType", in: 0...1) == 1 { node.flags.insert(.upperIsRight) }
      case Key.response:
        seen.insert(.response)
        node.response = number(tag, index, orMark: .badResponse)
      case Key.purity:
        seen.insert(.purity)
        node.purity = number(tag, index, orMark: .badPurity)
      case Key.type:
        seen.insert(.type)
        node.flags.formUnion(try Self.type(tag, index))
      case Key.signal, Key.oldSignal:
        seen.insert(.signal)
        signal = tag.withValue(index) { Self.float($0) }
      case Key.background, Key.oldBackground:
        seen.insert(.background)
        background = tag.withValue(index) { Self.float($0) }
      default:
        break
      }
    }
    try Self.checkPresence(seen)
    if !seen.contains(.response) { node.flags.insert(.noResponse) }
    if !seen.contains(.purity) {
      if seen.isSuperset(of: [.signal, .background]) {
        node.purity = purity(signal: signal, background: background)
      } else {
        node.flags.insert(.noPurity)
      }
    }
    if coefficientCount > 0 && node.isInner { try readCoefficients(tag, count: coefficientCount) }
    node.line = UInt32(clamping: tag.line)
  }

  private static func checkPresence(_ seen: Seen) throws(Fault) {
    let required: [(Seen, String)] = [
      (.position, "pos"), (.variable, "IVar"), (.cut, "Cut"), (.sense, "cType"), (.type, "nType"),
    ]
    if seen.isSuperset(of: [.position, .variable, .cut, .sense, .type]) { return }
    for (flag, name) in required where !seen.contains(flag) {
      throw Fault(attribute: "", code: .missing, message: "a node has no attribute \(name)")
    }
  }

  /// purity = S / (S + B), each operation in float32, as the trainer's reader does for files that hold only S and B.
  private mutating func purity(signal: Float?, background: Float?) -> Float {
    let purity = signal.flatMap { signal in background.map { signal / (signal + $0) } } ?? .nan
    if !purity.isFinite { node.flags.insert(.badPurity) }
    return purity
  }

  private mutating func readCoefficients(_ tag: borrowing XMLTag, count: Int) throws(Fault) {
    node.flags.insert(.fisher)
    coefficients = [Double](repeating: 0, count: count)
    var found = [Bool](repeating: false, count: count)
    for index in 0..<tag.attributeCount {
      let name = tag.attributeName(index)
      guard name.hasPrefix("fC"), let position = Int(name.dropFirst(2)), position >= 0, position < count else { continue }
      found[position] = true
      if let value = tag.withValue(index, { NumberText.double($0) }), value.isFinite {
        coefficients[position] = value
      } else {
        node.flags.insert(.badCoefficient)
      }
    }
    if let position = found.firstIndex(of: false) {
      throw Fault(
        attribute: "", code: .missing, message: "a Fisher node of \(count) coefficients has no attribute fC\(position)")
    }
  }
}

// MARK: - Numbers

extension NodeAttributes {
  private mutating func number(_ tag: borrowing XMLTag, _ index: Int, orMark flag: RawNode.Flags) -> Float {
    if let value = tag.withValue(index, { Self.float($0) }) { return value }
    node.flags.insert(flag)
    return 0
  }

  /// Decimal text rounded to float64 and then to float32, as today's trainer reads it; nil unless finite.
  private static func float(_ bytes: Span<UInt8>) -> Float? {
    guard let value = NumberText.double(bytes) else { return nil }
    let narrow = Float(value)
    return narrow.isFinite ? narrow : nil
  }

  /// An optional sign and digits, blanks around them; nil for anything else and beyond nine digits.
  private static func integer(_ bytes: Span<UInt8>) -> Int? {
    var index = 0
    var end = bytes.count
    while index < end, bytes[index] == 0x20 { index += 1 }
    while end > index, bytes[end - 1] == 0x20 { end -= 1 }
    var isNegative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < end, end - index <= 9 else { return nil }
    var value = 0
    while index < end {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
      index += 1
    }
    return isNegative ? -value : value
  }

  private static func integer(
    _ tag: borrowing XMLTag, _ index: Int, _ name: String, in range: ClosedRange<Int>
  ) throws(Fault) -> Int {
    guard let value = tag.withValue(index, { Self.integer($0) }) else {
      throw Fault(attribute: name, code: .malformed, message: "\(name)=\"\(tag.attributeText(index))\" is not an integer")
    }
    guard range.contains(value) else {
      throw Fault(
        attribute: name, code: .outOfRange,
        message: "\(name)=\"\(value)\" is not in \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  private static func type(_ tag: borrowing XMLTag, _ index: Int) throws(Fault) -> RawNode.Flags {
    switch try integer(tag, index, "nType", in: -999_999_999...999_999_999) {
    case 0: return .inner
    case 1: return .signal
    case -1: return .background
    case -99: return []
    case let value:
      throw Fault(
        attribute: "nType", code: .outOfRange,
        message: "nType=\"\(value)\" is none of 0 (inner node), 1, -1 and -99 (leaves)")
    }
  }

  private static func position(_ tag: borrowing XMLTag, _ index: Int) throws(Fault) -> Position {
    let letter = tag.withValue(index) { $0.count == 1 ? $0[0] : 0 }
    switch letter {
    case UInt8(ascii: "s"): return .root
    case UInt8(ascii: "l"): return .left
    case UInt8(ascii: "r"): return .right
    default:
      throw Fault(
        attribute: "pos", code: .malformed,
        message: "pos=\"\(tag.attributeText(index))\" is none of s (root), l (left) and r (right)")
    }
  }
}
