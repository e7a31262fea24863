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
    """

  /// Types that tables are made of.
  func printTypes(to printer: inout CodePrinter) {
    print("types.inc", to: &printer)
    printer.line()
    printer.line("// The numbers that thresholds are compared with, and those that are added up.")
    printer.line(adapted("typedef \(dialect.name(of: ranked.featureType)) forest_feature;"))
    printer.line(adapted("typedef \(dialect.name(of: ranked.sumType)) forest_number;"))
  }

  func printFunctions(to printer: inout CodePrinter) {
    print("compiler.inc", to: &printer)
    for name in ["rank-event.inc", "find-leaves.inc", "add-event.inc"] {
      printer.line()
      print(name, to: &printer)
    }
    printer.line()
    printer.line(
      """
      // Many events side by side, written once for each instruction set; which one serves is found out while running.
      #if defined(__GNUC__)
      #define FOREST_VECTORS 1
      #define FOREST_ALIGNED __attribute__((aligned(64)))

      """)
    print("bytes.inc", to: &printer)
    printSet("vectors", ["any-shape.inc", "complete.inc", "add-leaves.inc", "rank-column.inc", "block.inc"], to: &printer)
    printer.line()
    printer.line("#if defined(__x86_64__)")
    printer.line("#define FOREST_X86 1")
    printSet("avx2", ["any-shape.inc", "complete.inc", "add-leaves.inc", "rank-column.inc", "block.inc"], to: &printer)
    let features = ranked.featureType == .float32 ? "f32" : "f64", sums = ranked.sumType == .float32 ? "f32" : "f64"
    printSet(
      "avx512",
      ["any-shape-avx512.inc", "complete.inc", "add-leaves-avx512-\(sums).inc", "rank-column-avx512-\(features).inc", "block.inc"],
      to: &printer)
    printer.line("#endif")
    printer.line()
    printer.line(
      adapted(
        """
        // 2: AVX-512, 1: AVX2, 0: vectors of 16 bytes.
        static inline int forest_instruction_set(void) {
        #if FOREST_X86
          if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return 2;
          if (__builtin_cpu_supports("avx2")) return 1;
        #endif
          return 0;
        }
        #endif
        """))
  }

  private func printSet(_ set: String, _ parts: [String], to printer: inout CodePrinter) {
    printer.line()
    print("set-\(set).inc", to: &printer)
    for part in parts {
      printer.line()
      print(part, set: set, to: &printer)
    }
    print("undefine.inc", to: &printer)
  }

  /// The call of one of the functions that exist for each instruction set.
  static func call(_ dialect: CFamilyDialect, _ function: String, _ arguments: String) -> String {
    let name = dialect.hidden("forest_\(function)")
    return """
      #if FOREST_X86
        if (set == 2) {
          \(name)_avx512(\(arguments));
        } else if (set == 1) {
          \(name)_avx2(\(arguments));
        } else
      #endif
        {
          \(name)_vectors(\(arguments));
        }
      """
  }

  private func print(_ name: String, set: String = "", to printer: inout CodePrinter) {
    guard let text = forest_runtime_text(name) else { preconditionFailure("\(name) is not part of the runtime") }
    let lines = String(cString: text)
    printer.line(adapted(set.isEmpty ? lines : lines.replacing("_SET(", with: "_\(set)(")).trimmedEnd)
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

extension String {
  /// Without line feeds at the end.
  fileprivate var trimmedEnd: String { String(self[..<(lastIndex { $0 != "\n" }.map { index(after: $0) } ?? startIndex)]) }
}
