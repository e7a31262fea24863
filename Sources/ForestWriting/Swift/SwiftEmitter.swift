import ForestIR

/// Writes a forest as one Swift file without dependencies, for language modes 5 and 6, and a driver beside it if wanted.
///
/// Swift rounds every operation by itself and fuses none, at every level of optimisation, so nothing has to be forbidden.
/// Only functions like `exp` come from the C library; where none can be imported, as in Embedded Swift, what needs them is
/// left out and the rest compiles.
package struct SwiftEmitter: Emitter {
  package init() {}

  package var target: String { "swift" }

  /// Compile time grows by about a millisecond a split in branches, and ranks are faster.
  static let traits = TargetTraits(branchSplitLimit: 200, maximumBranchDepth: 100, takesRanks: true)

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let plan = try EmissionPlan(forest: request.forest, layout: request.layout, traits: Self.traits)
    return Emission(try files(for: ProgramLowering.lower(request.forest, plan: plan), request))
  }

  /// Prints a planned program: `NAME.swift`, and `NAME_driver.swift` with a driver.
  ///
  /// - Throws: `EmissionError` where the name would hide something that the file needs, or reference events do not fit.
  /// - Complexity: O(size of the program).
  func files(for program: Program, _ request: EmissionRequest) throws(EmissionError) -> [EmittedFile] {
    guard !SwiftProgram.typeNames.contains(request.name) else {
      throw EmissionError(
        "a type called \(request.name) would hide something of the same name in Swift's own libraries",
        hint: "choose another name with --name")
    }
    let swift = SwiftProgram(program)
    let identifiers = SwiftIdentifiers(request.forest)
    let uses = program.routines.map(SwiftUse.init)
    var printer = CodePrinter()

    SwiftBanner(request: request, program: program, identifiers: identifiers).print(to: &printer)
    if !swift.libraryRoutines.isEmpty {
      Self.printImports(to: &printer)
      printer.line()
    }
    printer.line("public enum \(request.name) {")
    printer.indent()
    SwiftMetadata(request: request, program: program, identifiers: identifiers).print(to: &printer)
    printer.line()
    SwiftInterface(request: request, swift: swift, identifiers: identifiers).print(to: &printer)
    printer.line()
    try SwiftSelfTest(request: request, swift: swift).print(to: &printer)
    printer.line()
    printer.line("// MARK: How it is computed")
    printRoutines(swift, uses, to: &printer)
    let blocks = SwiftBlocks(swift)
    if let ranked = program.ranked {
      SwiftRanked(ranked: ranked).printEvent(to: &printer)
      blocks?.printFunctions(to: &printer)
    }
    let tables = program.tables + (program.ranked.map(SwiftRankedTables.tables) ?? [])
    if !tables.isEmpty {
      printer.line()
      printer.line("// MARK: Numbers")
      printer.line()
      SwiftTables(tables: tables).print(to: &printer)
    }
    printer.line()
    printer.line(SwiftTables.reader)
    let locals = uses.flatMap(\.arrays) + (blocks?.rooms ?? []) + [
      ("event", program.inputType, program.inputCount), ("out", .float64, program.outputCount),
    ]
    if SwiftRoom.needsSupport(locals) {
      printer.line()
      SwiftRoom.printSupport(to: &printer)
    }
    printer.outdent()
    printer.line("}")

    var files = [EmittedFile(name: request.name + ".swift", bytes: printer.bytes)]
    if request.withDriver { files.append(SwiftDriver(request: request).file()) }
    return files
  }

  /// Those that need no C library first, in their order; then the others.
  private func printRoutines(_ swift: SwiftProgram, _ uses: [SwiftUse], to printer: inout CodePrinter) {
    let routines = SwiftRoutines(swift)
    if uses.contains(where: \.needsIntegerRemainder) {
      printer.line(
        """

        /// The remainder of two numbers cut off to 64-bit integers; NaN where that is not possible.
        private static func integer_remainder(_ a: Double, _ b: Double) -> Double {
          guard let dividend = Int64(exactly: a.rounded(.towardZero)),
            let divisor = Int64(exactly: b.rounded(.towardZero)), divisor != 0
          else { return Double.nan }
          // The least integer divided by −1 overflows; its remainder is 0 all the same.
          return Double(dividend.remainderReportingOverflow(dividingBy: divisor).partialValue)
        }
        """)
    }
    for routine in swift.program.routines where !swift.libraryRoutines.contains(routine.name) {
      printer.line()
      routines.print(routine, to: &printer)
    }
    guard !swift.libraryRoutines.isEmpty else { return }
    printer.line()
    printer.line("#if \(SwiftProgram.hasLibrary)")
    if uses.contains(where: \.needsPower) {
      // LLVM rewrites pow(2, x) to exp2(x), whose last bit may differ; what is not optimised is not rewritten.
      printer.line(
        """

        /// The C library's pow: kept apart, since optimisers replace it by other functions where an argument is known.
        @inline(never) @_optimize(none)
        private static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }
        """)
    }
    for routine in swift.program.routines where swift.libraryRoutines.contains(routine.name) {
      printer.line()
      routines.print(routine, to: &printer)
    }
    printer.line()
    printer.line("#endif")
  }

  /// Imports the C library that is there.
  static func printImports(to printer: inout CodePrinter) {
    for (index, library) in ["Glibc", "Musl", "Darwin", "Android", "WASILibc", "ucrt"].enumerated() {
      printer.line("#\(index == 0 ? "if" : "elseif") canImport(\(library))")
      printer.line("import \(library)")
    }
    printer.line("#endif")
  }
}
