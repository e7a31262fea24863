import EventData
import ForestEvaluation
import ForestIR
import ForestVerification
import ForestWriting

extension PetrifiedModel {
  /// Measures how fast this machine scores the model with each target.
  ///
  ///     let benchmark = try model.benchmark(Target.list("evaluator,cpp", computing: true))
  ///     print(benchmark.text())
  ///
  /// Source targets are written, compiled and run in a temporary directory. First the bits of each are compared with the
  /// evaluator's; if any differ, nothing is measured (see `Benchmark.holds`). Then all are measured in turn, round by round, so
  /// that what else the machine does falls on all alike. Each round begins with other events than the one before.
  ///
  /// - Parameter progress: told what is being done.
  /// - Throws: `PetrifyError` of the kind `unavailable` for a compiler that is missing, found before any work is done;
  ///   `badInput` for a table that cannot be used; `usage` for numbers below 1.
  public func benchmark(
    _ targets: [Target], _ choices: BenchmarkChoices = BenchmarkChoices(), progress: (_ step: String) -> Void = { _ in }
  ) throws(PetrifyError) -> Benchmark {
    guard choices.rows ?? 1 > 0, choices.threads > 0, choices.rounds > 0, choices.seconds > 0 else {
      throw PetrifyError(.usage, nil, "a benchmark needs at least one event, one thread and one round, and some time")
    }
    for target in targets { try checkTools(target) }
    var events = try benchmarkEvents(choices, progress)
    progress("comparing the evaluator")
    let evaluator = try evaluator()
    var found = evaluator.evaluate(rows: events.table.values, threads: choices.threads)
    if let table = choices.table {
      try refuseAmbiguous(found, firstRow: 0, in: table)
    } else if !found.ambiguousRows.isEmpty, found.ambiguousRows.count < found.rowCount {
      // Categories that overlap have no answer; no analysis would score such an event either.
      events = events.without(rows: found.ambiguousRows, forest)
      found = evaluator.evaluate(rows: events.table.values, threads: choices.threads)
    }
    var contest = try BenchmarkContest(self, events)
    try contest.enter(targets, scores: forest.printed(of: found.results), layout: choices.layout, progress)
    if contest.results.allSatisfy({ $0.verdict.isIdentical }) { try contest.measure(choices, progress) }
    return Benchmark(
      results: contest.results, rows: events.table.rowCount, distinctRows: events.distinctRows, dataTable: choices.table,
      threads: choices.threads, model: self, isFloat: events.width == .float32)
  }

  private func benchmarkEvents(
    _ choices: BenchmarkChoices, _ progress: (String) -> Void
  ) throws(PetrifyError) -> BenchmarkEvents {
    let rows = choices.rows ?? (forest.statistics.nodes > Self.largeForest ? 20_000 : 100_000)
    guard let path = choices.table else {
      progress("making events")
      return BenchmarkEvents(generating: rows, forest)
    }
    progress("reading \(path)")
    let table: EventTable
    do {
      table = try EventTable.read(path: path, inputs: inputs, byPosition: readsByPosition)
    } catch {
      throw PetrifyError(error)
    }
    guard table.rowCount > 0 else { throw PetrifyError(.badInput, path, "the table has no rows to score") }
    return BenchmarkEvents(resampling: table, rows: rows, forest)
  }

  /// With more nodes than this, a hundred thousand events take too long.
  private static let largeForest = 200_000
}
