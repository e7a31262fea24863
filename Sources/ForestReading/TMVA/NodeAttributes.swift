/// The attributes of one `Node` element, read from the parser's buffer without making strings.
///
/// Which number of a leaf counts, `res` or `purity`, is not known yet: texts that are no finite float32 numbers are
/// therefore marked, not refused.
struct NodeAttributes {
  enum Position { case root, left, right }

  private(set) var node = RawNode()
  private(set) var position = Position.root
  /// Nil where the attribute is absent.
  private(set) var depth: Int?
  /// Of a Fisher node, the offset last; nil in others.
  private(set) var coefficients: [Double]?

  /// What is wrong with an attribute that always counts.
  struct Fault: Error {
    let attribute: String
    let code: ReadError.Code
    let message: String
  }

  /// - Parameter layout: where the last node's attributes stood; where this one's stand afterwards.
  init(_ tag: borrowing XMLTag, _ layout: inout NodeLayout) throws(Fault) {
    layout.see(tag)
    let places = layout.places
    guard places.areSufficient else {
      throw Fault(attribute: "", code: .missing, message: "a node has no attribute \(places.missing ?? "")")
    }
    position = try Self.position(tag, places.position)
    if places.depth >= 0 {
      // The number is not used; text that is none counts as a wrong depth.
      depth = tag.withValue(places.depth) { Self.integer($0) } ?? -1
    }
    node.variable = Int16(try Self.integer(tag, places.variable, "IVar", in: Int(Int16.min)...Int(Int16.max)))
    node.flags = try Self.type(tag, places.type)
    if try Self.integer(tag, places.sense, "cType", in: 0...1) == 1 { node.flags.insert(.upperIsRight) }
    node.line = UInt32(clamping: tag.line)
    if places.coefficientCount >= 0 {
      let count = try Self.integer(tag, places.coefficientCount, "NCoef", in: 0...XMLCursor.mostAttributes)
      if count > 0 && node.isInner { try readCoefficients(tag, count: count) }
    }
    // Of the fractions an inner node uses its cut only, and a leaf all but that; the others are not even looked at.
    if node.isInner {
      node.cut = number(tag, places.cut, orMark: .badCut)
    } else {
      readLeaf(tag, places)
    }
  }

  @inline(__always)
  private mutating func readLeaf(_ tag: borrowing XMLTag, _ places: NodeLayout.Places) {
    if places.response >= 0 {
      node.response = number(tag, places.response, orMark: .badResponse)
    } else {
      node.flags.insert(.noResponse)
    }
    if places.purity >= 0 {
      node.purity = number(tag, places.purity, orMark: .badPurity)
    } else if places.signal >= 0, places.background >= 0 {
      node.purity = purity(
        signal: tag.withValue(places.signal) { Self.float($0) },
        background: tag.withValue(places.background) { Self.float($0) })
    } else {
      node.flags.insert(.noPurity)
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
    var coefficients = [Double](repeating: 0, count: count)
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
    self.coefficients = coefficients
  }
}

// MARK: - Numbers

extension NodeAttributes {
  @inline(__always)
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
  @inline(__always)
  private static func integer(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count == 1 else { return longInteger(bytes) }
    let digit = bytes[0] &- UInt8(ascii: "0")
    return digit <= 9 ? Int(digit) : nil
  }

  private static func longInteger(_ bytes: Span<UInt8>) -> Int? {
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

  @inline(__always)
  private static func integer(
    _ tag: borrowing XMLTag, _ index: Int, _ name: String, in range: ClosedRange<Int>
  ) throws(Fault) -> Int {
    let value = tag.withValue(index) { Self.integer($0) }
    guard let value, range.contains(value) else { throw Self.fault(value, tag.attributeText(index), name, range) }
    return value
  }

  /// What is wrong with an integer.
  private static func fault(_ value: Int?, _ text: String, _ name: String, _ range: ClosedRange<Int>) -> Fault {
    guard let value else {
      return Fault(attribute: name, code: .malformed, message: "\(name)=\"\(text)\" is not an integer")
    }
    return Fault(
      attribute: name, code: .outOfRange,
      message: "\(name)=\"\(value)\" is not in \(range.lowerBound)…\(range.upperBound)")
  }

  @inline(__always)
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

  @inline(__always)
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
