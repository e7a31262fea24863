import ForestIR

// The kinds of values that the canonical form is made of, and the errors about them.

extension ForestJSONReader {
  /// A float64. What JSON cannot say comes as a string: `"Infinity"`, `"-Infinity"`, `"NaN"`, or `"NaN:"` and the 16
  /// hexadecimal digits of a NaN.
  mutating func number() throws(ReadError) -> Double {
    guard try cursor.kind() == .string else { return try cursor.number() }
    let place = cursor.here
    let text = try cursor.string()
    switch text {
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    case "NaN": return .nan
    default:
      if text.hasPrefix("NaN:"), text.utf8.count == 20, !text.utf8.contains(UInt8(ascii: "+")),
        let pattern = UInt64(text.dropFirst(4), radix: 16), Double(bitPattern: pattern).isNaN
      {
        return Double(bitPattern: pattern)
      }
      throw cursor.fault(.malformed, at: place, "\"\(JSONCursor.clipped(text))\" is not a number")
    }
  }

  mutating func numbers() throws(ReadError) -> [Double] {
    var numbers: [Double] = []
    try cursor.beginArray()
    while try cursor.nextElement() { numbers.append(try number()) }
    return numbers
  }

  mutating func pairOfNumbers(_ what: String) throws(ReadError) -> (Double, Double) {
    let place = cursor.here
    let numbers = try self.numbers()
    guard numbers.count == 2 else {
      throw cursor.fault(.inconsistent, at: place, "\(what) has two ends, not \(numbers.count)")
    }
    return (numbers[0], numbers[1])
  }

  mutating func int32s(_ what: String) throws(ReadError) -> [Int32] {
    let range = Int(Int32.min)...Int(Int32.max)
    var integers: [Int32] = []
    try cursor.beginArray()
    while try cursor.nextElement() { integers.append(Int32(try cursor.integer(in: range, what))) }
    return integers
  }

  /// A value of a model, by its number; that it exists is left to the builder.
  mutating func value() throws(ReadError) -> Value {
    Value(index: try cursor.integer(in: 0...Int(Int32.max), "a value"))
  }

  mutating func list<Element>(
    _ element: (inout ForestJSONReader) throws(ReadError) -> Element
  ) throws(ReadError) -> [Element] {
    var elements: [Element] = []
    try cursor.beginArray()
    while try cursor.nextElement() { elements.append(try element(&self)) }
    return elements
  }

  /// One of the names of an enumeration.
  mutating func oneOf<Choices: RawRepresentable<String> & CaseIterable>(
    _ type: Choices.Type
  ) throws(ReadError) -> Choices {
    let place = cursor.here
    let name = try cursor.string()
    guard let value = Choices(rawValue: name) else {
      let names = Choices.allCases.map(\.rawValue).joined(separator: ", ")
      throw cursor.fault(.malformed, at: place, "\"\(JSONCursor.clipped(name))\" is none of: \(names)")
    }
    return value
  }

  mutating func constant(_ expected: String) throws(ReadError) -> String {
    let place = cursor.here
    let text = try cursor.string()
    guard text == expected else {
      throw cursor.fault(.malformed, at: place, "\"\(JSONCursor.clipped(text))\" where \"\(expected)\" must stand")
    }
    return text
  }

  // MARK: Errors

  /// The member whose value stands next is not one that belongs here.
  func unknown(_ key: String) -> ReadError {
    cursor.fault(.unexpected, at: cursor.here, "no member \"\(JSONCursor.clipped(key))\" belongs here")
  }

  func needed<Part>(_ part: Part?, _ name: String, in place: JSONCursor.Place) throws(ReadError) -> Part {
    guard let part else { throw cursor.fault(.missing, at: place, "the member \"\(name)\" is missing") }
    return part
  }

  /// Gives a refusal of the IR its place in the file.
  func building<Part>(
    at place: JSONCursor.Place, _ build: () throws(ForestFault) -> Part
  ) throws(ReadError) -> Part {
    do throws(ForestFault) {
      return try build()
    } catch {
      throw refusal(error, at: place)
    }
  }

  func refusal(_ fault: ForestFault, at place: JSONCursor.Place) -> ReadError {
    let code: ReadError.Code =
      switch fault.code {
      case .shape, .structure: .inconsistent
      case .index, .number: .outOfRange
      case .duplicate: .duplicate
      case .limit: .limit
      }
    return cursor.fault(code, at: place, fault.message)
  }
}
