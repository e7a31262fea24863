// Values of UBJSON: one byte for the type, then the value itself.

extension UBJSONCursor {
  mutating func kind() throws(ReadError) -> JSONCursor.Kind {
    switch try type() {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "S"), UInt8(ascii: "C"): return .string
    case UInt8(ascii: "T"), UInt8(ascii: "F"): return .bool
    case UInt8(ascii: "Z"): return .null
    case let type where Self.width(of: type) != nil: return .number
    case let type: throw refusal(.notWellFormed, "a value must stand here, not \(Self.shown(type))")
    }
  }

  mutating func bool() throws(ReadError) -> Bool {
    let type = try type()
    guard type == UInt8(ascii: "T") || type == UInt8(ascii: "F") else { throw wrongType("true or false") }
    taken()
    return type == UInt8(ascii: "T")
  }

  mutating func string() throws(ReadError) -> String {
    switch try type() {
    case UInt8(ascii: "S"):
      taken()
      return try text(length(of: "a string"))
    case UInt8(ascii: "C"):
      taken()
      return try text(1)
    default: throw wrongType("a string")
    }
  }

  mutating func passString() throws(ReadError) {
    let isCharacter = try type() == UInt8(ascii: "C")
    taken()
    let count = try isCharacter ? 1 : length(of: "a string")
    try window.pass(count)
  }

  mutating func integer() throws(ReadError) -> Int {
    let type = try type()
    guard let width = Self.width(of: type), type != UInt8(ascii: "d"), type != UInt8(ascii: "D") else {
      throw wrongType("an integer")
    }
    try window.need(width)
    taken()
    return try integerBits(type, width)
  }

  mutating func float32() throws(ReadError) -> Float {
    let type = try type()
    switch type {
    case UInt8(ascii: "d"):
      try window.need(4)
      taken()
      return Float(bitPattern: UInt32(try window.bigEndian(4)))
    case UInt8(ascii: "D"):
      try window.need(8)
      taken()
      return Float(Double(bitPattern: try window.bigEndian(8)))
    default:
      guard Self.width(of: type) != nil else { throw wrongType("a number") }
      return Float(try integer())
    }
  }

  // MARK: Parts

  /// How many bytes a number of that type has; nil if it is not the type of a number.
  static func width(of type: UInt8) -> Int? {
    switch type {
    case UInt8(ascii: "i"), UInt8(ascii: "U"): 1
    case UInt8(ascii: "I"): 2
    case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
    case UInt8(ascii: "L"), UInt8(ascii: "D"): 8
    default: nil
    }
  }

  /// The type of the value that stands next.
  mutating func type() throws(ReadError) -> UInt8 {
    precondition(isPending, "no value stands next: ask for a key or an element first")
    if pendingType == 0 {
      if let type = frames.last?.type, type != 0 {
        pendingType = type
      } else {
        repeat { pendingType = try window.byte() } while pendingType == UInt8(ascii: "N")
      }
    }
    return pendingType
  }

  mutating func taken() {
    isPending = false
    pendingType = 0
  }

  private mutating func integerBits(_ type: UInt8, _ width: Int) throws(ReadError) -> Int {
    let bits = try window.bigEndian(width)
    return switch type {
    case UInt8(ascii: "i"): Int(Int8(truncatingIfNeeded: bits))
    case UInt8(ascii: "U"): Int(bits)
    case UInt8(ascii: "I"): Int(Int16(truncatingIfNeeded: bits))
    case UInt8(ascii: "l"): Int(Int32(truncatingIfNeeded: bits))
    default: Int(Int64(truncatingIfNeeded: bits))
    }
  }

  /// A length: an integer with its own type, not negative.
  mutating func length(of what: StaticString) throws(ReadError) -> Int {
    let start = window.position
    let type = try window.byte()
    guard let width = Self.width(of: type), type != UInt8(ascii: "d"), type != UInt8(ascii: "D") else {
      throw ReadError(.notWellFormed, at: mark(start), "the length of \(what) must stand here, not \(Self.shown(type))")
    }
    let length = try integerBits(type, width)
    guard length >= 0 else { throw ReadError(.outOfRange, at: mark(start), "\(what) of \(length) bytes or elements") }
    return length
  }

  mutating func text(_ count: Int) throws(ReadError) -> String {
    guard count <= Self.stringLimit else { throw refusal(.limit, "a string of more than \(Self.stringLimit) bytes") }
    let start = window.position
    let bytes = try window.take(count)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadError(.notWellFormed, at: mark(start), "bytes that are not UTF-8 inside a string")
    }
    return text
  }

  // MARK: Places

  /// The byte that is read next; the type of the value that stands next may be behind it already.
  var mark: SourceMark { mark(window.position) }

  func mark(_ byte: Int) -> SourceMark {
    var path = ""
    for (depth, frame) in frames.enumerated() where frame.count > 0 {
      if frame.isObject {
        let end = frames[(depth + 1)...].first?.firstKey ?? keys.count
        path += (path.isEmpty ? "" : ".") + JSONCursor.clipped(keys[end - 1])
      } else {
        path += "[\(frame.count - 1)]"
      }
    }
    return SourceMark(file: window.file, byte: byte, path: path.isEmpty ? nil : path)
  }

  func wrongType(_ expected: StaticString) -> ReadError {
    refusal(.malformed, "\(expected) is needed here, not a value of the type \(Self.shown(pendingType))")
  }

  static func shown(_ byte: UInt8) -> String {
    (0x21..<0x7F).contains(byte) ? "\"\(Character(Unicode.Scalar(byte)))\"" : "the byte 0x\(String(byte, radix: 16, uppercase: true))"
  }
}

