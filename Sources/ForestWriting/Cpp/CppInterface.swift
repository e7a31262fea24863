import ForestIR

/// What users call: constants that describe the model, structs, functions.
struct CppInterface: CFamilyInterface {
  let request: EmissionRequest
  let program: Program
  let names: CFamilyIdentifiers
  /// What computes many events at once, if there is such a thing.
  private let blocks: CFamilyBlocks?

  init(request: EmissionRequest, program: Program, names: CFamilyIdentifiers, dialect: CFamilyDialect) {
    (self.request, self.program, self.names) = (request, program, names)
    blocks = CFamilyBlocks(program, CFamilyPrinter(program, dialect: dialect))
  }

  /// Functions of more parameters are not written: compilers need not take them.
  private static let parameterLimit = 256

  // MARK: - Description

  func printDescription(to printer: inout CodePrinter) {
    let forest = request.forest, provenance = forest.provenance
    printer.line("constexpr std::size_t input_count = \(program.inputCount);")
    printer.line("constexpr std::size_t output_count = \(program.outputCount);")
    printer.line("constexpr std::size_t margin_count = \(program.marginCount);")
    printer.line("constexpr std::size_t tree_count = \(program.treeCount);")
    printer.line("// Whether the model's file names its inputs; if not, only their order counts.")
    printer.line("constexpr bool inputs_are_named = \(forest.inputs.contains(where: \.isUnnamed) ? "false" : "true");")
    for (name, value) in [
      ("generator", "petrify " + request.toolVersion), ("trainer", provenance.trainer), ("kind", provenance.kind),
      ("format", provenance.format), ("source_file", provenance.source?.fileName ?? ""),
      ("source_sha256", provenance.source?.sha256 ?? ""), ("meaning_digest", request.meaningDigest),
    ] {
      printer.line("constexpr const char* \(name) = \(CFamilyDialect.literal(value));")
    }
    printer.line()
    printer.line(
      """
      struct InputInfo {
        const char* label;       // the name of a table's column
        const char* identifier;  // the member of Inputs
        const char* expression;  // how it was computed for training, if known
        const char* title;
        const char* unit;
        const char* kind;  // "real" or "integer"
        bool has_range;
        double lowest;  // in training
        double highest;
      };

      struct OutputInfo {
        const char* name;        // the name of a table's column
        const char* identifier;  // the member of Outputs
        const char* role;        // "margin", "response" or "label"
        const char* meaning;
      };

      // The input, or output, number `index`, from 0.
      inline const InputInfo& input(std::size_t index) noexcept;
      inline const OutputInfo& output(std::size_t index) noexcept;

      """)
    printer.line("struct Inputs {")
    for (index, input) in forest.inputs.enumerated() {
      var text = input.label
      if !input.unit.isEmpty { text += " [\(input.unit)]" }
      printer.line("  double \(names.inputs[index]);" + CFamilyDialect.remark(text))
    }
    printer.line("};")
    printer.line()
    printer.line("struct Outputs {")
    for (index, position) in forest.printedColumns.enumerated() {
      let column = forest.columns[position]
      printer.line("  double \(names.outputs[index]);" + CFamilyDialect.remark("\(column.name): \(column.meaning)"))
    }
    printer.line("};")
    printer.line()
  }

  /// The tables behind `input` and `output`.
  func printDescriptionTables(to printer: inout CodePrinter) {
    let forest = request.forest
    let literal = CFamilyDialect.literal
    printer.line()
    printer.line("template <class Unused>")
    printer.line("struct Description {")
    printer.line("  static const InputInfo inputs[input_count];")
    printer.line("  static const OutputInfo outputs[output_count];")
    printer.line("};")
    printer.line()
    printer.line("template <class Unused>")
    printer.line("const InputInfo Description<Unused>::inputs[input_count] = {")
    for (index, input) in forest.inputs.enumerated() {
      let texts = [input.label, names.inputs[index], input.expression, input.title, input.unit, input.kind.rawValue]
      let spelling = NumberSpelling.cpp
      let range = input.trainingRange.map { "true, \(spelling.float64($0.lowest)), \(spelling.float64($0.highest))" }
      printer.line("    {\(texts.map(literal).joined(separator: ", ")), \(range ?? "false, 0.0, 0.0")},")
    }
    printer.line("};")
    printer.line()
    printer.line("template <class Unused>")
    printer.line("const OutputInfo Description<Unused>::outputs[output_count] = {")
    for (index, position) in forest.printedColumns.enumerated() {
      let column = forest.columns[position]
      let texts = [column.name, names.outputs[index], column.role.rawValue, column.meaning]
      printer.line("    {\(texts.map(literal).joined(separator: ", "))},")
    }
    printer.line("};")
  }

  // MARK: - Declarations

