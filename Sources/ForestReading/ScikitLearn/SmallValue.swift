/// A member of an estimator that is small or flat: read before it is known what the estimator is, and asked for later.
indirect enum SmallValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  /// An array of nothing but numbers; an empty array, too.
  case numbers([Double])
  case list([SmallValue])
  case object([String: SmallValue])

  /// What it is, for a message.
  var phrase: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .numbers, .list: "an array"
    case .object: "an object"
    }
  }

  /// The number of elements; nil for anything but an array.
  var count: Int? {
    switch self {
    case .numbers(let numbers): numbers.count
    case .list(let list): list.count
    default: nil
    }
  }

  /// An integer that is held exactly; nil for anything else.
  var integer: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }
}

/// A small value and where it stands.
struct PlacedValue: Sendable {
  let value: SmallValue
  let place: JSONCursor.Place
}

extension JSONCursor {
  /// The value that stands next, with all its parts.
  ///
  /// - Parameter depth: how many arrays and objects may be nested in it; more are refused, which bounds the recursion.
  mutating func smallValue(depth: Int = 8) throws(ReadError) -> SmallValue {
    switch try kind() {
    case .null:
      try null()
      return .null
    case .bool: return .bool(try bool())
    case .number: return .number(try number())
    case .string: return .string(try string())
    case .array:
      guard depth > 0 else { throw fault(.limit, "arrays within arrays, deeper than any model has them") }
      return try smallArray(depth: depth - 1)
    case .object:
      guard depth > 0 else { throw fault(.limit, "objects within objects, deeper than any model has them") }
      var members: [String: SmallValue] = [:]
      try beginObject()
      while let key = try nextKey() { members[key] = try smallValue(depth: depth - 1) }
      return .object(members)
    }
  }

  private mutating func smallArray(depth: Int) throws(ReadError) -> SmallValue {
    var numbers: [Double] = []
    var list: [SmallValue] = []
    try beginArray()
    while try nextElement() {
      if list.isEmpty, try kind() == .number {
        numbers.append(try number())
      } else {
        if list.isEmpty { list = numbers.map { .number($0) } }
        list.append(try smallValue(depth: depth))
      }
    }
    guard !list.isEmpty else { return .numbers(numbers) }
    // Numbers that are not finite come as strings; an array of numbers and such strings is still one of numbers.
    let all = list.compactMap(\.number)
    return all.count == list.count ? .numbers(all) : .list(list)
  }
}

extension SmallValue {
  /// The number that this is, also in the spelling of numbers that are not finite.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: nil
    }
  }
}
