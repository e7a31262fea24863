/// The mode in which a header wants its arithmetic compiled, set at its beginning and left at its end.
///
/// Contraction was measured: GCC fuses a*b+c from -O2 -march=native on even in strict modes and knows no standard pragma
/// for it; Clang knows only that. Both are undone at the end of the header.
enum CFamilyMode {
  static let beginning = """
    // Arithmetic must be IEEE 754, each operation rounded once.
    #if defined(__FAST_MATH__) || defined(_M_FP_FAST)
    #error "this header computes exact results and cannot be compiled with -ffast-math (-Ofast, /fp:fast)"
    #endif
    #if (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0) || defined(__ASSOCIATIVE_MATH__) || \\
        defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
    #error "this header computes exact results and cannot be compiled with parts of -ffast-math"
    #endif
    #if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
    #error "this header needs arithmetic in the precision of its operands: use SSE2 (-msse2 -mfpmath=sse)"
    #endif

    // No fused multiply-add: it would leave out a rounding. Undone at the end.
    #if defined(__clang__)
    #pragma STDC FP_CONTRACT OFF
    #elif defined(__GNUC__)
    #pragma GCC push_options
    #pragma GCC optimize("fp-contract=off")
    // All locals are written before they are read; GCC 12's vectorizer at -O3 -march=native does not always see it.
    #pragma GCC diagnostic push
    #pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
    #elif defined(_MSC_VER)
    #pragma fp_contract(off)
    #endif
    """

  static let end = """
    #if defined(__clang__)
    #pragma STDC FP_CONTRACT DEFAULT
    #elif defined(__GNUC__)
    #pragma GCC diagnostic pop
    #pragma GCC pop_options
    #elif defined(_MSC_VER)
    #pragma fp_contract(on)
    #endif
    """
}
