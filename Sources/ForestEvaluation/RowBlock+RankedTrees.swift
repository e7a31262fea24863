import CForestKernels
import ForestIR

/// The only calls into C, and with them the only pointers: every array that is handed over was sized for it by `FlatForest` and `RankedTrees`
/// (a column has `stride` numbers, which is a multiple of `FOREST_LANES`; indices were given out by `RankedTrees` itself).
extension RowBlock {
  /// Adds up an ensemble by ranks for the rows of the block, and whatever numbers stand behind them.
  mutating func addRanked(_ ranked: RankedTrees, start: [Double], into result: Columns, rows: Int) {
    let lanes = Int(FOREST_LANES)
    let padded = (rows + lanes - 1) / lanes * lanes
    if ranked.addsFloat32 {
      for (element, x) in start.enumerated() { for row in 0..<padded { narrowSums[element * padded + row] = Float(x) } }
    } else {
      for (element, x) in start.enumerated() { for row in 0..<padded { sums[element * padded + row] = x } }
    }
    for group in ranked.groups {
      for (place, column) in ranked.columns[group.columns].enumerated() {
        rank(column, of: ranked, into: place, rows: padded)
      }
      add(group.trees, of: ranked, rows: padded)
    }
    for element in 0..<ranked.outputCount {
      let target = (result.start + element) * stride, source = element * padded
      if ranked.addsFloat32 {
        for row in 0..<rows { cells[target + row] = Double(narrowSums[source + row]) }
      } else {
        for row in 0..<rows { cells[target + row] = sums[source + row] }
      }
    }
  }

  private mutating func rank(_ column: RankedTrees.Column, of ranked: RankedTrees, into place: Int, rows: Int) {
    let source = column.source * stride
    cells.withUnsafeBufferPointer { cells in
      ranks.withUnsafeMutableBufferPointer { ranks in
        let x = cells.baseAddress! + source, target = ranks.baseAddress! + place * rows
        if ranked.comparesFloat32 {
          ranked.thresholds32.withUnsafeBufferPointer {
            forest_rank_f32(x, rows, $0.baseAddress! + column.first, UInt32(column.count), column.nanRank, target)
          }
        } else {
          ranked.thresholds64.withUnsafeBufferPointer {
            forest_rank_f64(x, rows, $0.baseAddress! + column.first, UInt32(column.count), column.nanRank, target)
          }
        }
      }
    }
  }

  private mutating func add(_ range: Range<Int>, of ranked: RankedTrees, rows: Int) {
    ranked.trees.withUnsafeBufferPointer { trees in
      ranked.splits.withUnsafeBufferPointer { splits in
        ranks.withUnsafeBufferPointer { ranks in
          let first = trees.baseAddress! + range.lowerBound, width = UInt32(ranked.leafWidth)
          if ranked.addsFloat32 {
            ranked.leaves32.withUnsafeBufferPointer { leaves in
              narrowSums.withUnsafeMutableBufferPointer {
                forest_add_trees_f32(
                  first, range.count, splits.baseAddress, leaves.baseAddress, width, ranks.baseAddress, rows, $0.baseAddress)
              }
            }
          } else {
            ranked.leaves64.withUnsafeBufferPointer { leaves in
              sums.withUnsafeMutableBufferPointer {
                forest_add_trees_f64(
                  first, range.count, splits.baseAddress, leaves.baseAddress, width, ranks.baseAddress, rows, $0.baseAddress)
              }
            }
          }
        }
      }
    }
  }
}
