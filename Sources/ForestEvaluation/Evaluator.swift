import Dispatch
package import ForestIR
import Synchronization

/// Evaluates a forest fast: the same bits as `ReferenceEvaluator`, in blocks of rows, on several threads.
///
///     let evaluator = try Evaluator(forest)
///     let found = evaluator.evaluate(rows: numbers, threads: 2)
///     found.results[row * found.columnCount + column]
///
/// Results do not depend on the number of threads or on which rows are evaluated together.
package struct Evaluator: Sendable {
  private let shared: Shared

  /// The forest, which copies of the evaluator, threads and sessions share.
  fileprivate final class Shared: Sendable {
    let forest: FlatForest

    init(_ forest: consuming FlatForest) { self.forest = forest }
  }

  /// How trees are asked.
  package enum Strategy: Sendable, CaseIterable {
    /// By what suits the shape of the trees and the number of rows.
    case automatic
    /// Each row walks through each tree, comparing numbers.
    case walks
    /// By ranks wherever that is possible, however slow, and for many rows at once even if there are few.
    case ranks
    /// The same, by ranks of 16 bits even where bytes would do.
    case wideRanks
  }

  /// The largest number of numbers that the vectors of one event may hold together (1 GiB).
  package static let columnLimit = 1 << 27

  /// - Throws: `ForestFault` (`limit`) for a forest with more nodes or larger vectors than can be numbered.
  /// - Complexity: O(size of the forest), in time and memory.
  package init(_ forest: Forest) throws(ForestFault) { try self.init(forest.model) }

  /// A bare model.
  ///
  /// - Parameters:
  ///   - columnLimit: what one event's vectors may hold; never more than `Evaluator.columnLimit`.
  ///   - strategy: the bits do not depend on it.
  /// - Throws: `ForestFault` (`limit`), as for a forest.
  package init(
    _ model: Model, columnLimit: Int = Evaluator.columnLimit, strategy: Strategy = .automatic
  ) throws(ForestFault) {
    shared = Shared(try FlatForest(model, columnLimit: min(columnLimit, Evaluator.columnLimit), strategy: strategy))
  }

  /// How many numbers an event has.
  package var inputCount: Int { shared.forest.inputCount }
  /// How many numbers a result has.
  package var columnCount: Int { shared.forest.resultCount }
  /// How many trees there are, those of all inner models included.
  package var treeCount: Int { shared.forest.treeCount }

  /// Evaluates many events.
  ///
  /// - Parameters:
  ///   - rows: the inputs of the first event, in order, then those of the next; its length must be a
  ///     multiple of `inputCount`. No event at all is allowed.
  ///   - threads: how many threads share the work, at most; 1 keeps it on the caller's.
  ///   - leaves: whether to report leaf numbers, which takes four bytes for each event and tree.
  package func evaluate(rows: [Double], threads: Int = 1, leaves: Bool = false) -> EvaluatedRows {
    precondition(rows.count % inputCount == 0, "a number for each input of each row")
    let rowCount = rows.count / inputCount
    let part = rowsOfPart(of: rowCount, threads: threads), partCount = (rowCount + part - 1) / part
    guard threads > 1, partCount > 1 else { return evaluate(rows, 0..<rowCount, leaves: leaves) }

    // Whoever is done takes the next part, so that nobody waits for a thread that was held up.
    let parts = Mutex([EvaluatedRows?](repeating: nil, count: partCount)), next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, partCount)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < partCount else { return }
        let found = evaluate(rows, index * part..<min(rowCount, (index + 1) * part), leaves: leaves)
        parts.withLock { $0[index] = found }
      }
    }
    var whole = EvaluatedRows(columnCount: columnCount, treeCount: treeCount)
    whole.reserve(rows: rowCount, leaves: leaves)
    for part in parts.withLock({ $0 }) { whole.append(part!) }
    return whole
  }

  /// A part of fewer rows costs as much as its storage is worth.
  private static let fewestRowsOfPart = 4096

  /// How many rows a thread takes at a time: whole blocks, many parts for each thread, where there are so many rows, since the last part
  /// is waited for; else as many rows for each as fill kernels, since blocks can be long.
  private func rowsOfPart(of rowCount: Int, threads: Int) -> Int {
    let stride = shared.forest.stride, threads = max(1, min(threads, rowCount))
    let share = max(rowCount / (32 * threads), Evaluator.fewestRowsOfPart)
    if share >= stride, share * threads <= rowCount { return share / stride * stride }
    let unit = min(stride, 64), even = (rowCount + threads - 1) / threads
    return max(unit, (even + unit - 1) / unit * unit)
  }

  /// Evaluates a single event. For many single events keep a `session`.
  package func evaluate(row: [Double]) -> Evaluation {
    let found = evaluate(rows: row, leaves: true)
    return Evaluation(results: found.results, leaves: found.leaves, isAmbiguous: !found.ambiguousRows.isEmpty)
  }

  private func evaluate(_ rows: [Double], _ range: Range<Int>, leaves: Bool) -> EvaluatedRows {
    var found = EvaluatedRows(columnCount: columnCount, treeCount: treeCount)
    found.reserve(rows: range.count, leaves: leaves)
    var block = RowBlock(shared.forest, wantsLeaves: leaves, rows: range.count)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: shared.forest.stride) {
      let count = min(shared.forest.stride, range.upperBound - first)
      block.evaluate(shared.forest, rows.span, first: first, count: count)
      block.appendResults(of: shared.forest, rows: count, to: &found.results)
      if leaves { found.leaves += block.leaves[..<(count * treeCount)] }
      for row in 0..<count where block.isAmbiguous[row] { found.ambiguousRows.append(found.rowCount + row) }
      found.rowCount += count
    }
    return found
  }

  /// Something that evaluates one event after another without asking for memory.
  ///
  /// - Parameter leaves: whether it reports leaf numbers too.
  package func session(leaves: Bool = false) -> Session { Session(shared, wantsLeaves: leaves) }

  /// One event after another, on one thread.
  package struct Session: ~Copyable {
    private let shared: Shared
    private var block: RowBlock
    /// The results of the last event.
    package private(set) var results: [Double]
    /// The leaf numbers of all trees for the last event, −1 where a tree was not asked; empty if they are not
    /// wanted.
    package private(set) var leaves: [Int32] = []
    /// Whether the last event was ambiguous; see `Evaluation`.
    package var isAmbiguous: Bool { block.isAmbiguous[0] }

    fileprivate init(_ shared: Shared, wantsLeaves: Bool) {
      self.shared = shared
      block = RowBlock(shared.forest, wantsLeaves: wantsLeaves, rows: 1)
      results = [Double](repeating: 0, count: shared.forest.resultCount)
    }

    /// Evaluates an event into `results`, `leaves` and `isAmbiguous`.
    ///
    /// - Parameter row: one number for each input.
    package mutating func evaluate(row: [Double]) { evaluate(row: row.span) }

    /// The same for numbers that lie anywhere.
    package mutating func evaluate(row: Span<Double>) {
      precondition(row.count == shared.forest.inputCount, "a number for each input")
      block.evaluate(shared.forest, row, first: 0, count: 1)
      block.putResults(of: shared.forest, into: &results)
      if block.wantsLeaves {
        leaves.removeAll(keepingCapacity: true)
        leaves += block.leaves[..<shared.forest.treeCount]
      }
    }
  }
}

/// What a forest answers for many events.
package struct EvaluatedRows: Sendable {
  /// How many numbers each row of `results` has.
  package let columnCount: Int
  /// How many numbers each row of `leaves` has.
  package let treeCount: Int
  /// How many events were evaluated.
  package internal(set) var rowCount = 0
  /// The result vectors, row by row.
  package internal(set) var results: [Double] = []
  /// The leaf numbers of all trees, row by row, −1 where a tree was not asked; empty if they were not wanted.
  package internal(set) var leaves: [Int32] = []
  /// The rows that must be reported, ascending; see `Evaluation.isAmbiguous`.
  package internal(set) var ambiguousRows: [Int] = []

  init(columnCount: Int, treeCount: Int) {
    self.columnCount = columnCount
    self.treeCount = treeCount
  }

  mutating func reserve(rows: Int, leaves wantsLeaves: Bool) {
    results.reserveCapacity(rows * columnCount)
    if wantsLeaves { leaves.reserveCapacity(rows * treeCount) }
  }

  mutating func append(_ other: EvaluatedRows) {
    results += other.results
    leaves += other.leaves
    ambiguousRows += other.ambiguousRows.map { $0 + rowCount }
    rowCount += other.rowCount
  }
}
