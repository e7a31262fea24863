import ForestIR

/// Stored events and the function that evaluates them.
struct CppSelfTest {
  let request: EmissionRequest
  let program: Program

  private var events: [ReferenceEvents.Event] { request.referenceEvents.events }

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
    printer.line("template <class Unused>")
    printer.line("struct Reference {")
    printer.line("  static const double inputs[\(events.count)][input_count];")
    printer.line("  static const double outputs[\(events.count)][output_count];")
    printer.line("  // How far each output may be off, in steps of the last bit of a double (float outputs: in theirs).")
    printer.line("  static const std::uint64_t tolerances[output_count];")
    if program.marginCount > 0 { printer.line("  static const double margins[\(events.count)][margin_count];") }
    if program.treeCount > 0 {
      printer.line("  // FNV-1a over the leaf numbers, four bytes each, the lowest first.")
      printer.line("  static const std::uint64_t leaves[\(events.count)];")
    }
    printer.line("};")
    matrix("double", "inputs", "input_count", events.map(\.inputs), to: &printer)
    matrix("double", "outputs", "output_count", events.map(\.outputs), to: &printer)
    list("tolerances", "output_count", request.forest.printedColumns.map { tolerance(request.forest.columns[$0]) }, to: &printer)
    if program.marginCount > 0 { matrix("double", "margins", "margin_count", events.map(\.margins), to: &printer) }
    if program.treeCount > 0 {
      list("leaves", String(events.count), events.map { hexadecimal(CppSelfTest.digest($0.leaves)) }, to: &printer)
    }
    printer.line()
    printer.line(CppSelfTest.helpers)
  }

  /// 4 ulp for what goes through the C library, whose functions differ from one to another; margins and labels are exact.
  private func tolerance(_ column: Column) -> String {
    switch (column.role, column.width) {
    case (.response, .float64): "4"
    case (.response, .float32): "4ULL << 29"
    default: "0"
    }
  }

  private func matrix(
    _ type: String, _ name: String, _ count: String, _ rows: [[Double]], to printer: inout CodePrinter
  ) {
    printer.line()
    printer.line("template <class Unused>")
    printer.line("const \(type) Reference<Unused>::\(name)[\(rows.count)][\(count)] = {")
    printer.indent()
    for row in rows {
      printer.line("{")
      printer.indent()
      printer.filled(row.map(NumberSpelling.cpp.float64))
      printer.outdent()
      printer.line("},")
    }
    printer.outdent()
    printer.line("};")
  }

  private func list(_ name: String, _ count: String, _ items: [String], to printer: inout CodePrinter) {
    printer.line()
    printer.line("template <class Unused>")
    printer.line("const std::uint64_t Reference<Unused>::\(name)[\(count)] = {")
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

  private static let helpers = """
    inline std::uint64_t bits(double value) noexcept {
      std::uint64_t result;
      std::memcpy(&result, &value, sizeof result);
      return result;
    }

    // Whether two numbers are at most `steps` apart, counted in doubles; every NaN equals every other.
    // With 0 steps they must be the same to the last bit, the sign of zero included.
    inline bool agree(double a, double b, std::uint64_t steps) noexcept {
      if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
      if (bits(a) == bits(b)) return true;
      if (steps == 0) return false;
      const std::uint64_t sign = 0x8000000000000000ULL;
      const std::uint64_t place_a = bits(a) < sign ? sign + bits(a) : sign - (bits(a) - sign);
      const std::uint64_t place_b = bits(b) < sign ? sign + bits(b) : sign - (bits(b) - sign);
      return (place_a < place_b ? place_b - place_a : place_a - place_b) <= steps;
    }
    """

  func printFunction(to printer: inout CodePrinter) {
    printer.line()
    guard !events.isEmpty else {
      printer.line("inline std::size_t self_test() noexcept { return 0; }")
      return
    }
    printer.line("// Margins and leaves must be right to the last bit. Outputs may be off by 4 steps of the last bit, since the")
    printer.line("// functions of C libraries (exp, log) differ.")
    printer.line("inline std::size_t self_test() noexcept {")
    printer.indent()
    printer.line("typedef detail::Reference<void> Reference;")
    if program.treeCount > 0 {
      printer.line("std::int32_t* leaf = new (std::nothrow) std::int32_t[tree_count];")
      printer.line("if (leaf == nullptr) return \(events.count);")
    }
    printer.line("std::size_t failures = 0;")
    printer.line("for (std::size_t event = 0; event < \(events.count); ++event) {")
    printer.indent()
    printer.line("bool is_right = true;")
    printer.line("double out[output_count];")
    printer.line("evaluate(Reference::inputs[event], out);")
    printer.line("for (std::size_t i = 0; i < output_count; ++i) {")
    printer.line("  is_right = is_right && detail::agree(out[i], Reference::outputs[event][i], Reference::tolerances[i]);")
    printer.line("}")
    if program.marginCount > 0 {
      printer.line("double margin[margin_count];")
      printer.line("margins(Reference::inputs[event], margin);")
      printer.line("for (std::size_t i = 0; i < margin_count; ++i) {")
      printer.line("  is_right = is_right && detail::agree(margin[i], Reference::margins[event][i], 0);")
      printer.line("}")
    }
    if program.treeCount > 0 {
      printer.line("leaves(Reference::inputs[event], leaf);")
      printer.line("std::uint64_t hash = 0xcbf29ce484222325ULL;")
      printer.line("for (std::size_t i = 0; i < tree_count; ++i) {")
      printer.line("  std::uint32_t number = static_cast<std::uint32_t>(leaf[i]);")
      printer.line("  for (int k = 0; k < 4; ++k, number >>= 8) hash = (hash ^ (number & 0xffU)) * 0x100000001b3ULL;")
      printer.line("}")
      printer.line("is_right = is_right && hash == Reference::leaves[event];")
    }
    printer.line("if (!is_right) ++failures;")
    printer.outdent()
    printer.line("}")
    if program.treeCount > 0 { printer.line("delete[] leaf;") }
    printer.line("return failures;")
    printer.outdent()
    printer.line("}")
  }
}
