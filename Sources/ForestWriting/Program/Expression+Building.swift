import ForestIR

/// Short ways to write expressions, each with its types settled.
extension Expression {
  static func float64(_ value: Double) -> Expression { Expression(.float64, .number(value)) }
  static func int(_ value: Int) -> Expression { Expression(.int32, .number(Double(value))) }
  static func number(_ value: Double, _ type: ScalarType) -> Expression { Expression(type, .number(value)) }
  static func local(_ name: String, _ type: ScalarType) -> Expression { Expression(type, .variable(name)) }
  static func truth(_ value: Bool) -> Expression { Expression(.truth, .truth(value)) }

  static func element(_ array: String, _ index: Expression, _ type: ScalarType) -> Expression {
    Expression(type, .element(of: array, at: index))
  }
  static func call(_ routine: String, _ arguments: [Argument], _ type: ScalarType) -> Expression {
    Expression(type, .call(routine, arguments))
  }
  static func conditional(_ condition: Expression, _ a: Expression, _ b: Expression) -> Expression {
    Expression(a.type, .conditional(condition, then: a, else: b))
  }
  static func intrinsic(_ function: Intrinsic, _ arguments: Expression...) -> Expression {
    Expression(function == .isNaN ? .truth : arguments[0].type, .intrinsic(function, arguments))
  }

  static func + (a: Expression, b: Expression) -> Expression { Expression(a.type, .arithmetic(.add, a, b)) }
  static func - (a: Expression, b: Expression) -> Expression { Expression(a.type, .arithmetic(.subtract, a, b)) }
  static func * (a: Expression, b: Expression) -> Expression { Expression(a.type, .arithmetic(.multiply, a, b)) }
  static func / (a: Expression, b: Expression) -> Expression { Expression(a.type, .arithmetic(.divide, a, b)) }
  static prefix func - (a: Expression) -> Expression { Expression(a.type, .negate(a)) }
  static prefix func ~ (a: Expression) -> Expression { Expression(.int32, .complement(a)) }
  static prefix func ! (a: Expression) -> Expression { Expression(.truth, .not(a)) }

  func compared(_ relation: Relation, _ other: Expression) -> Expression {
    Expression(.truth, .compare(relation, self, other))
  }
  func and(_ other: Expression) -> Expression { Expression(.truth, .both(self, other)) }
  func or(_ other: Expression) -> Expression { Expression(.truth, .either(self, other)) }
  func bits(_ mask: Int) -> Expression { Expression(.int32, .arithmetic(.bitAnd, self, .int(mask))) }

  /// The same number in another type; itself if it already has that type, a literal if it is one.
  func converted(to type: ScalarType) -> Expression {
    if type == self.type { return self }
    if case .number(let value) = form, type == .float64 || type == .float32 {
      return .number(type == .float32 ? Width.float32.rounded(value) : value, type)
    }
    return Expression(type, .convert(self))
  }
}
