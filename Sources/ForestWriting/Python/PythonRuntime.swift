/// The helper functions of emitted modules: IEEE 754 arithmetic and the C library's results, where Python would raise.
enum PythonRuntime {
  struct Helper {
    let name: String
    /// Other helpers that it calls.
    let needs: [String]
    /// The modules that it needs.
    let modules: [String]
    let code: String
  }

  /// In an order in which they can be defined.
  static let helpers: [Helper] = [
    Helper(name: "_INF", needs: [], modules: [], code: #"_INF = float("inf")"#),
    Helper(name: "_NAN", needs: [], modules: [], code: #"_NAN = float("nan")"#),
    Helper(
      name: "_f32", needs: ["_INF"], modules: ["math", "struct"],
      code: #"""
        _float32 = struct.Struct("f")


        def _f32(x, pack=_float32.pack, unpack=_float32.unpack):
            """The float32 number nearest to x, ties to even; an infinity if x is too large."""
            try:
                return unpack(pack(x))[0]
            except OverflowError:
                return math.copysign(_INF, x)
        """#),
    Helper(
      name: "_div", needs: ["_INF", "_NAN"], modules: ["math"],
      code: #"""
        def _div(a, b):
            """a / b as IEEE 754 says, by zero too."""
            try:
                return a / b
            except ZeroDivisionError:
                if a == 0.0 or a != a:
                    return _NAN
                return math.copysign(_INF, a) * math.copysign(1.0, b)
        """#),
    Helper(name: "_isnan", needs: [], modules: ["math"], code: "_isnan = math.isnan"),
    Helper(
      name: "_trunc", needs: [], modules: ["math"],
      code: #"""
        def _trunc(x):
            """x rounded towards zero; keeps the sign of zero, infinities and NaN."""
            return math.modf(x)[1]
        """#),
    domain("_sqrt", "sqrt"), domain("_sin", "sin"), domain("_cos", "cos"), domain("_tan", "tan"),
    domain("_asin", "asin"), domain("_acos", "acos"), domain("_acosh", "acosh"),
    Helper(name: "_atan", needs: [], modules: ["math"], code: "_atan = math.atan"),
    Helper(name: "_tanh", needs: [], modules: ["math"], code: "_tanh = math.tanh"),
    Helper(name: "_asinh", needs: [], modules: ["math"], code: "_asinh = math.asinh"),
    Helper(name: "_atan2", needs: [], modules: ["math"], code: "_atan2 = math.atan2"),
    Helper(
      name: "_exp", needs: ["_INF"], modules: ["math"],
      code: #"""
        def _exp(x):
            """The C library's exp(x)."""
            try:
                return math.exp(x)
            except OverflowError:
                return _INF
        """#),
    Helper(
      name: "_scaled", needs: ["_INF"], modules: ["math"],
      code: #"""
        def _scaled(x, n):
            """x times 2 to the power of n."""
            try:
                return math.ldexp(x, n)
            except OverflowError:
                return math.copysign(_INF, x)
        """#),
    logarithm("_log", "log"), logarithm("_log10", "log10"), logarithm("_log1p", "log1p", pole: "-1.0"),
    Helper(
      name: "_sinh", needs: ["_INF"], modules: ["math"],
      code: #"""
        def _sinh(x):
            """The C library's sinh(x)."""
            try:
                return math.sinh(x)
            except OverflowError:
                return math.copysign(_INF, x)
        """#),
    Helper(
      name: "_cosh", needs: ["_INF"], modules: ["math"],
      code: #"""
        def _cosh(x):
            """The C library's cosh(x)."""
            try:
                return math.cosh(x)
            except OverflowError:
                return _INF
        """#),
    Helper(
      name: "_atanh", needs: ["_INF", "_NAN"], modules: ["math"],
      code: #"""
        def _atanh(x):
            """The C library's atanh(x)."""
            try:
                return math.atanh(x)
            except ValueError:
                return math.copysign(_INF, x) if abs(x) == 1.0 else _NAN
        """#),
    Helper(
      name: "_pow", needs: ["_INF", "_NAN"], modules: ["math"],
      code: #"""
        def _pow(x, y):
            """The C library's pow(x, y)."""
            try:
                return math.pow(x, y)
            except OverflowError:
                return -_INF if x < 0.0 and abs(math.fmod(y, 2.0)) == 1.0 else _INF
            except ValueError:
                if x == 0.0:
                    return math.copysign(_INF, x) if abs(math.fmod(y, 2.0)) == 1.0 else _INF
                return _NAN
        """#),
    Helper(
      name: "_fmod", needs: ["_NAN"], modules: ["math"],
      code: #"""
        def _fmod(x, y):
            """The C library's fmod(x, y)."""
            try:
                return math.fmod(x, y)
            except ValueError:
                return _NAN
        """#),
    Helper(
      name: "_integer_remainder", needs: ["_NAN"], modules: [],
      code: #"""
        def _integer_remainder(x, y):
            """The remainder of two numbers cut to 64-bit integers, with the sign of x; NaN where there is none."""
            limit = 9223372036854775808.0
            if not (-limit <= x < limit and -limit <= y < limit):
                return _NAN
            dividend, divisor = int(x), int(y)
            if divisor == 0:
                return _NAN
            rest = abs(dividend) % abs(divisor)
            return float(-rest if dividend < 0 else rest)
        """#),
  ]

  /// Functions that give NaN where Python raises ValueError.
  private static func domain(_ name: String, _ function: String) -> Helper {
    Helper(
      name: name, needs: ["_NAN"], modules: ["math"],
      code: """
        def \(name)(x):
            \"\"\"The C library's \(function)(x).\"\"\"
            try:
                return math.\(function)(x)
            except ValueError:
                return _NAN
        """)
  }

  private static func logarithm(_ name: String, _ function: String, pole: String = "0.0") -> Helper {
    Helper(
      name: name, needs: ["_INF", "_NAN"], modules: ["math"],
      code: """
        def \(name)(x):
            \"\"\"The C library's \(function)(x).\"\"\"
            try:
                return math.\(function)(x)
            except ValueError:
                return -_INF if x == \(pole) else _NAN
        """)
  }

  /// The wanted helpers and all that they need, in order.
  static func closure(of wanted: Set<String>) -> [Helper] {
    var wanted = wanted
    for helper in helpers.reversed() where wanted.contains(helper.name) { wanted.formUnion(helper.needs) }
    return helpers.filter { wanted.contains($0.name) }
  }
}
