#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The C library's functions, for expectations that are written out in tests.
enum ReferenceArithmetic {
  static func exponential(_ x: Double) -> Double { exp(x) }
}
