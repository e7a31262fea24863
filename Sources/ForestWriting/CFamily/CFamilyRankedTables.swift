import CForestKernels
import Decimals
import ForestRanking

/// A constant table of a header, of numbers or of structs.
struct CFamilyTable {
  let comment: String
  let type: String
  let name: String
  let count: Int
  let print: (inout CodePrinter) -> Void

  /// Numbers in long lines without blanks: nobody reads them one by one, and there are many.
  static func fill<Number>(
    _ numbers: some Sequence<Number>, to printer: inout CodePrinter, _ put: (inout TextBuffer, Number) -> Void
  ) {
    printer.filled(numbers, width: 250, separator: ",", put)
  }
}

extension CFamilyPrinter {
  /// The tables of trees that are asked by ranks.
  func rankedTables(_ ranked: RankedProgram) -> [CFamilyTable] {
    func structs<Row, let count: Int>(
      _ name: String, _ type: String, _ comment: String, _ rows: [Row], none: Row, _ members: @escaping (Row) -> [count of Int]
    ) -> CFamilyTable {
      // A table has at least one row, which nobody reads then.
      let rows = rows.isEmpty ? [none] : rows
      return CFamilyTable(comment: comment, type: dialect.hidden("forest_\(type)"), name: name, count: rows.count) {
        CFamilyTable.fill(rows, to: &$0) { text, row in
          let members = members(row)
          for index in members.indices {
            text.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
            text.append(whole: members[index])
          }
          text.append(UInt8(ascii: "}"))
        }
      }
    }
    func numbers(_ name: String, _ type: String, _ comment: String, _ values: [Double], _ scalar: ScalarType) -> CFamilyTable {
      CFamilyTable(comment: comment, type: dialect.hidden("forest_\(type)"), name: name, count: max(1, values.count)) {
        let values = values.isEmpty ? [0] : values
        if scalar == .float32 {
          CFamilyTable.fill(values, to: &$0) { spelling.put(Float($1), to: &$0) }
        } else {
          CFamilyTable.fill(values, to: &$0) { spelling.put($1, to: &$0) }
        }
      }
    }
    func integers(_ name: String, _ type: String, _ comment: String, _ values: some Collection<some BinaryInteger>) -> CFamilyTable {
      CFamilyTable(comment: comment, type: type, name: name, count: max(1, values.count)) {
        if values.isEmpty { $0.line("0") } else { CFamilyTable.fill(values, to: &$0) { $0.append(whole: Int($1)) } }
      }
    }
    func columnsAndThresholds(_ table: (columns: [forest_column], thresholds: [Double])) -> [CFamilyTable] {
      [
        structs("ranked_column", "column", "Columns: see forest_column.", table.columns, none: forest_column()) {
          [Int($0.first), Int($0.feature), Int($0.count), Int($0.nan_rank)]
        },
        numbers("ranked_threshold", "feature", "The thresholds of each column, ascending.", table.thresholds, ranked.featureType),
      ]
    }
    func leavesAndStart(_ leaves: [Double]) -> [CFamilyTable] {
      [
        numbers("ranked_leaf", "number", "What each leaf adds.", leaves, ranked.sumType),
        numbers("ranked_start", "number", "What each sum starts from.", ranked.start, ranked.sumType),
      ]
    }
    let byte = dialect.standard("uint8_t")
    var tables: [CFamilyTable]
    switch ranked.layout {
    case .bytes(let ensemble):
      tables = columnsAndThresholds(ensemble.thresholdTable)
      tables += [
        structs(
          "ranked_tree", "tree", "Trees: see forest_tree.", ensemble.trees, none: forest_tree()
        ) { tree in
          [
            Int(tree.first_node), Int(tree.first_leaf), Int(tree.first_test), Int(tree.first_side), Int(tree.first_split),
            Int(tree.leaf_count), Int(tree.split_count), Int(tree.parent_count), Int(tree.output), Int(tree.steps), Int(tree.height),
            Int(tree.is_oblivious), Int(tree.upper_count), Int(tree.turn), Int(tree.alike), Int(tree.run),
          ]
        },
        integers("ranked_node", dialect.hidden("forest_node"), "Nodes of trees of any shape.", ensemble.nodes),
        integers("test_column", byte, "The column that each test asks about.", ensemble.testColumns),
        integers("test_complement", byte, "255 less the least rank that goes right.", ensemble.testComplements),
        structs("ranked_side", "side", "Sides of tests of trees of any shape.", ensemble.sides, none: forest_side()) {
          [Int($0.left), Int($0.before)]
        },
        structs(
          "ranked_split", "split", "Splits for many events, of trees of any shape.", ensemble.splits, none: forest_split()
        ) { [Int($0.reach), Int($0.column), Int($0.rank), Int($0.leaves_left)] },
      ]
      tables += leavesAndStart(ensemble.leaves)
    case .wide(let ensemble):
      tables = columnsAndThresholds(ensemble.thresholdTable)
      tables += [
        structs("ranked_tree", "wide_tree", "Trees: see forest_wide_tree.", ensemble.trees, none: forest_wide_tree()) { tree in
          [
            Int(tree.first_node), Int(tree.node_count), Int(tree.first_leaf), Int(tree.leaf_count), Int(tree.output),
            Int(tree.least_steps), Int(tree.most_steps),
          ]
        },
        structs("ranked_node", "wide_node", "Nodes: see forest_wide_node.", ensemble.nodes, none: forest_wide_node()) {
          [Int($0.test), Int($0.place)]
        },
      ]
      tables += leavesAndStart(ensemble.leaves)
    }
    if let leafNumbers = ranked.leafNumbers {
      tables.append(
        integers("ranked_leaf_number", dialect.standard("int32_t"), "The number by which each leaf is known.", leafNumbers))
    }
    return tables
  }
}
