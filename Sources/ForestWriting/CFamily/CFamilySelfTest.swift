import ForestIR

/// Stored events and the function that evaluates them.
struct CFamilySelfTest {
  let request: EmissionRequest
  let program: Program
  let dialect: CFamilyDialect

  private var events: [ReferenceEvents.Event] { request.referenceEvents.events }
  private var spelling: NumberSpelling { dialect.isC ? .c : .cpp }
  private var wide: String { dialect.standard("uint64_t") }

  // MARK: - Tables

  func printTables(to printer: inout CodePrinter) throws(EmissionError) {
    for (index, event) in events.enumerated() {
      guard event.inputs.count == program.inputCount, event.outputs.count == program.outputCount,
        event.margins.count == program.marginCount, event.leaves.count == program.treeCount
      else {
        throw EmissionError(
          "reference event \(index) does not fit the forest", hint: "this is a fault of petrify itself; please report it")
      }
    }
    guard !events.isEmpty else { return }
    printer.line()
    printer.line("// The events of the self-test: \(SafeText.comment(request.referenceEvents.origin)).")
    if !dialect.isC {
      printer.line("template <class Unused>")
      printer.line("struct Reference {")
      printer.line("  static const double inputs[\(events.count)][input_count];")
      printer.line("  static const double outputs[\(events.count)][output_count];")
      printer.line("  // \(CFamilySelfTest.aboutTolerances)")
      printer.line("  static const std::uint64_t tolerances[output_count];")
      if program.marginCount > 0 { printer.line("  static const double margins[\(events.count)][margin_count];") }
      if program.treeCount > 0 {
        printer.line("  // \(CFamilySelfTest.aboutLeaves)")
        printer.line("  static const std::uint64_t leaves[\(events.count)];")
      }
      printer.line("};")
    }
    let inputCount = dialect.own("input_count"), outputCount = dialect.own("output_count")
    matrix("inputs", inputCount, events.map(\.inputs), to: &printer)
    matrix("outputs", outputCount, events.map(\.outputs), to: &printer)
    let tolerances = request.forest.printedColumns.map { tolerance(request.forest.columns[$0]) }
    list("tolerances", outputCount, tolerances, about: CFamilySelfTest.aboutTolerances, to: &printer)
    if program.marginCount > 0 { matrix("margins", dialect.own("margin_count"), events.map(\.margins), to: &printer) }
    if program.treeCount > 0 {
      list(
        "leaves", String(events.count), events.map { hexadecimal(CFamilySelfTest.digest($0.leaves)) },
        about: CFamilySelfTest.aboutLeaves, to: &printer)
    }
    printer.line()
    printer.line(helpers)
  }

  private static let aboutTolerances =
    "How far each output may be off, in steps of the last bit of a double (float outputs: in theirs)."
  private static let aboutLeaves = "FNV-1a over the leaf numbers, four bytes each, the lowest first."

  /// 4 ulp for what goes through the C library, whose functions differ from one to another; margins and labels are exact.
  private func tolerance(_ column: Column) -> String {
    switch (column.role, column.width) {
    case (.response, .float64): "4"
    case (.response, .float32): "4ULL << 29"
    default: "0"
    }
  }

  /// A table's name where it is defined.
  private func defined(_ name: String) -> String {
    dialect.isC ? dialect.hidden("reference_" + name) : "Reference<Unused>::" + name
  }
  /// The same in the function.
  private func used(_ name: String) -> String {
    dialect.isC ? dialect.hidden("reference_" + name) : "Reference::" + name
  }

  private func define(_ type: String, _ nameAndBounds: String, to printer: inout CodePrinter) {
    if !dialect.isC { printer.line("template <class Unused>") }
    printer.line("\(dialect.isC ? "static " : "")const \(type) \(nameAndBounds) = {")
  }

  private func matrix(_ name: String, _ count: String, _ rows: [[Double]], to printer: inout CodePrinter) {
    printer.line()
    define("double", "\(defined(name))[\(rows.count)][\(count)]", to: &printer)
    printer.indent()
    for row in rows {
      printer.line("{")
      printer.indent()
      printer.filled(row.map(spelling.float64))
      printer.outdent()
      printer.line("},")
    }
    printer.outdent()
    printer.line("};")
  }

  private func list(_ name: String, _ count: String, _ items: [String], about: String, to printer: inout CodePrinter) {
    printer.line()
    if dialect.isC { printer.line("// \(about)") }
    define(wide, "\(defined(name))[\(count)]", to: &printer)
    printer.indent()
    printer.filled(items)
    printer.outdent()
    printer.line("};")
  }

