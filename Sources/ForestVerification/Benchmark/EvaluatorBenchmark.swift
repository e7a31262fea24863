import EventData
import ForestEvaluation
package import ForestIR

/// Times the evaluator inside this program, one round after another.
package struct EvaluatorBenchmark {
  private let evaluator: Evaluator
  private let events: BenchmarkEvents
  /// Some of the events, one by one: more than a branch predictor learns, few enough to be cheap to hold twice.
  private let rows: [[Double]]
  /// How long it took to make the evaluator from the model.
  package let buildTime: Duration
  /// Depends on everything that was computed, so that nothing can be left out.
  package private(set) var checksum = 0.0

  private static let singleLimit = 1 << 14

  /// - Precondition: there is an event.
  package init(_ forest: Forest, _ events: BenchmarkEvents) throws(ForestFault) {
    let clock = ContinuousClock()
    let start = clock.now
    evaluator = try Evaluator(forest)
    buildTime = clock.now - start
    self.events = events
    rows = (0..<min(events.table.rowCount, Self.singleLimit)).map { Array(events.table.row($0)) }
  }

  /// Nanoseconds an event for one call an event.
  ///
  /// - Parameter first: the event to begin with, modulo their number.
  package mutating func single(from first: Int, budget: Duration) -> Double {
    var session = evaluator.session()
    var next = first % rows.count
    var sum = 0.0
    let time = Stopwatch.nanoseconds(.processor, atLeast: budget, startingWith: 16) { count in
      for _ in 0..<count {
        session.evaluate(row: rows[next])
        for result in session.results { sum += result }
        next += 1
        if next == rows.count { next = 0 }
      }
    }
    checksum += sum
    return time
  }

  /// Nanoseconds an event for one call for all events: of processor time with one thread, else of time that passes.
  package mutating func batch(threads: Int, budget: Duration) -> Double {
    var sum = 0.0
    let time = Stopwatch.nanoseconds(threads == 1 ? .processor : .wall, atLeast: budget, startingWith: 1) { count in
      for _ in 0..<count {
        for result in evaluator.evaluate(rows: events.table.values, threads: threads).results { sum += result }
      }
    }
    checksum += sum
    return time / Double(events.table.rowCount)
  }
}
