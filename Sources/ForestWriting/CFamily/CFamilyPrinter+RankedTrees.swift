import CForestKernels
import ForestRanking

/// Routines about trees that are asked by ranks.
extension CFamilyPrinter {
  /// The body of a routine for one event: its parameters are `x`, and `out` or `leaf`.
  func print(_ question: Routine.RankedQuestion, _ ranked: RankedProgram, to printer: inout CodePrinter) {
    let ensemble = ranked.ensemble
    func function(_ name: String) -> String { dialect.hidden("forest_\(name)") }
    printer.line("\(dialect.standard("uint8_t")) ranks[FOREST_COLUMNS] = {0};")
    printer.line(
      "\(function("rank_event"))(\(tableName("ranked_column")), \(ensemble.columns.count), \(tableName("ranked_threshold")), x, ranks);")
    let trees = "\(tableName("ranked_tree")), \(ensemble.trees.count), \(tableName("ranked_node"))"
    switch question {
    case .sums:
      let isScalar = ensemble.start.count == 1, sums = isScalar ? "sums" : "out"
      if isScalar {
        printer.line("\(function("number")) sums[1];")
        printer.line("sums[0] = \(tableName("ranked_start"))[0];")
      } else {
        printer.line("for (int i = 0; i < \(ensemble.start.count); ++i) out[i] = \(tableName("ranked_start"))[i];")
      }
      printer.line("\(function("add_event"))(\(trees), \(tableName("ranked_leaf")), \(ensemble.leafWidth), ranks, \(sums));")
      if isScalar { printer.line("return sums[0];") }
    case .leaves:
      let size = dialect.standard("size_t"), tree = tableName("ranked_tree")
      printer.line("for (\(size) t = 0; t < \(ensemble.trees.count); t += 8) {")
      printer.line("  const \(size) count = \(ensemble.trees.count) - t < 8 ? \(ensemble.trees.count) - t : 8;")
      printer.line("  unsigned found[8];")
      printer.line("  \(function("find_leaves"))(\(tree) + t, count, \(tableName("ranked_node")), ranks, found);")
      let number =
        ranked.leafNumbers == nil
        ? dialect.cast("found[k]", to: dialect.standard("int32_t"))
        : "\(tableName("ranked_leaf_number"))[\(tree)[t + k].first_leaf\(ensemble.leafWidth == 1 ? "" : " / \(ensemble.leafWidth)") + found[k]]"
      printer.line("  for (\(size) k = 0; k < count; ++k) leaf[t + k] = \(number);")
      printer.line("}")
    }
  }
}
