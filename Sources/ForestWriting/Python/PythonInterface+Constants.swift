import ForestIR

/// The constants about the model.
extension PythonInterface {
  func printConstants(to printer: inout CodePrinter) {
    printer.line("__all__ = [")
    printer.indented { $0.filled(publicNames.map(PythonText.literal)) }
    printer.line("]")
    printer.line(
      #"""


      class Input(NamedTuple):
          """What is known of one number that the model reads."""

          label: str  # the column of a table of events
          identifier: str  # the field of Inputs
          expression: str  # how the analysis computes it
          title: str
          unit: str
          kind: str  # "real" or "integer"
          role: str  # "feature" (the trees may ask for it) or "selector" (only conditions read it)
          lowest: Optional[float]  # the range seen in training; None: unknown
          highest: Optional[float]


      class Output(NamedTuple):
          """What is known of one number that the model gives."""

          name: str  # the column of a table of scores
          identifier: str  # the field of Outputs
          role: str  # "margin" (a sum over trees), "response" or "label" (the index of a class)
          meaning: str
          precision: str  # the trainer's own: "float32" or "float64"


      # The inputs, in the order in which rows hold them.
      """#)
    printer.line("INPUTS: Tuple[Input, ...] = (")
    printer.indented { printer in
      for (index, input) in request.forest.inputs.enumerated() {
        record("Input", [
          ("label", PythonText.literal(input.label)),
          ("identifier", PythonText.literal(identifiers.inputs[index])),
          ("expression", PythonText.literal(input.expression)),
          ("title", PythonText.literal(input.title)),
          ("unit", PythonText.literal(input.unit)),
          ("kind", PythonText.literal(input.kind.rawValue)),
          ("role", PythonText.literal(input.role.rawValue)),
          ("lowest", bound(input.trainingRange?.lowest)),
          ("highest", bound(input.trainingRange?.highest)),
        ], to: &printer)
      }
    }
    printer.line(")")
    printer.line()
    printer.line("# The final outputs, in the order in which rows hold them.")
    print(columns: request.forest.printedColumns, identifiers.outputs, as: "OUTPUTS", to: &printer)
    printer.line()
    printer.line("# The raw margins, in order.")
    let margins = program.marginsEntry == nil ? [] : request.forest.marginColumns
    print(columns: margins, identifiers.margins, as: "MARGINS", to: &printer)
    printer.line()
    printer.line("INPUT_COUNT = \(program.inputCount)")
    printer.line("OUTPUT_COUNT = \(program.outputCount)")
    printer.line("MARGIN_COUNT = \(program.marginsEntry == nil ? 0 : program.marginCount)")
    printer.line("TREE_COUNT = \(program.treeCount)")
    printer.line("# Inputs are rounded to this precision on entry.")
    printer.line("INPUT_PRECISION = \"\(program.inputType == .float32 ? "float32" : "float64")\"")
    printer.line()
    printProvenance(to: &printer)
  }

  /// A finite number or `None`: a range is information only, and an infinite one says nothing.
  private func bound(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "None" }
    return NumberSpelling.python.float64(value)
  }

  private func print(columns: [Int], _ identifiers: [String], as name: String, to printer: inout CodePrinter) {
    guard !columns.isEmpty else {
      printer.line("\(name): Tuple[Output, ...] = ()")
      return
    }
    printer.line("\(name): Tuple[Output, ...] = (")
    printer.indented { printer in
      for (index, position) in columns.enumerated() {
        let column = request.forest.columns[position]
        record("Output", [
          ("name", PythonText.literal(column.name)),
          ("identifier", PythonText.literal(identifiers[index])),
          ("role", PythonText.literal(column.role.rawValue)),
          ("meaning", PythonText.literal(column.meaning)),
          ("precision", PythonText.literal(column.width.rawValue)),
        ], to: &printer)
      }
    }
    printer.line(")")
  }

  /// An element of a tuple of records: on one line where it fits, else a line for each field.
  private func record(_ type: String, _ fields: [(name: String, value: String)], to printer: inout CodePrinter) {
    let line = "\(type)(\(fields.map(\.value).joined(separator: ", "))),"
    guard line.unicodeScalars.count > 114 else { return printer.line(line) }
    printer.line("\(type)(")
    printer.indented { for field in fields { $0.line("\(field.name)=\(field.value),") } }
    printer.line("),")
  }

  /// A tuple of tuples of strings as an entry of a dictionary.
  private func entry(_ key: String, _ rows: [[String]], to printer: inout CodePrinter) {
    guard !rows.isEmpty else { return printer.line("\"\(key)\": (),") }
    printer.line("\"\(key)\": (")
    printer.indented { for row in rows { $0.line(PythonText.tuple(row.map(PythonText.literal)) + ",") } }
    printer.line("),")
  }

  private func printProvenance(to printer: inout CodePrinter) {
    let provenance = request.forest.provenance
    printer.line("# Where the model comes from.")
    printer.line("PROVENANCE: Dict[str, Any] = {")
    printer.indented { printer in
      func entry(_ key: String, _ value: String?) {
        printer.line("\"\(key)\": \(value.map(PythonText.literal) ?? "None"),")
      }
      entry("trainer", provenance.trainer)
      entry("kind", provenance.kind)
      entry("format", provenance.format)
      entry("source_file", provenance.source?.fileName)
      entry("source_sha256", provenance.source?.sha256)
      entry("generator", "petrify \(request.toolVersion)")
      entry("meaning_digest", request.meaningDigest)
      self.entry("facts", provenance.facts.map { [$0.name, $0.value] }, to: &printer)
      self.entry("notes", provenance.notes.map { [$0.kind.rawValue, $0.text, $0.place] }, to: &printer)
    }
    printer.line("}")
  }
}
