/// The condition of a category, as written in its `Cut`: a formula over the quantities of an event.
///
/// Values are float64 numbers; comparisons and logic give 0 or 1, and any number but 0 is true. The grammar and the
/// deviations from C are those of ROOT's `TTreeFormula`; what it would read in a surprising way is refused, see
/// `CutParser`.
indirect enum CutExpression: Equatable {
  case number(Double)
  /// A position in the event: variables, then spectators.
  case quantity(Int)
  case negate(CutExpression)
  case not(CutExpression)
  case binary(BinaryOperator, CutExpression, CutExpression)
  case call(CutFunction, [CutExpression])
  case conditional(CutExpression, then: CutExpression, otherwise: CutExpression)

  enum BinaryOperator: String {
    case or = "||", and = "&&"
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", equal = "==", notEqual = "!="
    case add = "+", subtract = "-", multiply = "*", divide = "/", remainder = "%", power = "^"
  }
}

/// A function that a cut may call.
enum CutFunction: String, CaseIterable {
  case abs, fabs, sqrt, exp, log, log10, sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, asinh, acosh, atanh
  case pow, min, max, sq, int, sign, fmod, pi
  // The functions of TMath do what their C namesakes do.
  case mathAbs = "TMath::Abs"
  case mathSqrt = "TMath::Sqrt"
  case mathExp = "TMath::Exp"
  case mathLog = "TMath::Log"
  case mathLog10 = "TMath::Log10"
  case mathPower = "TMath::Power"
  case mathMin = "TMath::Min"
  case mathMax = "TMath::Max"
  case mathPi = "TMath::Pi"
  case mathSin = "TMath::Sin"
  case mathCos = "TMath::Cos"
  case mathTan = "TMath::Tan"
  case mathATan = "TMath::ATan"
  case mathATan2 = "TMath::ATan2"
  case mathSinH = "TMath::SinH"
  case mathCosH = "TMath::CosH"
  case mathTanH = "TMath::TanH"

  var argumentCount: Int {
    switch self {
    case .pi, .mathPi: 0
    case .atan2, .pow, .min, .max, .fmod, .mathPower, .mathMin, .mathMax, .mathATan2: 2
    default: 1
    }
  }
}
