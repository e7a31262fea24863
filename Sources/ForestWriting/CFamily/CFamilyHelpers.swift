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

  /// The definition, with the comment above it.
  func definition(_ dialect: CFamilyDialect) -> String {
    let name = dialect.hidden(name)
    switch self {
    case .narrowed:
      // Seen with GCC 12.2 at -O2 and above: its vectorizer takes double -> float -> double for no change at all.
      return """
        // x rounded to float. The empty statement keeps GCC's vectorizer from dropping the rounding where the result is
        // widened again (seen in GCC 12.2 at -O2).
        \(dialect.function("float", name, "double x")) {
          float y = \(dialect.isC ? "(float)x" : "static_cast<float>(x)");
        #if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__)
          __asm__("" : "+x"(y));
        #elif defined(__GNUC__) && !defined(__clang__)
          __asm__("" : "+m"(y));
        #endif
          return y;
        }
        """
    case .power:
      return """
        // The C library's pow. Compilers would turn pow(x, 2.0) into x * x and pow(2.0, x) into exp2(x), whose last bit may
        // differ; numbers that they cannot know beforehand keep them from it.
        \(dialect.function("double", name, "double a, double b")) {
          volatile double base = a;
          volatile double exponent = b;
          return \(dialect.standard("pow"))(base, exponent);
        }
        """
    case .integerRemainder:
      let integer = dialect.standard("int64_t")
      let nan = dialect.isC ? "(double)NAN" : "static_cast<double>(NAN)"
      return """
        // The remainder of two numbers cut to 64-bit integers, with the sign of a; NaN where that is impossible.
        \(dialect.function("double", name, "double a, double b")) {
          const double limit = 9223372036854775808.0;
          if (!(a >= -limit && a < limit && b >= -limit && b < limit)) return \(nan);
          const \(integer) divisor = \(dialect.cast("b", to: integer));
          if (divisor == 0) return \(nan);
          if (divisor == -1) return 0.0;
          return \(dialect.cast("\(dialect.cast("a", to: integer)) % divisor", to: "double"));
        }
        """
    }
  }
}
