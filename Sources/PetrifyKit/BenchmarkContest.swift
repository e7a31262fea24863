import EventData
import ForestEvaluation
import ForestIR
import ForestVerification
import ForestWriting

/// The targets of a benchmark, ready to run against one another.
struct BenchmarkContest {
  private let model: PetrifiedModel
  private let events: BenchmarkEvents
  private var evaluator: EvaluatorBenchmark
  /// One for each of `results`; nil for the evaluator.
  private var programs: [BenchmarkProgram?] = []
  private(set) var results: [Benchmark.Result] = []

  /// The reference evaluator is slow and plain: this many events are enough to see that the two agree here too.
  private static let referenceRows = 200

  init(_ model: PetrifiedModel, _ events: BenchmarkEvents) throws(PetrifyError) {
    self.model = model
    self.events = events
    do {
      evaluator = try EvaluatorBenchmark(model.forest, events)
    } catch {
      throw PetrifyError(error, model: model.path)
    }
  }

  /// Builds the targets and compares their bits with the evaluator's scores.
  mutating func enter(
    _ targets: [Target], scores: [Double], layout: EmissionChoices.Layout, _ progress: (String) -> Void
  ) throws(PetrifyError) {
    var request: EmissionRequest?
    for target in targets {
      guard let (_, language) = target.backEnd else {
        programs.append(nil)
        results.append(evaluatorResult(target, scores))
        continue
      }
      progress("building \(target.title)")
      if request == nil {
        var choices = EmissionChoices()
        choices.layout = layout
        // A name that is no word of any language, whatever the model's file is called.
        choices.name = "petrified"
        request = try model.request(choices)
      }
      let clock = ContinuousClock()
      let start = clock.now
      let files = try model.emit(target, request!).files
      let conversion = clock.now - start
      do {
        let program = try BenchmarkProgram(
          Harness(language), files: files, name: request!.name, events: events, outputCount: model.outputs.count)
        progress("comparing \(target.title)")
        let found = try program.results()
        var verdict = Verdict()
        compare(found.single, with: scores, into: &verdict)
        compare(found.batch, with: scores, into: &verdict)
        programs.append(program)
        results.append(
          Benchmark.Result(
            target: target, conversionSeconds: conversion.seconds, compilationSeconds: program.compileTime?.seconds,
            sourceBytes: files.reduce(0) { $0 + $1.bytes.count }, programBytes: program.programSize, verdict: verdict,
            batchRows: program.rowCount))
      } catch {
        throw PetrifyError(error, target: target.name)
      }
    }
  }

  /// Measures everything in turn, round by round.
  mutating func measure(_ choices: BenchmarkChoices, _ progress: (String) -> Void) throws(PetrifyError) {
    var times = [[(single: Double, batch: Double, threads: Double?)]](repeating: [], count: results.count)
    let budget = Duration.seconds(choices.seconds)
    for round in 0..<choices.rounds {
      let first = events.table.rowCount / choices.rounds * round
      for index in results.indices {
        progress("round \(round + 1) of \(choices.rounds): \(results[index].target.title)")
        guard let program = programs[index] else {
          let single = evaluator.single(from: first, budget: budget)
          let batch = evaluator.batch(threads: 1, budget: budget)
          let threads = choices.threads > 1 ? evaluator.batch(threads: choices.threads, budget: budget) : nil
          times[index].append((single, batch, threads))
          continue
        }
        do {
          let found = try program.times(from: first, budget: budget)
          times[index].append((found.single, found.batch, nil))
        } catch {
          throw PetrifyError(error, target: results[index].target.name)
        }
      }
    }
    for (index, rounds) in times.enumerated() {
      let threads = rounds.compactMap(\.threads)
      results[index].times = Benchmark.Times(
        single: Benchmark.Timing(rounds: rounds.map(\.single)), batch: Benchmark.Timing(rounds: rounds.map(\.batch)),
        batchWithThreads: threads.isEmpty ? nil : Benchmark.Timing(rounds: threads))
    }
  }

  private func evaluatorResult(_ target: Target, _ scores: [Double]) -> Benchmark.Result {
    let reference = ReferenceEvaluator(model.forest)
    let rows = min(events.table.rowCount, Self.referenceRows)
    var verdict = Verdict()
    let original = (0..<rows).flatMap { model.forest.printed(of: reference.evaluate(row: Array(events.table.row($0))).results) }
    compare(Array(scores[..<original.count]), with: original, into: &verdict)
    return Benchmark.Result(
      target: target, conversionSeconds: evaluator.buildTime.seconds, compilationSeconds: nil, sourceBytes: nil,
      programBytes: nil, verdict: verdict, batchRows: events.table.rowCount)
  }

  private func compare(_ found: [Double], with expected: [Double], into verdict: inout Verdict) {
    let columns = model.forest.printedColumns.map { (model.forest.columns[$0].name, model.forest.columns[$0].width) }
    for row in 0..<(found.count / columns.count) {
      let range = row * columns.count..<(row + 1) * columns.count
      verdict.compare(
        expected: expected[range], found: found[range], columns: columns, inputs: Array(events.table.row(row)))
    }
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
