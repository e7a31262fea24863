import CForestKernels
import ForestRanking

/// Many events at once: from rows of inputs to rows of outputs, a block after the other.
struct CFamilyBlocks {
  let dialect: CFamilyDialect
  let program: Program
  let ranked: RankedProgram
  let tableName: (String) -> String
  /// Rows of a block.
  private let rows: Int

  /// Fewer events are computed one by one.
  private static let fewestRows = 16
  /// A block's vectors lie on the stack; with more bytes than this events are computed one by one.
  private static let comfortableBytes = 1 << 17

  /// Nil where blocks would be too large, or there are no ranked trees.
  init?(_ program: Program, _ language: CFamilyPrinter) {
    guard let ranked = program.ranked else { return nil }
    switch ranked.layout {
    case .bytes: rows = Int(FOREST_ROWS)
    case .wide(let wide):
      // As many as let their ranks and a tree lie near, and at least enough for a tree to be worth fetching.
      rows = min(1024, CFamilyBlocks.comfortableBytes / 2 / (wide.columns.count + 1) / 16 * 16)
      guard rows >= 64 else { return nil }
    }
    let rows = rows
    func bytes(_ count: Int, _ type: ScalarType) -> Int { count * rows * (type == .float32 ? 4 : 8) }
    guard bytes(ranked.start.count, ranked.sumType) <= CFamilyBlocks.comfortableBytes,
      ranked.featuresEntry == nil || bytes(ranked.featureCount, ranked.featureType) <= CFamilyBlocks.comfortableBytes
    else { return nil }
    (dialect, self.program, self.ranked) = (language.dialect, program, ranked)
    tableName = language.tableName
  }

  private func runtime(_ name: String) -> String { dialect.hidden("forest_\(name)") }

  /// The routine behind a batch of final outputs, or of margins, of inputs of a type: `(x, rows, out, x_stride, out_stride)`.
  func name(_ what: String, _ number: String) -> String { dialect.hidden("\(what)_of_rows_\(number)") }

  func printFunctions(to printer: inout CodePrinter) {
    let size = dialect.standard("size_t"), width = dialect.name(of: ranked.featureType)
    // Features are read where the caller has them if they are the inputs, or from a block's own rows.
    let sources = ranked.featuresEntry == nil ? ["double", "float"] : [width]
    if case .wide = ranked.layout {
      printer.line("#define FOREST_VECTORS 1")
      printer.line("#define FOREST_ALIGNED")
    }
    printer.line("#if FOREST_VECTORS")
    for source in sources {
      let value = "x[row * stride + \(tableName("ranked_column"))[i].feature]"
      let converted =
        source == width ? value : width == "float" ? "\(dialect.hidden("narrowed"))(\(value))" : dialect.cast(value, to: "double")
      printer.line()
      printer.line("// The sums of up to \(rows) events.")
      let parameters = "const \(source)* x, \(size) rows, \(size) stride, \(runtime("number"))* sums"
      printer.line(dialect.function("void", dialect.hidden("sums_of_block_\(source)"), parameters) + " {")
      printer.indented { printer in
        switch ranked.layout {
        case .bytes(let ensemble): printSums(ensemble, column: converted, to: &printer)
        case .wide(let ensemble): printSums(ensemble, column: converted, to: &printer)
        }
      }
      printer.line("}")
    }
    printer.line("#endif")
    for number in ["double", "float"] {
      printRows("outputs", ranked.outputs, one: program.outputsEntry, number, to: &printer)
      if let margins = ranked.margins, let entry = program.marginsEntry {
        printRows("margins", margins, one: entry, number, to: &printer)
      }
    }
  }

  private func printSums(_ ensemble: RankedEnsemble, column converted: String, to printer: inout CodePrinter) {
    let size = dialect.standard("size_t"), column = tableName("ranked_column")
    printer.line("FOREST_ALIGNED \(dialect.standard("uint8_t")) ranks[\(max(1, ensemble.columns.count)) * FOREST_ROWS];")
    printer.line("FOREST_ALIGNED \(runtime("feature")) column[FOREST_ROWS];")
    printer.line("const \(size) padded = (rows + 63) / 64 * 64;")
    printer.line("const int set = \(runtime("instruction_set"))();")
    printer.line("(void)set;")
    printer.line("for (\(size) row = rows; row < padded; ++row) column[row] = 0;")
    printer.line("for (\(size) i = 0; i < \(ensemble.columns.count); ++i) {")
    printer.line("  for (\(size) row = 0; row < rows; ++row) column[row] = \(converted);")
    let rank = "column, padded, \(tableName("ranked_threshold")) + \(column)[i].first, \(column)[i].count, \(column)[i].nan_rank"
    printer.verbatim(
      Array((CFamilyRuntime.chosen(otherwise: "vectors") { ["\(runtime("rank_column_\($0)"))(\(rank), ranks + i * FOREST_ROWS);"] } + "\n").utf8))
    printer.line("}")
    printer.line("for (\(size) k = 0; k < \(ensemble.start.count); ++k) {")
    printer.line("  for (\(size) row = 0; row < padded; ++row) sums[k * FOREST_ROWS + row] = \(tableName("ranked_start"))[k];")
    printer.line("}")
    let add =
      "\(tableName("ranked_tree")), \(ensemble.trees.count), \(tableName("test_column")), \(tableName("test_complement")), \(tableName("ranked_split")), \(tableName("ranked_leaf")), \(ensemble.leafWidth), ranks, padded, sums"
    printer.verbatim(
      Array((CFamilyRuntime.chosen(otherwise: "vectors") { ["\(runtime("add_block_\($0)"))(\(add));"] } + "\n").utf8))
  }

