/// Names that identifiers in C and C++ must avoid besides keywords: macros and variables of the standard headers, which may
/// be around whether or not the emitted file includes them.
enum CFamilyNames {
  static let reserved: Set<String> = {
    var names = Set(
      """
      stdin stdout stderr signgam timezone daylight tzname environ optarg optind opterr optopt alloca isgreater isless
      isgreaterequal islessequal islessgreater isunordered isnormal fpclassify math_errhandling MATH_ERRNO MATH_ERREXCEPT
      MAXFLOAT OVERFLOW UNDERFLOW DOMAIN SING PLOSS TLOSS DECIMAL_DIG INFINITY NAN SNAN SNANF SNANL RAND_MAX EXIT_SUCCESS
      EXIT_FAILURE SIZE_MAX PTRDIFF_MIN PTRDIFF_MAX WCHAR_MIN WCHAR_MAX WINT_MIN WINT_MAX SIG_ATOMIC_MIN SIG_ATOMIC_MAX
      WNOHANG WUNTRACED WSTOPPED WEXITED WCONTINUED WNOWAIT NFDBITS FD_SETSIZE BIG_ENDIAN LITTLE_ENDIAN PDP_ENDIAN BYTE_ORDER
      EDOM EILSEQ ERANGE ENOENT EIO BUFSIZ SEEK_SET SEEK_CUR SEEK_END IN OUT near far small interface bool true false
      int8_t int16_t int32_t int64_t size_t ptrdiff_t nullptr_t uint8_t uint16_t uint32_t uint64_t
      """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
    let constants = [
      "E", "LOG2E", "LOG10E", "LN2", "LN10", "PI", "PI_2", "PI_4", "1_PI", "2_PI", "2_SQRTPI", "SQRT2", "SQRT1_2",
    ]
    for constant in constants {
      for suffix in ["", "f", "l", "f16", "f32", "f64", "f128", "f32x", "f64x"] { names.insert("M_\(constant)\(suffix)") }
    }
    for prefix in ["FLT_", "DBL_", "LDBL_"] {
      for name in [
        "MIN", "MAX", "EPSILON", "DIG", "MANT_DIG", "DECIMAL_DIG", "MIN_EXP", "MAX_EXP", "MIN_10_EXP", "MAX_10_EXP",
        "TRUE_MIN", "HAS_SUBNORM", "NORM_MAX", "SNAN", "IS_IEC_60559",
      ] { names.insert(prefix + name) }
    }
    names.formUnion(["FLT_RADIX", "FLT_ROUNDS", "FLT_EVAL_METHOD"])
    for name in [
      "NAN", "INFINITE", "ZERO", "SUBNORMAL", "NORMAL", "ILOGB0", "ILOGBNAN", "LLOGB0", "LLOGBNAN", "FAST_FMA", "FAST_FMAF",
      "FAST_FMAL", "INT_UPWARD", "INT_DOWNWARD", "INT_TOWARDZERO", "INT_TONEAREST", "INT_TONEARESTFROMZERO",
    ] { names.insert("FP_" + name) }
    for suffix in ["", "F", "L", "_F16", "_F32", "_F64", "_F128", "_F32X", "_F64X"] { names.insert("HUGE_VAL" + suffix) }
    for sign in ["INT", "UINT"] {
      for size in ["8", "16", "32", "64", "MAX", "PTR", "_FAST8", "_FAST16", "_FAST32", "_FAST64", "_LEAST8", "_LEAST16", "_LEAST32", "_LEAST64"] {
        for end in ["_MIN", "_MAX", "_C", "_WIDTH"] { names.insert(sign + size + end) }
      }
      for end in ["_MIN", "_MAX", "_WIDTH"] { names.insert(sign + end) }
    }
    return names
  }()
}
