import ForestIR

/// Writes the sums of a forest as corrections in the JSON of correctionlib, schema 2: one correction a tree, and a compound of them.
///
/// That library compares and adds in float64, so a forest that adds in float64 keeps every bit of its sums.
package struct CorrectionlibEmitter: Emitter {
  package init() {}

  package var target: String { "correctionlib" }

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let forest = try AdditiveForest(request.forest, comparedIn: .float64, format: "the correctionlib format")
    let exactness = forest.exactness(inSumsOf: .float64)
    var notes = ExchangeNotes(forest, exactness: exactness, format: "correctionlib", sumsIn: .float64)
    if !exactness.isExact, !request.allowsRounding || !exactness.isBounded { throw notes.roundingRefusal }
    if forest.needsOrdinaryNumbers { notes.add(["inputs must be no infinities, and below 1e308 in magnitude"]) }
    let bytes = try CorrectionlibWriter(forest, request: request, notes: notes.all).text()
    return Emission([EmittedFile(name: "\(request.name).correctionlib.json", bytes: bytes)], notes: notes.all)
  }
}
