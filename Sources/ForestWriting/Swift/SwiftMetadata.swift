import ForestIR

/// The facts of the banner as constants.
struct SwiftMetadata {
  let request: EmissionRequest
  let program: Program
  let identifiers: SwiftIdentifiers

  func print(to printer: inout CodePrinter) {
    let forest = request.forest, provenance = forest.provenance
    let columns = forest.printedColumns.map { forest.columns[$0] }
    printer.line("// MARK: What it is")
    printer.line()
    for (name, count) in [
      ("inputCount", program.inputCount), ("outputCount", program.outputCount), ("marginCount", program.marginCount),
      ("treeCount", program.treeCount), ("referenceEventCount", request.referenceEvents.events.count),
    ] {
      printer.line("public static let \(name) = \(count)")
    }
    for (name, text) in [
      ("trainer", provenance.trainer), ("kind", provenance.kind), ("format", provenance.format),
      ("sourceFile", provenance.source?.fileName ?? ""), ("sourceSHA256", provenance.source?.sha256 ?? ""),
      ("generator", "petrify " + request.toolVersion), ("meaningDigest", request.meaningDigest),
    ] {
      printer.line("public static let \(name) = \(SwiftText.literal(text))")
    }
    printer.line()
    printer.line("/// The precision to which inputs are rounded on entry.")
    printer.line("public static let inputPrecision = \"\(program.inputType == .float32 ? "float32" : "float64")\"")
    texts("inputLabels", "The headings of the inputs' columns.", forest.inputs.map(\.label), to: &printer)
    texts("inputIdentifiers", "The fields of `Inputs`.", identifiers.inputs, to: &printer)
    texts("inputExpressions", "How the inputs were computed for the training.", forest.inputs.map(\.expression), to: &printer)
    texts("inputTitles", "Captions, possibly with markup.", forest.inputs.map(\.title), to: &printer)
    texts("inputUnits", "Units; empty where dimensionless or unknown.", forest.inputs.map(\.unit), to: &printer)
    texts("inputKinds", "`real` or `integer`.", forest.inputs.map(\.kind.rawValue), to: &printer)
    texts("inputRoles", "`feature`: trees may ask for it; `selector`: only conditions do.", forest.inputs.map(\.role.rawValue), to: &printer)
    numbers("inputLowest", "The least values seen in training; NaN where unknown.", forest.inputs.map { $0.trainingRange?.lowest ?? .nan }, to: &printer)
    numbers("inputHighest", "The greatest values seen in training; NaN where unknown.", forest.inputs.map { $0.trainingRange?.highest ?? .nan }, to: &printer)
    texts("outputNames", "The headings of the outputs' columns.", columns.map(\.name), to: &printer)
    texts("outputMeanings", "What the outputs say.", columns.map(\.meaning), to: &printer)
    texts("outputRoles", "`margin`, `response` or `label`.", columns.map(\.role.rawValue), to: &printer)
    texts("outputPrecisions", "The precision of the trainer's own results.", columns.map(\.width.rawValue), to: &printer)
    printer.line()
    structure("Inputs", "One event: the inputs by name.", "var", Array(zip(identifiers.inputs, forest.inputs.map { input in
      input.label + (input.unit.isEmpty ? "" : " [\(input.unit)]")
    })), to: &printer)
    printer.line()
    structure("Outputs", "The results for one event.", "let", Array(zip(identifiers.outputs, columns.map(\.meaning))), to: &printer)
  }

  private func texts(_ name: String, _ comment: String, _ texts: [String], to printer: inout CodePrinter) {
    list(name, comment, "String", texts.map(SwiftText.literal), to: &printer)
  }

  private func numbers(_ name: String, _ comment: String, _ numbers: [Double], to printer: inout CodePrinter) {
    list(name, comment, "Double", numbers.map(SwiftNumbers.float64), to: &printer)
  }

  private func list(_ name: String, _ comment: String, _ type: String, _ items: [String], to printer: inout CodePrinter) {
    printer.line("/// " + comment)
    printer.line("public static let \(name): [\(type)] = [")
    printer.indented { $0.filled(items) }
    printer.line("]")
  }

  private func structure(
    _ name: String, _ comment: String, _ keyword: String, _ fields: [(name: String, comment: String)],
    to printer: inout CodePrinter
  ) {
    printer.line("/// " + comment)
    printer.line("public struct \(name): Sendable {")
    printer.indented { printer in
      for field in fields {
        for line in SafeText.lines(field.comment, width: 106) { printer.line("/// " + line) }
        printer.line("public \(keyword) \(field.name): Double")
      }
      printer.line()
      printer.line("public init(")
      printer.indented { $0.filled(fields.map { "\($0.name): Double" }) }
      printer.line(") {")
      printer.indented { printer in
        for field in fields { printer.line("self.\(field.name) = \(field.name)") }
      }
      printer.line("}")
    }
    printer.line("}")
  }
}
