import ForestIR

/// Writes the sums of a forest as a LightGBM text model, for everything that reads those.
///
/// That format compares float64 numbers by `x <= t` and adds in float64, so a forest that adds in float64 keeps every bit of its
/// sums. Numbers of a magnitude up to 1e-35 are zeros to it.
package struct LightGBMEmitter: Emitter {
  package init() {}

  package var target: String { "lightgbm" }

  /// What it takes for zero: the float32 number nearest to 1e-35.
  static let zero = 0x1.a95a5ep-117

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let forest = try AdditiveForest(request.forest, comparedIn: .float64, format: "the LightGBM format")
    let exactness = forest.exactness(inSumsOf: .float64)
    var notes = ExchangeNotes(forest, exactness: exactness, format: "LightGBM", sumsIn: .float64)
    if !exactness.isExact, !request.allowsRounding || !exactness.isBounded { throw notes.roundingRefusal }
    var writer = LightGBMWriter(forest)
    let bytes = try writer.text()
    notes.add(writer.notes)
    return Emission([EmittedFile(name: "\(request.name).lightgbm.txt", bytes: bytes)], notes: notes.all)
  }
}
