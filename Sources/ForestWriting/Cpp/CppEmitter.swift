import ForestIR

/// Writes a forest as one C++ header without dependencies, for C++11 and later.
///
/// Results are those of every other back-end, bit for bit, whatever the compiler's optimisation: contraction to fused
/// multiply-add is switched off inside the header, and modes in which arithmetic is not IEEE 754 are refused by `#error`.
package struct CppEmitter: Emitter {
  package init() {}

  package var target: String { "cpp" }

  /// Branches run faster than tables in small forests but cost some 0.5 ms of compiler for each split. Their nesting is
  /// bounded whatever the depth of a tree (see `CFamilyPrinter`).
  package static let traits = TargetTraits(branchSplitLimit: 4000, maximumBranchDepth: 1 << 20)

  /// More inputs than this would need too much stack for the copy that is rounded on entry.
  package static let inputLimit = 1 << 16

  /// - Complexity: O(nodes + elements of all vectors).
  /// - Throws: `EmissionError` where the forest has too many inputs, or reference events do not fit it.
  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let plan = try EmissionPlan(forest: request.forest, layout: request.layout, traits: CppEmitter.traits)
    return Emission(try files(for: ProgramLowering.lower(request.forest, plan: plan), request))
  }

  /// Prints a planned program: `NAME.hpp` and, if wanted, `NAME_driver.cpp`.
  func files(for program: Program, _ request: EmissionRequest) throws(EmissionError) -> [EmittedFile] {
    guard program.inputCount <= CppEmitter.inputLimit else {
      throw EmissionError(
        "a model of \(program.inputCount) inputs; C++ headers are written for \(CppEmitter.inputLimit) at most",
        hint: "score it with `petrify score`")
    }
    var files = [EmittedFile(name: request.name + ".hpp", bytes: try header(program, request))]
    if request.withDriver {
      files.append(EmittedFile(name: request.name + "_driver.cpp", bytes: CppDriver(request: request, program: program).bytes()))
    }
    return files
  }

  private func header(_ program: Program, _ request: EmissionRequest) throws(EmissionError) -> [UInt8] {
    let names = CppIdentifiers(request)
    let interface = CppInterface(request: request, program: program, names: names)
    var language = CFamilyPrinter(program, dialect: .cpp)
    var routines = CodePrinter()
    for routine in program.routines {
      routines.line()
      language.print(routine, to: &routines)
    }

    var header = CodePrinter()
    CppBanner(request: request, program: program, names: names).print(to: &header)
    header.line()
    printPrologue(request, to: &header)
    header.line()
    header.line("namespace \(request.name) {")
    header.line()
    interface.printDescription(to: &header)
    interface.printDeclarations(to: &header)
    header.line()
    header.line("// ---- How it is computed " + String(repeating: "-", count: 92))
    header.line()
    header.line("namespace detail {")
    interface.printDescriptionTables(to: &header)
    printTables(program, language, to: &header)
    printHelpers(program, language, to: &header)
    header.verbatim(routines.bytes)
    try CppSelfTest(request: request, program: program).printTables(to: &header)
    header.line()
    header.line("}  // namespace detail")
    header.line()
    interface.printDefinitions(to: &header)
    CppSelfTest(request: request, program: program).printFunction(to: &header)
    header.line()
    header.line("}  // namespace \(request.name)")
    header.line()
    header.line(CppEmitter.epilogue)
    return header.bytes
  }

  private func printPrologue(_ request: EmissionRequest, to printer: inout CodePrinter) {
    let guardName = "PETRIFY_\(request.name)_HPP"
    printer.line("#ifndef \(guardName)")
    printer.line("#define \(guardName)")
    printer.line()
    for name in ["cfloat", "cmath", "cstddef", "cstdint", "cstring", "new"] { printer.line("#include <\(name)>") }
    printer.line()
    printer.line(CppEmitter.prologue)
  }

  private func printTables(_ program: Program, _ language: CFamilyPrinter, to printer: inout CodePrinter) {
    guard !program.tables.isEmpty else { return }
    printer.line()
    printer.line("// Constant tables. Static members of a class template may be defined in a header that many files include.")
    printer.line("template <class Unused>")
    printer.line("struct Tables {")
    for table in program.tables {
      printer.line("  // \(table.comment)")
      printer.line("  static const \(language.elementType(of: table)) \(table.name)[\(table.numbers.count)];")
    }
    printer.line("};")
    for table in program.tables {
      printer.line()
      printer.line("template <class Unused>")
      printer.line(
        "const \(language.elementType(of: table)) Tables<Unused>::\(table.name)[\(table.numbers.count)] = {")
      printer.indent()
      language.printNumbers(of: table, to: &printer)
      printer.outdent()
      printer.line("};")
    }
    printer.line()
    printer.line("typedef Tables<void> Data;")
  }

  /// What routines need besides the standard library.
  private func printHelpers(_ program: Program, _ language: CFamilyPrinter, to printer: inout CodePrinter) {
    for type in [ScalarType.float64, .float32] where program.routines.contains(where: { $0.result == .leaf(type) }) {
      printer.line()
      printer.line("// A leaf: what it adds, and its number.")
      printer.line("struct \(language.leafName(type)) {")
      printer.line("  \(language.name(of: type)) value;")
      printer.line("  std::int32_t number;")
      printer.line("};")
    }
    for helper in CFamilyHelper.allCases where language.helpers.contains(helper) || helper == .narrowed {
      printer.line()
      printer.verbatim(Array((helper.cpp + "\n").utf8))
    }
  }

  /// Contraction was measured: GCC fuses a*b+c from -O2 -march=native on even in strict modes and knows no standard pragma
  /// for it; Clang knows only that. Both are undone at the end of the header.
  private static let prologue = """
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
    #elif defined(_MSC_VER)
    #pragma fp_contract(off)
    #endif
    """

  private static let epilogue = """
    #if defined(__clang__)
    #pragma STDC FP_CONTRACT DEFAULT
    #elif defined(__GNUC__)
    #pragma GCC pop_options
    #elif defined(_MSC_VER)
    #pragma fp_contract(on)
    #endif

    #endif
    """
}
