import EventData
import ForestEvaluation
import ForestIR
import ForestVerification
import ForestWriting

extension PetrifiedModel {
  /// Compares original scores with what each target computes for a table of events, bit for bit.
  ///
  ///     let comparison = try model.compare(
  ///       events: "events.csv", reference: "scores.csv", targets: Target.computing)
  ///     print(comparison.holds)
  ///
  /// Source targets are written, compiled and run on this machine, in a temporary directory. A compiler that is missing is an
  /// error, found before any work is done; nothing is skipped.
  ///
  /// - Parameters:
  ///   - events: a table of inputs.
  ///   - reference: a table of original scores, row by row those of the events; nil: what the plain reference evaluator says.
  ///   - maximumULP: how far off a number may be, in units in the last place.
  ///   - progress: told what is being done.
  public func compare(
    events: String, reference: String? = nil, targets: [Target], maximumULP: UInt64 = 0,
    layout: EmissionChoices.Layout = .auto, threads: Int = 1, progress: (_ step: String) -> Void = { _ in }
  ) throws(PetrifyError) -> Comparison {
    for target in targets { try checkTools(target) }
    progress("reading \(events)")
    let table: EventTable
    do {
      table = try EventTable.read(path: events, inputs: inputs, byPosition: readsByPosition)
    } catch {
      throw PetrifyError(error)
    }
    guard table.rowCount > 0 else { throw PetrifyError(.badInput, events, "the table has no rows to compare") }
    let found = try evaluator().evaluate(rows: table.values, threads: threads)
    try refuseAmbiguous(found, firstRow: 0, in: events)

    let original =
      try reference.map { path throws(PetrifyError) in try OriginalScores(path, forest, rows: table.rowCount) }
      ?? referenceScores(table, progress)
    var results: [Comparison.Result] = []
    var request: EmissionRequest?
    for target in targets {
      let scores: [Double]
      if target == .evaluator {
        scores = forest.printed(of: found.results)
      } else {
        progress("building and running \(target.title)")
        if request == nil {
          var choices = EmissionChoices()
          choices.layout = layout
          choices.withDriver = true
          request = try self.request(choices)
        }
        scores = try run(target, request!, table)
      }
      results.append(Comparison.Result(target: target, verdict: original.verdict(on: scores, events: table)))
    }
    return Comparison(
      results: results, columns: original.columns.map(\.name), columnsNotCompared: original.missing,
      referenceTable: reference, dataTable: events, rows: table.rowCount, maximumULP: maximumULP, inputs: inputs,
      model: self)
  }

  func checkTools(_ target: Target) throws(PetrifyError) {
    if target == .evaluator { return }
    guard let backEnd = target.backEnd else { throw target.cannotCompute }
    do {
      try Harness(backEnd.language).checkTools()
    } catch {
      throw PetrifyError(error, target: target.name)
    }
  }

  private func referenceScores(_ table: EventTable, _ progress: (String) -> Void) -> OriginalScores {
    let evaluator = ReferenceEvaluator(forest)
    var scores: [Double] = []
    for row in 0..<table.rowCount {
      if row % 1000 == 0 { progress("reference evaluator, row \(row)") }
      scores += forest.printed(of: evaluator.evaluate(row: Array(table.row(row))).results)
    }
    return OriginalScores(scores, forest)
  }

  private func run(_ target: Target, _ request: EmissionRequest, _ table: EventTable) throws(PetrifyError) -> [Double] {
    guard let backEnd = target.backEnd else { throw target.cannotCompute }
    let files = try emit(target, request).files
    do {
      return try Harness(backEnd.language)
        .results(of: files, name: request.name, events: table, columns: outputs).values
    } catch {
      throw PetrifyError(error, target: target.name)
    }
  }
}

extension Forest {
  /// Of rows of results the printed columns.
  func printed(of results: [Double]) -> [Double] {
    let printed = printedColumns
    if printed == Array(columns.indices) { return results }
    var kept: [Double] = []
    kept.reserveCapacity(results.count / columns.count * printed.count)
    for first in stride(from: 0, to: results.count, by: columns.count) {
      for column in printed { kept.append(results[first + column]) }
    }
    return kept
  }
}
