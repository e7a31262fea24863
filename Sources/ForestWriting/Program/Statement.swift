/// One statement of an emitted program.
package enum Statement: Sendable {
  /// A remark for readers, one line or several. Never holds text from a model file.
  case comment(String)
  /// A local that never changes.
  case constant(String, Expression)
  /// A local that changes.
  case variable(String, Expression)
  /// A local array of fixed length, not initialised. Only at the outermost level of a routine's body.
  case array(String, ScalarType, count: Int)
  case assign(String, Expression)
  case assignElement(of: String, at: Expression, Expression)
  case `if`(Expression, [Statement], else: [Statement])
  case `while`(Expression, [Statement])
  /// The integer local runs from `from` up to, not including, `to`.
  case `for`(String, from: Expression, to: Expression, [Statement])
  /// A routine that returns nothing.
  case call(String, [Argument])
  case `return`(Expression)
  /// Leaves a routine that returns nothing.
  case leave
}
