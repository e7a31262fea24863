import ForestIR

/// The identifiers of inputs, outputs and margins, in order: fields of named tuples.
struct PythonIdentifiers {
  let inputs: [String]
  let outputs: [String]
  let margins: [String]

  init(_ forest: Forest) {
    inputs = PythonIdentifiers.names(forest.inputs.map(\.label), fallback: "x")
    outputs = PythonIdentifiers.names(forest.printedColumns.map { forest.columns[$0].name }, fallback: "out")
    margins = PythonIdentifiers.names(forest.marginColumns.map { forest.columns[$0].name }, fallback: "margin")
  }

  private static func names(_ texts: [String], fallback: String) -> [String] {
    // Methods of tuples, and the types that the classes' own annotations name.
    var namer = IdentifierNamer(reserved: ["count", "index", "float", "int", "str", "bool"])
    return texts.map { namer.name(for: $0, fallback: fallback) }
  }
}