  /// The three ways to ask, where the forest has them: what it is called, what it fills, the routine behind it.
  private var questions:
    [(name: String, result: String, type: String, entry: String, count: String, comment: String, block: String?)]
  {
    var all: [(name: String, result: String, type: String, entry: String, count: String, comment: String, block: String?)] = [
      ("evaluate", "out", "double", program.outputsEntry, "output_count", "The final outputs", "outputs")
    ]
    if let entry = program.marginsEntry {
      all.append(("margins", "out", "double", entry, "margin_count", "The raw margins, before any response function", "margins"))
    }
    if program.treeCount > 0 {
      all.append(
        ("leaves", "leaf", "std::int32_t", program.leavesEntry, "tree_count", "The leaf that each tree reaches (-1: not asked)", nil))
    }
    return all
  }

  func printDeclarations(to printer: inout CodePrinter) {
    printer.line("// One event by name.")
    printer.line("inline Outputs evaluate(const Inputs& event) noexcept;")
    for question in questions {
      printer.line()
      printer.line("// \(question.comment) of one event: x has input_count numbers, \(question.result) gets \(question.count).")
      for number in ["double", "float"] {
        printer.line("inline void \(question.name)(const \(number)* x, \(question.type)* \(question.result)) noexcept;")
      }
      printer.line("// Of many events; a stride is the distance from one event to the next, counted in numbers.")
      for number in ["double", "float"] {
        printer.line("inline void \(question.name)_batch(const \(number)* x, std::size_t rows, \(question.type)* \(question.result),")
        printer.line("    std::size_t x_stride = input_count, std::size_t \(question.result)_stride = \(question.count)) noexcept;")
      }
    }
    if program.inputCount <= CppInterface.parameterLimit {
      let result = program.outputCount == 1 ? "double" : "Outputs"
      printer.line()
      printer.line("// A function object for ROOT's RDataFrame, with Functor<float> for columns of floats:")
      printer.line("//   frame.Define(\"\(names.outputs[0])\", \(request.name)::Functor<double>(), {\"\(names.inputs[0])\"\(program.inputCount > 1 ? ", ..." : "")})")
      printer.line("template <class Number>")
      printer.line("struct Functor {")
      printer.line("  \(result) operator()(")
      printer.indent()
      printer.indent()
      printer.filled(names.inputs.map { "Number \($0)" })
      printer.outdent()
      printer.outdent()
      printer.line("  ) const noexcept {")
      printer.line("    const Inputs event_ = {")
      for _ in 0..<3 { printer.indent() }
      printer.filled(names.inputs.map { "static_cast<double>(\($0))" })
      for _ in 0..<3 { printer.outdent() }
      printer.line("    };")
      printer.line("    return evaluate(event_)\(program.outputCount == 1 ? "." + names.outputs[0] : "");")
      printer.line("  }")
      printer.line("};")
    }
    printer.line()
    printer.line("// Evaluates stored events; how many of them do not come out as they should. 0: all well.")
    printer.line("inline std::size_t self_test() noexcept;")
  }

  // MARK: - Definitions

  func printDefinitions(to printer: inout CodePrinter) {
    printer.line("inline const InputInfo& input(std::size_t index) noexcept { return detail::Description<void>::inputs[index]; }")
    printer.line("inline const OutputInfo& output(std::size_t index) noexcept { return detail::Description<void>::outputs[index]; }")
    let own = program.inputType == .float32 ? "float" : "double"
    for question in questions {
      for number in ["double", "float"] {
        let (name, result) = (question.name, question.result)
        printer.line()
        printer.line("inline void \(name)(const \(number)* x, \(question.type)* \(result)) noexcept {")
        if number == own {
          printer.line("  detail::\(question.entry)(x, \(result));")
        } else {
          printer.line("  \(own) row[input_count];")
          printer.line("  for (std::size_t i = 0; i < input_count; ++i) row[i] = \(own == "float" ? "detail::narrowed(x[i])" : "static_cast<double>(x[i])");")
          printer.line("  detail::\(question.entry)(row, \(result));")
        }
        printer.line("}")
        printer.line()
        printer.line("inline void \(name)_batch(const \(number)* x, std::size_t rows, \(question.type)* \(result),")
        printer.line("    std::size_t x_stride, std::size_t \(result)_stride) noexcept {")
        if let blocks, let what = question.block {
          printer.line("  detail::\(blocks.name(what, number))(x, rows, out, x_stride, out_stride);")
        } else {
          printer.line("  for (std::size_t i = 0; i < rows; ++i) \(name)(x + i * x_stride, \(result) + i * \(result)_stride);")
        }
        printer.line("}")
      }
    }
    printer.line()
    printer.line("inline Outputs evaluate(const Inputs& event) noexcept {")
    printer.line("  const double x[input_count] = {")
    printer.indent()
    printer.indent()
    printer.filled(names.inputs.map { "event.\($0)" })
    printer.outdent()
    printer.outdent()
    printer.line("  };")
    printer.line("  double out[output_count];")
    printer.line("  evaluate(x, out);")
    printer.line("  const Outputs outputs = {")
    printer.indent()
    printer.indent()
    printer.filled((0..<program.outputCount).map { "out[\($0)]" })
    printer.outdent()
    printer.outdent()
    printer.line("  };")
    printer.line("  return outputs;")
    printer.line("}")
  }
}
