import CForestKernels
import ForestRanking

/// The functions that ask trees by ranks, as text: the very text that the evaluator is compiled from.
///
/// Only what the forest in hand needs is printed: see `CFamilyRuntimeText`. One event needs the standard language only. For many events at once there are three instruction sets, in the dialect that GCC and
/// Clang share; other compilers go on event by event.
struct CFamilyRuntime {
  private let dialect: CFamilyDialect
  private let ranked: RankedProgram
  private let text: CFamilyRuntimeText

  init(dialect: CFamilyDialect, ranked: RankedProgram) {
    (self.dialect, self.ranked) = (dialect, ranked)
    text = CFamilyRuntimeText(dialect: dialect, kinds: .init(ranked.layout))
  }

  /// What stands at the beginning of a header, outside of any namespace.
  static let prologue = """
    #if defined(__GNUC__) && defined(__x86_64__)
    #include <immintrin.h>
    #endif
    """

  /// What is undefined at the end of a header.
  static let end = """
    #undef FOREST_ANY_SHAPE
    #undef FOREST_OBLIVIOUS
    #undef FOREST_LEVELS
    #undef FOREST_ROWS
    #undef FOREST_COLUMNS
    #undef FOREST_INLINE
    #undef FOREST_APART
    #undef FOREST_UNROLLED
    #undef FOREST_ALIGNED
    #undef FOREST_VECTORS
    #undef FOREST_X86
    #undef FOREST_LANES
    #undef FOREST_EVERY_LANE
    #undef FOREST_FETCH
    """

  /// Types that tables are made of.
  func printTypes(to printer: inout CodePrinter) {
    print("types.inc", to: &printer)
    printer.line()
    if case .wide = ranked.layout {
      print("wide-types.inc", to: &printer)
      printer.line()
    }
    printer.line("// The numbers that thresholds are compared with, and those that are added up.")
    printer.line(text.adapted("typedef \(dialect.name(of: ranked.featureType)) forest_feature;"))
    printer.line(text.adapted("typedef \(dialect.name(of: ranked.sumType)) forest_number;"))
  }

  func printFunctions(to printer: inout CodePrinter) {
    printer.line("#if defined(__GNUC__)")
    printer.line("#pragma GCC diagnostic push")
    if !dialect.isC {
      printer.line("// What follows is C as well, which knows no other casts.")
      printer.line("#pragma GCC diagnostic ignored \"-Wold-style-cast\"")
    }
    printer.line(
      """
      #if !defined(__clang__)
      // Of small tables GCC says at -O3 that trees of 8 levels would read beyond their end, not seeing that there are none.
      #pragma GCC diagnostic ignored "-Warray-bounds"
      #endif
      #endif
      """)
    printText(to: &printer)
    printer.line(
      """
      #if defined(__GNUC__)
      #pragma GCC diagnostic pop
      #endif
      """)
  }

  private func printText(to printer: inout CodePrinter) {
    if case .wide = ranked.layout {
      print("compiler.inc", to: &printer)
      for name in ["wide.inc", "wide-numbers.inc"] {
        printer.line()
        print(name, to: &printer)
      }
      return
    }
    let features = ranked.featureType == .float32 ? "f32" : "f64", sums = ranked.sumType == .float32 ? "f32" : "f64"
    let kinds = text.kinds
    printer.line(
      """
      // Which trees there are: of any shape, asking one question on each level, complete up to so many levels.
      #define FOREST_ANY_SHAPE \(kinds.hasAnyShape ? 1 : 0)
      #define FOREST_OBLIVIOUS \(kinds.hasOblivious ? 1 : 0)
      #define FOREST_LEVELS \(kinds.levels)

      """)
    print("compiler.inc", to: &printer)
    printer.line()
    print("find-leaves.inc", to: &printer)
    printer.line()
    printer.line("// One event.")
    printer.line("#define FOREST_TARGET")
    printParts(["find-leaves-plain", "find-leaves-event", "rank-event", "add-event"], set: "plain", to: &printer)
    printer.line("#undef FOREST_TARGET")
    printer.line()
    printer.line(
      """
      // Many events side by side, and with some instruction sets many trees; which set serves is found out while running.
      #if defined(__GNUC__)
      #define FOREST_VECTORS 1
      #define FOREST_ALIGNED __attribute__((aligned(64)))

      """)
    print("bytes.inc", to: &printer)
    let complete = kinds.levels > 0 || kinds.hasOblivious ? ["complete"] : []
    let many = (kinds.hasAnyShape ? ["any-shape"] : []) + complete + ["add-leaves", "rank-column", "block"]
    printSet("vectors", many, to: &printer)
    printer.line()
    printer.line(
      """
      #if defined(__x86_64__)
      #define FOREST_X86 1
      #if !defined(__clang__)
      // Without optimisation GCC's intrinsics are macros, and it warns of the conversions in them.
      #pragma GCC diagnostic push
      #pragma GCC diagnostic ignored "-Wsign-conversion"
      // Its intrinsics hand on a variable that was never set, on purpose, and it warns of that too.
      #pragma GCC diagnostic ignored "-Wuninitialized"
      #pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
      #endif
      """)
    printSet("avx2", ["reached-avx2-\(features)", "rank-event-sixteen", "add-event"] + many, to: &printer)
    printSet(
      "avx512",
      [
        "find-leaves-avx512", "find-leaves-event", "reached-avx512-\(features)", "rank-event-sixteen", "add-event",
      ] + (kinds.hasAnyShape ? ["any-shape-avx512"] : []) + complete
        + ["add-leaves-avx512-\(sums)", "rank-column-avx512-\(features)", "block"], to: &printer)
    printer.line(
      """
      #if !defined(__clang__)
      #pragma GCC diagnostic pop
      #endif
      #endif
      #endif
      """)
    printer.line()
    printer.line(
      text.adapted(
        """
        // 2: AVX-512 with its permutations of bytes, 1: AVX2, 0: what is always there. With PETRIFY_NO_AVX512 or PETRIFY_NO_AVX2 defined
        // they are not used; no result depends on it.
        static inline int forest_instruction_set(void) {
        #if FOREST_X86 && !defined(PETRIFY_NO_AVX512)
          if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
              __builtin_cpu_supports("avx512vl")) {
            return 2;
          }
        #endif
        #if FOREST_X86 && !defined(PETRIFY_NO_AVX2)
          if (__builtin_cpu_supports("avx2")) return 1;
        #endif
          return 0;
        }
        """))
  }

  private func printSet(_ set: String, _ parts: [String], to printer: inout CodePrinter) {
    printer.line()
    print("set-\(set).inc", to: &printer)
    printParts(parts, set: set, to: &printer)
    print("undefine.inc", to: &printer)
  }

  private func printParts(_ parts: [String], set: String, to printer: inout CodePrinter) {
    for part in parts {
      printer.line()
      print("\(part).inc", set: set, to: &printer)
    }
  }

  /// Statements that are carried out by whichever instruction set `set` says: `lines` makes them, given the end of a function's name.
  static func chosen(otherwise: String, _ lines: (String) -> [String]) -> String {
    func block(_ set: String) -> String { lines(set).map { "    \($0)\n" }.joined() }
    return """
      #if FOREST_X86
        if (set == 2) {
      \(block("avx512"))  } else if (set == 1) {
      \(block("avx2"))  } else
      #endif
        {
      \(block(otherwise))  }
      """
  }

  private func print(_ name: String, set: String? = nil, to printer: inout CodePrinter) { printer.line(text.file(name, set: set)) }
}
