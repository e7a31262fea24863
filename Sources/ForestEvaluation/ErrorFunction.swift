import ForestIR

/// The error function, its complement and its inverse, as `UnaryFunction` writes them down.
///
/// Not the C library's: the IR means one particular sequence of operations, whose last bits differ from
/// those of a better approximation. They rest on the C library only through `exp`.
enum ErrorFunction {
  private typealias Coefficients = ErrorFunctionCoefficients

  /// erf(x). NaN gives NaN, ±∞ gives ±1.
  static func value(_ x: Double) -> Double {
    if abs(x) > 1 { return 1 - complement(x) }
    let z = x * x
    return x * polynomial(Coefficients.t, z) / polynomial(Coefficients.u, z)
  }

  /// erfc(x). NaN gives NaN, +∞ gives 0, −∞ gives 2.
  static func complement(_ x: Double) -> Double {
    let a = abs(x)
    // The two functions call each other, but never twice: `value` only comes back for |x| > 1.
    if a < 1 { return 1 - value(x) }
    let exponent = -x * x
    let vanishing = x < 0 ? 2.0 : 0.0
    if exponent < -709.782712893383996732 { return vanishing }
    let z = CLibrary.exponential(exponent)
    let y =
      a < 8
      ? z * polynomial(Coefficients.p, a) / polynomial(Coefficients.q, a)
      : z * polynomial(Coefficients.r, a) / polynomial(Coefficients.s, a)
    let result = x < 0 ? 2 - y : y
    return result == 0 ? vanishing : result
  }

  /// erf⁻¹(x) by a secant iteration of at most 50 steps; 0 where it does not settle, as for |x| >= 1 and NaN.
  static func inverse(_ x: Double) -> Double {
    let precision = 1e-14
    let slope = 0.8862269254527579
    let target = abs(x)
    if target <= precision { return slope * x }

    var estimate = slope * target
    var previous = value(0.9 * estimate)
    var step = 0.1 * estimate
    for _ in 0..<50 {
      let current = 1 - complement(estimate)
      let gap = target - current
      if abs(gap) < precision { return x < 0 ? -estimate : estimate }
      step = step * (gap / (current - previous))
      previous = current
      estimate = estimate + step
      if abs(step / estimate) < precision { return x < 0 ? -estimate : estimate }
    }
    return 0
  }

  /// Horner's rule from the first coefficient, the highest power.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    var sum = coefficients[0]
    for coefficient in coefficients.dropFirst() { sum = sum * x + coefficient }
    return sum
  }
}
