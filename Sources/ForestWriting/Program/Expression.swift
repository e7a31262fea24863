/// An expression of an emitted program: no side effects, typed, in the vocabulary that C++, C, Python and Swift share.
///
/// Both operands of an arithmetic operation or a comparison have the same type, which is also the width in which the
/// result is rounded, once. Nothing may be fused, reordered or computed in a wider format.
package struct Expression: Sendable {
  package let type: ScalarType
  package let form: Form

  package indirect enum Form: Sendable {
    /// A literal; the type says how it is spelled. Integers are held exactly. NaN and infinities occur.
    case number(Double)
    case truth(Bool)
    /// A scalar parameter or a local.
    case variable(String)
    /// An element of an array parameter or a local array.
    case element(of: String, at: Expression)
    /// An element of a constant table of the program; widened to the expression's type.
    case table(String, at: Expression)
    case negate(Expression)
    /// Not, of a truth value.
    case not(Expression)
    /// The bitwise complement of an integer.
    case complement(Expression)
    case arithmetic(Arithmetic, Expression, Expression)
    case compare(Relation, Expression, Expression)
    /// Both hold / one holds; the second is only looked at if it matters.
    case both(Expression, Expression)
    case either(Expression, Expression)
    /// The first if the condition holds, else the second; only the chosen one is evaluated.
    case conditional(Expression, then: Expression, else: Expression)
    /// To the expression's type: rounding to nearest for float64 → float32, exact the other way and from integers; from a
    /// floating type to an integer towards zero (the program has made sure that it is in range and not NaN).
    case convert(Expression)
    /// A function of the language's standard mathematics.
    case intrinsic(Intrinsic, [Expression])
    /// Another routine of the program that returns a scalar.
    case call(String, [Argument])
    /// The value, and the number, of the leaf that a routine returns: `tree_7(x).value`.
    case leafValue(of: String, [Argument])
    case leafNumber(of: String, [Argument])
  }

  package enum Arithmetic: Sendable {
    case add, subtract, multiply
    /// Floating: IEEE division, by zero too. Integers: never negative, never by zero, rounded down.
    case divide
    /// Integers only: the bits that both have.
    case bitAnd
  }

  package enum Relation: Sendable {
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  }

  /// float64 functions of the C library, and the exact ones, which exist in float32 too.
  package enum Intrinsic: Sendable {
    case absolute, squareRoot, truncate
    case exponential, naturalLogarithm, commonLogarithm, logarithmOfOnePlus
    case sine, cosine, tangent, arcSine, arcCosine, arcTangent
    case hyperbolicSine, hyperbolicCosine, hyperbolicTangent
    case areaHyperbolicSine, areaHyperbolicCosine, areaHyperbolicTangent
    case power, arcTangent2, remainder
    /// `scaled(x, n)`: x · 2ⁿ, rounded once where it leaves the normal numbers; x float64 and not NaN, n an integer.
    case scaled
    /// `integerRemainder` of the IR: see `BinaryFunction`.
    case integerRemainder
    /// x != x; a truth value.
    case isNaN
  }

  package init(_ type: ScalarType, _ form: Form) {
    self.type = type
    self.form = form
  }
}

/// What is handed to a routine.
package enum Argument: Sendable {
  case value(Expression)
  /// An array parameter, a local array or a constant table, from the element at `offset` on.
  case array(String, offset: Expression?)
  case table(String, offset: Expression?)
}