  /// The same with ranks of 16 bits: groups of rows, and the sums of a row side by side.
  private func printSums(_ ensemble: WideEnsemble, column converted: String, to printer: inout CodePrinter) {
    let size = dialect.standard("size_t"), column = tableName("ranked_column"), columns = ensemble.columns.count
    let sumCount = ensemble.start.count
    printer.line("\(runtime("wide_rank")) ranks[\((columns + 1) * rows)];")
    printer.line("\(runtime("feature")) column[\(rows)];")
    printer.line("const \(size) group_size = \(columns + 1) * FOREST_LANES;")
    printer.line("const \(size) padded = (rows + FOREST_LANES - 1) / FOREST_LANES * FOREST_LANES;")
    printer.line("for (\(size) row = rows; row < padded; ++row) column[row] = 0;")
    printer.line("for (\(size) row = 0; row < padded; ++row) ranks[row / FOREST_LANES * group_size + row % FOREST_LANES] = 0;")
    printer.line("for (\(size) i = 0; i < \(columns); ++i) {")
    printer.line("  for (\(size) row = 0; row < rows; ++row) column[row] = \(converted);")
    printer.line(
      "  \(runtime("wide_rank_column"))(column, padded, \(tableName("ranked_threshold")) + \(column)[i].first, \(column)[i].count, \(column)[i].nan_rank,")
    printer.line("      ranks + (i + 1) * FOREST_LANES, group_size);")
    printer.line("}")
    printer.line("for (\(size) row = 0; row < padded; ++row) {")
    printer.line("  for (\(size) k = 0; k < \(sumCount); ++k) sums[row * \(sumCount) + k] = \(tableName("ranked_start"))[k];")
    printer.line("}")
    printer.line(
      "\(runtime("wide_add_block"))(\(tableName("ranked_tree")), \(ensemble.trees.count), \(tableName("ranked_node")), \(tableName("ranked_leaf")), \(ensemble.leafWidth),")
    printer.line("    ranks, group_size, padded, sums, \(sumCount));")
  }

  private func printRows(
    _ what: String, _ continuation: RankedProgram.Continuation, one: String, _ number: String, to printer: inout CodePrinter
  ) {
    let size = dialect.standard("size_t")
    let input = dialect.name(of: program.inputType), sumCount = ranked.start.count
    let converted = { (value: String) in
      number == input ? value : input == "float" ? "\(dialect.hidden("narrowed"))(\(value))" : dialect.cast(value, to: "double")
    }
    let sumOfRow = if case .wide = ranked.layout { "row * \(sumCount) + k" } else { "k * FOREST_ROWS + row" }
    /// Lines that make `event` the inputs of one event in the width of the model.
    func event(_ index: String, _ margin: String) -> [String] {
      if number == input { return ["\(margin)const \(input)* event = x + \(index) * x_stride;"] }
      return [
        "\(margin)\(input) event[\(program.inputCount)];",
        "\(margin)for (\(size) i = 0; i < \(program.inputCount); ++i) event[i] = \(converted("x[\(index) * x_stride + i]"));",
      ]
    }
    printer.line()
    let parameters = "const \(number)* x, \(size) rows, double* out, \(size) x_stride, \(size) out_stride"
    printer.line(dialect.function("void", name(what, number), parameters) + " {")
    printer.line("  \(size) done = 0;")
    printer.line("#if FOREST_VECTORS")
    printer.line("  FOREST_ALIGNED \(runtime("number")) sums[\(sumCount * rows)];")
    if ranked.featuresEntry != nil {
      printer.line("  \(runtime("feature")) features[\(ranked.featureCount * rows)];")
    }
    printer.line("  while (rows - done >= \(CFamilyBlocks.fewestRows)) {")
    printer.line("    const \(size) count = rows - done < \(rows) ? rows - done : \(rows);")
    if let entry = ranked.featuresEntry {
      printer.line("    for (\(size) row = 0; row < count; ++row) {")
      for line in event("(done + row)", "      ") { printer.line(line) }
      printer.line("      \(dialect.hidden(entry))(event, features + row * \(ranked.featureCount));")
      printer.line("    }")
      printer.line(
        "    \(dialect.hidden("sums_of_block_\(dialect.name(of: ranked.featureType))"))(features, count, \(ranked.featureCount), sums);")
    } else {
      printer.line("    \(dialect.hidden("sums_of_block_\(number)"))(x + done * x_stride, count, x_stride, sums);")
    }
    printer.line("    for (\(size) row = 0; row < count; ++row) {")
    printer.line("      \(runtime("number")) sum[\(sumCount)];")
    printer.line("      for (\(size) k = 0; k < \(sumCount); ++k) sum[k] = sums[\(sumOfRow)];")
    if continuation.readsInputs {
      for line in event("(done + row)", "      ") { printer.line(line) }
    } else {
      printer.line("      const \(input)* event = \(dialect.isC ? "NULL" : "nullptr");")
    }
    printer.line("      \(dialect.hidden(continuation.entry))(event, sum, out + (done + row) * out_stride);")
    printer.line("    }")
    printer.line("    done += count;")
    printer.line("  }")
    printer.line("#endif")
    printer.line("  for (; done < rows; ++done) {")
    for line in event("done", "    ") { printer.line(line) }
    printer.line("    \(dialect.hidden(one))(event, out + done * out_stride);")
    printer.line("  }")
    printer.line("}")
  }
}
