package import ForestIR

/// What a tree's feature is of one input of the model: the steps between them, as a function of one number.
///
/// Trees need not compute it: as long as it never falls (or never rises), a question about its value is a question about the
/// input itself, with another threshold. `RoutedSplit` asks that one.
package indirect enum ElementFunction: Sendable, Hashable {
  case input
  /// Rounded to float32.
  case rounded(ElementFunction)
  case negated(ElementFunction)
  /// Towards zero.
  case truncated(ElementFunction)
  /// With a finite constant, on the left or on the right, rounded once to the width.
  case combined(BinaryFunction, ElementFunction, Double, constantIsLeft: Bool, Width)
  /// 0 where the magnitude is at most a bound.
  case snapped(ElementFunction, Double)
  /// A constant instead of NaN.
  case replacedNaN(ElementFunction, Double)
  /// A constant where the first function compares so with a number, else the second.
  case replaced(Comparison, ElementFunction, Double, constant: Double, ElementFunction)
  /// The position in a table of the number that equals the input, or NaN.
  case position(Vector, ElementFunction)

  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .input: return x
    case .rounded(let a): return Double(Float(a(x)))
    case .negated(let a): return -a(x)
    case .truncated(let a): return a(x).rounded(.towardZero)
    case .combined(let function, let a, let c, let constantIsLeft, let width):
      let value = a(x)
      return function.applied(constantIsLeft ? c : value, constantIsLeft ? value : c, width)
    case .snapped(let a, let bound):
      let value = a(x)
      return value.magnitude <= bound ? 0 : value
    case .replacedNaN(let a, let constant):
      let value = a(x)
      return value.isNaN ? constant : value
    case .replaced(let comparison, let a, let bound, let constant, let b):
      return comparison.holds(a(x), bound) ? constant : b(x)
    case .position(let table, let a):
      let value = a(x)
      return table.elements.firstIndex { $0 == value }.map(Double.init) ?? .nan
    }
  }

  package enum Direction: Sendable { case rising, falling }

  /// Whether the function never falls or never rises from −∞ to ∞ and has a number everywhere; nil if that is not certain.
  ///
  /// Rounding keeps the order of numbers, so each step is as monotone as the operation it rounds. The library's functions are
  /// not trusted to be.
  package var direction: Direction? {
    guard let direction = stepwiseDirection, !self(-.infinity).isNaN, !self(.infinity).isNaN else { return nil }
    return direction
  }

  private var stepwiseDirection: Direction? {
    switch self {
    case .input: return .rising
    case .rounded(let a), .truncated(let a), .snapped(let a, _): return a.stepwiseDirection
    case .negated(let a): return a.stepwiseDirection?.opposite
    case .replacedNaN(let a, _): return a.stepwiseDirection
    case .combined(let function, let a, let c, let constantIsLeft, _):
      guard let direction = a.stepwiseDirection, c.isFinite else { return nil }
      switch function {
      case .add, .minimum, .maximum: return direction
      case .subtract: return constantIsLeft ? direction.opposite : direction
      case .multiply: return c == 0 ? nil : c < 0 ? direction.opposite : direction
      case .divide: return constantIsLeft || c == 0 ? nil : c < 0 ? direction.opposite : direction
      default: return nil
      }
    case .replaced(let comparison, let a, let bound, let constant, let b):
      guard a.stepwiseDirection == .rising, b.stepwiseDirection == .rising, !constant.isNaN else { return nil }
      let numbers = OrderedNumbers(.float64)
      switch comparison {
      case .less, .lessOrEqual:
        // The constant stands below everything that follows it.
        guard let last = numbers.last(where: { comparison.holds(a($0), bound) }), last < .infinity else { return nil }
        return constant <= b(numbers.above(last)) ? .rising : nil
      case .greater, .greaterOrEqual:
        guard let last = numbers.last(where: { !comparison.holds(a($0), bound) }) else { return nil }
        return b(last) <= constant ? .rising : nil
      case .equal, .notEqual: return nil
      }
    case .position: return nil
    }
  }
}

extension ElementFunction.Direction {
  var opposite: Self { self == .rising ? .falling : .rising }
}

extension BinaryFunction {
  /// The operations of both widths.
  fileprivate func applied(_ a: Double, _ b: Double, _ width: Width) -> Double {
    // float32 operands are exact in float64, but a result rounded there first would be rounded twice.
    if width == .float32 { return Double(applied(Float(a), Float(b))) }
    return applied(a, b)
  }

  private func applied<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .minimum: a <= b ? a : b
    case .maximum: a >= b ? a : b
    default: .nan
    }
  }
}

extension Comparison {
  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
  }
}
