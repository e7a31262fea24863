import ForestIR

/// Writes the sums of a forest as an SQL query over a table of events.
///
/// Plain SQL that DuckDB and SQLite run: `CASE` trees in common table expressions, no function, no operator but comparisons, a minus
/// sign and sums of `DOUBLE` numbers from left to right.
package struct SQLEmitter: Emitter {
  package init() {}

  package var target: String { "sql" }

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let forest = try AdditiveForest(request.forest, comparedIn: .float64, format: "SQL")
    let notes = notes(of: forest)
    let bytes = try SQLWriter(forest, request: request, notes: notes).text()
    return Emission([EmittedFile(name: "\(request.name).sql", bytes: bytes)], notes: notes)
  }

  /// What can be promised depends on what the engine's `REAL` is, not on the user's consent: nothing is refused here.
  private func notes(of forest: AdditiveForest) -> [String] {
    let exactness = forest.exactness(inSumsOf: .float64)
    let general = ExchangeNotes(forest, exactness: exactness, format: "SQL", sumsIn: .float64)
    guard case .rounded(let bound) = exactness else { return general.all }
    return [
      "the same leaves are reached; the rounding of inputs to float32 is in the thresholds",
      "the raw sums are the same to the last bit where REAL is float32, as in DuckDB; in SQLite, which has only float64, they differ by at most \(ExchangeNotes.short(bound))",
    ] + general.scores
  }
}
