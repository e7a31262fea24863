import CForestKernels
import ForestRanking

/// Prints what asks trees by ranks: eight trees abreast for one event, 64 events side by side for many.
///
/// Events side by side are bytes of vectors of 16, which every processor with vectors has; what Swift makes of longer ones without
/// being told the processor is a hundred times slower.
struct SwiftRanked {
  let ranked: RankedProgram

  private var ensemble: RankedEnsemble { ranked.ensemble }
  private var feature: String { SwiftProgram.name(ranked.featureType) }
  private var number: String { SwiftProgram.name(ranked.sumType) }
  /// Rows of a block.
  static let rows = 64

  /// The heights of trees with one, largest last.
  private var heights: [Int] { Set(ensemble.trees.map { Int($0.height) }).subtracting([0]).sorted() }
  private var hasAnyShape: Bool { ensemble.trees.contains { $0.height == 0 } }
  private var hasOblivious: Bool { ensemble.trees.contains { $0.is_oblivious != 0 && $0.height > 0 } }

  /// The rooms that a block needs, in the order in which functions take them.
  var rooms: [SwiftRoom.Local] {
    let parents = ensemble.trees.lazy.filter { $0.height == 0 }.map { Int($0.parent_count) }.max() ?? 0
    return [
      ("ranks", .float64, 8 * max(1, ensemble.columns.count)), ("leaf", .float64, 8), ("reach", .float64, 8 * (2 * parents + 1)),
      ("sums", ranked.sumType, SwiftRanked.rows * ensemble.start.count),
    ]
  }

  /// The body of a routine for one event: its parameters are `x`, and `out` or `leaf`.
  func print(_ question: Routine.RankedQuestion, to printer: inout CodePrinter) {
    switch question {
    case .sums where ensemble.start.count == 1:
      printer.line("return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) {")
      printer.line("  (room: UnsafeMutableBufferPointer<UInt8>) -> \(number) in ranked_sum(x, room.baseAddress!, Tables.shared)")
      printer.line("}")
    case .sums:
      printer.line("withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) {")
      printer.line("  (room: UnsafeMutableBufferPointer<UInt8>) -> Void in ranked_sums(x, room.baseAddress!, out, Tables.shared)")
      printer.line("}")
    case .leaves:
      printer.line("withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) {")
      printer.line("  (room: UnsafeMutableBufferPointer<UInt8>) -> Void in ranked_leaves(x, room.baseAddress!, leaf, Tables.shared)")
      printer.line("}")
    }
  }

