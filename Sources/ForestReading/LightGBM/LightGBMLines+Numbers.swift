import Decimals

// Lists of numbers, as long as they may be, straight from the window.

extension LightGBMLines {
  /// Appends the numbers of the rest of the line, separated by blanks, to a list.
  ///
  /// `inf` and `nan` are numbers here; whether they may stand where they stand is the caller's to say.
  ///
  /// - Parameter path: what the list is, for messages.
  mutating func takeNumbers(_ numbers: inout [Double], _ path: @autoclosure () -> String) throws(ReadError) {
    while true {
      var index = offset
      do {
        // The window may move only once nobody looks at it.
        let text = window.span.extracting(0..<filled)
        while true {
          while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
          var next = index
          guard let number = DecimalText.leadingDouble(text, from: &next), text[next] <= UInt8(ascii: " ") else { break }
          numbers.append(number)
          index = next
        }
      }
      offset = index
      // Something else: the end of the line or of the window, a word, or a number that is written in an unusual way.
      guard let token = try takeToken(path, numbers.count) else { return }
      guard let number = DecimalText.double(window.span.extracting(token), words: .accepted) else {
        throw notANumber(token, "a number", path(), numbers.count)
      }
      numbers.append(number)
    }
  }

  /// Appends the whole numbers of the rest of the line, separated by blanks, to a list.
  mutating func takeIntegers<Integer: FixedWidthInteger>(
    _ integers: inout [Integer], _ path: @autoclosure () -> String
  ) throws(ReadError) {
    while true {
      var index = offset
      do {
        let text = window.span.extracting(0..<filled)
        // A sign, nine digits, and what ends them.
        while index < text.count - 11 {
          if text[index] == UInt8(ascii: " ") {
            index += 1
            continue
          }
          let isNegative = text[index] == UInt8(ascii: "-")
          let first = isNegative ? index + 1 : index
          var next = first
          var magnitude = 0
          while next - first < 9, case let digit = text[next] &- UInt8(ascii: "0"), digit <= 9 {
            magnitude = magnitude &* 10 &+ Int(digit)
            next += 1
          }
          guard next > first, text[next] <= UInt8(ascii: " "),
            let integer = Integer(exactly: isNegative ? -magnitude : magnitude)
          else { break }
          integers.append(integer)
          index = next
        }
      }
      offset = index
      guard let token = try takeToken(path, integers.count) else { return }
      guard let integer = DecimalText.integer(window.span.extracting(token), as: Integer.self) else {
        throw notANumber(token, "a whole number of \(Integer.bitWidth) bits", path(), integers.count)
      }
      integers.append(integer)
    }
  }

  /// The only number of the line.
  mutating func takeInteger(_ path: @autoclosure () -> String) throws(ReadError) -> Int {
    let start = mark
    var integers: [Int] = []
    try takeIntegers(&integers, path())
    guard let integer = integers.first, integers.count == 1 else {
      throw ReadError(
        .malformed, at: SourceMark(file: file, line: start.line, column: start.column, path: path()), "one whole number is needed here")
    }
    return integer
  }

  /// Takes what comes before the next blank; nil at the end of the line.
  ///
  /// - Returns: its place in the window, good until something else is taken.
  private mutating func takeToken(_ path: () -> String, _ count: Int) throws(ReadError) -> Range<Int>? {
    while true {
      if hasMore, filled - offset < Self.lookAhead { try refill() }
      guard offset < filled, window[offset] != UInt8(ascii: "\n") else { return nil }
      switch window[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
      default: return try token(path, count)
      }
    }
  }

  private mutating func token(_ path: () -> String, _ count: Int) throws(ReadError) -> Range<Int> {
    let end = min(filled, offset + Self.lookAhead)
    var index = offset
    while index < end, window[index] > UInt8(ascii: " ") { index += 1 }
    guard index < end || !hasMore else {
      throw fault(.malformed, "thousands of characters without a blank in a list of numbers", path: "\(path())[\(count)]")
    }
    defer { offset = index }
    return offset..<index
  }

  private func notANumber(_ token: Range<Int>, _ what: String, _ path: String, _ index: Int) -> ReadError {
    let text = JSONCursor.clipped(String(decoding: window[token], as: UTF8.self))
    let column = position - token.count - lineStart + 1
    return ReadError(
      .malformed, at: SourceMark(file: file, line: line, column: column, path: "\(path)[\(index)]"), "\"\(text)\" is not \(what)")
  }
}
