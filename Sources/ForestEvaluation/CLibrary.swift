// The C library's mathematics, without Foundation, and under names of our own: the functions that the IR
// calls "C library" are exactly these. Nothing else in this module imports it.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum CLibrary {
  static func exponential(_ x: Double) -> Double { exp(x) }
  static func naturalLogarithm(_ x: Double) -> Double { log(x) }
  static func commonLogarithm(_ x: Double) -> Double { log10(x) }
  static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
  static func sine(_ x: Double) -> Double { sin(x) }
  static func cosine(_ x: Double) -> Double { cos(x) }
  static func tangent(_ x: Double) -> Double { tan(x) }
  static func arcSine(_ x: Double) -> Double { asin(x) }
  static func arcCosine(_ x: Double) -> Double { acos(x) }
  static func arcTangent(_ x: Double) -> Double { atan(x) }
  static func hyperbolicSine(_ x: Double) -> Double { sinh(x) }
  static func hyperbolicCosine(_ x: Double) -> Double { cosh(x) }
  static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  static func areaHyperbolicSine(_ x: Double) -> Double { asinh(x) }
  static func areaHyperbolicCosine(_ x: Double) -> Double { acosh(x) }
  static func areaHyperbolicTangent(_ x: Double) -> Double { atanh(x) }
  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
  static func arcTangent2(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
  static func remainder(_ x: Double, _ y: Double) -> Double { fmod(x, y) }
}
