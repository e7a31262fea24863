import ForestIR

/// What users call: constants that describe the model, structs, functions. All names begin with the model's.
struct CInterface: CFamilyInterface {
  let request: EmissionRequest
  let program: Program
  let names: CFamilyIdentifiers
  let dialect: CFamilyDialect
  /// What computes many events at once, if there is such a thing.
  private let blocks: CFamilyBlocks?

  init(request: EmissionRequest, program: Program, names: CFamilyIdentifiers, dialect: CFamilyDialect) {
    (self.request, self.program, self.names, self.dialect) = (request, program, names, dialect)
    blocks = CFamilyBlocks(program, CFamilyPrinter(program, dialect: dialect))
  }

  private var model: String { request.name }

  // MARK: - Description

  func printDescription(to printer: inout CodePrinter) {
    let forest = request.forest, provenance = forest.provenance
    printer.line("enum {")
    printer.line("  \(model)_input_count = \(program.inputCount),")
    printer.line("  \(model)_output_count = \(program.outputCount),")
    printer.line("  \(model)_margin_count = \(program.marginCount),")
    printer.line("  \(model)_tree_count = \(program.treeCount),")
    printer.line("  // Whether the model's file names its inputs (1); if not (0), only their order counts.")
    printer.line("  \(model)_inputs_are_named = \(forest.inputs.contains(where: \.isUnnamed) ? 0 : 1)")
    printer.line("};")
    for (name, value) in [
      ("generator", "petrify " + request.toolVersion), ("trainer", provenance.trainer), ("kind", provenance.kind),
      ("format", provenance.format), ("source_file", provenance.source?.fileName ?? ""),
      ("source_sha256", provenance.source?.sha256 ?? ""), ("meaning_digest", request.meaningDigest),
    ] {
      printer.line("static const char \(model)_\(name)[] = \(CTexts.initialiser(value));")
    }
    printer.line()
    printer.line(
      """
      typedef struct \(model)_input_info {
        const char* label;       // the name of a table's column
        const char* identifier;  // the member of \(model)_inputs
        const char* expression;  // how it was computed for training, if known
        const char* title;
        const char* unit;
        const char* kind;  // "real" or "integer"
        bool has_range;
        double lowest;  // in training
        double highest;
      } \(model)_input_info;

      typedef struct \(model)_output_info {
        const char* name;        // the name of a table's column
        const char* identifier;  // the member of \(model)_outputs
        const char* role;        // "margin", "response" or "label"
        const char* meaning;
      } \(model)_output_info;

      // The input, or output, number `index`, from 0.
      static inline const \(model)_input_info* \(model)_input(size_t index);
      static inline const \(model)_output_info* \(model)_output(size_t index);

      """)
    let inputs = forest.inputs.enumerated().map { index, input in
      (names.inputs[index], input.label + (input.unit.isEmpty ? "" : " [\(input.unit)]"))
    }
    let outputs = forest.printedColumns.enumerated().map { index, position in
      (names.outputs[index], "\(forest.columns[position].name): \(forest.columns[position].meaning)")
    }
    for (type, members) in [("inputs", inputs), ("outputs", outputs)] {
      printer.line("typedef struct \(model)_\(type) {")
      for (member, remark) in members { printer.line("  double \(member);" + CFamilyDialect.remark(remark)) }
      printer.line("} \(model)_\(type);")
      printer.line()
    }
  }

  /// The tables behind `input` and `output`.
  func printDescriptionTables(to printer: inout CodePrinter) {
    let forest = request.forest
    var texts = CTexts(dialect)
    var rows: [String] = []
    for (index, input) in forest.inputs.enumerated() {
      let range = input.trainingRange.map {
        "true, \(NumberSpelling.c.float64($0.lowest)), \(NumberSpelling.c.float64($0.highest))"
      }
      let words = [input.label, names.inputs[index], input.expression, input.title, input.unit, input.kind.rawValue]
        .map { texts.pointer($0, to: &printer) }
      rows.append("    {\(words.joined(separator: ", ")), \(range ?? "false, 0.0, 0.0")},")
    }
    printTable("input", rows, to: &printer)
    rows = []
    for (index, position) in forest.printedColumns.enumerated() {
      let column = forest.columns[position]
      let words = [column.name, names.outputs[index], column.role.rawValue, column.meaning]
        .map { texts.pointer($0, to: &printer) }
      rows.append("    {\(words.joined(separator: ", "))},")
    }
    printTable("output", rows, to: &printer)
  }

  private func printTable(_ what: String, _ rows: [String], to printer: inout CodePrinter) {
    printer.line()
    printer.line("static const \(model)_\(what)_info \(dialect.hidden("\(what)s"))[\(model)_\(what)_count] = {")
    for row in rows { printer.line(row) }
    printer.line("};")
  }

