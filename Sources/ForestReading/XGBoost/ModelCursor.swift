/// What the JSON and the UBJSON form of a model have in common: a document of objects, arrays and small values, read piece
/// by piece. What the model means is written once, over this.
///
/// The rules are those of `JSONCursor`: every part that was begun is asked for to its end, what is not taken is skipped and
/// checked, and every error says where.
protocol ModelCursor {
  mutating func beginObject() throws(ReadError)
  mutating func nextKey() throws(ReadError) -> String?
  mutating func beginArray() throws(ReadError)
  mutating func nextElement() throws(ReadError) -> Bool
  mutating func kind() throws(ReadError) -> JSONCursor.Kind
  mutating func bool() throws(ReadError) -> Bool
  mutating func string() throws(ReadError) -> String
  mutating func integer() throws(ReadError) -> Int
  /// The number that stands next, rounded once to float32. NaN and infinities are let through.
  mutating func float32() throws(ReadError) -> Float
  mutating func skip() throws(ReadError)
  mutating func end() throws(ReadError)

  /// Takes elements of the array that was entered, as long as that goes quickly. `nextElement()` must be asked afterwards.
  mutating func takeFloats(_ numbers: inout [Float])
  /// The same for integers in `range`, which lies within 32 bits.
  mutating func takeInt32s(_ integers: inout [Int32], in range: ClosedRange<Int>)
  /// Passes over numbers in the same way, and says how many there were.
  mutating func passNumbers() -> Int

  /// Where the value is that stands next.
  var mark: SourceMark { get }
}

extension JSONCursor: ModelCursor {
  var mark: SourceMark { fault(.malformed, at: here, "").mark }
}

extension ModelCursor {
  /// An error about the value that stands next.
  func refusal(_ code: ReadError.Code, _ message: String, hint: String? = nil) -> ReadError {
    ReadError(code, at: mark, message, hint: hint)
  }

  // MARK: Arrays

  /// - Parameter expected: about how many there will be; counted from the file, never stated by it.
  mutating func floatArray(expecting expected: Int = 0) throws(ReadError) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(expected)
    try beginArray()
    takeFloats(&numbers)
    while try nextElement() {
      guard try kind() != .null else { throw refusal(.notFinite, "a number is needed here, not null") }
      numbers.append(try float32())
      takeFloats(&numbers)
    }
    return numbers
  }

  /// - Parameters:
  ///   - range: what is allowed; the upper end may lie beyond 32 bits and is then clamped.
  ///   - what: what an element is, for the message.
  ///   - expected: see `floatArray(expecting:)`.
  mutating func integerArray(
    in range: ClosedRange<Int>, _ what: StaticString, expecting expected: Int = 0
  ) throws(ReadError) -> [Int32] {
    let quick = max(range.lowerBound, Int(Int32.min))...min(range.upperBound, Int(Int32.max))
    var integers: [Int32] = []
    integers.reserveCapacity(expected)
    try beginArray()
    takeInt32s(&integers, in: quick)
    while try nextElement() {
      let place = mark
      let integer = try self.integer()
      guard range.contains(integer) else {
        throw ReadError(.outOfRange, at: place, "\(what) is \(integer), not in \(range.lowerBound)…\(range.upperBound)")
      }
      integers.append(Int32(clamping: integer))
      takeInt32s(&integers, in: quick)
    }
    return integers
  }

  /// 0 and 1, or truth values: 1.0 to 1.5 wrote these.
  mutating func flagArray() throws(ReadError) -> [Bool] {
    var integers: [Int32] = []
    try beginArray()
    takeInt32s(&integers, in: 0...1)
    var flags = integers.map { $0 == 1 }
    while try nextElement() {
      if try kind() == .bool {
        flags.append(try bool())
      } else {
        let place = mark
        let flag = try integer()
        guard flag == 0 || flag == 1 else { throw ReadError(.outOfRange, at: place, "a direction is \(flag), not 0 or 1") }
        flags.append(flag == 1)
      }
      integers.removeAll(keepingCapacity: true)
      takeInt32s(&integers, in: 0...1)
      for integer in integers { flags.append(integer == 1) }
    }
    return flags
  }

  /// How many elements an array has, which are passed over.
  mutating func elementCount() throws(ReadError) -> Int {
    try beginArray()
    var count = passNumbers()
    while try nextElement() {
      try skip()
      count += 1 + passNumbers()
    }
    return count
  }

  mutating func stringArray(limit: Int) throws(ReadError) -> [String] {
    var strings: [String] = []
    try beginArray()
    while try nextElement() {
      guard strings.count < limit else { throw refusal(.limit, "more than \(limit) names") }
      strings.append(try string())
    }
    return strings
  }

  /// An integer that is written as text, as all scalar parameters are, or as a number.
  mutating func parameter(in range: ClosedRange<Int>, _ what: StaticString) throws(ReadError) -> Int {
    let isText = try kind() == .string
    // There are a few of these a tree, and a mark is text: it is worked out only for an error.
    let before = self
    let value: Int
    if isText {
      let text = try string()
      guard let number = Int(parameter: text) else {
        throw before.refusal(.malformed, "\(what) is \"\(JSONCursor.clipped(text))\", which is no integer")
      }
      value = number
    } else {
      value = try integer()
    }
    guard range.contains(value) else {
      throw before.refusal(.outOfRange, "\(what) is \(value), not in \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }
}
