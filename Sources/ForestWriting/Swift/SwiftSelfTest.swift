import ForestIR

/// The reference events and the function that tries them.
struct SwiftSelfTest {
  let request: EmissionRequest
  let swift: SwiftProgram

  private var program: Program { swift.program }

  /// - Throws: `EmissionError` if an event does not fit the forest.
  func print(to printer: inout CodePrinter) throws(EmissionError) {
    let events = request.referenceEvents.events
    for event in events {
      guard event.inputs.count == program.inputCount, event.outputs.count == program.outputCount,
        event.margins.count == program.marginCount, event.leaves.count == program.treeCount
      else {
        throw EmissionError("a reference event does not fit the forest", hint: "this is a mistake in petrify itself")
      }
    }
    let interface = SwiftInterface(request: request, swift: swift, identifiers: SwiftIdentifiers(request.forest))
    printer.line("// MARK: Self-test")
    printer.line()
    for line in SafeText.lines(
      "Scores the stored reference events (\(request.referenceEvents.origin)) and returns how many come out wrong: 0 is right.",
      width: 106)
    {
      printer.line("/// " + line)
    }
    printer.line("///")
    printer.line("/// Margins and leaves must agree to the last bit (NaN agrees with NaN). Responses may be 4 units in the last place")
    printer.line("/// off where they use functions of the C library, which differ from platform to platform.")
    printer.line("public static func selfTest() -> Int {")
    printer.indent()
    printer.line("var stored = HexadecimalReader(referenceEvents)")
    printer.line("var failures = 0")
    printer.line("var x = [Double](repeating: 0, count: inputCount)")
    printer.line("for _ in 0..<referenceEventCount {")
    printer.indent()
    printer.line("var isRight = true")
    printer.line("for i in 0..<inputCount { x[i] = Double(bitPattern: stored.next(16)) }")
    let tolerances = self.tolerances
    section(program.outputsEntry, interface, skip: "outputCount", to: &printer) { printer in
      printer.line("let outputs: [Double] = evaluate(x)")
      printer.line("for i in 0..<outputCount {")
      printer.line("  let expected = Double(bitPattern: stored.next(16))")
      printer.line("  if !agrees(outputs[i], expected, within: outputTolerances[i], outputPrecisions[i] == \"float32\") { isRight = false }")
      printer.line("}")
    }
    if let margins = program.marginsEntry {
      section(margins, interface, skip: "marginCount", to: &printer) { printer in
        printer.line("let found: [Double] = margins(x)")
        printer.line("for i in 0..<marginCount {")
        printer.line("  if !agrees(found[i], Double(bitPattern: stored.next(16)), within: 0, false) { isRight = false }")
        printer.line("}")
      }
    }
    section(program.leavesEntry, interface, skip: "1", to: &printer) { printer in
      printer.line("// Of the leaf numbers only a hash is stored: FNV-1a over 32-bit words instead of bytes.")
      printer.line("var hash: UInt64 = 0xcbf2_9ce4_8422_2325")
      printer.line("for leaf in leaves(x) { hash = (hash ^ UInt64(UInt32(bitPattern: leaf))) &* 0x100_0000_01b3 }")
      printer.line("if hash != stored.next(16) { isRight = false }")
    }
    printer.line("if !isRight { failures += 1 }")
    printer.outdent()
    printer.line("}")
    printer.line("return failures")
    printer.outdent()
    printer.line("}")
    printer.line()
    printer.line("/// By how many units in the last place an output may be off in the self-test.")
    printer.line("private static let outputTolerances: [Int64] = [")
    printer.indented { $0.filled(tolerances.map(String.init)) }
    printer.line("]")
    printer.line(
      """

      /// Whether two numbers are the same but for so many units in the last place.
      private static func agrees(_ a: Double, _ b: Double, within ulps: Int64, _ isFloat32: Bool) -> Bool {
        if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
        if ulps == 0 { return a.bitPattern == b.bitPattern }
        // Bit patterns of positive numbers count up in units in the last place; those of negative ones, down.
        let p: Int64, q: Int64
        if isFloat32 {
          let i = Int32(bitPattern: Float(a).bitPattern), j = Int32(bitPattern: Float(b).bitPattern)
          p = Int64(i < 0 ? Int32.min &- i : i)
          q = Int64(j < 0 ? Int32.min &- j : j)
        } else {
          let i = Int64(bitPattern: a.bitPattern), j = Int64(bitPattern: b.bitPattern)
          p = i < 0 ? Int64.min &- i : i
          q = j < 0 ? Int64.min &- j : j
        }
        let (distance, isFar) = p.subtractingReportingOverflow(q)
        return !isFar && distance.magnitude <= UInt64(ulps)
      }

      /// For each event: the inputs, the outputs, the margins, as bits of float64 numbers, and the hash of its leaves.
      """)
    printer.line("private static let referenceEvents: StaticString =")
    printer.indented { printer in
      let numbers = events.flatMap { event in
        (event.inputs + event.outputs + event.margins).map(\.bitPattern) + [Self.hash(event.leaves)]
      }
      SwiftText.hexadecimal(numbers.lazy.map { ($0, 16) }, terminator: "", to: &printer)
    }
  }

  /// A part of the test of one event; where its routine is missing, the stored numbers are passed over.
  private func section(
    _ routine: String, _ interface: SwiftInterface, skip: String, to printer: inout CodePrinter,
    _ body: (inout CodePrinter) -> Void
  ) {
    guard swift.libraryRoutines.contains(routine) else { return body(&printer) }
    printer.line("#if \(SwiftProgram.hasLibrary)")
    body(&printer)
    printer.line("#else")
    printer.line("for _ in 0..<\(skip) { _ = stored.next(16) }")
    printer.line("#endif")
  }

  private var tolerances: [Int] {
    let usesLibrary = swift.libraryRoutines.contains(program.outputsEntry)
    let forest = request.forest
    return forest.printedColumns.map { usesLibrary && forest.columns[$0].role == .response ? 4 : 0 }
  }

  static func hash(_ leaves: [Int32]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for leaf in leaves { hash = (hash ^ UInt64(UInt32(bitPattern: leaf))) &* 0x100_0000_01b3 }
    return hash
  }
}