  /// The functions behind those routines.
  func printEvent(to printer: inout CodePrinter) {
    let count = ensemble.trees.count, width = SwiftRankedTables.treeWidth
    printer.line(
      """

      /// How many thresholds are at most x.
      @inline(__always)
      private static func ranked_rank(_ x: \(feature), _ thresholds: UnsafePointer<\(feature)>, _ count: Int) -> Int {
        if count == 0 { return 0 }
        // Steps are powers of two, by which a truth is shifted: where it is asked, there is a branch that nobody can guess.
        var level = Int.bitWidth &- 1 &- count.leadingZeroBitCount
        var rank = (0 &- (thresholds[1 &<< level &- 1] <= x ? 1 : 0)) & (count &+ 1 &- 1 &<< level)
        while level > 0 {
          level &-= 1
          rank &+= (thresholds[rank &+ 1 &<< level &- 1] <= x ? 1 : 0) &<< level
        }
        return rank
      }

      /// Replaces what the trees read by ranks: how many thresholds of its column a number reaches.
      private static func ranked_ranks(_ x: UnsafePointer<\(feature)>, _ ranks: UnsafeMutablePointer<UInt8>, _ tables: Tables) {
        // A leaf's number stands where a split has a column, so every byte is read.
        ranks.initialize(repeating: 0, count: 256)
        for i in 0..<\(ensemble.columns.count) {
          let column = tables.ranked_column + \(SwiftRankedTables.columnWidth) &* i
          let value = x[Int(column[1])]
          let rank = ranked_rank(value, tables.ranked_threshold + Int(column[0]), Int(column[2]))
          ranks[i] = UInt8(truncatingIfNeeded: value == value ? rank : Int(column[3]))
        }
      }

      /// The leaves that an event reaches in eight trees, from tree `t` on; behind the last tree, in that one again.
      @inline(__always)
      private static func ranked_find(_ t: Int, _ ranks: UnsafePointer<UInt8>, _ tables: Tables) -> SIMD8<UInt32> {
        let trees = tables.ranked_tree
        var steps: Int32 = 0
        @inline(__always) func tree(_ k: Int) -> UnsafePointer<Int32> {
          let tree = trees + \(width) &* (t &+ k < \(count) ? t &+ k : \(count - 1))
          if tree[7] > steps { steps = tree[7] }
          return tables.ranked_node + Int(tree[0])
        }
        @inline(__always) func next(_ tree: UnsafePointer<Int32>, _ node: UInt32) -> UInt32 {
          let isRight = (UInt32(ranks[Int(node & 255)]) &+ (node >> 8 & 255)) >> 8
          return UInt32(bitPattern: tree[Int((node >> 16) &+ isRight)])
        }
      """)
    printer.indented { printer in
      for k in 0..<8 { printer.line("let t\(k) = tree(\(k))") }
      for k in 0..<8 { printer.line("var n\(k) = UInt32(bitPattern: t\(k)[0])") }
      printer.line("while steps > 0 {")
      for k in 0..<8 { printer.line("  n\(k) = next(t\(k), n\(k))") }
      printer.line("  steps &-= 1")
      printer.line("}")
      printer.line("return SIMD8<UInt32>(\((0..<8).map { "n\($0)" }.joined(separator: ", "))) & 255")
    }
    printer.line("}")
    printer.line()
    let isOne = ensemble.start.count == 1
    let sum = isOne ? "sum" : "sums[Int(tree[6])\(ensemble.leafWidth == 1 ? "" : " &+ i")]"
    let value = "values[Int(leaf[k])\(ensemble.leafWidth == 1 ? "" : " &+ i &* Int(tree[3])")]"
    printer.line("/// Adds up what the leaves hold that an event reaches, tree after tree.")
    printer.line("private static func ranked_sum\(isOne ? "" : "s")(")
    printer.line(
      "  _ x: UnsafePointer<\(feature)>, _ ranks: UnsafeMutablePointer<UInt8>,\(isOne ? "" : " _ sums: UnsafeMutablePointer<\(number)>,") _ tables: Tables")
    printer.line(")\(isOne ? " -> \(number)" : "") {")
    printer.indented { printer in
      printer.line("ranked_ranks(x, ranks, tables)")
      if isOne {
        printer.line("var sum = tables.ranked_start[0]")
      } else {
        printer.line("for i in 0..<\(ensemble.start.count) { sums[i] = tables.ranked_start[i] }")
      }
      printer.line(
        """
        var t = 0
        while t < \(count) {
          let leaf = ranked_find(t, ranks, tables)
          for k in 0..<(\(count) &- t < 8 ? \(count) &- t : 8) {
            let tree = tables.ranked_tree + \(width) &* (t &+ k)
            let values = tables.ranked_leaf + Int(tree[1])
            \(ensemble.leafWidth == 1 ? "" : "for i in 0..<\(ensemble.leafWidth) { ")\(sum) += \(value)\(ensemble.leafWidth == 1 ? "" : " }")
          }
          t &+= 8
        }
        """)
      if isOne { printer.line("return sum") }
    }
    let leafNumber =
      ranked.leafNumbers == nil
      ? "Int32(truncatingIfNeeded: found[k])"
      : "tables.ranked_leaf_number[Int(tables.ranked_tree[\(width) &* (t &+ k) &+ 1])\(ensemble.leafWidth == 1 ? "" : " / \(ensemble.leafWidth)") &+ Int(found[k])]"
    printer.line(
      """
      }

      /// The number of the leaf that an event reaches in each tree.
      private static func ranked_leaves(
        _ x: UnsafePointer<\(feature)>, _ ranks: UnsafeMutablePointer<UInt8>, _ leaf: UnsafeMutablePointer<Int32>, _ tables: Tables
      ) {
        ranked_ranks(x, ranks, tables)
        var t = 0
        while t < \(count) {
          let found = ranked_find(t, ranks, tables)
          for k in 0..<(\(count) &- t < 8 ? \(count) &- t : 8) { leaf[t &+ k] = \(leafNumber) }
          t &+= 8
        }
      }
      """)
  }