extension UBJSONCursor {
  // MARK: Arrays of numbers of one announced type

  mutating func takeFloats(_ numbers: inout [Float]) {
    guard let (type, width) = numberType, type == UInt8(ascii: "d") || type == UInt8(ascii: "D") else { return }
    takeElements(width) { bits in
      numbers.append(
        width == 4 ? Float(bitPattern: UInt32(truncatingIfNeeded: bits)) : Float(Double(bitPattern: bits)))
      return true
    }
  }

  mutating func takeInt32s(_ integers: inout [Int32], in range: ClosedRange<Int>) {
    guard let (type, width) = numberType, type != UInt8(ascii: "d"), type != UInt8(ascii: "D") else { return }
    let isSigned = type != UInt8(ascii: "U")
    let shift = UInt64(64 - 8 * width)
    takeElements(width) { bits in
      // The sign of the narrow number comes to the top and back.
      let integer = isSigned ? Int(truncatingIfNeeded: Int64(bitPattern: bits << shift) >> Int64(shift)) : Int(truncatingIfNeeded: bits)
      guard range.contains(integer) else { return false }
      integers.append(Int32(truncatingIfNeeded: integer))
      return true
    }
  }

  mutating func passNumbers() -> Int {
    guard let (_, width) = numberType, let remaining = frames[frames.count - 1].remaining else { return 0 }
    var passed = 0
    while passed < remaining {
      let count = min(remaining - passed, window.available(width) / width)
      guard count > 0 else { break }
      window.offset += count * width
      passed += count
    }
    frames[frames.count - 1].remaining = remaining - passed
    frames[frames.count - 1].count += passed
    return passed
  }

  /// The announced type of the array's elements, if it is one of numbers.
  private var numberType: (type: UInt8, width: Int)? {
    precondition(!isPending && !frames.isEmpty && !frames[frames.count - 1].isObject, "no array was entered")
    let type = frames[frames.count - 1].type
    return Self.width(of: type).map { (type, $0) }
  }

  private mutating func takeElements(_ width: Int, _ take: (UInt64) -> Bool) {
    guard var remaining = frames[frames.count - 1].remaining else { return }
    var taken = 0
    reading: while remaining > 0 {
      let count = min(remaining, window.available(width) / width)
      guard count > 0 else { break }
      var offset = window.offset
      for _ in 0..<count {
        var bits: UInt64 = 0
        for index in offset..<offset + width { bits = bits << 8 | UInt64(window.bytes[index]) }
        guard take(bits) else {
          window.offset = offset
          break reading
        }
        offset += width
        remaining -= 1
        taken += 1
      }
      window.offset = offset
    }
    frames[frames.count - 1].remaining = remaining
    frames[frames.count - 1].count += taken
  }
}
