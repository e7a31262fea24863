import EventData
import ForestEvaluation
import ForestIR
import ForestReading
import ForestVerification
import ForestWriting

extension PetrifiedModel {
  /// How many events are made for a self-test.
  static let generatedEventCount = 16
  /// More events than this do not belong into source code.
  static let storedEventLimit = 1024

  /// Events for the self-test of emitted code, scored by the reference evaluator.
  ///
  /// - Parameter table: where they come from; nil: made for the purpose, the same every time.
  func referenceEvents(table: String?) throws(PetrifyError) -> ReferenceEvents {
    let evaluator = ReferenceEvaluator(forest)
    guard let table else {
      let events = generatedEvents(evaluator)
      return ReferenceEvents(events: events, origin: "\(events.count) generated events")
    }
    let events: EventTable
    do {
      events = try EventTable.read(path: table, inputs: inputs, byPosition: readsByPosition)
    } catch {
      throw PetrifyError(error)
    }
    guard (1...Self.storedEventLimit).contains(events.rowCount) else {
      throw PetrifyError(
        .badInput, table, "\(events.rowCount) events for the self-test of emitted code",
        hint: "1 to \(Self.storedEventLimit) are taken; `head -n 101 FILE` makes a table of the first 100")
    }
    var stored: [ReferenceEvents.Event] = []
    for row in 0..<events.rowCount {
      let inputs = Array(events.row(row))
      let found = evaluator.evaluate(row: inputs)
      if found.isAmbiguous {
        throw PetrifyError(
          .badInput, table, "row \(row + 1) belongs to more than one category of the model, which then has no answer",
          hint: "leave the row out")
      }
      stored.append(event(inputs, found))
    }
    return ReferenceEvents(events: stored, origin: ModelReading.shortName(table))
  }

  /// Events that reach as many leaves as a few attempts find. Rows that the model has no answer for are left out.
  private func generatedEvents(_ evaluator: ReferenceEvaluator) -> [ReferenceEvents.Event] {
    var events: [ReferenceEvents.Event] = [], others: [ReferenceEvents.Event] = []
    var reached = [Set<Int32>](repeating: [], count: forest.model.treeCount)
    for row in ProbeSet(forest).referenceRows(8 * Self.generatedEventCount) where events.count < Self.generatedEventCount {
      let found = evaluator.evaluate(row: row)
      if found.isAmbiguous { continue }
      var isNew = false
      for (tree, leaf) in found.leaves.enumerated() where leaf >= 0 && reached[tree].insert(leaf).inserted { isNew = true }
      if isNew { events.append(event(row, found)) } else { others.append(event(row, found)) }
    }
    return events + others.prefix(Self.generatedEventCount - events.count)
  }

  private func event(_ inputs: [Double], _ found: Evaluation) -> ReferenceEvents.Event {
    ReferenceEvents.Event(
      inputs: inputs, outputs: forest.printedColumns.map { found.results[$0] },
      margins: forest.marginColumns.map { found.results[$0] }, leaves: found.leaves)
  }
}
