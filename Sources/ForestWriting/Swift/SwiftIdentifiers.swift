import ForestIR

/// The fields of the structures of inputs and outputs, in order.
struct SwiftIdentifiers {
  let inputs: [String]
  let outputs: [String]

  init(_ forest: Forest) {
    inputs = Self.names(forest.inputs.map(\.label), fallback: "x")
    outputs = Self.names(forest.printedColumns.map { forest.columns[$0].name }, fallback: "out")
  }

  private static func names(_ texts: [String], fallback: String) -> [String] {
    // The same in every language as far as words go that one of them needs.
    var namer = IdentifierNamer(reserved: ["count", "index", "float", "int", "str", "bool"])
    return texts.map { namer.name(for: $0, fallback: fallback) }
  }
}
