package import ForestIR

/// Some of the numbers that an input can be, NaN perhaps among them: what is known of it on a way through a tree.
///
/// Numbers are the interval `(lower, upper]`, held as ranks: the places of float64 numbers in ascending order, both zeros at 0.
package struct ValueRange: Sendable, Hashable {
  private var lower: Int64
  private var upper: Int64
  /// Whether NaN belongs to it.
  package private(set) var admitsNaN: Bool
  /// Nil: any number of the interval; else only these categories.
  private var only: CategorySet?
  /// Categories left out.
  private var except: CategorySet?

  /// Every number, and NaN if `nan`.
  package static func everything(nan: Bool) -> ValueRange {
    ValueRange(lower: rank(-.infinity) - 1, upper: rank(.infinity), admitsNaN: nan)
  }

  private init(lower: Int64, upper: Int64, admitsNaN: Bool) {
    self.lower = lower
    self.upper = upper
    self.admitsNaN = admitsNaN
  }

  /// Only this value, which may be NaN.
  package init(_ value: Double) {
    let rank = value.isNaN ? 0 : Self.rank(value)
    self.init(lower: value.isNaN ? 0 : rank - 1, upper: rank, admitsNaN: value.isNaN)
  }

  /// Whether no number belongs to it (NaN may).
  ///
  /// - Complexity: O(1), with categories O(their number).
  package var hasNoNumber: Bool {
    guard lower < upper else { return true }
    guard let only else { return false }
    return !only.members.contains { containsNumber(Double($0)) }
  }

  package var isEmpty: Bool { !admitsNaN && hasNoNumber }

  package func contains(_ value: Double) -> Bool { value.isNaN ? admitsNaN : containsNumber(value) }

  private func containsNumber(_ value: Double) -> Bool {
    let rank = Self.rank(value)
    return rank > lower && rank <= upper && (only?.contains(value) ?? true) && !(except?.contains(value) ?? false)
  }

  /// The parts that a test sends left and right.
  package func parted(by test: PlainTest, nanGoesLeft: Bool) -> (left: ValueRange, right: ValueRange) {
    var left = self, right = self
    left.admitsNaN = admitsNaN && nanGoesLeft
    right.admitsNaN = admitsNaN && !nanGoesLeft
    switch test {
    case .never: left.upper = left.lower
    case .upTo(let bound):
      left.upper = min(upper, Self.rank(bound))
      right.lower = max(lower, Self.rank(bound))
    case .member(let set):
      left.only = only.map { $0.intersection(set) } ?? set
      right.except = except.map { $0.union(set) } ?? set
    }
    return (left, right)
  }

  /// Members of it: its ends, something short in between, a few categories; never NaN. Empty only for a range without numbers, or
  /// where nothing was found between many categories.
  package func samples(float32: Bool) -> [Double] {
    guard lower < upper else { return [] }
    let highest = Self.value(upper)
    let lowest: Double
    if lower < Self.rank(-.infinity) {
      lowest = -.infinity
    } else {
      lowest = float32 ? Double(Float(Self.value(lower)).nextUp) : Self.value(lower + 1)
    }
    var candidates = [highest, lowest]
    if lowest.isFinite, highest.isFinite {
      candidates.insert(Self.shortNumber(between: lowest, and: highest), at: 0)
    } else if lowest.isFinite {
      candidates += [lowest + max(1, abs(lowest) / 8), .greatestFiniteMagnitude]
    } else if highest.isFinite {
      candidates += [highest - max(1, abs(highest) / 8), -.greatestFiniteMagnitude]
    } else {
      candidates += [0, 1, -1]
    }
    candidates += (only?.members ?? []).prefix(4).map(Double.init)
    if let except { candidates += [-1, 0.5, Double(except.words.count * 32)] + (0...except.words.count).map { Double($0 * 32) } }
    return candidates.map { float32 ? Double(Float($0)) : $0 }.filter(containsNumber)
  }

  /// The number with the fewest binary digits in between.
  private static func shortNumber(between lowest: Double, and highest: Double) -> Double {
    guard lowest > 0 || highest < 0 else { return 0 }
    var step = max(abs(lowest), abs(highest)).binade
    while step.isNormal {
      let multiple = (lowest / step).rounded(.up) * step
      if multiple >= lowest, multiple <= highest { return multiple }
      step /= 2
    }
    return highest
  }

  /// The place of a number that is not NaN: 0 for both zeros.
  static func rank(_ value: Double) -> Int64 {
    let magnitude = Int64(bitPattern: value.magnitude.bitPattern)
    return value.sign == .minus ? -magnitude : magnitude
  }

  private static func value(_ rank: Int64) -> Double {
    let magnitude = Double(bitPattern: rank.magnitude)
    return rank < 0 ? -magnitude : magnitude
  }
}

/// What a split asks a number, said in one way only: two tests are equal exactly where the same numbers of the width pass.
package enum PlainTest: Sendable, Hashable {
  /// No number passes.
  case never
  /// `x <= bound`; the bound is a number of the width, never −0.
  case upTo(Double)
  /// Membership; the last word is not 0.
  case member(CategorySet)

  /// - Parameters:
  ///   - split: not a linear test.
  ///   - float32: whether the number that is asked is known to be a float32 number.
  package init(_ split: Split, of tree: Tree, float32: Bool) {
    switch split.test {
    case .less: self.init(below: split.threshold, float32: float32)
    case .lessOrEqual, .linearLessOrEqual: self = .upTo(Self.floor(split.threshold, float32: float32))
    case .inSet:
      let set = tree.categorySets[Int(split.threshold)].trimmed
      self = set.words.isEmpty ? .never : .member(set)
    }
  }

  /// `x < threshold`.
  private init(below threshold: Double, float32: Bool) {
    guard threshold > -.infinity else {
      self = .never
      return
    }
    let floor = Self.floor(threshold, float32: float32)
    if floor < threshold {
      self = .upTo(floor)
    } else {
      let below = float32 ? Double(Float(floor).nextDown) : floor.nextDown
      self = .upTo(below + 0)
    }
  }

  /// The question of a float64 number that is this question, of float32 numbers, of what it is rounded to; nil for membership.
  package var beforeRounding: PlainTest? {
    switch self {
    case .never: return self
    case .member: return nil
    case .upTo(.infinity): return self
    case .upTo(let bound):
      // Half-way to the next float32 number, as far as rounding to even goes down there; half-way to infinity is 2^128 − 2^103.
      let next = Double(Float(bound).nextUp)
      let middle = bound.isInfinite ? -0x1.ffffffp127 : next.isInfinite ? 0x1.ffffffp127 : (bound + next) / 2
      return .upTo(Double(Float(middle)) <= bound ? middle : middle.nextDown)
    }
  }

  /// The largest number of the width that is not above `value`; 0 for −0.
  private static func floor(_ value: Double, float32: Bool) -> Double {
    guard float32 else { return value + 0 }
    let nearest = Float(value)
    return Double(Double(nearest) > value ? nearest.nextDown : nearest) + 0
  }
}

extension CategorySet {
  /// The same members without empty words behind the last one.
  var trimmed: CategorySet {
    var words = words
    while words.last == 0 { words.removeLast() }
    return CategorySet(words: words)
  }

  func intersection(_ other: CategorySet) -> CategorySet { CategorySet(words: zip(words, other.words).map { $0 & $1 }) }

  func union(_ other: CategorySet) -> CategorySet {
    let count = max(words.count, other.words.count)
    return CategorySet(words: (0..<count).map { ($0 < words.count ? words[$0] : 0) | ($0 < other.words.count ? other.words[$0] : 0) })
  }
}
