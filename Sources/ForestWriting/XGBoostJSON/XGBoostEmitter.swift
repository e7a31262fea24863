import ForestIR

/// Writes the sums of a forest as an XGBoost model in JSON, for everything that reads those.
///
/// That format holds float32 numbers, rounds inputs to float32, compares by `x < t` and adds in float32. So a forest that adds in
/// float32 keeps every bit of its sums; others only where no sum needs rounding.
package struct XGBoostEmitter: Emitter {
  package init() {}

  package var target: String { "xgboost" }

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let forest = try AdditiveForest(request.forest, comparedIn: .float32, format: "the XGBoost format")
    let exactness = forest.exactness(inSumsOf: .float32)
    var notes = ExchangeNotes(forest, exactness: exactness, format: "XGBoost", sumsIn: .float32)
    if !exactness.isExact, !request.allowsRounding || !exactness.isBounded { throw notes.roundingRefusal }
    var writer = XGBoostWriter(forest)
    let bytes = try writer.text(notes: notes.all)
    notes.add(writer.notes)
    return Emission([EmittedFile(name: "\(request.name).xgboost.json", bytes: bytes)], notes: notes.all)
  }
}