  // MARK: - Functions

  /// One way to ask.
  private struct Question {
    let name: String
    /// What it fills, of which type, and how many of them.
    let result: String
    let type: String
    let count: String
    /// The routine behind it.
    let entry: String
    let comment: String
    /// What `CFamilyBlocks` calls many of them.
    var block: String?
  }

  private var questions: [Question] {
    var all = [
      Question(
        name: "\(model)_evaluate", result: "out", type: "double", count: "\(model)_output_count",
        entry: program.outputsEntry, comment: "The final outputs", block: "outputs")
    ]
    if let entry = program.marginsEntry {
      all.append(
        Question(
          name: "\(model)_margins", result: "out", type: "double", count: "\(model)_margin_count", entry: entry,
          comment: "The raw margins, before any response function,", block: "margins"))
    }
    if program.treeCount > 0 {
      all.append(
        Question(
          name: "\(model)_leaves", result: "leaf", type: "int32_t", count: "\(model)_tree_count", entry: program.leavesEntry,
          comment: "The leaf that each tree reaches (-1: not asked)"))
    }
    return all
  }

  private static let numbers = [(type: "double", suffix: ""), (type: "float", suffix: "_float")]

  private func one(_ question: Question, _ number: (type: String, suffix: String)) -> String {
    dialect.function("void", question.name + number.suffix, "const \(number.type)* x, \(question.type)* \(question.result)")
  }

  private func many(_ question: Question, _ number: (type: String, suffix: String)) -> String {
    dialect.function(
      "void", question.name + "_batch" + number.suffix,
      """
      const \(number.type)* x, size_t rows, size_t x_stride,
          \(question.type)* \(question.result), size_t \(question.result)_stride
      """)
  }

  private var byName: String {
    dialect.function("\(model)_outputs", "\(model)_evaluate_event", "const \(model)_inputs* event")
  }

  func printDeclarations(to printer: inout CodePrinter) {
    printer.line("// One event by name.")
    printer.line("\(byName);")
    for question in questions {
      printer.line()
      printer.line("// \(question.comment) of one event: x has \(model)_input_count numbers,")
      printer.line("// \(question.result) gets \(question.count).")
      for number in CInterface.numbers { printer.line("\(one(question, number));") }
      printer.line("// Of many events; a stride is the distance from one event to the next, counted in numbers.")
      for number in CInterface.numbers { printer.line("\(many(question, number));") }
    }
    printer.line()
    printer.line("// Evaluates stored events; how many of them do not come out as they should. 0: all well.")
    printer.line("\(dialect.function("size_t", "\(model)_self_test", ""));")
  }

  func printDefinitions(to printer: inout CodePrinter) {
    for what in ["input", "output"] {
      let head = dialect.function("const \(model)_\(what)_info*", "\(model)_\(what)", "size_t index")
      printer.line("\(head) { return \(dialect.hidden("\(what)s")) + index; }")
    }
    let own = program.inputType == .float32 ? "float" : "double"
    for question in questions {
      for number in CInterface.numbers {
        printer.line()
        printer.line("\(one(question, number)) {")
        if number.type == own {
          printer.line("  \(dialect.hidden(question.entry))(x, \(question.result));")
        } else {
          let rounded = own == "float" ? "\(dialect.hidden(CFamilyHelper.narrowed.name))(x[i])" : "(double)x[i]"
          printer.line("  \(own) row[\(model)_input_count];")
          printer.line("  for (size_t i = 0; i < \(model)_input_count; ++i) row[i] = \(rounded);")
          printer.line("  \(dialect.hidden(question.entry))(row, \(question.result));")
        }
        printer.line("}")
        printer.line()
        printer.line("\(many(question, number)) {")
        if let blocks, let what = question.block {
          printer.line("  \(blocks.name(what, number.type))(x, rows, out, x_stride, out_stride);")
        } else {
          printer.line("  for (size_t i = 0; i < rows; ++i) {")
          printer.line("    \(question.name)\(number.suffix)(x + i * x_stride, \(question.result) + i * \(question.result)_stride);")
          printer.line("  }")
        }
        printer.line("}")
      }
    }
    printer.line()
    printer.line("\(byName) {")
    printer.line("  double x[\(model)_input_count];")
    printer.line("  double out[\(model)_output_count];")
    printer.line("  \(model)_outputs outputs;")
    for (index, name) in names.inputs.enumerated() { printer.line("  x[\(index)] = event->\(name);") }
    printer.line("  \(model)_evaluate(x, out);")
    for (index, name) in names.outputs.enumerated() { printer.line("  outputs.\(name) = out[\(index)];") }
    printer.line("  return outputs;")
    printer.line("}")
  }
}