  /// The functions that ask all trees for a block of events: from the features of its rows to sums, output by output.
  func printBlock(to printer: inout CodePrinter) {
    let rows = SwiftRanked.rows
    printer.line(
      """

      /// Sixteen events' bytes.
      private typealias Bytes = SIMD16<UInt8>

      /// All ones where an event's rank is large enough to go right.
      @inline(__always)
      private static func ranked_right(_ ranks: UnsafeRawPointer, _ rank: Int32) -> Bytes {
        let bytes = ranks.loadUnaligned(as: Bytes.self)
        return unsafeBitCast(bytes .>= Bytes(repeating: UInt8(truncatingIfNeeded: rank)), to: Bytes.self)
      }
      """)
    if !heights.isEmpty { printLevels(to: &printer) }
    if hasAnyShape { printAnyShape(to: &printer) }
    printer.line(
      """

      /// The leaves that \(rows) events reach in a tree.
      @inline(__always)
      private static func ranked_block_leaves(
        _ tree: UnsafePointer<Int32>, _ ranks: UnsafeRawPointer, _ leaf: UnsafeMutableRawPointer, _ reach: UnsafeMutableRawPointer,
        _ tables: Tables
      ) {
      """)
    printer.indented { printer in
      if hasOblivious {
        printer.line(
          """
          if tree[9] != 0 {
            let tests = tables.ranked_test + Int(tree[2])
            let height = Int(tree[8])
            var bytes0 = Bytes(repeating: 0), bytes1 = bytes0, bytes2 = bytes0, bytes3 = bytes0
            for level in 0..<height {
              let column = ranks + Int(tests[level] >> 8) &* \(rows)
              let rank = tests[level] & 255
              bytes0 = bytes0 &+ bytes0 &- ranked_right(column, rank)
              bytes1 = bytes1 &+ bytes1 &- ranked_right(column + 16, rank)
              bytes2 = bytes2 &+ bytes2 &- ranked_right(column + 32, rank)
              bytes3 = bytes3 &+ bytes3 &- ranked_right(column + 48, rank)
            }
            leaf.storeBytes(of: bytes0, toByteOffset: 0, as: Bytes.self)
            leaf.storeBytes(of: bytes1, toByteOffset: 16, as: Bytes.self)
            leaf.storeBytes(of: bytes2, toByteOffset: 32, as: Bytes.self)
            leaf.storeBytes(of: bytes3, toByteOffset: 48, as: Bytes.self)
            return
          }
          """)
      }
      if !heights.isEmpty {
        printer.line("let tests = tables.ranked_test + Int(tree[2])")
        printer.line("switch tree[8] {")
        for height in heights {
          printer.line("case \(height):")
          printer.line("  for row in stride(from: 0, to: \(rows), by: 16) {")
          let bits = (0..<height).map { "(p\(height == 1 ? "" : ".\($0)") & \(1 << $0))" }
          printer.line("    let p = ranked_levels_\(height)(tests, ranks + row)")
          printer.line("    leaf.storeBytes(of: \(bits.joined(separator: " | ")), toByteOffset: row, as: Bytes.self)")
          printer.line("  }")
        }
        printer.line("default: \(hasAnyShape ? "ranked_any_shape(tree, ranks, leaf, reach, tables)" : "break")")
        printer.line("}")
      } else {
        printer.line("ranked_any_shape(tree, ranks, leaf, reach, tables)")
      }
    }
    let leafWidth = ensemble.leafWidth
    printer.line(
      """
      }

      /// The sums of up to \(rows) events, output by output; `x` is the first event's features.
      private static func ranked_block(
        _ x: UnsafePointer<\(feature)>, _ rows: Int, _ stride: Int, _ ranks: UnsafeMutableRawPointer, _ leaf: UnsafeMutableRawPointer,
        _ reach: UnsafeMutableRawPointer, _ sums: UnsafeMutablePointer<\(number)>
      ) {
        let tables = Tables.shared
        for i in 0..<\(ensemble.columns.count) {
          let column = tables.ranked_column + \(SwiftRankedTables.columnWidth) &* i
          let thresholds = tables.ranked_threshold + Int(column[0])
          let count = Int(column[2])
          let ofNaN = UInt8(truncatingIfNeeded: column[3])
          let bytes = ranks + i &* \(rows)
          var feature = x + Int(column[1])
          for row in 0..<rows {
            let value = feature.pointee
            let rank = UInt8(truncatingIfNeeded: ranked_rank(value, thresholds, count))
            bytes.storeBytes(of: value == value ? rank : ofNaN, toByteOffset: row, as: UInt8.self)
            feature += stride
          }
          for row in rows..<\(rows) { bytes.storeBytes(of: 0, toByteOffset: row, as: UInt8.self) }
        }
        for k in 0..<\(ensemble.start.count) {
          for row in 0..<\(rows) { sums[k &* \(rows) &+ row] = tables.ranked_start[k] }
        }
        for t in 0..<\(ensemble.trees.count) {
          let tree = tables.ranked_tree + \(SwiftRankedTables.treeWidth) &* t
          ranked_block_leaves(tree, ranks, leaf, reach, tables)
          \(leafWidth == 1 ? "" : "for i in 0..<\(leafWidth) {")
          let values = tables.ranked_leaf + (Int(tree[1])\(leafWidth == 1 ? "" : " &+ i &* Int(tree[3])"))
          let sum = sums + \(ensemble.start.count == 1 ? "0" : "(Int(tree[6])\(leafWidth == 1 ? "" : " &+ i")) &* \(rows)")
          for row in 0..<\(rows) { sum[row] += values[Int(leaf.load(fromByteOffset: row, as: UInt8.self))] }
          \(leafWidth == 1 ? "" : "}")
        }
      }
      """)
  }

