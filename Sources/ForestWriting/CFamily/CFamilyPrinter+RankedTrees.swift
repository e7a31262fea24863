import CForestKernels
import ForestRanking

/// Routines about trees that are asked by ranks.
extension CFamilyPrinter {
  /// The body of a routine for one event: its parameters are `x`, and `out` or `leaf`.
  func print(_ question: Routine.RankedQuestion, _ ranked: RankedProgram, to printer: inout CodePrinter) {
    if case .wide(let ensemble) = ranked.layout {
      print(question, ensemble, to: &printer)
      return
    }
    let ensemble = ranked.ensemble, columns = ensemble.columns.count
    func function(_ name: String) -> String { dialect.hidden("forest_\(name)") }
    printer.line("\(dialect.standard("uint8_t")) ranks[FOREST_COLUMNS] = {0};")
    let rank = "\(tableName("ranked_column")), \(columns), \(tableName("ranked_threshold")), x, ranks"
    let tests = "\(tableName("ranked_node")), \(tableName("ranked_side")), \(tableName("test_column")), \(tableName("test_complement"))"
    switch question {
    case .sums:
      let isScalar = ensemble.start.count == 1, sums = isScalar ? "sums" : "out"
      printer.line("const int set = \(function("instruction_set"))();")
      if isScalar {
        printer.line("\(function("number")) sums[1];")
        printer.line("sums[0] = \(tableName("ranked_start"))[0];")
      } else {
        printer.line("for (int i = 0; i < \(ensemble.start.count); ++i) out[i] = \(tableName("ranked_start"))[i];")
      }
      printer.line(dialect.isC ? "(void)set;" : "static_cast<void>(set);")
      let add = "\(tableName("ranked_tree")), \(ensemble.trees.count), \(tests), \(tableName("ranked_leaf")), \(ensemble.leafWidth), \(columns), ranks, \(sums)"
      var chosen = CodePrinter()
      chosen.line(
        CFamilyRuntime.chosen(otherwise: "plain") { set in
          ["\(function("rank_event_\(set)"))(\(rank));", "\(function("add_event_\(set)"))(\(add));"]
        })
      printer.verbatim(chosen.bytes)
      if isScalar { printer.line("return sums[0];") }
    case .leaves:
      let size = dialect.standard("size_t"), tree = tableName("ranked_tree"), count = ensemble.trees.count
      printer.line("\(function("rank_event_plain"))(\(rank));")
      printer.line("for (\(size) t = 0; t < \(count); t += 64) {")
      printer.line("  const \(size) count = \(count) - t < 64 ? \(count) - t : 64;")
      printer.line("  \(dialect.standard("uint8_t")) found[64];")
      printer.line("  \(function("find_leaves_plain"))(\(tree) + t, count, \(tests), \(columns), ranks, found);")
      let number =
        ranked.leafNumbers == nil
        ? "found[k]"
        : "\(tableName("ranked_leaf_number"))[\(tree)[t + k].first_leaf\(ensemble.leafWidth == 1 ? "" : " / \(ensemble.leafWidth)") + found[k]]"
      printer.line("  for (\(size) k = 0; k < count; ++k) leaf[t + k] = \(number);")
      printer.line("}")
    }
  }

  /// The same with ranks of 16 bits.
  private func print(_ question: Routine.RankedQuestion, _ wide: WideEnsemble, to printer: inout CodePrinter) {
    func function(_ name: String) -> String { dialect.hidden("forest_wide_\(name)") }
    let columns = wide.columns.count, count = wide.trees.count
    printer.line("\(function("rank")) ranks[\(columns + 1) * FOREST_LANES];")
    printer.line("\(function("rank_event"))(\(tableName("ranked_column")), \(columns), \(tableName("ranked_threshold")), x, ranks);")
    switch question {
    case .sums:
      let isScalar = wide.start.count == 1, sums = isScalar ? "sums" : "out"
      if isScalar {
        printer.line("\(dialect.hidden("forest_number")) sums[1];")
        printer.line("sums[0] = \(tableName("ranked_start"))[0];")
      } else {
        printer.line("for (int i = 0; i < \(wide.start.count); ++i) out[i] = \(tableName("ranked_start"))[i];")
      }
      printer.line(
        "\(function("add_event"))(\(tableName("ranked_tree")), \(count), \(tableName("ranked_node")), \(tableName("ranked_leaf")), \(wide.leafWidth), ranks, \(sums));")
      if isScalar { printer.line("return sums[0];") }
    case .leaves:
      let size = dialect.standard("size_t")
      printer.line("for (\(size) t = 0; t < \(count); t += FOREST_LANES) {")
      printer.line("  const \(size) count = \(count) - t < FOREST_LANES ? \(count) - t : FOREST_LANES;")
      printer.line("  \(dialect.standard("uint32_t")) places[FOREST_LANES];")
      printer.line("  \(function("find_event"))(\(tableName("ranked_tree")) + t, count, \(tableName("ranked_node")), ranks, places);")
      printer.line("  for (\(size) k = 0; k < count; ++k) leaf[t + k] = \(tableName("ranked_leaf_number"))[places[k]];")
      printer.line("}")
    }
  }
}
