import ForestIR

// The small members of an estimator, each of the type that its place requires.

extension EstimatorLowering {
  /// An error about a member of an estimator, or about the estimator.
  func fault(
    _ code: ReadError.Code, _ estimator: Estimator, _ name: String?, below: String = "", _ message: String
  ) -> ReadError {
    if let name, let value = estimator.values[name] { return cursor.fault(code, at: value.place, below: below, message) }
    return cursor.fault(code, at: estimator.place, below: (name.map { ".\($0)" } ?? "") + below, message)
  }

  private func missing(_ name: String, _ estimator: Estimator) -> ReadError {
    fault(.missing, estimator, nil, "the estimator has no \"\(name)\"")
  }

  private func wrong(_ name: String, _ estimator: Estimator, _ expected: String) -> ReadError {
    fault(.malformed, estimator, name, "\(expected) is needed here, not \(estimator.values[name]?.value.phrase ?? "nothing")")
  }

  /// The value, unless it is absent or null.
  func optional(_ name: String, of estimator: Estimator) -> SmallValue? {
    guard let value = estimator.values[name]?.value else { return nil }
    if case .null = value { return nil }
    return value
  }

  func string(_ name: String, of estimator: Estimator) throws(ReadError) -> String {
    guard let value = optional(name, of: estimator) else { throw missing(name, estimator) }
    guard let text = value.text else { throw wrong(name, estimator, "a string") }
    return text
  }

  func bool(_ name: String, of estimator: Estimator, otherwise: Bool) throws(ReadError) -> Bool {
    switch optional(name, of: estimator) {
    case nil: return otherwise
    case .bool(let value)?: return value
    case .number(0)?: return false
    case .number(1)?: return true
    default: throw wrong(name, estimator, "a truth value")
    }
  }

  /// A finite number.
  func double(_ name: String, of estimator: Estimator) throws(ReadError) -> Double {
    guard let value = try optionalDouble(name, of: estimator) else { throw missing(name, estimator) }
    return value
  }

  func optionalDouble(_ name: String, of estimator: Estimator) throws(ReadError) -> Double? {
    guard let value = optional(name, of: estimator) else { return nil }
    guard let number = value.number else { throw wrong(name, estimator, "a number") }
    guard number.isFinite else { throw fault(.notFinite, estimator, name, "\(name) is not a finite number") }
    return number
  }

  /// A number of things, at least 1.
  func optionalCount(_ name: String, of estimator: Estimator) throws(ReadError) -> Int? {
    guard let value = optional(name, of: estimator) else { return nil }
    guard let count = value.integer else { throw wrong(name, estimator, "an integer") }
    guard (1...NodeArrays.nodeLimit).contains(count) else { throw fault(.outOfRange, estimator, name, "\(name) is \(count)") }
    return count
  }

  /// An array of finite numbers; nested arrays are laid end to end.
  func doubles(_ name: String, of estimator: Estimator) throws(ReadError) -> [Double] {
    guard let value = optional(name, of: estimator) else { throw missing(name, estimator) }
    guard let numbers = value.flatNumbers else { throw wrong(name, estimator, "an array of numbers") }
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw fault(.notFinite, estimator, name, below: "[\(index)]", "a number of \(name) is not finite")
    }
    return numbers
  }

  /// The same; nil where it is absent or null.
  func optionalDoubles(_ name: String, of estimator: Estimator) throws(ReadError) -> [Double]? {
    optional(name, of: estimator) == nil ? nil : try doubles(name, of: estimator)
  }

  /// An array of arrays of numbers, any numbers.
  func rows(_ name: String, of estimator: Estimator) throws(ReadError) -> [[Double]] {
    guard let value = optional(name, of: estimator) else { throw missing(name, estimator) }
    switch value {
    case .numbers(let numbers) where numbers.isEmpty: return []
    case .list(let list):
      var rows: [[Double]] = []
      for (index, row) in list.enumerated() {
        guard case .numbers(let numbers) = row else {
          throw fault(.malformed, estimator, name, below: "[\(index)]", "an array of numbers is needed here, not \(row.phrase)")
        }
        rows.append(numbers)
      }
      return rows
    default: throw wrong(name, estimator, "an array of arrays")
    }
  }
}

extension SmallValue {
  /// The numbers of an array and of arrays in it (one level); nil if there is anything else. A lone number is one.
  var flatNumbers: [Double]? {
    switch self {
    case .numbers(let numbers): return numbers
    case .list(let list):
      var all: [Double] = []
      for element in list {
        guard let numbers = element.number.map({ [$0] }) ?? element.flatNumbers else { return nil }
        all += numbers
      }
      return all
    default: return number.map { [$0] }
    }
  }
}
