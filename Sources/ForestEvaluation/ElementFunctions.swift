package import ForestIR

extension UnaryFunction {
  /// The function at `x`, a number of `width`, rounded once to `width`. In float32 only exact functions
  /// exist, and the exponential.
  package func value(_ x: Double, in width: Width) -> Double {
    switch self {
    case .negate: -x
    case .absolute: abs(x)
    case .squareRoot: width == .float32 ? Double(Float(x).squareRoot()) : x.squareRoot()
    case .truncate: x.rounded(.towardZero)
    case .exponential: width == .float32 ? SingleExponential.value(x) : CLibrary.exponential(x)
    case .fastExponential: FastExponential.value(x)
    case .naturalLogarithm: CLibrary.naturalLogarithm(x)
    case .commonLogarithm: CLibrary.commonLogarithm(x)
    case .logarithmOfOnePlus: CLibrary.logarithmOfOnePlus(x)
    case .sine: CLibrary.sine(x)
    case .cosine: CLibrary.cosine(x)
    case .tangent: CLibrary.tangent(x)
    case .arcSine: CLibrary.arcSine(x)
    case .arcCosine: CLibrary.arcCosine(x)
    case .arcTangent: CLibrary.arcTangent(x)
    case .hyperbolicSine: CLibrary.hyperbolicSine(x)
    case .hyperbolicCosine: CLibrary.hyperbolicCosine(x)
    case .hyperbolicTangent: CLibrary.hyperbolicTangent(x)
    case .areaHyperbolicSine: CLibrary.areaHyperbolicSine(x)
    case .areaHyperbolicCosine: CLibrary.areaHyperbolicCosine(x)
    case .areaHyperbolicTangent: CLibrary.areaHyperbolicTangent(x)
    case .errorFunction: ErrorFunction.value(x)
    case .complementaryErrorFunction: ErrorFunction.complement(x)
    case .inverseErrorFunction: ErrorFunction.inverse(x)
    }
  }
}

extension BinaryFunction {
  /// The function at two numbers of `width`, rounded once to `width`.
  package func value(_ a: Double, _ b: Double, in width: Width) -> Double {
    switch self {
    case .add: width == .float32 ? Double(Float(a) + Float(b)) : a + b
    case .subtract: width == .float32 ? Double(Float(a) - Float(b)) : a - b
    case .multiply: width == .float32 ? Double(Float(a) * Float(b)) : a * b
    case .divide: width == .float32 ? Double(Float(a) / Float(b)) : a / b
    case .minimum: a <= b ? a : b
    case .maximum: a >= b ? a : b
    case .power: CLibrary.power(a, b)
    case .arcTangent2: CLibrary.arcTangent2(a, b)
    case .remainder: CLibrary.remainder(a, b)
    case .integerRemainder: remainderOfIntegers(a, b)
    }
  }
}

extension Comparison {
  /// Whether `a` and `b` compare so.
  package func holds(_ a: Double, _ b: Double) -> Bool {
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

/// `BinaryFunction.integerRemainder`; a remainder of 0 is +0.
private func remainderOfIntegers(_ a: Double, _ b: Double) -> Double {
  guard let dividend = Int64(exactly: a.rounded(.towardZero)), let divisor = Int64(exactly: b.rounded(.towardZero)),
    divisor != 0
  else { return .nan }
  // −2⁶³ divided by −1 overflows; its remainder is 0 all the same, which the partial value says.
  return Double(dividend.remainderReportingOverflow(dividingBy: divisor).partialValue)
}
