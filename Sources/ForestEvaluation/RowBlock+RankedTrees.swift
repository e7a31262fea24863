import CForestKernels
import ForestIR
import ForestRanking

/// The only calls into C, and with them the only pointers: whatever is handed over was sized for it by `RankedRoom`, whose sizes are
/// the largest of all ensembles; indices were given out by `RankedEnsemble` itself.
extension RowBlock {
  /// Adds up an ensemble by ranks for the rows of the block.
  mutating func addRanked(
    _ ranked: RankedTrees, firstTree: Int, into result: Columns, rows: Int, level: Int, fewestRows: Int
  ) {
    guard !wantsLeaves, rows >= fewestRows else {
      for row in 0..<rows { addRow(ranked, firstTree: firstTree, into: result, row: row, level: level) }
      return
    }
    let blockRows = Int(FOREST_ROWS)
    for first in Swift.stride(from: 0, to: rows, by: blockRows) {
      addBlock(ranked, into: result, first: first, rows: min(blockRows, rows - first))
    }
  }

  private mutating func addBlock(_ ranked: RankedTrees, into result: Columns, first: Int, rows: Int) {
    let padded = (rows + 63) / 64 * 64, width = UInt32(ranked.leafWidth)
    rankBlock(ranked, first: first, rows: rows, padded: padded)
    if ranked.addsFloat32 {
      for (element, x) in ranked.start.enumerated() {
        (room.sums32 + element * Int(FOREST_ROWS)).update(repeating: Float(x), count: padded)
      }
      forest_add_block_f32(
        ranked.trees, ranked.trees.count, ranked.testColumns, ranked.testComplements, ranked.splits, ranked.leaves32, width,
        room.ranks, padded, room.sums32)
      for element in ranked.start.indices {
        put(room.sums32 + element * Int(FOREST_ROWS), into: (result.start + element) * stride + first, rows: rows)
      }
    } else {
      for (element, x) in ranked.start.enumerated() {
        (room.sums64 + element * Int(FOREST_ROWS)).update(repeating: x, count: padded)
      }
      forest_add_block_f64(
        ranked.trees, ranked.trees.count, ranked.testColumns, ranked.testComplements, ranked.splits, ranked.leaves64, width,
        room.ranks, padded, room.sums64)
      for element in ranked.start.indices {
        put(room.sums64 + element * Int(FOREST_ROWS), into: (result.start + element) * stride + first, rows: rows)
      }
    }
  }

  /// The ranks of a block of rows, column by column.
  private mutating func rankBlock(_ ranked: RankedTrees, first: Int, rows: Int, padded: Int) {
    for (place, column) in ranked.columns.enumerated() {
      let source = (ranked.firstFeature + Int(column.feature)) * stride + first
      let target = room.ranks + place * Int(FOREST_ROWS)
      let (count, nanRank, start) = (UInt32(column.count), UInt32(column.nan_rank), Int(column.first))
      if ranked.comparesFloat32 {
        takeNarrow(source, rows: rows)
        ranked.thresholds32.withUnsafeBufferPointer {
          forest_rank_column_f32(room.numbers32, padded, $0.baseAddress! + start, count, nanRank, target)
        }
      } else {
        withColumn(source, rows: rows, padded: padded) { numbers in
          ranked.thresholds64.withUnsafeBufferPointer {
            forest_rank_column_f64(numbers, padded, $0.baseAddress! + start, count, nanRank, target)
          }
        }
      }
    }
  }

  /// One event.
  private mutating func addRow(_ ranked: RankedTrees, firstTree: Int, into result: Columns, row: Int, level: Int) {
    let source = ranked.firstFeature * stride + row, target = result.start * stride + row
    if ranked.comparesFloat32 {
      for feature in 0..<ranked.featureCount { room.numbers32[feature] = Float(cells[source + feature * stride]) }
      forest_rank_event_f32(ranked.columns, ranked.columns.count, ranked.thresholds32, room.numbers32, room.ranks)
    } else {
      for feature in 0..<ranked.featureCount { room.numbers64[feature] = cells[source + feature * stride] }
      forest_rank_event_f64(ranked.columns, ranked.columns.count, ranked.thresholds64, room.numbers64, room.ranks)
    }
    let width = UInt32(ranked.leafWidth)
    if ranked.addsFloat32 {
      for (element, x) in ranked.start.enumerated() { room.sums32[element] = Float(x) }
      forest_add_event_f32(
        ranked.trees, ranked.trees.count, ranked.nodes, ranked.sides, ranked.testColumns, ranked.testComplements, ranked.leaves32,
        width, ranked.columns.count, room.ranks, room.sums32)
      for element in ranked.start.indices { cells[target + element * stride] = Double(room.sums32[element]) }
    } else {
      for (element, x) in ranked.start.enumerated() { room.sums64[element] = x }
      forest_add_event_f64(
        ranked.trees, ranked.trees.count, ranked.nodes, ranked.sides, ranked.testColumns, ranked.testComplements, ranked.leaves64,
        width, ranked.columns.count, room.ranks, room.sums64)
      for element in ranked.start.indices { cells[target + element * stride] = room.sums64[element] }
    }
    guard wantsLeaves else { return }
    forest_find_event_leaves(
      ranked.trees, ranked.trees.count, ranked.nodes, ranked.sides, ranked.testColumns, ranked.testComplements, room.ranks,
      room.leaves)
    let first = Int(rowOf[level * stride + row]) * treeCount + firstTree
    for (index, tree) in ranked.trees.enumerated() {
      leaves[first + index] = ranked.leafNumbers[Int(tree.first_leaf) / ranked.leafWidth + Int(room.leaves[index])]
    }
  }
}
