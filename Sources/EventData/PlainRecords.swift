import Decimals

/// The records that nearly all large tables are made of: numbers between commas, without quotes, one record a line.
///
/// They are read in one pass, each number where it stands. Whatever is unusual in a record ends the pass in front of it;
/// the cursor then looks at that one record in full, and says what is wrong with it if anything is.
struct PlainRecords {
  /// For each column of the file, where its number goes in a row; -1 for columns that nobody reads.
  private let places: [Int]
  /// Inputs that read a column which another one reads, too: from where to where in a row.
  private let copies: [(from: Int, to: Int)]
  /// How many numbers a row has.
  let width: Int

  /// - Parameters:
  ///   - columns: for each input, its column in the file.
  ///   - count: how many columns the file has.
  init(_ columns: [Int], of count: Int) {
    var places = [Int](repeating: -1, count: count)
    var copies: [(from: Int, to: Int)] = []
    for (input, column) in columns.enumerated() {
      if places[column] < 0 { places[column] = input } else { copies.append((places[column], input)) }
    }
    self.places = places
    self.copies = copies
    width = columns.count
  }

  /// Reads records from `start` on into the rows from `base` on, as long as `values` has room for them.
  ///
  /// - Returns: how many were read, and where the next one begins.
  func read(
    _ text: Span<UInt8>, from start: Int, into values: inout MutableSpan<Double>, at base: Int
  ) -> (rows: Int, end: Int) {
    var rows = 0, end = start, row = base
    let places = places.span
    while row &+ width <= values.count, let next = Self.record(text, from: end, places, into: &values, at: row) {
      for copy in copies { values[row &+ copy.to] = values[row &+ copy.from] }
      end = next
      row &+= width
      rows &+= 1
      // Rows without numbers take no room, and there is no telling when to stop.
      if width == 0 { break }
    }
    return (rows, end)
  }

  /// The numbers of one record; where the next one begins, or `nil` if this one is not plain or not whole.
  @inline(__always)
  private static func record(
    _ text: Span<UInt8>, from start: Int, _ places: Span<Int>, into values: inout MutableSpan<Double>, at row: Int
  ) -> Int? {
    var index = start
    var column = 0
    while true {
      let place = places[column]
      if place < 0 {
        guard let end = text.fieldEnd(from: index) else { return nil }
        index = end
      } else if let value = DecimalText.leadingDouble(text, from: &index) {
        values[row &+ place] = value
      } else {
        guard let value = otherNumber(text, from: &index, isAlone: places.count == 1) else { return nil }
        values[row &+ place] = value
      }
      guard index < text.count else { return nil }
      let byte = text[index]
      column &+= 1
      index &+= 1
      if column < places.count {
        guard byte == UInt8(ascii: ",") else { return nil }
      } else if byte == UInt8(ascii: "\n") {
        return index
      } else {
        guard byte == UInt8(ascii: "\r"), index < text.count, text[index] == UInt8(ascii: "\n") else { return nil }
        return index &+ 1
      }
    }
  }

  /// What `leadingDouble` leaves: words, unusual spellings, nothing at all. An empty line is for the cursor to judge.
  @inline(never)
  private static func otherNumber(_ text: Span<UInt8>, from index: inout Int, isAlone: Bool) -> Double? {
    guard let end = text.fieldEnd(from: index) else { return nil }
    let field = index..<end
    index = end
    if field.isEmpty { return isAlone ? nil : .nan }
    return DecimalText.double(text.extracting(field), words: .accepted)
  }
}

extension Span<UInt8> {
  /// The first comma, quote or end of a line from `start` on; `nil` if there is none.
  @inline(__always)
  fileprivate func fieldEnd(from start: Int) -> Int? {
    var index = start
    while index < count {
      let ahead = DecimalText.bytesAboveComma(self, from: index)
      index &+= ahead
      if ahead == 8 { continue }
      guard index < count else { return nil }
      switch self[index] {
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\""): return index
      default: index &+= 1
      }
    }
    return nil
  }
}
