import Dispatch
import EventData
import Synchronization

/// Reads, scores and spells blocks of rows on several threads, and hands the texts out in the order of the table.
///
/// Each thread takes the next block of the table (one at a time, because a table is read from its beginning to its end), and
/// then scores and spells it while others read. So all three overlap, and no thread waits for the slowest part of a block.
/// Memory is bounded: a block is taken only when there is a slot for its text.
final class ScoringPipeline: Sendable {
  /// What became of a block.
  enum Outcome: Sendable {
    /// So many rows, and the lines of their results.
    case lines([UInt8], rows: Int)
    case end
    case failure(PetrifyError)
  }

  private struct Source: ~Copyable {
    var reader: EventTableReader
    var blocks = 0
    var rows = 0
    var hasEnded = false
  }

  private let scorer: BlockScorer
  private let source: Mutex<Source>
  /// A slot for each block under way, with a sign that its text is there.
  private let slots: Mutex<[Outcome?]>
  private let isReady: [DispatchSemaphore]
  /// Counts the slots that nobody uses.
  private let vacancies = DispatchSemaphore(value: 0)
  private let workers = DispatchGroup()

  init(_ reader: consuming sending EventTableReader, _ scorer: BlockScorer, threads: Int) {
    self.scorer = scorer
    source = Mutex(Source(reader: reader))
    let count = 2 * threads
    slots = Mutex([Outcome?](repeating: nil, count: count))
    isReady = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    for _ in 0..<count { vacancies.signal() }
  }

  /// Shows the lines of all blocks to `take`, on the caller's thread, in the order of the table.
  ///
  /// - Throws: what `take` throws, or what went wrong with the first block that could not be read or scored; `take` has
  ///   then seen all blocks before it.
  func run(threads: Int, _ take: (_ lines: [UInt8], _ rows: Int) throws(PetrifyError) -> Void) throws(PetrifyError) {
    for _ in 0..<threads { DispatchQueue.global().async(group: workers) { self.work() } }
    defer { stop() }
    var slot = 0
    while true {
      isReady[slot].wait()
      let outcome = slots.withLock { slots in
        let outcome = slots[slot]
        slots[slot] = nil
        return outcome
      }
      switch outcome {
      case .lines(let lines, let rows)?: try take(lines, rows)
      case .end?, nil: return
      case .failure(let error)?: throw error
      }
      vacancies.signal()
      slot = (slot + 1) % isReady.count
    }
  }

  /// Sends the threads home and waits until the last has left.
  private func stop() {
    source.withLock { $0.hasEnded = true }
    vacancies.signal()
    workers.wait()
  }

  private func work() {
    var rows: [Double] = []
    while true {
      vacancies.wait()
      guard let (block, first, outcome) = next(&rows) else {
        // Another thread may be waiting for a slot, and there will be no more blocks.
        vacancies.signal()
        return
      }
      let slot = block % isReady.count
      let done = outcome ?? scorer.lines(of: rows, firstRow: first)
      slots.withLock { $0[slot] = done }
      isReady[slot].signal()
    }
  }

  /// Takes the next block of the table; `nil` if there is none. An outcome comes with it only in place of rows.
  private func next(_ rows: inout [Double]) -> (block: Int, first: Int, outcome: Outcome?)? {
    // Moved through the lock as a value of its own, since the closure must not keep what belongs to the caller.
    let limit = scorer.blockSize
    var taken: [Double] = []
    swap(&taken, &rows)
    let found = source.withLock { source -> (block: Int, first: Int, outcome: Outcome?)? in
      if source.hasEnded { return nil }
      let block = source.blocks, first = source.rows
      source.blocks += 1
      do throws(DataError) {
        let count = try source.reader.read(rows: limit, into: &taken)
        source.rows += count
        if count > 0 { return (block, first, nil) }
        source.hasEnded = true
        return (block, first, .end)
      } catch {
        source.hasEnded = true
        return (block, first, .failure(PetrifyError(error)))
      }
    }
    rows = taken
    return found
  }
}
