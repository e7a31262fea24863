import EventData
import ForestEvaluation
package import ForestIR

/// Times the evaluator inside this program, one round after another.
package struct EvaluatorBenchmark {
  private let evaluator: Evaluator
  private let events: BenchmarkEvents
  /// How long it took to make the evaluator from the model.
  package let buildTime: Duration
  /// Depends on everything that was computed, so that nothing can be left out.
  package private(set) var checksum = 0.0

  /// - Precondition: there is an event.
  package init(_ forest: Forest, _ events: BenchmarkEvents) throws(ForestFault) {
    let clock = ContinuousClock()
    let start = clock.now
    evaluator = try Evaluator(forest)
    buildTime = clock.now - start
    self.events = events
  }

  /// Nanoseconds an event for one call an event.
  ///
  /// - Parameter first: the event to begin with, modulo their number.
  package mutating func single(from first: Int, budget: Duration) -> Double {
    var session = evaluator.session()
    let inputCount = evaluator.inputCount, numbers = events.table.values
    var next = first % events.table.rowCount * inputCount
    var sum = 0.0
    let time = Stopwatch.nanoseconds(.processor, atLeast: budget, startingWith: 16) { count in
      let numbers = numbers.span
      for _ in 0..<count {
        session.evaluate(row: numbers.extracting(next..<next + inputCount))
        for result in session.results { sum += result }
        next += inputCount
        if next == numbers.count { next = 0 }
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
