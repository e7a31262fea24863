import ForestEvaluation
import ForestIR

// Every rule here is exact: it holds for all numbers, both zeros and the infinities among them, but for which NaN comes out.
extension TermTable {
  mutating func toFloat32(_ a: TermID) -> TermID {
    if traits(a).contains(.isFloat32) { return a }
    if let value = constantValue(a) { return constant(Width.float32.rounded(value)) }
    let term = self[a]
    // One float64 operation on float32 numbers, rounded again, is the float32 operation: 53 >= 2 · 24 + 2 digits.
    if term.kind == .binary, !term.flag, BinaryFunction.allCases[Int(term.function)].isRoundedOnce,
      traits(TermID(index: term.a)).contains(.isFloat32), traits(TermID(index: term.b)).contains(.isFloat32)
    {
      return binary(BinaryFunction.allCases[Int(term.function)], TermID(index: term.a), TermID(index: term.b), .float32)
    }
    return intern(
      Term(kind: .toFloat32, a: a.index), traits(a).intersection(.neverNaN).union(.isFloat32))
  }

  mutating func unary(_ function: UnaryFunction, _ a: TermID, _ width: Width) -> TermID {
    if function.isExact, let value = constantValue(a) { return constant(function.value(value, in: width)) }
    var known: Traits = width == .float32 ? .isFloat32 : []
    if function == .absolute { known.insert(.neverNegativeZero) }
    if [.negate, .absolute, .truncate].contains(function) { known.formUnion(traits(a).intersection([.neverNaN, .isFloat32])) }
    // Exact functions of a float32 number do not depend on the width they are said to be computed in.
    let isNarrow = width == .float32 && !(function.isExact && function != .squareRoot)
    return intern(Term(kind: .unary, function: Self.index(function), flag: isNarrow, a: a.index), known)
  }

  mutating func binary(_ function: BinaryFunction, _ a: TermID, _ b: TermID, _ width: Width) -> TermID {
    var a = a, b = b
    if function.isInBothWidths, let x = constantValue(a), let y = constantValue(b) {
      return constant(function.value(x, y, in: width))
    }
    var known: Traits = width == .float32 ? .isFloat32 : []
    switch function {
    case .add:
      if isSum(b, width), !isSum(a, width) { swap(&a, &b) }
      if constantValue(b) != nil, !isSum(a, width) { swap(&a, &b) }
      if isNeutral(a, beside: b) { return b }
      if isNeutral(b, beside: a) { return a }
      // A sum is −0 only where both are.
      known.formUnion(traits(a).union(traits(b)).intersection(.neverNegativeZero))
    case .subtract:
      if let value = constantValue(b), value == 0, value.sign == .plus { return a }
    case .multiply:
      if constantValue(b) != nil { swap(&a, &b) }
      if constantValue(a) == 1 { return b }
    case .divide:
      if constantValue(b) == 1 { return a }
    case .minimum, .maximum:
      known.formUnion(traits(a).intersection(traits(b)))
    default: break
    }
    let isNarrow = width == .float32 && function != .minimum && function != .maximum
    return intern(Term(kind: .binary, function: Self.index(function), flag: isNarrow, a: a.index, b: b.index), known)
  }

  /// Whether adding `a` to `b` changes nothing.
  private func isNeutral(_ a: TermID, beside b: TermID) -> Bool {
    guard let value = constantValue(a), value == 0 else { return false }
    return value.sign == .minus || traits(b).contains(.neverNegativeZero)
  }

  /// Whether the term is a sum of that width.
  func isSum(_ id: TermID, _ width: Width) -> Bool {
    let term = self[id]
    return term.kind == .binary && term.function == Self.index(BinaryFunction.add) && term.flag == (width == .float32)
  }

  /// The width of a sum; nil for everything else.
  func widthOfSum(_ id: TermID) -> Width? { Width.allCases.first { isSum(id, $0) } }

  /// What is added in a sum of that width, in order; the term itself where it is none.
  func addends(_ id: TermID, _ width: Width) -> [TermID] {
    var parts: [TermID] = []
    var rest = id
    while isSum(rest, width) {
      parts.append(TermID(index: self[rest].b))
      rest = TermID(index: self[rest].a)
    }
    parts.append(rest)
    return parts.reversed()
  }

