import CForestKernels
import ForestRanking

/// The functions that ask trees by ranks, as text: the very text that the evaluator is compiled from.
///
/// One event needs the standard language only. For many events at once there are three instruction sets, in the dialect that GCC and
/// Clang share; other compilers go on event by event.
struct CFamilyRuntime {
  let dialect: CFamilyDialect
  let ranked: RankedProgram

  /// What stands at the beginning of a header, outside of any namespace.
  static let prologue = """
    #if defined(__GNUC__) && defined(__x86_64__)
    #include <immintrin.h>
    #endif
    """

  /// What is undefined at the end of a header.
  static let end = """
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
    printer.line(adapted("typedef \(dialect.name(of: ranked.featureType)) forest_feature;"))
    printer.line(adapted("typedef \(dialect.name(of: ranked.sumType)) forest_number;"))
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
    print("compiler.inc", to: &printer)
    printer.line()
    print("find-leaves.inc", to: &printer)
    printer.line()
    printer.line("// One event.")
    printer.line("#define FOREST_TARGET")
    for part in ["find-leaves-plain", "find-leaves-event", "rank-event", "add-event"] { print(part, set: "plain", to: &printer) }
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
    let many = ["any-shape", "complete", "add-leaves", "rank-column", "block"]
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
      #endif
      """)
    printSet("avx2", ["reached-avx2-\(features)", "rank-event-sixteen", "add-event"] + many, to: &printer)
    printSet(
      "avx512",
      [
        "find-leaves-avx512", "find-leaves-event", "reached-avx512-\(features)", "rank-event-sixteen", "add-event", "any-shape-avx512",
        "complete", "add-leaves-avx512-\(sums)", "rank-column-avx512-\(features)", "block",
      ], to: &printer)
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
      adapted(
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
    for part in parts { print(part, set: set, to: &printer) }
    print("undefine.inc", to: &printer)
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

  private func print(_ name: String, to printer: inout CodePrinter) { printer.line(adapted(CFamilyRuntime.text(name))) }

  private func print(_ part: String, set: String, to printer: inout CodePrinter) {
    // An event's walk through trees is the same for two of the sets.
    let text = CFamilyRuntime.text("\(part).inc")
      .replacing("forest_find_leaves_SET(", with: set == "avx2" ? "forest_find_leaves_plain(" : "forest_find_leaves_\(set)(")
      .replacing("_SET(", with: "_\(set)(")
    printer.line()
    printer.line(adapted(text))
  }

  /// A file of the runtime, without line feeds at its end.
  private static func text(_ name: String) -> String {
    guard let text = forest_runtime_text(name) else { preconditionFailure("\(name) is not part of the runtime") }
    let lines = String(cString: text)
    return String(lines[..<(lines.lastIndex { $0 != "\n" }.map { lines.index(after: $0) } ?? lines.startIndex)])
  }

  /// The text in the dialect's words: in C, names at file scope begin with the model's; in C++, those of the library with `std`.
  private func adapted(_ text: String) -> String {
    var result = ""
    var word = ""
    func flush() {
      if word.hasPrefix("forest_") {
        result += dialect.hidden(word)
      } else if !dialect.isC, ["uint8_t", "uint16_t", "uint32_t", "uint64_t", "int32_t", "size_t", "memcpy"].contains(word) {
        result += "std::" + word
      } else {
        result += word
      }
      word = ""
    }
    for character in text {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}
