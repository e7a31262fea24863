import CForestKernels
import ForestIR
import ForestRanking

/// Calls into C like those in RowBlock+RankedTrees, and as safe: `RankedRoom` was sized for the largest of all ensembles, and indices
/// were given out by `WideEnsemble` itself.
extension RowBlock {
  /// Adds up an ensemble by ranks of 16 bits for the rows of the block.
  mutating func addWide(
    _ wide: WideTrees, firstTree: Int, into result: Columns, rows: Int, level: Int, fewestRows: Int
  ) {
    guard rows >= fewestRows else {
      for row in 0..<rows { addRow(wide, firstTree: firstTree, into: result, row: row, level: level) }
      return
    }
    let padded = RankedRoom.padded(rows), width = UInt32(wide.leafWidth), count = wide.start.count
    rankBlock(wide, rows: rows, padded: padded)
    if wide.addsFloat32 {
      for row in 0..<padded {
        for element in 0..<count { room.sums32[row * count + element] = Float(wide.start[element]) }
      }
      forest_wide_add_block_f32(
        wide.trees, wide.trees.count, wide.nodes, wide.leaves32, width, room.wideRanks, wide.groupSize, padded, room.sums32, count)
      for element in 0..<count {
        let target = (result.start + element) * stride
        for row in 0..<rows { cells[target + row] = Double(room.sums32[row * count + element]) }
      }
    } else {
      for row in 0..<padded {
        for element in 0..<count { room.sums64[row * count + element] = wide.start[element] }
      }
      forest_wide_add_block_f64(
        wide.trees, wide.trees.count, wide.nodes, wide.leaves64, width, room.wideRanks, wide.groupSize, padded, room.sums64, count)
      for element in 0..<count {
        let target = (result.start + element) * stride
        for row in 0..<rows { cells[target + row] = room.sums64[row * count + element] }
      }
    }
    guard wantsLeaves else { return }
    for index in wide.trees.indices {
      wide.trees.withUnsafeBufferPointer {
        forest_wide_find_block_leaves($0.baseAddress! + index, wide.nodes, room.wideRanks, wide.groupSize, padded, room.places)
      }
      for row in 0..<rows {
        let first = Int(rowOf[level * stride + row]) * treeCount + firstTree
        leaves[first + index] = wide.leafNumbers[Int(room.places[row])]
      }
    }
  }

  /// The ranks of a block of rows, group by group.
  private mutating func rankBlock(_ wide: WideTrees, rows: Int, padded: Int) {
    let lanes = Int(FOREST_LANES)
    for first in Swift.stride(from: 0, to: padded, by: lanes) {
      (room.wideRanks + first / lanes * wide.groupSize).update(repeating: 0, count: lanes)
    }
    for (place, column) in wide.columns.enumerated() {
      let source = (wide.firstFeature + Int(column.feature)) * stride, target = room.wideRanks + (place + 1) * lanes
      let (count, nanRank, start) = (UInt32(column.count), UInt32(column.nan_rank), Int(column.first))
      if wide.comparesFloat32 {
        takeNarrow(source, rows: rows)
        wide.thresholds32.withUnsafeBufferPointer {
          forest_wide_rank_column_f32(room.numbers32, padded, $0.baseAddress! + start, count, nanRank, target, wide.groupSize)
        }
      } else {
        withColumn(source, rows: rows, padded: padded) { numbers in
          wide.thresholds64.withUnsafeBufferPointer {
            forest_wide_rank_column_f64(numbers, padded, $0.baseAddress! + start, count, nanRank, target, wide.groupSize)
          }
        }
      }
    }
  }

  /// One event.
  private mutating func addRow(_ wide: WideTrees, firstTree: Int, into result: Columns, row: Int, level: Int) {
    let source = wide.firstFeature * stride + row, target = result.start * stride + row, width = UInt32(wide.leafWidth)
    if wide.comparesFloat32 {
      for feature in 0..<wide.featureCount { room.numbers32[feature] = Float(cells[source + feature * stride]) }
      forest_wide_rank_event_f32(wide.columns, wide.columns.count, wide.thresholds32, room.numbers32, room.wideRanks)
    } else {
      for feature in 0..<wide.featureCount { room.numbers64[feature] = cells[source + feature * stride] }
      forest_wide_rank_event_f64(wide.columns, wide.columns.count, wide.thresholds64, room.numbers64, room.wideRanks)
    }
    if wide.addsFloat32 {
      for (element, x) in wide.start.enumerated() { room.sums32[element] = Float(x) }
      forest_wide_add_event_f32(wide.trees, wide.trees.count, wide.nodes, wide.leaves32, width, room.wideRanks, room.sums32)
      for element in wide.start.indices { cells[target + element * stride] = Double(room.sums32[element]) }
    } else {
      for (element, x) in wide.start.enumerated() { room.sums64[element] = x }
      forest_wide_add_event_f64(wide.trees, wide.trees.count, wide.nodes, wide.leaves64, width, room.wideRanks, room.sums64)
      for element in wide.start.indices { cells[target + element * stride] = room.sums64[element] }
    }
    guard wantsLeaves else { return }
    forest_wide_find_event_leaves(wide.trees, wide.trees.count, wide.nodes, room.wideRanks, room.places)
    let first = Int(rowOf[level * stride + row]) * treeCount + firstTree
    for index in wide.trees.indices { leaves[first + index] = wide.leafNumbers[Int(room.places[index])] }
  }
}
