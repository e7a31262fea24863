import Decimals

// Long arrays of numbers, without a step of the cursor for each of them. Only what is as usual and well inside the window
// is taken here; the rest, every error too, is left to `nextElement()`, so that there is one place for each.

extension JSONCursor {
  /// Takes elements of the array that was entered, as long as they are plain numbers.
  ///
  /// `nextElement()` must be asked afterwards: it says whether the array is at its end.
  mutating func takeNumbers(_ numbers: inout [Double]) {
    takeElements { text, index in
      guard let number = DecimalText.leadingDouble(text, from: &index) else { return false }
      numbers.append(number)
      return true
    }
  }

  /// Takes elements of the array that was entered, as long as they are plain integers in `range`; see `takeNumbers(_:)`.
  ///
  /// - Parameter range: lies within 32 bits.
  mutating func takeInt32s(_ integers: inout [Int32], in range: ClosedRange<Int>) {
    takeElements { text, index in
      guard let integer = JSONCursor.leadingInteger(text, from: &index), range.contains(integer) else { return false }
      integers.append(Int32(truncatingIfNeeded: integer))
      return true
    }
  }

  /// Passes over elements of the array that was entered, as long as they are plain numbers; see `takeNumbers(_:)`.
  ///
  /// - Returns: how many there were.
  @discardableResult
  mutating func passNumbers() -> Int {
    takeElements { text, index in DecimalText.passLeadingNumber(text, from: &index) }
  }

  /// Takes elements of the array that was entered, as long as they are plain numbers, each rounded once to float32; see
  /// `takeNumbers(_:)`.
  mutating func takeFloats(_ numbers: inout [Float]) {
    takeElements { text, index in
      guard let number = DecimalText.leadingFloat(text, from: &index) else { return false }
      numbers.append(number)
      return true
    }
  }

  /// Takes elements of the array that was entered, as long as they are arrays of `rows` arrays of `columns` plain numbers.
  ///
  /// - Parameter rows: nil: the elements are themselves arrays of `columns` plain numbers.
  /// - Returns: how many elements there were.
  mutating func takeRows(_ rows: Int?, of columns: Int, _ numbers: inout [Double]) -> Int {
    takeElements { text, index in
      let count = numbers.count
      let isTaken = rows.map { rows in
        JSONCursor.takeArray(of: rows, text, &index) { text, index in
          JSONCursor.takeRow(of: columns, text, &index, &numbers)
        }
      } ?? JSONCursor.takeRow(of: columns, text, &index, &numbers)
      // Half an element does not count.
      if !isTaken { numbers.removeLast(numbers.count - count) }
      return isTaken
    }
  }

  // MARK: Steps

  /// Goes through elements as long as `take` succeeds, which moves the index behind what it took.
  ///
  /// - Returns: how many it took.
  @inline(__always) @discardableResult
  private mutating func takeElements(_ take: (_ text: Span<UInt8>, _ index: inout Int) -> Bool) -> Int {
    precondition(!isPending && !frames.isEmpty && !frames[frames.count - 1].isObject, "no array was entered")
    let before = frames[frames.count - 1].count
    var count = before
    var end = offset
    do {
      // The cursor itself may move only once the window is not looked at any more.
      let text = bytes.span
      while var index = JSONCursor.startOfElement(text, end, isFirst: count == 0), take(text, &index) {
        end = index
        count += 1
      }
    }
    offset = end
    frames[frames.count - 1].count = count
    return count - before
  }

  @inline(__always)
  private static func takeRow(
    of count: Int, _ text: Span<UInt8>, _ index: inout Int, _ numbers: inout [Double]
  ) -> Bool {
    takeArray(of: count, text, &index) { text, index in
      guard let number = DecimalText.leadingDouble(text, from: &index) else { return false }
      numbers.append(number)
      return true
    }
  }

  /// Goes through an array of so many elements, if `take` succeeds with each.
  @inline(__always)
  private static func takeArray(
    of count: Int, _ text: Span<UInt8>, _ index: inout Int, _ take: (_ text: Span<UInt8>, _ index: inout Int) -> Bool
  ) -> Bool {
    guard index < text.count, text[index] == UInt8(ascii: "[") else { return false }
    index += 1
    for element in 0..<count {
      guard let start = startOfElement(text, index, isFirst: element == 0) else { return false }
      index = start
      guard take(text, &index) else { return false }
    }
    index = endOfSpace(text, index)
    guard index < text.count, text[index] == UInt8(ascii: "]") else { return false }
    index += 1
    return true
  }

  /// Where an element begins, behind the comma of all but the first; nil if there is no comma.
  @inline(__always)
  private static func startOfElement(_ text: Span<UInt8>, _ index: Int, isFirst: Bool) -> Int? {
    let next = endOfSpace(text, index)
    if isFirst { return next }
    guard next < text.count, text[next] == UInt8(ascii: ",") else { return nil }
    return endOfSpace(text, next + 1)
  }

  @inline(__always)
  private static func endOfSpace(_ text: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < text.count, text[index] <= UInt8(ascii: " ") {
      switch text[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
      default: return index
      }
    }
    return index
  }

  /// The integer at `start`, of at most nine digits and with something behind it in the window that ends it; nil for any other.
  @inline(__always)
  private static func leadingInteger(_ text: Span<UInt8>, from start: inout Int) -> Int? {
    // A sign, nine digits, and what follows.
    guard start <= text.count - 11 else { return nil }
    var index = start
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    let first = index
    var value = 0
    while case let digit = text[index] &- UInt8(ascii: "0"), digit <= 9 {
      guard index - first < 9 else { return nil }
      value = value &* 10 &+ Int(digit)
      index += 1
    }
    // No leading zeros: a zero stands alone.
    guard index > first, text[first] != UInt8(ascii: "0") || index == first + 1 else { return nil }
    switch text[index] {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
    default: break
    }
    start = index
    return isNegative ? -value : value
  }
}
