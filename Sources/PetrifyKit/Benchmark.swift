import ForestVerification

/// How fast a model is scored on this machine, by each target, after their bits were compared.
public struct Benchmark: Sendable {
  /// A time taken again and again, in nanoseconds an event.
  public struct Timing: Sendable, Hashable {
    /// What each round measured, in the order of the rounds; never empty.
    public let rounds: [Double]
    /// The middle of them.
    public var median: Double {
      let sorted = rounds.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// What was measured of a target whose bits are right.
  public struct Times: Sendable, Hashable {
    /// One call an event, one thread: processor time.
    public let single: Timing
    /// One call for all events, one thread: processor time.
    public let batch: Timing
    /// The same with several threads, where the target has threads: time that passes.
    public let batchWithThreads: Timing?
  }

  /// One target.
  public struct Result: Sendable {
    public let target: Target
    /// nil if no time was measured since some target, perhaps this one, computes other numbers than the evaluator.
    public internal(set) var times: Times?
    /// How long it took to write the source, in seconds; for the evaluator: to get ready.
    public let conversionSeconds: Double
    /// How long the compiler took, in seconds; nil where nothing is compiled.
    public let compilationSeconds: Double?
    /// The size of the source; nil for the evaluator.
    public let sourceBytes: Int?
    /// The size of the whole program around it; nil where nothing is compiled.
    public let programBytes: Int?
    let verdict: Verdict

    /// How many events were compared with the evaluator (for the evaluator: with the reference evaluator); where a target
    /// has two ways, one call an event and one for all, each counts.
    public var comparedRows: Int { verdict.rows }
    /// How many of them have every bit right.
    public var identicalRows: Int { verdict.identicalRows }
    /// How many events a batch call was asked; interpreters get fewer.
    public let batchRows: Int
  }

  /// One for each target, in the order asked for.
  public internal(set) var results: [Result]
  /// How many events there were.
  public let rows: Int
  /// How many of them are no repetitions.
  public let distinctRows: Int
  /// Where the events come from; nil: made for the purpose.
  public let dataTable: String?
  /// How many threads took part in `batchWithThreads`.
  public let threads: Int
  let model: PetrifiedModel
  let isFloat: Bool

  /// Whether every target computes the evaluator's numbers. Only then were times measured.
  public var holds: Bool { results.allSatisfy { $0.verdict.isIdentical } }
}
