import ForestIR

/// Finds what the elements of a vector are of the model's inputs.
struct FeatureTracing {
  let model: Model

  /// An element as a function of one input.
  struct Trace: Hashable {
    var input: Int
    var function: ElementFunction
  }

  /// More steps than this between an input and a feature are not followed. Steps that stand behind several others count
  /// several times: following them, and computing the function, takes so much time.
  private static let stepLimit = 64
  private var steps = 0

  init(_ model: Model) { self.model = model }

  /// - Returns: nil where the element is not a function of a single input in the operations that `ElementFunction` has.
  mutating func trace(_ element: Int, of value: Value) -> Trace? {
    steps = 0
    return follow(element, of: value)
  }

  private mutating func follow(_ element: Int, of value: Value) -> Trace? {
    steps += 1
    guard steps <= Self.stepLimit else { return nil }
    let (value, element) = model.origin(of: element, in: value)
    guard value.index > 0 else {
      let function: ElementFunction = model.inputWidth == .float32 ? .rounded(.input) : .input
      return Trace(input: element, function: function)
    }
    func place(_ operand: Value) -> Int { model.shape(of: operand).count == 1 ? 0 : element }
    func constant(_ operand: Value) -> Double? { model.constant(place(operand), of: operand) }
    switch model.steps[value.index - 1] {
    case .convert(let a, to: let width):
      return follow(place(a), of: a).map { width == .float32 ? $0.applying { $0.roundedOnce } : $0 }
    case .unary(.negate, let a): return follow(place(a), of: a)?.applying { .negated($0) }
    case .unary(.truncate, let a): return follow(place(a), of: a)?.applying { .truncated($0) }
    case .binary(let function, let a, let b):
      guard function.isInBothWidths, case .number(let width) = model.shape(of: value).kind else { return nil }
      if let c = constant(b) {
        return follow(place(a), of: a)?.applying { .combined(function, $0, c, constantIsLeft: false, width) }
      }
      guard let c = constant(a) else { return nil }
      return follow(place(b), of: b)?.applying { .combined(function, $0, c, constantIsLeft: true, width) }
    case .lookUp(let tables, let a): return follow(place(a), of: a)?.applying { .position(tables[element], $0) }
    case .select(let condition, let a, let b):
      guard let constant = constant(a), let otherwise = follow(place(b), of: b) else { return nil }
      return replaced(condition, element, constant, otherwise)
    default: return nil
    }
  }

  /// `condition ? constant : otherwise`.
  private mutating func replaced(_ condition: Value, _ element: Int, _ constant: Double, _ otherwise: Trace) -> Trace? {
    let (condition, element) = model.origin(of: model.shape(of: condition).count == 1 ? 0 : element, in: condition)
    guard condition.index > 0 else { return nil }
    func place(_ operand: Value) -> Int { model.shape(of: operand).count == 1 ? 0 : element }
    switch model.steps[condition.index - 1] {
    case .isNaN(let a):
      guard follow(place(a), of: a) == otherwise else { return nil }
      return otherwise.applying { .replacedNaN($0, constant) }
    case .compare(let comparison, let a, let b):
      guard let bound = model.constant(place(b), of: b) else { return nil }
      let (value, inner) = model.origin(of: place(a), in: a)
      if comparison == .lessOrEqual, constant == 0, value.index > 0,
        case .unary(.absolute, let x) = model.steps[value.index - 1],
        follow(model.shape(of: x).count == 1 ? 0 : inner, of: x) == otherwise
      {
        return otherwise.applying { .snapped($0, bound) }
      }
      guard let test = follow(place(a), of: a), test.input == otherwise.input else { return nil }
      return otherwise.applying { .replaced(comparison, test.function, bound, constant: constant, $0) }
    default: return nil
    }
  }
}

extension FeatureTracing.Trace {
  fileprivate func applying(_ step: (ElementFunction) -> ElementFunction) -> Self {
    Self(input: input, function: step(function))
  }
}

extension ElementFunction {
  /// Rounding twice is rounding once.
  fileprivate var roundedOnce: ElementFunction {
    if case .rounded = self { return self }
    return .rounded(self)
  }
}

extension Model {
  /// Follows concatenations and gathers to where an element is computed.
  func origin(of element: Int, in value: Value) -> (value: Value, element: Int) {
    var value = value, element = element
    while value.index > 0 {
      switch steps[value.index - 1] {
      case .concatenate(let parts):
        var part = 0
        while element >= shape(of: parts[part]).count {
          element -= shape(of: parts[part]).count
          part += 1
        }
        value = parts[part]
      case .gather(let operand, let positions):
        element = Int(positions[element])
        value = operand
      default: return (value, element)
      }
    }
    return (value, element)
  }

  /// The number, where an element is a constant.
  func constant(_ element: Int, of value: Value) -> Double? {
    let (value, element) = origin(of: element, in: value)
    guard value.index > 0 else { return nil }
    switch steps[value.index - 1] {
    case .constant(let vector, _): return vector.elements[element]
    case .convert(let a, to: let width): return constant(element, of: a).map(width.rounded)
    default: return nil
    }
  }

  /// The inputs that an element depends on.
  func inputs(of element: Int, in value: Value) -> Set<Int> {
    var found: Set<Int> = [], open = [(value, element)], seen: Set<[Int]> = []
    while let (value, element) = open.popLast() {
      let (source, index) = origin(of: element, in: value)
      guard seen.insert([source.index, index]).inserted else { continue }
      guard source.index > 0 else {
        found.insert(index)
        continue
      }
      let step = steps[source.index - 1]
      for operand in step.operands {
        let count = shape(of: operand).count
        if step.isElementwise {
          open.append((operand, count == 1 ? 0 : index))
        } else {
          open += (0..<count).map { (operand, $0) }
        }
      }
    }
    return found
  }
}

extension Operation {
  /// Whether each element of the result depends on the same elements of the operands only.
  fileprivate var isElementwise: Bool {
    switch self {
    case .convert, .unary, .binary, .compare, .isNaN, .not, .and, .or, .select, .lookUp, .curve, .inverseCurve: true
    default: false
    }
  }
}
