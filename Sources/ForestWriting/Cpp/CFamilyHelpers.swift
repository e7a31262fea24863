/// Small functions that programs of the C family need besides the standard library.
enum CFamilyHelper: CaseIterable {
  case narrowed, power, integerRemainder

  var name: String {
    switch self {
    case .narrowed: "narrowed"
    case .power: "power"
    case .integerRemainder: "integer_remainder"
    }
  }

  /// The definition, in C++.
  var cpp: String {
    switch self {
    case .narrowed:
      // Seen with GCC 12.2 at -O2 and above: its vectorizer takes double -> float -> double for no change at all.
      """
      // x rounded to float. The empty statement keeps GCC's vectorizer from dropping the rounding where the result is
      // widened again (seen in GCC 12.2 at -O2).
      inline float narrowed(double x) noexcept {
        float y = static_cast<float>(x);
      #if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__)
        __asm__("" : "+x"(y));
      #elif defined(__GNUC__) && !defined(__clang__)
        __asm__("" : "+m"(y));
      #endif
        return y;
      }
      """
    case .power:
      """
      // The C library's pow. Compilers would turn pow(x, 2.0) into x * x and pow(2.0, x) into exp2(x), whose last bit may
      // differ; numbers that they cannot know beforehand keep them from it.
      inline double power(double a, double b) noexcept {
        volatile double base = a;
        volatile double exponent = b;
        return std::pow(base, exponent);
      }
      """
    case .integerRemainder:
      """
      // The remainder of two numbers cut to 64-bit integers, with the sign of a; NaN where that is impossible.
      inline double integer_remainder(double a, double b) noexcept {
        const double limit = 9223372036854775808.0;
        if (!(a >= -limit && a < limit && b >= -limit && b < limit)) return static_cast<double>(NAN);
        const std::int64_t divisor = static_cast<std::int64_t>(b);
        if (divisor == 0) return static_cast<double>(NAN);
        if (divisor == -1) return 0.0;
        return static_cast<double>(static_cast<std::int64_t>(a) % divisor);
      }
      """
    }
  }
}