  mutating func larger(_ a: TermID, _ b: TermID) -> TermID {
    if let x = constantValue(a), let y = constantValue(b) { return constant(y > x ? y : x) }
    return intern(Term(kind: .larger, a: a.index, b: b.index), traits(a).intersection(traits(b)))
  }

  // MARK: Truth values

  mutating func compare(_ comparison: Comparison, _ a: TermID, _ b: TermID) -> TermID {
    if let x = constantValue(a), let y = constantValue(b) { return truth(comparison.holds(x, y)) }
    switch comparison {
    case .greater: return compare(.less, b, a)
    case .greaterOrEqual: return compare(.lessOrEqual, b, a)
    case .notEqual: return not(compare(.equal, a, b))
    case .less, .lessOrEqual: return logic(.compare, a, b, function: comparison == .less ? 0 : 1)
    case .equal: return logic(.compare, min(a, b), max(a, b), function: 2)
    }
  }

  mutating func isNaN(_ a: TermID) -> TermID {
    if traits(a).contains(.neverNaN) { return truth(false) }
    if let value = constantValue(a) { return truth(value.isNaN) }
    // Rounding neither makes nor removes a NaN.
    if self[a].kind == .toFloat32 { return isNaN(TermID(index: self[a].a)) }
    return logic(.isNaN, a)
  }

  mutating func not(_ a: TermID) -> TermID {
    if let value = constantValue(a) { return truth(value == 0) }
    if self[a].kind == .not { return TermID(index: self[a].a) }
    return logic(.not, a)
  }

  mutating func and(_ a: TermID, _ b: TermID) -> TermID {
    if let value = constantValue(a) { return value == 0 ? a : b }
    if let value = constantValue(b) { return value == 0 ? b : a }
    return a == b ? a : logic(.and, min(a, b), max(a, b))
  }

  mutating func or(_ a: TermID, _ b: TermID) -> TermID {
    if let value = constantValue(a) { return value == 0 ? b : a }
    if let value = constantValue(b) { return value == 0 ? a : b }
    return a == b ? a : logic(.or, min(a, b), max(a, b))
  }

  mutating func select(_ condition: TermID, _ a: TermID, _ b: TermID) -> TermID {
    if a == b { return a }
    if let value = constantValue(condition) { return value == 0 ? b : a }
    if self[condition].kind == .not { return select(TermID(index: self[condition].a), b, a) }
    return intern(
      Term(kind: .select, a: condition.index, b: a.index, c: b.index), traits(a).intersection(traits(b)))
  }

  private mutating func logic(_ kind: Term.Kind, _ a: TermID, _ b: TermID? = nil, function: UInt8 = 0) -> TermID {
    intern(
      Term(kind: kind, function: function, a: a.index, b: b?.index ?? -1), [.isFloat32, .neverNaN, .neverNegativeZero])
  }

  private func min(_ a: TermID, _ b: TermID) -> TermID { a.index < b.index ? a : b }
  private func max(_ a: TermID, _ b: TermID) -> TermID { a.index < b.index ? b : a }

  // MARK: Numbers of functions

  private static func index(_ function: UnaryFunction) -> UInt8 { unaryIndices[function, default: .max] }
  private static func index(_ function: BinaryFunction) -> UInt8 { binaryIndices[function, default: .max] }
  private static let unaryIndices = indices(UnaryFunction.allCases)
  private static let binaryIndices = indices(BinaryFunction.allCases)

  private static func indices<Function: Hashable>(_ all: [Function]) -> [Function: UInt8] {
    Dictionary(uniqueKeysWithValues: all.enumerated().map { ($0.element, UInt8(clamping: $0.offset)) })
  }
}

extension BinaryFunction {
  /// Correctly rounded, so that rounding once more to half the digits is as good as rounding once.
  fileprivate var isRoundedOnce: Bool { [.add, .subtract, .multiply, .divide].contains(self) }
}
