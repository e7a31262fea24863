// Reads a CSV table with a header on standard input, writes the outputs of bdt_sklearn_classification on standard output.
//
//   swiftc -O -parse-as-library -o driver bdt_sklearn_classification.swift bdt_sklearn_classification_driver.swift
//   ./driver < in.csv > out.csv
//   ./driver --selftest
//
// This file belongs to whoever generated it; petrify 0.1.0 claims no rights in it.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Android)
import Android
#elseif canImport(WASILibc)
import WASILibc
#elseif canImport(ucrt)
import ucrt
#endif

@main enum bdt_sklearn_classification_driver {
  /// The heading of the output.
  static let heading = "raw,proba_0,proba_1,label"
  /// Whether columns are taken by position, because the model names no inputs.
  static let isByPosition = false

  static func main() {
    if CommandLine.arguments.dropFirst().first == "--selftest" {
      let failures = bdt_sklearn_classification.selfTest()
      Output.complain("\(bdt_sklearn_classification.referenceEventCount) events, \(failures) wrong")
      exit(failures == 0 ? 0 : 1)
    }
    var table = TableReader()
    guard table.next(), !table.isBlank else { table.fail("the table has no header") }
    let columns = isByPosition ? table.positions(count: bdt_sklearn_classification.inputCount) : table.columns(bdt_sklearn_classification.inputLabels)
    let width = table.fieldCount
    var output = Output()
    output.append(heading)
    output.append(byte: 0x0A)
    var x = [Double](repeating: 0, count: bdt_sklearn_classification.inputCount)
    var out = [Double](repeating: 0, count: bdt_sklearn_classification.outputCount)
    while table.next() {
      if table.isBlank {
        // Blank lines are accepted only at the end.
        let line = table.line
        while table.next() {
          if !table.isBlank { table.fail("a blank line inside the table", line: line) }
        }
        break
      }
      if table.fieldCount != width { table.fail("the row has \(table.fieldCount) fields, the header has \(width)") }
      for i in 0..<columns.count {
        guard let value = table.number(columns[i]) else {
          table.fail("\"\(table.text(columns[i]))\" is not a number")
        }
        x[i] = value
      }
      bdt_sklearn_classification.evaluate(x, &out)
      for i in 0..<out.count {
        if i > 0 { output.append(byte: 0x2C) }
        output.append(out[i])
      }
      output.append(byte: 0x0A)
    }
    output.flush()
  }
}

/// Collects what is to be written.
private struct Output {
  private var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(1 << 17) }

  mutating func append(byte: UInt8) {
    bytes.append(byte)
    if bytes.count >= 1 << 16 { flush() }
  }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// The shortest decimal that reads back to the same number.
  mutating func append(_ number: Double) { append(number.isNaN ? "nan" : number.description) }

  mutating func flush() {
    Output.write(bytes, to: 1)
    bytes.removeAll(keepingCapacity: true)
  }

  static func complain(_ text: String) { write(Array((text + "\n").utf8), to: 2) }

  private static func write(_ bytes: [UInt8], to file: Int32) {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        #if canImport(Glibc)
        let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
        #elseif canImport(Musl)
        let count = Musl.write(file, buffer.baseAddress! + done, buffer.count - done)
        #elseif canImport(Darwin)
        let count = Darwin.write(file, buffer.baseAddress! + done, buffer.count - done)
        #elseif canImport(Android)
        let count = Android.write(file, buffer.baseAddress! + done, buffer.count - done)
        #else
        let count = WASILibc.write(file, buffer.baseAddress! + done, buffer.count - done)
        #endif
        if count < 0 && errno == EINTR { continue }
        // Whoever reads the output has gone, or the disk is full.
        if count <= 0 { exit(74) }
        done += count
      }
    }
  }
}

/// Goes through a table record by record, as RFC 4180 has it, with line ends LF or CR LF.
///
/// It holds a window over the input that grows only for a record longer than itself. The fields of the current record
/// are places in that window.
private struct TableReader {
  /// The window; behind what it holds there is always room for one more byte.
  private var window: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 20
  private var filled = 0
  private var place = 0
  private var isAtEnd = false
  private var nextLine = 1

