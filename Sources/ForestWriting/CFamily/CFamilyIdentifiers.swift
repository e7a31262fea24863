import ForestIR

/// The identifiers of inputs, outputs and margins, in order: members of structs.
struct CFamilyIdentifiers {
  let inputs: [String]
  let outputs: [String]
  let margins: [String]

  init(_ request: EmissionRequest) {
    let forest = request.forest
    inputs = CFamilyIdentifiers.names(forest.inputs.map(\.label), fallback: "x", request)
    outputs = CFamilyIdentifiers.names(forest.printedColumns.map { forest.columns[$0].name }, fallback: "out", request)
    margins = CFamilyIdentifiers.names(forest.marginColumns.map { forest.columns[$0].name }, fallback: "margin", request)
  }

  /// What the header declares itself: members and parameters must not hide it.
  private static let declared: Set<String> = [
    "detail", "Inputs", "Outputs", "Functor", "InputInfo", "OutputInfo", "Number", "input", "output", "input_count",
    "output_count", "margin_count", "tree_count", "generator", "trainer", "kind", "format", "source_file", "source_sha256",
    "meaning_digest", "inputs_are_named", "evaluate", "evaluate_batch", "margins", "margins_batch", "leaves", "leaves_batch",
    "self_test",
  ]

  private static func names(_ texts: [String], fallback: String, _ request: EmissionRequest) -> [String] {
    var namer = IdentifierNamer(reserved: CFamilyNames.reserved.union(declared).union([request.name]))
    return texts.map { namer.name(for: $0, fallback: fallback) }
  }
}
