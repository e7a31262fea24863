import CForestKernels
import ForestRanking
import ForestTesting
import ForestVerification

/// Times what an event costs in each kernel, with each instruction set that the processor has, and prints a table in Markdown.
///
///     swift run -c release kernel-benchmark
///
/// "one event" asks events one by one, "block" FOREST_ROWS of them side by side. Numbers are float64.
@main struct KernelBenchmark {
  private static let shapes: [(String, Int, KernelShape.Growth)] = [
    ("100 x depth 4", 100, .complete(depth: 4, oblivious: false)), ("500 x depth 6", 500, .complete(depth: 6, oblivious: false)),
    ("500 x depth 8", 500, .complete(depth: 8, oblivious: false)), ("500 x depth 6, oblivious", 500, .complete(depth: 6, oblivious: true)),
    ("500 x 31 leaves", 500, .leafWise(leaves: 31)), ("500 x 127 leaves", 500, .leafWise(leaves: 127)),
  ]

  static func main() throws {
    let highest = forest_instruction_set()
    let sets = ["16 bytes", "AVX2", "AVX-512"].prefix(Int(highest) + 1)
    print("| ns an event | kernel | " + sets.joined(separator: " | ") + " |")
    print("|---|---|" + String(repeating: "---:|", count: sets.count))
    for (name, trees, growth) in shapes {
      let bench = ShapeBenchmark(try KernelShape(name, trees: trees, growth))
      for kernel in ShapeBenchmark.Kernel.allCases {
        let times = sets.indices.map { set in
          forest_limit_instruction_set(Int32(set))
          return bench.nanoseconds(kernel)
        }
        print("| \(name) | \(kernel.rawValue) | " + times.map(rounded).joined(separator: " | ") + " |")
      }
    }
  }

  private static func rounded(_ time: Double) -> String {
    time < 100 ? "\((time * 10).rounded() / 10)" : "\(Int(time.rounded()))"
  }
}

/// The kernels on one forest.
struct ShapeBenchmark {
  enum Kernel: String, CaseIterable {
    case rowsToColumns = "rows to columns, block"
    case rankColumns = "ranks, block"
    case addBlock = "trees, block"
    case rankEvent = "ranks, one event"
    case addEvent = "trees, one event"
  }

  private let ensemble: RankedEnsemble
  private let columns: [forest_column]
  private let thresholds: [Double]
  /// More events than a branch predictor can learn.
  private let events: [Double]

  private static let eventCount = 16_384
  private static let budget = Duration.milliseconds(100)

  init(_ shape: KernelShape) {
    ensemble = shape.ensemble
    (columns, thresholds) = ensemble.thresholdTable
    var random = SplitMix64(seed: 1)
    events = (0..<ShapeBenchmark.eventCount * KernelShape.featureCount).map { _ in Double.random(in: 0..<1, using: &random) }
  }

  func nanoseconds(_ kernel: Kernel) -> Double {
    let rows = Int(FOREST_ROWS), inputs = KernelShape.featureCount
    var cells = [Double](repeating: 0, count: rows * inputs), ranks = [UInt8](repeating: 0, count: rows * Int(FOREST_COLUMNS))
    var sums = [Double](repeating: 0, count: rows)
    let blocks = ShapeBenchmark.eventCount / rows, trees = ensemble.trees
    func fillCells(_ block: Int) {
      events.withUnsafeBufferPointer {
        forest_columns_of_rows($0.baseAddress! + block * rows * inputs, rows, inputs, 0, &cells, rows)
      }
    }
    func rankCells() {
      for (place, column) in columns.enumerated() {
        cells.withUnsafeBufferPointer { cells in
          thresholds.withUnsafeBufferPointer { thresholds in
            ranks.withUnsafeMutableBufferPointer { ranks in
              forest_rank_column_f64(
                cells.baseAddress! + Int(column.feature) * rows, rows, thresholds.baseAddress! + Int(column.first),
                UInt32(column.count), UInt32(column.nan_rank), ranks.baseAddress! + place * rows)
            }
          }
        }
      }
    }
    func rankEvent(_ event: Int) {
      events.withUnsafeBufferPointer {
        forest_rank_event_f64(columns, columns.count, thresholds, $0.baseAddress! + event * inputs, &ranks)
      }
    }
    func addEvent() {
      forest_add_event_f64(
        trees, trees.count, ensemble.nodes, ensemble.sides, ensemble.testColumns, ensemble.testComplements, ensemble.leaves, 1,
        columns.count, ranks, &sums)
    }
    func time(_ each: Int, _ work: (Int) -> Void) -> Double {
      Stopwatch.nanoseconds(.processor, atLeast: ShapeBenchmark.budget, startingWith: 1) { count in
        for index in 0..<count { work(index) }
      } / Double(each)
    }
    fillCells(0)
    rankCells()
    switch kernel {
    case .rowsToColumns: return time(rows) { fillCells($0 % blocks) }
    case .rankColumns: return time(rows) { _ in rankCells() }
    case .addBlock:
      return time(rows) { _ in
        forest_add_block_f64(
          trees, trees.count, ensemble.testColumns, ensemble.testComplements, ensemble.splits, ensemble.leaves, 1, ranks, rows, &sums)
      }
    case .rankEvent: return time(1) { rankEvent($0 % ShapeBenchmark.eventCount) }
    case .addEvent:
      // Trees are asked about fresh ranks, whose own time is taken off.
      let both = time(1) {
        rankEvent($0 % ShapeBenchmark.eventCount)
        addEvent()
      }
      return both - time(1) { rankEvent($0 % ShapeBenchmark.eventCount) }
    }
  }
}