  /// The line on which the current record begins.
  private(set) var line = 1
  private var starts: [Int] = []
  private var ends: [Int] = []
  private var quoted: [Bool] = []

  var fieldCount: Int { starts.count }
  var isBlank: Bool { starts.count == 1 && starts[0] == ends[0] && !quoted[0] }

  init() {
    window = .allocate(capacity: capacity + 1)
    fill()
    // A byte order mark.
    if filled >= 3 && window[0] == 0xEF && window[1] == 0xBB && window[2] == 0xBF { place = 3 }
  }

  func fail(_ what: String, line: Int? = nil) -> Never {
    Output.complain("<stdin>:\(line ?? self.line): error: \(what)")
    exit(65)
  }

  /// Goes to the next record; false at the end.
  mutating func next() -> Bool {
    while true {
      if place == filled && isAtEnd { return false }
      line = nextLine
      if place < filled && split() { return true }
      fill()
    }
  }

  private mutating func fill() {
    if place > 0 {
      window.update(from: window + place, count: filled - place)
      filled -= place
      place = 0
    } else if filled == capacity {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * capacity + 1)
      larger.update(from: window, count: filled)
      window.deallocate()
      window = larger
      capacity *= 2
    }
    while filled < capacity && !isAtEnd {
      let count = read(0, window + filled, capacity - filled)
      if count < 0 {
        if errno == EINTR { continue }
        Output.complain("<stdin>: error: cannot be read")
        exit(74)
      }
      filled += count
      isAtEnd = count == 0
    }
    // Ends the last number.
    window[filled] = 0
  }

  /// Finds the fields of the record at `place` and goes behind it; false if more must be read first.
  private mutating func split() -> Bool {
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    quoted.removeAll(keepingCapacity: true)
    var i = place
    var lines = 1
    while true {
      if i < filled && window[i] == 0x22 {
        let start = i + 1
        i = start
        while true {
          if i >= filled {
            if isAtEnd { fail("a quote is never closed") }
            return false
          }
          if window[i] == 0x22 {
            if i + 1 >= filled && !isAtEnd { return false }
            if i + 1 < filled && window[i + 1] == 0x22 {
              i += 2
              continue
            }
            break
          }
          if window[i] == 0x0A { lines += 1 }
          i += 1
        }
        starts.append(start)
        ends.append(i)
        quoted.append(true)
        i += 1
      } else {
        let start = i
        while i < filled {
          let byte = window[i]
          if byte <= 0x2C && (byte == 0x2C || byte == 0x0A || byte == 0x0D || byte == 0x22) { break }
          i += 1
        }
        if i < filled && window[i] == 0x22 { fail("a quote inside a field that does not begin with one") }
        starts.append(start)
        ends.append(i)
        quoted.append(false)
      }
      if i >= filled {
        if !isAtEnd { return false }
        place = filled
        nextLine += lines
        return true
      }
      switch window[i] {
      case 0x2C: i += 1
      case 0x0A:
        place = i + 1
        nextLine += lines
        return true
      case 0x0D:
        if i + 1 >= filled && !isAtEnd { return false }
        if i + 1 < filled && window[i + 1] != 0x0A { fail("a carriage return without a line feed") }
        place = min(i + 2, filled)
        nextLine += lines
        return true
      default: fail("text behind a closing quote")
      }
    }
  }

  /// The bytes of a field, doubled quotes made single.
  private func bytes(_ field: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var i = starts[field]
    while i < ends[field] {
      bytes.append(window[i])
      i += quoted[field] && window[i] == 0x22 ? 2 : 1
    }
    return bytes
  }

  func text(_ field: Int) -> String { String(decoding: bytes(field), as: UTF8.self) }

  func positions(count: Int) -> [Int] {
    if fieldCount != count { fail("the table has \(fieldCount) columns, the model has \(count) inputs") }
    return Array(0..<count)
  }

  /// The column of each label, compared byte by byte: as the header has it, then without blanks around it.
  func columns(_ labels: [String]) -> [Int] {
    let plain = (0..<fieldCount).map { bytes($0) }
    let trimmed = (0..<fieldCount).map { quoted[$0] ? plain[$0] : TableReader.trimmed(plain[$0]) }
    var places: [[UInt8]: [Int]] = [:]
    var trimmedPlaces: [[UInt8]: [Int]] = [:]
    for i in 0..<fieldCount {
      places[plain[i], default: []].append(i)
      trimmedPlaces[trimmed[i], default: []].append(i)
    }
    return labels.map { label in
      let found = places[Array(label.utf8)] ?? trimmedPlaces[TableReader.trimmed(Array(label.utf8))] ?? []
      if found.count > 1 {
        fail("the column \"\(label)\", which the model reads, occurs \(found.count) times")
      }
      guard let column = found.first else {
        fail("the column \"\(label)\", which the model reads, is missing")
      }
      return column
    }
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var rest = bytes[...]
    while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return Array(rest)
  }

  /// The number in a field, correctly rounded; NaN if the field is empty, nil if it is no number.
  func number(_ field: Int) -> Double? {
    var i = starts[field]
    var end = ends[field]
    while i < end && (window[i] == 0x20 || window[i] == 0x09) { i += 1 }
    while i < end && (window[end - 1] == 0x20 || window[end - 1] == 0x09) { end -= 1 }
    if i == end { return Double.nan }
    let start = i
    let isNegative = window[i] == 0x2D
    if isNegative || window[i] == 0x2B { i += 1 }
    var digits: UInt64 = 0
    var digitCount = 0
    var isExact = true
    var scale = 0
    var isBehindPoint = false
    while i < end {
      let byte = window[i]
      if byte &- 0x30 < 10 {
        digitCount += 1
        // Below 2^53 a whole number is a float64 number.
        if digits < 900_000_000_000_000 {
          digits = digits &* 10 &+ UInt64(byte &- 0x30)
          if isBehindPoint { scale -= 1 }
        } else {
          isExact = false
        }
      } else if byte == 0x2E && !isBehindPoint {
        isBehindPoint = true
      } else {
        break
      }
      i += 1
    }
    if digitCount == 0 { return word(start, end) }
    if i < end {
      guard window[i] == 0x65 || window[i] == 0x45 else { return nil }
      i += 1
      var isSmall = false
      if i < end && (window[i] == 0x2D || window[i] == 0x2B) {
        isSmall = window[i] == 0x2D
        i += 1
      }
      if i == end { return nil }
      var exponent = 0
      while i < end {
        let digit = window[i] &- 0x30
        if digit > 9 { return nil }
        if exponent < 100_000 { exponent = exponent * 10 + Int(digit) }
        i += 1
      }
      scale += isSmall ? -exponent : exponent
    }
    // A whole number below 2^53 times or over a power of ten that is a float64 number: rounded once.
    if isExact && scale >= -22 && scale <= 22 {
      let value = scale < 0 ? Double(digits) / TableReader.powersOfTen[-scale] : Double(digits) * TableReader.powersOfTen[scale]
      return isNegative ? -value : value
    }
    // Whatever follows the field ends the number: a comma, a line end, a quote, a blank or the zero behind the window.
    return (window + start).withMemoryRebound(to: CChar.self, capacity: end - start + 1) { strtod($0, nil) }
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// `nan`, `inf` and `infinity`, in any case.
  private func word(_ start: Int, _ end: Int) -> Double? {
    var letters = ""
    var i = start
    let isNegative = window[i] == 0x2D
    if isNegative || window[i] == 0x2B { i += 1 }
    if end - i > 8 { return nil }
    while i < end {
      letters.unicodeScalars.append(Unicode.Scalar(window[i] | 0x20))
      i += 1
    }
    switch letters {
    case "nan": return Double.nan
    case "inf", "infinity": return isNegative ? -Double.infinity : Double.infinity
    default: return nil
    }
  }
}
