/// Functions of one number, applied to each element.
///
/// `negate`, `absolute`, `squareRoot` and `truncate` exist in both widths and are exact (correctly rounded); `exponential` exists in
/// both. The others compute in float64 only. Those named "C library" give the platform's own result, which may differ in the last bit from one
/// library to another; all others hold on every IEEE machine, given the C library's `exp` where they use it.
package enum UnaryFunction: String, Sendable, Hashable, CaseIterable {
  case negate
  case absolute
  /// NaN for x < 0.
  case squareRoot
  /// Rounded towards zero; keeps the sign of zero, infinities and NaN.
  case truncate

  /// float64: C library. float32: `SingleExponential`, which holds on every IEEE machine.
  case exponential
  /// A fast approximation of the exponential, float64 only, which holds on every IEEE machine: see `FastExponential`.
  case fastExponential
  /// C library; −∞ at 0, NaN below.
  case naturalLogarithm
  case commonLogarithm
  /// C library `log1p`: ln(1 + x).
  case logarithmOfOnePlus
  case sine, cosine, tangent
  case arcSine, arcCosine, arcTangent
  case hyperbolicSine, hyperbolicCosine, hyperbolicTangent
  case areaHyperbolicSine, areaHyperbolicCosine, areaHyperbolicTangent

  /// The error function in the rational approximations of the Cephes library
  /// (S. Moshier, *Methods and Programs for Mathematical Functions*, 1989); see `ErrorFunctionCoefficients`.
  ///
  /// |x| > 1: 1 − erfc(x); else z = x·x, x·T(z) / U(z). NaN gives NaN.
  case errorFunction
  /// Its complement: a = |x|; a < 1: 1 − erf(x). z = −x·x; z < −709.782712893383996732: 0 (2 for x < 0).
  /// z = exp(z); y = a < 8 ? z·P(a) / Q(a) : z·R(a) / S(a); x < 0: y = 2 − y. y = 0: 0 (2 for x < 0).
  case complementaryErrorFunction
  /// The inverse error function by a secant iteration on the two functions above:
  ///
  ///     K = 0.8862269254527579
  ///     |x| <= 1e−14: K·x.   e = K·|x|, y0 = erf(0.9·e), d = 0.1·e
  ///     up to 50 times:  y1 = 1 − erfc(e);  g = |x| − y1;  |g| < 1e−14: done
  ///                      d = d · (g / (y1 − y0));  y0 = y1;  e = e + d;  |d / e| < 1e−14: done
  ///     done: e with the sign of x (x < 0: −e).  Not done after 50: 0.   NaN gives 0.
  case inverseErrorFunction
}

/// Functions of two numbers, applied to each pair of elements.
///
/// The first six exist in both widths; their result is rounded once, to that width. The others are float64 only.
package enum BinaryFunction: String, Sendable, Hashable, CaseIterable {
  case add, subtract, multiply
  /// x / 0 is an infinity or NaN, as IEEE 754 says.
  case divide
  /// `a <= b ? a : b`: the second where either is NaN.
  case minimum
  /// `a >= b ? a : b`: the second where either is NaN.
  case maximum

  /// C library `pow`.
  case power
  /// C library `atan2(a, b)`.
  case arcTangent2
  /// C library `fmod`, exact; the sign of a.
  case remainder
  /// The remainder of two integers: both are truncated towards zero to signed 64-bit integers; the result has the sign of a.
  /// NaN where either is NaN or outside −2⁶³ … 2⁶³−1 or where b truncates to 0.
  case integerRemainder
}

/// IEEE comparisons of numbers of equal width: all false with a NaN, but `notEqual`, which is then true.
package enum Comparison: String, Sendable, Hashable, CaseIterable {
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
}

/// How the elements of a vector become fewer.
package enum Reduction: String, Sendable, Hashable, CaseIterable {
  /// From 0.0, in order, rounded in the vector's width at each addition.
  case sum
  /// The sum in the order that NumPy uses for n contiguous numbers (its `pairwise_sum`), rounded at each addition:
  /// n < 8: in order, from 0.0. Up to 128: eight running sums over stride 8, then
  /// `((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))`, then the remaining numbers in order. Above: the sums of two parts, the
  /// first of n/2 numbers rounded down to a multiple of 8.
  case pairwiseSum
  /// From the first element, in order: `e > m ? e : m` … a NaN is passed over unless it comes first.
  case maximum
}

/// The coefficients of the error functions, highest power first; a leading 1 is written out.
///
/// Facts of the Cephes library (netlib.org/cephes, `ndtr.c`); Horner's rule from the first coefficient.
package enum ErrorFunctionCoefficients {
  package static let p: [Double] = [
    2.46196981473530512524E-10, 5.64189564831068821977E-1, 7.46321056442269912687E0, 4.86371970985681366614E1,
    1.96520832956077098242E2, 5.26445194995477358631E2, 9.34528527171957607540E2, 1.02755188689515710272E3,
    5.57535335369399327526E2,
  ]
  package static let q: [Double] = [
    1, 1.32281951154744992508E1, 8.67072140885989742329E1, 3.54937778887819891062E2, 9.75708501743205489753E2,
    1.82390916687909736289E3, 2.24633760818710981792E3, 1.65666309194161350182E3, 5.57535340817727675546E2,
  ]
  package static let r: [Double] = [
    5.64189583547755073984E-1, 1.27536670759978104416E0, 5.01905042251180477414E0, 6.16021097993053585195E0,
    7.40974269950448939160E0, 2.97886665372100240670E0,
  ]
  package static let s: [Double] = [
    1, 2.26052863220117276590E0, 9.39603524938001434673E0, 1.20489539808096656605E1, 1.70814450747565897222E1,
    9.60896809063285878198E0, 3.36907645100081516050E0,
  ]
  package static let t: [Double] = [
    9.60497373987051638749E0, 9.00260197203842689217E1, 2.23200534594684319226E3, 7.00332514112805075473E3,
    5.55923013010394962768E4,
  ]
  package static let u: [Double] = [
    1, 3.35617141647503099647E1, 5.21357949780152679795E2, 4.59432382970980127987E3, 2.26290000613890934246E4,
    4.92673942608635921086E4,
  ]
}
