import ForestIR

/// What users call, in one language of the C family.
protocol CFamilyInterface {
  /// Constants, and the types of what is asked and answered.
  func printDescription(to printer: inout CodePrinter)
  func printDeclarations(to printer: inout CodePrinter)
  /// The tables behind the descriptions, among what is hidden.
  func printDescriptionTables(to printer: inout CodePrinter)
  func printDefinitions(to printer: inout CodePrinter)
}

/// A whole header: banner, description, declarations, then everything behind them.
struct CFamilyHeader {
  let request: EmissionRequest
  let program: Program
  let dialect: CFamilyDialect
  let banner: Banner
  let interface: any CFamilyInterface
  /// The standard headers it includes.
  let includes: [String]

  /// More inputs than this would need too much stack for the copy that is rounded on entry.
  static let inputLimit = 1 << 16

  static func checkInputs(_ program: Program) throws(EmissionError) {
    guard program.inputCount <= inputLimit else {
      throw EmissionError(
        "a model of \(program.inputCount) inputs; headers are written for \(inputLimit) at most",
        hint: "score it with `petrify score`")
    }
  }

  /// - Throws: `EmissionError` where reference events do not fit the forest.
  func bytes() throws(EmissionError) -> [UInt8] {
    // What is computed comes first: it says which helpers are needed.
    var language = CFamilyPrinter(program, dialect: dialect)
    var routines = CodePrinter()
    for routine in program.routines {
      routines.line()
      language.print(routine, to: &routines)
    }

    let selfTest = CFamilySelfTest(request: request, program: program, dialect: dialect)
    var header = CodePrinter()
    for line in banner.lines() { header.line(line.isEmpty ? "//" : "// " + line) }
    header.line()
    printPrologue(to: &header)
    header.line()
    if !dialect.isC {
      header.line("namespace \(request.name) {")
      header.line()
    }
    header.line(CFamilyDialect.heading("What it is"))
    header.line()
    interface.printDescription(to: &header)
    header.line(CFamilyDialect.heading("What it offers: no state, no allocation, safe in any number of threads"))
    header.line()
    interface.printDeclarations(to: &header)
    header.line()
    header.line(CFamilyDialect.heading("How it is computed"))
    if !dialect.isC {
      header.line()
      header.line("namespace detail {")
    }
    interface.printDescriptionTables(to: &header)
    let runtime = program.ranked.map { CFamilyRuntime(dialect: dialect, ranked: $0) }
    if let runtime {
      header.line()
      runtime.printTypes(to: &header)
    }
    printTables(language, to: &header)
    printHelpers(language, to: &header)
    if let runtime {
      header.line()
      runtime.printFunctions(to: &header)
    }
    header.verbatim(routines.bytes)
    if let blocks = CFamilyBlocks(program, language) {
      header.line()
      blocks.printFunctions(to: &header)
    }
    try selfTest.printTables(to: &header)
    if !dialect.isC {
      header.line()
      header.line("}  // namespace detail")
    }
    header.line()
    interface.printDefinitions(to: &header)
    selfTest.printFunction(to: &header)
    header.line()
    if !dialect.isC {
      header.line("}  // namespace \(request.name)")
      header.line()
    }
    if program.ranked != nil {
      header.line(CFamilyRuntime.end)
      header.line()
    }
    header.line(CFamilyMode.end)
    header.line()
    header.line("#endif")
    return header.bytes
  }

  private func printPrologue(to printer: inout CodePrinter) {
    let guardName = "PETRIFY_\(request.name)_\(dialect.isC ? "H" : "HPP")"
    printer.line("#ifndef \(guardName)")
    printer.line("#define \(guardName)")
    printer.line()
    for name in includes { printer.line("#include <\(name)>") }
    if case .bytes = program.ranked?.layout { printer.line(CFamilyRuntime.prologue) }
    printer.line()
    printer.line(CFamilyMode.beginning)
  }

  private func printTables(_ language: CFamilyPrinter, to printer: inout CodePrinter) {
    let tables = language.tables(of: program)
    guard !tables.isEmpty else { return }
    if !dialect.isC {
      printer.line()
      printer.line("// Constant tables. Static members of a class template may be defined in a header that many files include.")
      printer.line("template <class Unused>")
      printer.line("struct Tables {")
      for table in tables {
        printer.line("  // \(table.comment)")
        printer.line("  static const \(table.type) \(table.name)[\(table.count)];")
      }
      printer.line("};")
    }
    for table in tables {
      printer.line()
      let bounds = "[\(table.count)]"
      if dialect.isC {
        printer.line("// \(table.comment)")
        printer.line("static const \(table.type) \(language.tableName(table.name))\(bounds) = {")
      } else {
        printer.line("template <class Unused>")
        printer.line("const \(table.type) Tables<Unused>::\(table.name)\(bounds) = {")
      }
      table.print(&printer)
      printer.line("};")
    }
    if !dialect.isC {
      printer.line()
      printer.line("typedef Tables<void> Data;")
    }
  }

  /// What routines need besides the standard library.
  private func printHelpers(_ language: CFamilyPrinter, to printer: inout CodePrinter) {
    for type in [ScalarType.float64, .float32] where program.routines.contains(where: { $0.result == .leaf(type) }) {
      let (leaf, value) = (language.leafName(type), language.name(of: type))
      printer.line()
      printer.line("// A leaf: what it adds, and its number.")
      printer.line(dialect.isC ? "typedef struct \(leaf) {" : "struct \(leaf) {")
      printer.line("  \(value) value;")
      printer.line("  \(dialect.standard("int32_t")) number;")
      printer.line(dialect.isC ? "} \(leaf);" : "};")
      if dialect.isC {
        printer.line()
        printer.line("static inline \(leaf) \(language.leafMaker(type).opening)\(value) value, int32_t number) {")
        printer.line("  \(leaf) made;")
        printer.line("  made.value = value;")
        printer.line("  made.number = number;")
        printer.line("  return made;")
        printer.line("}")
      }
    }
    for helper in CFamilyHelper.allCases where language.helpers.contains(helper) || helper == .narrowed {
      printer.line()
      printer.line(helper.definition(dialect))
    }
  }
}
