import ForestEvaluation
import ForestIR

/// Scores events in this program: the forest is laid out once, and then asked as often as wanted.
///
///     var scorer = try model.scorer()
///     let score = try scorer.score([41.2, 33.0, -0.4, 1.1])[0]
///     let scores = try scorer.score(rows: numbers, threads: 2)
///
/// A single event takes no lock, and into memory of the caller's no new memory. A scorer serves one thread; each has its own.
public struct Scorer: ~Copyable {
  private let model: PetrifiedModel
  private let evaluator: Evaluator
  private var session: Evaluator.Session
  private let printed: [Int]

  init(_ model: PetrifiedModel) throws(PetrifyError) {
    self.model = model
    evaluator = try model.evaluator()
    session = evaluator.session()
    printed = model.forest.printedColumns
  }

  /// How many numbers an event has, and a result.
  public var inputCount: Int { evaluator.inputCount }
  public var outputCount: Int { printed.count }

  /// The results of one event, a number for each of the model's `outputs`.
  ///
  /// - Parameter event: a number for each of the model's `inputs`, in their order; any float64 values.
  public mutating func score(_ event: [Double]) throws(PetrifyError) -> [Double] {
    try evaluate(event.span)
    return printed.map { session.results[$0] }
  }

  /// The same from and into memory of the caller's.
  ///
  /// - Precondition: `scores` has room for `outputCount` numbers.
  public mutating func score(_ event: Span<Double>, into scores: inout MutableSpan<Double>) throws(PetrifyError) {
    try evaluate(event)
    for index in printed.indices { scores[index] = session.results[printed[index]] }
  }

  /// The results of many events, event after event.
  ///
  /// - Parameters:
  ///   - rows: the numbers of the first event, in the order of the model's `inputs`, then those of the next.
  ///   - threads: how many threads share the work, at most. The results do not depend on it.
  public func score(rows: [Double], threads: Int = 1) throws(PetrifyError) -> [Double] {
    guard rows.count % inputCount == 0 else {
      throw PetrifyError(.usage, nil, "\(rows.count) numbers are no whole events: the model reads \(inputCount) numbers for each")
    }
    let found = evaluator.evaluate(rows: rows, threads: max(1, threads))
    try model.refuseAmbiguous(found, firstRow: 0, in: model.path)
    if printed == Array(0..<found.columnCount) { return found.results }
    return (0..<found.rowCount).flatMap { row in printed.map { found.results[row * found.columnCount + $0] } }
  }

  private mutating func evaluate(_ event: Span<Double>) throws(PetrifyError) {
    guard event.count == inputCount else {
      throw PetrifyError(.usage, nil, "an event has \(event.count) numbers, the model reads \(inputCount)")
    }
    session.evaluate(row: event)
    if session.isAmbiguous { throw PetrifiedModel.ambiguity(of: "the event", in: model.path) }
  }
}

extension PetrifiedModel {
  /// What scores events one after another, or many at once.
  ///
  /// - Throws: `PetrifyError` for a model too large to be laid out.
  /// - Complexity: O(size of the model).
  public func scorer() throws(PetrifyError) -> Scorer { try Scorer(self) }
}
