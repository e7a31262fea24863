#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's logarithms, for constants that a file should hold but does not.
enum CLogarithm {
  static func natural(_ x: Double) -> Double { log(x) }
  static func ofOnePlus(_ x: Double) -> Double { log1p(x) }
  static func exponential(_ x: Double) -> Double { exp(x) }
}
