import CForestKernels
import ForestRanking

/// A constant table of a header, of numbers or of structs.
struct CFamilyTable {
  let comment: String
  let type: String
  let name: String
  let count: Int
  let print: (inout CodePrinter) -> Void
}

extension CFamilyPrinter {
  /// The tables of trees that are asked by ranks.
  func rankedTables(_ ranked: RankedProgram) -> [CFamilyTable] {
    let ensemble = ranked.ensemble
    func structs<Row>(
      _ name: String, _ type: String, _ comment: String, _ rows: [Row], none: Row, _ numbers: @escaping (Row) -> [Int]
    ) -> CFamilyTable {
      // A table has at least one row, which nobody reads then.
      let rows = rows.isEmpty ? [none] : rows
      return CFamilyTable(comment: comment, type: dialect.hidden("forest_\(type)"), name: name, count: rows.count) {
        $0.filled(rows.lazy.map { row in "{" + numbers(row).map(String.init).joined(separator: ",") + "}" }, separator: ",")
      }
    }
    func numbers(_ name: String, _ type: String, _ comment: String, _ values: [Double], _ scalar: ScalarType) -> CFamilyTable {
      CFamilyTable(comment: comment, type: dialect.hidden("forest_\(type)"), name: name, count: max(1, values.count)) {
        let values = values.isEmpty ? [0] : values
        if scalar == .float32 {
          $0.filled(values.lazy.map { spelling.float32(Float($0)) }, separator: ",")
        } else {
          $0.filled(values.lazy.map { spelling.float64($0) }, separator: ",")
        }
      }
    }
    var first = 0
    let columns = ensemble.columns.map { column in
      defer { first += column.thresholds.count }
      return [first, column.feature, column.thresholds.count, Int(column.nanRank)]
    }
    var tables = [
      structs("ranked_column", "column", "Columns: see forest_column.", columns, none: [0, 0, 0, 0]) { $0 },
      numbers(
        "ranked_threshold", "feature", "The thresholds of each column, ascending.", ensemble.columns.flatMap(\.thresholds),
        ranked.featureType),
      structs(
        "ranked_tree", "tree", "Trees: see forest_tree.", ensemble.trees, none: forest_tree()
      ) { tree in
        [
          Int(tree.first_node), Int(tree.first_leaf), Int(tree.first_split), Int(tree.leaf_count), Int(tree.split_count),
          Int(tree.parent_count), Int(tree.output), Int(tree.steps), Int(tree.height), Int(tree.is_oblivious),
        ]
      },
      CFamilyTable(
        comment: "Nodes for one event: see forest_node.", type: dialect.hidden("forest_node"), name: "ranked_node",
        count: ensemble.nodes.count
      ) { $0.filled(ensemble.nodes.lazy.map { String($0) }, separator: ",") },
      structs(
        "ranked_test", "test", "Splits for many events, of trees of one height.", ensemble.tests, none: forest_test()
      ) { [Int($0.offset), Int($0.complement)] },
      structs(
        "ranked_split", "split", "Splits for many events, of trees of any shape.", ensemble.splits, none: forest_split()
      ) { [Int($0.reach), Int($0.column), Int($0.rank), Int($0.leaves_left)] },
      numbers("ranked_leaf", "number", "What each leaf adds.", ensemble.leaves, ranked.sumType),
      numbers("ranked_start", "number", "What each sum starts from.", ensemble.start, ranked.sumType),
    ]
    if let leafNumbers = ranked.leafNumbers {
      tables.append(
        CFamilyTable(
          comment: "The number by which each leaf is known.", type: dialect.standard("int32_t"), name: "ranked_leaf_number",
          count: leafNumbers.count
        ) { $0.filled(leafNumbers.lazy.map { String($0) }, separator: ",") })
    }
    return tables
  }
}
