import ForestIR

/// Names of inputs that formats of words separated by blanks can hold.
struct ExchangeNames {
  let names: [String]

  init(_ inputs: [Input]) {
    var namer = IdentifierNamer()
    let isPlain = { (label: String) in
      !label.isEmpty && label.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Self.special.contains($0) }
    }
    let areUsable = inputs.allSatisfy { isPlain($0.label) } && Set(inputs.map(\.label)).count == inputs.count
    names = areUsable ? inputs.map(\.label) : inputs.map { namer.name(for: $0.label, fallback: "x") }
  }

  /// `,` `:` `"` `[` `]` `{` `}` `<` `=`: of JSON and of lists.
  private static let special = Set(",:\"[]{}<=".utf8)
}
