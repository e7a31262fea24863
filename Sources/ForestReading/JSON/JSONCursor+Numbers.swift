import Decimals

// Numbers, truth values and null. RFC 8259, section 6: no leading zeros, no plus sign, digits on both sides of the point.

extension JSONCursor {
  /// The number that stands next, as the float64 nearest to what is written.
  ///
  /// −0 keeps its sign, a number too small for a float64 becomes 0, one too large is refused. NaN and infinities come only
  /// from the words and strings that the options accept.
  package mutating func number() throws(ReadError) -> Double {
    try expectValue()
    if let special = nonFinite() { return special }
    let token = try numberToken(expected: "a number")
    let value = JSONCursor.double(bytes, token.range)
    guard value.isFinite else { throw fault(.outOfRange, at: base + token.range.lowerBound, "a number too large for a float64") }
    return value
  }

  /// The number that stands next, as the float32 nearest to what is written: rounded once, which may differ from
  /// rounding the float64.
  package mutating func float32() throws(ReadError) -> Float {
    try expectValue()
    if let special = nonFinite() { return Float(special) }
    let token = try numberToken(expected: "a number")
    let value = JSONCursor.float(bytes, token.range)
    guard value.isFinite else { throw fault(.outOfRange, at: base + token.range.lowerBound, "a number too large for a float32") }
    return value
  }

  /// The integer that stands next, exact. It is written without point and exponent.
  package mutating func integer() throws(ReadError) -> Int {
    try expectValue()
    let token = try numberToken(expected: "an integer")
    guard token.isInteger else { throw fault(.malformed, at: base + token.range.lowerBound, "an integer is needed here, without point or exponent") }
    var value = 0
    let isNegative = bytes[token.range.lowerBound] == UInt8(ascii: "-")
    for index in token.range.dropFirst(isNegative ? 1 : 0) {
      let digit = Int(bytes[index] &- UInt8(ascii: "0"))
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      // Downwards for negative numbers: the smallest has no positive counterpart.
      let (sum, overflow) = isNegative
        ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      guard !tooLarge, !overflow else {
        throw fault(.outOfRange, at: base + token.range.lowerBound, "an integer that does not fit into 64 bits")
      }
      value = sum
    }
    return value
  }

  /// The integer that stands next, if it lies in `range`.
  ///
  /// - Parameter what: what it is, for the message: `the feature of a split`.
  package mutating func integer(in range: ClosedRange<Int>, _ what: @autoclosure () -> String) throws(ReadError) -> Int {
    let start = nextByte()
    let value = try integer()
    guard range.contains(value) else {
      throw fault(.outOfRange, at: start, "\(what()) is \(value), not in \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  package mutating func bool() throws(ReadError) -> Bool {
    try expectValue()
    if bytes[offset] == UInt8(ascii: "t") {
      try word("true")
      return true
    }
    guard bytes[offset] == UInt8(ascii: "f") else { throw wrongType(expected: "true or false") }
    try word("false")
    return false
  }

  package mutating func null() throws(ReadError) {
    try expectValue()
    guard bytes[offset] == UInt8(ascii: "n") else { throw wrongType(expected: "null") }
    try word("null")
  }

  // MARK: Scanning

  /// Where a number stands, and whether it has neither point nor exponent.
  struct NumberToken {
    let range: Range<Int>
    let isInteger: Bool
  }

  private mutating func numberToken(expected: StaticString) throws(ReadError) -> NumberToken {
    switch bytes[offset] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      isPending = false
      return try scanNumber()
    default: throw wrongType(expected: "\(expected)")
    }
  }

  /// Passes over a number; one of the words, too, where they are accepted.
  @inline(__always)
  mutating func scanNumber() throws(ReadError) -> NumberToken {
    let start = offset
    let end = bytes.count
    var index = offset
    if bytes[index] == UInt8(ascii: "-") { index += 1 }
    guard index < end, isDigit(index) else {
      if options.acceptsNonFiniteWords, nonFiniteWord() != nil {
        return NumberToken(range: start..<offset, isInteger: false)
      }
      throw fault(.notWellFormed, at: base + index, "a digit must follow the sign of a number")
    }
    if bytes[index] == UInt8(ascii: "0") {
      index += 1
      guard index == end || !isDigit(index) else { throw fault(.notWellFormed, at: base + start, "a number with a leading zero") }
    } else {
      while index < end, isDigit(index) { index += 1 }
    }
    var isInteger = true
    if index < end, bytes[index] == UInt8(ascii: ".") {
      isInteger = false
      index += 1
      let fraction = index
      while index < end, isDigit(index) { index += 1 }
      guard index > fraction else { throw fault(.notWellFormed, at: base + start, "a number without a digit behind its point") }
    }
    if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      index += 1
      if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
      let exponent = index
      while index < end, isDigit(index) { index += 1 }
      guard index > exponent else { throw fault(.notWellFormed, at: base + start, "a number without a digit in its exponent") }
    }
    if index == end, hasMore { throw fault(.limit, at: base + start, "a number of thousands of digits") }
    offset = index
    return NumberToken(range: start..<index, isInteger: isInteger)
  }

  @inline(__always)
  private func isDigit(_ index: Int) -> Bool { bytes[index] &- UInt8(ascii: "0") <= 9 }

  /// Takes the word that must stand here.
  private mutating func word(_ word: StaticString) throws(ReadError) {
    guard take(word) else { throw fault(.notWellFormed, "\"\(word)\" is misspelt") }
    isPending = false
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - offset >= count,
      word.withUTF8Buffer({ bytes[offset..<offset + count].elementsEqual($0) })
    else { return false }
    offset += count
    return true
  }

  /// NaN or an infinity, in a spelling that the options accept; `nil` if something else stands next.
  private mutating func nonFinite() -> Double? {
    switch bytes[offset] {
    case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "-"):
      guard options.acceptsNonFiniteWords else { return nil }
      guard let value = nonFiniteWord() else { return nil }
      isPending = false
      return value
    case UInt8(ascii: "\""):
      guard options.acceptsNonFiniteStrings else { return nil }
      let value: Double
      if take("\"NaN\"") {
        value = .nan
      } else if take("\"Infinity\"") {
        value = .infinity
      } else if take("\"-Infinity\"") {
        value = -.infinity
      } else {
        return nil
      }
      isPending = false
      return value
    default: return nil
    }
  }

  var isAtNonFiniteWord: Bool {
    var copy = self
    return copy.nonFiniteWord() != nil
  }

  private mutating func nonFiniteWord() -> Double? {
    if take("NaN") { return .nan }
    if take("Infinity") { return .infinity }
    return take("-Infinity") ? -.infinity : nil
  }

  // MARK: Text to numbers

  // What the scan lets through is a subset of what DecimalText reads, so that nil cannot happen; as NaN it would be refused.

  private static func double(_ bytes: [UInt8], _ range: Range<Int>) -> Double {
    DecimalText.double(bytes.span.extracting(range)) ?? .nan
  }

  private static func float(_ bytes: [UInt8], _ range: Range<Int>) -> Float {
    DecimalText.float(bytes.span.extracting(range)) ?? .nan
  }
}