  private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits + "ULL"
  }

  /// 64-bit FNV-1a.
  static func digest(_ leaves: [Int32]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for leaf in leaves {
      for shift in [0, 8, 16, 24] {
        hash = (hash ^ UInt64(UInt8(truncatingIfNeeded: leaf >> Int32(shift)))) &* 0x100_0000_01b3
      }
    }
    return hash
  }

  private var helpers: String {
    let (bits, isnan) = (dialect.hidden("bits"), dialect.standard("isnan"))
    return """
      \(dialect.function(wide, bits, "double value")) {
        \(wide) result;
        \(dialect.standard("memcpy"))(&result, &value, sizeof result);
        return result;
      }

      // Whether two numbers are at most `steps` apart, counted in doubles; every NaN equals every other.
      // With 0 steps they must be the same to the last bit, the sign of zero included.
      \(dialect.function("bool", dialect.hidden("agree"), "double a, double b, \(wide) steps")) {
        if (\(isnan)(a) || \(isnan)(b)) return \(isnan)(a) && \(isnan)(b);
        if (\(bits)(a) == \(bits)(b)) return true;
        if (steps == 0) return false;
        const \(wide) sign = 0x8000000000000000ULL;
        const \(wide) place_a = \(bits)(a) < sign ? sign + \(bits)(a) : sign - (\(bits)(a) - sign);
        const \(wide) place_b = \(bits)(b) < sign ? sign + \(bits)(b) : sign - (\(bits)(b) - sign);
        return (place_a < place_b ? place_b - place_a : place_a - place_b) <= steps;
      }
      """
  }

  // MARK: - The function

  func printFunction(to printer: inout CodePrinter) {
    let size = dialect.standard("size_t"), integer = dialect.standard("int32_t"), agree = dialect.reach("agree")
    let (inputs, isC) = (used("inputs"), dialect.isC)
    let head = dialect.function(size, dialect.own("self_test"), "")
    printer.line()
    guard !events.isEmpty else {
      printer.line("\(head) { return 0; }")
      return
    }
    printer.line("// Margins and leaves must be right to the last bit. Outputs may be off by 4 steps of the last bit, since the")
    printer.line("// functions of C libraries (exp, log) differ.")
    printer.line("\(head) {")
    printer.indent()
    if !isC { printer.line("typedef detail::Reference<void> Reference;") }
    if program.treeCount > 0 {
      let count = dialect.own("tree_count")
      printer.line(
        isC
          ? "int32_t* leaf = (int32_t*)malloc(sizeof(int32_t) * \(count));"
          : "\(integer)* leaf = new (std::nothrow) \(integer)[\(count)];")
      printer.line("if (leaf == \(isC ? "NULL" : "nullptr")) return \(events.count);")
    }
    // Many events at once go another way.
    let outputs = dialect.own("output_count")
    printer.line(
      isC
        ? "double* batch = (double*)malloc(sizeof(double) * \(events.count) * \(outputs));"
        : "double* batch = new (std::nothrow) double[\(events.count) * \(outputs)];")
    printer.line("if (batch == \(isC ? "NULL" : "nullptr")) {")
    if program.treeCount > 0 { printer.line(isC ? "  free(leaf);" : "  delete[] leaf;") }
    printer.line("  return \(events.count);")
    printer.line("}")
    let rows = "\(inputs)[0], \(events.count)"
    printer.line(
      isC
        ? "\(dialect.own("evaluate_batch"))(\(rows), \(dialect.own("input_count")), batch, \(outputs));"
        : "evaluate_batch(\(rows), batch);")
    printer.line("\(size) failures = 0;")
    printer.line("for (\(size) event = 0; event < \(events.count); ++event) {")
    printer.indent()
    printer.line("bool is_right = true;")
    printer.line("double out[\(dialect.own("output_count"))];")
    printer.line("\(dialect.own("evaluate"))(\(inputs)[event], out);")
    printer.line("for (\(size) i = 0; i < \(dialect.own("output_count")); ++i) {")
    printer.line("  is_right = is_right && \(agree)(out[i], \(used("outputs"))[event][i], \(used("tolerances"))[i]);")
    printer.line("  is_right = is_right && \(agree)(batch[event * \(outputs) + i], out[i], 0);")
    printer.line("}")
    if program.marginCount > 0 {
      printer.line("double margin[\(dialect.own("margin_count"))];")
      printer.line("\(dialect.own("margins"))(\(inputs)[event], margin);")
      printer.line("for (\(size) i = 0; i < \(dialect.own("margin_count")); ++i) {")
      printer.line("  is_right = is_right && \(agree)(margin[i], \(used("margins"))[event][i], 0);")
      printer.line("}")
    }
    if program.treeCount > 0 {
      printer.line("\(dialect.own("leaves"))(\(inputs)[event], leaf);")
      printer.line("\(wide) hash = 0xcbf29ce484222325ULL;")
      printer.line("for (\(size) i = 0; i < \(dialect.own("tree_count")); ++i) {")
      printer.line("  \(dialect.standard("uint32_t")) number = \(dialect.isC ? "(uint32_t)leaf[i]" : "static_cast<std::uint32_t>(leaf[i])");")
      printer.line("  for (int k = 0; k < 4; ++k, number >>= 8) hash = (hash ^ (number & 0xffU)) * 0x100000001b3ULL;")
      printer.line("}")
      printer.line("is_right = is_right && hash == \(used("leaves"))[event];")
    }
    printer.line("if (!is_right) ++failures;")
    printer.outdent()
    printer.line("}")
    printer.line(isC ? "free(batch);" : "delete[] batch;")
    if program.treeCount > 0 { printer.line(isC ? "free(leaf);" : "delete[] leaf;") }
    printer.line("return failures;")
    printer.outdent()
    printer.line("}")
  }
}
