import ForestIR

/// Writes what a model makes of its sums as formulas for people, which Python reads too: `2 / (1 + exp(-2 * raw)) - 1`.
///
/// Every operation is in float64, left to right and rounded once, but for what stands in `float32(…)`.
struct ScoreFormulas {
  let model: Model
  let raw: Value

  /// Longer formulas are not told.
  private static let lengthLimit = 240

  /// One for each printed column of the forest.
  func scores(of forest: Forest) -> [AdditiveForest.Score] {
    forest.printedColumns.map { position in
      var (value, element) = model.origin(of: position, in: model.result)
      var ifNaN: Double?
      if let (constant, otherwise) = chosenForNaN(value) {
        ifNaN = constant
        (value, element) = model.origin(of: model.shape(of: otherwise).count == 1 ? 0 : element, in: otherwise)
      }
      var formula = term(value, depth: 0)
      if model.shape(of: value).count > 1, let vector = formula {
        formula = vector.isSimple ? Term("\(vector.text)[\(element)]", .operand) : Term("(\(vector.text))[\(element)]", .operand)
      }
      let text = formula?.text
      return .init(
        column: forest.columns[position].name, isMargin: forest.columns[position].role == .margin, formula: (text?.utf8.count ?? 0) > Self.lengthLimit ? nil : text, ifNaN: ifNaN)
    }
  }

  /// `any(isNaN(…)) ? constant : otherwise`, the test not being about the sums.
  private func chosenForNaN(_ value: Value) -> (Double, Value)? {
    var value = value
    while value.index > 0, case .convert(let a, to: .float64) = model.steps[value.index - 1] { value = a }
    guard value.index > 0, case .select(let condition, let a, let b) = model.steps[value.index - 1],
      let constant = model.constant(0, of: a), condition.index > 0,
      case .any(let tests) = model.steps[condition.index - 1], tests.index > 0,
      case .isNaN(let tested) = model.steps[tests.index - 1], !model.needed(for: [tested])[raw.index]
    else { return nil }
    return (constant, b)
  }

  private struct Term {
    let text: String
    let rank: Rank
    /// How tightly it is bound.
    enum Rank: Int { case comparison, sum, product, negation, operand }
    init(_ text: String, _ rank: Rank) {
      self.text = text
      self.rank = rank
    }
    var isSimple: Bool { rank == .operand }
    func bound(_ least: Rank) -> String { rank.rawValue >= least.rawValue ? text : "(\(text))" }
  }

  private static func number(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func term(_ value: Value, depth: Int) -> Term? {
    if value == raw { return Term("raw", .operand) }
    guard value.index > 0, depth < 24 else { return nil }
    func inner(_ value: Value) -> Term? {
      guard let term = term(value, depth: depth + 1), term.text.utf8.count <= Self.lengthLimit else { return nil }
      return term
    }
    func call(_ name: String, _ arguments: [Value]) -> Term? {
      var texts: [String] = []
      for argument in arguments {
        guard let term = inner(argument) else { return nil }
        texts.append(term.text)
      }
      return Term("\(name)(\(texts.joined(separator: ", ")))", .operand)
    }
    func infix(_ sign: String, _ a: Value, _ b: Value, _ rank: Term.Rank) -> Term? {
      guard let a = inner(a), let b = inner(b), let tighter = Term.Rank(rawValue: rank.rawValue + 1) else { return nil }
      return Term("\(a.bound(rank)) \(sign) \(b.bound(tighter))", rank)
    }
    switch model.steps[value.index - 1] {
    case .constant(let vector, _):
      guard vector.elements.allSatisfy(\.isFinite), vector.count <= 16 else { return nil }
      if vector.elements.allSatisfy({ $0 == vector.elements[0] }) {
        return Term(Self.number(vector.elements[0]), vector.elements[0] < 0 ? .negation : .operand)
      }
      return Term("[\(vector.elements.map(Self.number).joined(separator: ", "))]", .operand)
    case .convert(let a, to: .float64): return inner(a)
    case .convert(let a, to: .float32): return call("float32", [a])
    case .unary(.negate, let a): return inner(a).map { Term("-\($0.bound(.negation))", .negation) }
    case .unary(let function, let a):
      if case .number(.float32) = model.shape(of: value).kind { return nil }
      return Self.names[function].flatMap { call($0, [a]) }
    case .binary(let function, let a, let b):
      // In float32 each operation rounds there.
      if case .number(.float32) = model.shape(of: value).kind { return nil }
      switch function {
      case .add: return infix("+", a, b, .sum)
      case .subtract: return infix("-", a, b, .sum)
      case .multiply: return infix("*", a, b, .product)
      case .divide: return infix("/", a, b, .product)
      case .power: return call("pow", [a, b])
      default: return nil
      }
    case .compare(let comparison, let a, let b): return infix(Self.sign(comparison), a, b, .comparison)
    case .select(let a, let b, let c):
      guard let condition = inner(a), let yes = inner(b), let no = inner(c), model.shape(of: a).count == 1 else { return nil }
      return Term("(\(yes.text) if \(condition.text) else \(no.text))", .operand)
    case .gather(let a, let positions):
      guard positions.count == 1, let vector = inner(a) else { return nil }
      return Term("\(vector.bound(.operand))[\(positions[0])]", .operand)
    case .reduce(.sum, let a, count: 1): return call("sum", [a])
    case .reduce(.pairwiseSum, let a, count: 1):
      // Of fewer than eight numbers it is the plain sum.
      return model.shape(of: a).count < 8 ? call("sum", [a]) : nil
    case .reduce(.maximum, let a, count: 1): return call("max", [a])
    case .indexOfMaximum(let a): return call("argmax", [a])
    default: return nil
    }
  }

  private static func sign(_ comparison: Comparison) -> String {
    switch comparison {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .equal: "=="
    case .notEqual: "!="
    }
  }

  private static let names: [UnaryFunction: String] = [
    .absolute: "abs", .squareRoot: "sqrt", .exponential: "exp", .naturalLogarithm: "log", .logarithmOfOnePlus: "log1p",
    .commonLogarithm: "log10",
  ]
}

extension AdditiveForest.Score {
  /// Whether the column is one of the sums itself, and called so.
  var isRaw: Bool {
    guard isMargin, ifNaN == nil, let formula else { return false }
    return formula == "raw" || (formula.hasPrefix("raw[") && formula.firstIndex(of: "]") == formula.indices.last)
  }

  /// One sentence: `score = raw / 12.5`.
  package var sentence: String {
    guard let formula else { return "\"\(column)\" is a longer computation from the raw sums than is told here" }
    let exception = ifNaN.map { "; \($0) where an input (or what is made of it) is NaN" } ?? ""
    return "\"\(column)\" is \(formula)\(exception)"
  }
}