  /// For trees whose ways all have one length. All splits are asked, and from the leaves up each chooses between what its two sides
  /// have found: bit b of the leaf's number is all ones or zeros in the vector b.
  private func printLevels(to printer: inout CodePrinter) {
    let rows = SwiftRanked.rows
    for height in 1...(heights.last ?? 1) {
      printer.line()
      if height == 1 {
        printer.line("/// The leaves of 16 events in a tree or subtree whose every way has so many splits: the bits of their numbers, lowest first.")
      }
      // Longer than that, code would only grow.
      printer.line(height <= 5 ? "@inline(__always)" : "@inline(never)")
      let result = height == 1 ? "Bytes" : "(" + [String](repeating: "Bytes", count: height).joined(separator: ", ") + ")"
      printer.line("private static func ranked_levels_\(height)(_ tests: UnsafePointer<Int32>, _ ranks: UnsafeRawPointer) -> \(result) {")
      let right = "ranked_right(ranks + Int(tests[0] >> 8) &* \(rows), tests[0] & 255)"
      if height == 1 {
        printer.line("  return \(right)")
      } else {
        printer.line("  let l = ranked_levels_\(height - 1)(tests + 1, ranks)")
        printer.line("  let r = ranked_levels_\(height - 1)(tests + \(1 << (height - 1)), ranks)")
        printer.line("  let right = \(right)")
        let parts = (0..<height - 1).map { bit -> String in
          let part = height == 2 ? "" : ".\(bit)"
          return "l\(part) ^ ((l\(part) ^ r\(part)) & right)"
        }
        printer.line("  return (")
        for part in parts { printer.line("    \(part),") }
        printer.line("    right)")
      }
      printer.line("}")
    }
  }

  /// For trees of any shape. From the root down, masks tell which rows come to a split; those that go right have the leaves on its
  /// left behind them, which are counted.
  private func printAnyShape(to printer: inout CodePrinter) {
    let rows = SwiftRanked.rows
    printer.line(
      """

      /// The leaves of \(rows) events in a tree of any shape. `reach` holds who comes: everybody, then for each split who it sends left, right.
      private static func ranked_any_shape(
        _ tree: UnsafePointer<Int32>, _ ranks: UnsafeRawPointer, _ leaf: UnsafeMutableRawPointer, _ reach: UnsafeMutableRawPointer,
        _ tables: Tables
      ) {
        let splits = tables.ranked_split + 2 &* Int(tree[2])
        let parents = Int(tree[5])
        let count = Int(tree[4])
      """)
    printer.indented { printer in
      for v in 0..<4 { printer.line("var leaf\(v) = Bytes(repeating: 0)") }
      for v in 0..<4 { printer.line("reach.storeBytes(of: Bytes(repeating: 255), toByteOffset: \(16 * v), as: Bytes.self)") }
      for isParent in [true, false] {
        printer.line("for i in \(isParent ? "0..<parents" : "parents..<count") {")
        printer.indented { printer in
          printer.line("let split = splits[2 &* i &+ 1]")
          printer.line("let column = ranks + Int(split >> 8 & 255) &* \(rows)")
          printer.line("let rank = split & 255")
          printer.line("let here = UnsafeRawPointer(reach) + Int(splits[2 &* i]) &* \(rows)")
          printer.line("let leavesLeft = Bytes(repeating: UInt8(truncatingIfNeeded: split >> 16))")
          if isParent { printer.line("let below = reach + (2 &* i &+ 1) &* \(rows)") }
          for v in 0..<4 {
            let at = 16 * v
            printer.line("let here\(v) = here.loadUnaligned(fromByteOffset: \(at), as: Bytes.self)")
            printer.line("let right\(v) = ranked_right(column + \(at), rank) & here\(v)")
            printer.line("leaf\(v) = leaf\(v) &+ (right\(v) & leavesLeft)")
            if isParent {
              printer.line("below.storeBytes(of: here\(v) ^ right\(v), toByteOffset: \(at), as: Bytes.self)")
              printer.line("below.storeBytes(of: right\(v), toByteOffset: \(rows + at), as: Bytes.self)")
            }
          }
        }
        printer.line("}")
      }
      for v in 0..<4 { printer.line("leaf.storeBytes(of: leaf\(v), toByteOffset: \(16 * v), as: Bytes.self)") }
    }
    printer.line("}")
  }
}
