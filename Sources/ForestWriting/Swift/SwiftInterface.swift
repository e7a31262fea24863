import ForestIR

/// The functions that users call: with pointers, with arrays, by name, for many events.
struct SwiftInterface {
  let request: EmissionRequest
  let swift: SwiftProgram
  let identifiers: SwiftIdentifiers

  private var program: Program { swift.program }
  private var element: String { SwiftProgram.name(program.inputType) }
  private var other: String { program.inputType == .float32 ? "Double" : "Float" }

  /// One of the entry points of the program.
  private struct Entry {
    let name: String
    let routine: String
    let comment: String
    let element: String
    let count: String
  }

  func print(to printer: inout CodePrinter) {
    printer.line("// MARK: How it is asked")
    printer.line("//")
    printer.line("// `x` points to `inputCount` numbers. Nothing is allocated by functions that take pointers, nothing is changed")
    printer.line("// but what `out` points to, and every function may be called from many threads at once.")
    guarded(program.outputsEntry, to: &printer) { printer in
      entry(
        Entry(
          name: "evaluate", routine: program.outputsEntry, comment: "The final outputs", element: "Double",
          count: "outputCount"), to: &printer)
      named(to: &printer)
      batch(to: &printer)
    }
    if let margins = program.marginsEntry {
      guarded(margins, to: &printer) { printer in
        entry(
          Entry(name: "margins", routine: margins, comment: "The raw margins", element: "Double", count: "marginCount"),
          to: &printer)
      }
    }
    guarded(program.leavesEntry, to: &printer) { printer in
      entry(
        Entry(
          name: "leaves", routine: program.leavesEntry,
          comment: "The number of the leaf that each tree reaches, −1 for a tree that is not asked", element: "Int32",
          count: "treeCount"), to: &printer)
    }
    printer.line()
    rounding(to: &printer)
  }

  /// Prints what needs a routine, so that it is left out where that routine lacks a C library.
  func guarded(_ routine: String, to printer: inout CodePrinter, _ body: (inout CodePrinter) -> Void) {
    let needsLibrary = swift.libraryRoutines.contains(routine)
    if needsLibrary {
      printer.line()
      printer.line("#if \(SwiftProgram.hasLibrary)")
    }
    body(&printer)
    if needsLibrary {
      printer.line()
      printer.line("#endif")
    }
  }

  private func entry(_ entry: Entry, to printer: inout CodePrinter) {
    let routine = SwiftProgram.function(entry.routine)
    printer.line(
      """

      /// \(entry.comment): `\(entry.count)` numbers to `out`.
      public static func \(entry.name)(_ x: UnsafePointer<\(element)>, _ out: UnsafeMutablePointer<\(entry.element)>) {
        \(routine)(x, out)
      }

      /// \(entry.comment): `\(entry.count)` numbers to `out`.
      public static func \(entry.name)(_ x: UnsafePointer<\(other)>, _ out: UnsafeMutablePointer<\(entry.element)>) {
        rounded(x) { \(routine)($0, out) }
      }
      """)
    for type in ["Double", "Float"] {
      printer.line(
        """

        /// \(entry.comment).
        public static func \(entry.name)(_ x: [\(type)]) -> [\(entry.element)] {
          precondition(x.count == inputCount, "as many numbers are needed as there are inputs")
          // Zeros only make room for the results.
          var out = [\(entry.element)](repeating: 0, count: \(entry.count))
          \(entry.name)(x, &out)
          return out
        }
        """)
    }
    guard entry.name != "evaluate" else { return }
    printer.line(
      """

      /// \(entry.comment).
      public static func \(entry.name)(_ inputs: Inputs) -> [\(entry.element)] {
        var out = [\(entry.element)](repeating: 0, count: \(entry.count))
        rounded(inputs) { \(routine)($0, &out) }
        return out
      }
      """)
  }

  private func named(to printer: inout CodePrinter) {
    printer.line()
    printer.line("/// The final outputs, by name.")
    printer.line("public static func evaluate(_ inputs: Inputs) -> Outputs {")
    printer.indent()
    let room = SwiftRoom([("out", .float64, program.outputCount)])
    room.open(result: "Outputs", to: &printer)
    printer.line("rounded(inputs) { \(SwiftProgram.function(program.outputsEntry))($0, out) }")
    printer.line("return Outputs(")
    printer.indented { $0.filled(identifiers.outputs.enumerated().map { "\($0.element): out[\($0.offset)]" }) }
    printer.line(")")
    room.close(to: &printer)
    printer.outdent()
    printer.line("}")
  }

  private func batch(to printer: inout CodePrinter) {
    let routine = SwiftProgram.function(program.outputsEntry)
    let hasBlocks = SwiftBlocks(swift) != nil
    for (type, call) in [(element, "\(routine)(event, result)"), (other, "rounded(event) { \(routine)($0, result) }")] {
      let blocks =
        """

          var left = max(0, rows)
          while left >= \(SwiftBlocks.fewestRows) {
            let count = left < \(SwiftRanked.rows) ? left : \(SwiftRanked.rows)
            \(type == element ? "outputs_of_block" : "outputs_of_rounded_block")(event, count, stride, result, outStride)
            event += count * stride
            result += count * outStride
            left -= count
          }
        """
      printer.line(
        """

        /// The final outputs of `rows` events: event i starts at `x + i * stride`, its results at `out + i * outStride`.
        public static func evaluateBatch(
          rows: Int, _ x: UnsafePointer<\(type)>, stride: Int = inputCount,
          _ out: UnsafeMutablePointer<Double>, outStride: Int = outputCount
        ) {
          var event = x
          var result = out\(hasBlocks ? blocks : "")
          for _ in 0..<\(hasBlocks ? "left" : "max(0, rows)") {
            \(call)
            event += stride
            result += outStride
          }
        }
        """)
    }
  }

  /// What rounds a caller's numbers to the type of the program's inputs.
  private func rounding(to printer: inout CodePrinter) {
    let room = SwiftRoom([("event", program.inputType, program.inputCount)])
    printer.line("/// Hands on an event in the precision in which the trees read it.")
    printer.line("private static func rounded(_ x: UnsafePointer<\(other)>, _ body: (UnsafePointer<\(element)>) -> Void) {")
    printer.indented { printer in
      room.open(result: "Void", to: &printer)
      printer.line("for i in 0..<inputCount { event[i] = \(element)(x[i]) }")
      printer.line("body(event)")
      room.close(to: &printer)
    }
    printer.line("}")
    printer.line()
    printer.line("/// The same for inputs given by name.")
    printer.line("private static func rounded(_ inputs: Inputs, _ body: (UnsafePointer<\(element)>) -> Void) {")
    printer.indented { printer in
      room.open(result: "Void", to: &printer)
      printer.line("store(inputs, event)")
      printer.line("body(event)")
      room.close(to: &printer)
    }
    printer.line("}")
    printer.line()
    printer.line("private static func store(_ inputs: Inputs, _ event: UnsafeMutablePointer<\(element)>) {")
    printer.indented { printer in
      for (index, name) in identifiers.inputs.enumerated() {
        let value = program.inputType == .float32 ? "Float(inputs.\(name))" : "inputs.\(name)"
        printer.line("event[\(index)] = \(value)")
      }
    }
    printer.line("}")
  }
}
