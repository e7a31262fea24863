import ForestIR

/// The docstring of an emitted module: what `help` and `--help` print.
struct PythonBanner {
  let request: EmissionRequest
  let program: Program
  let identifiers: PythonIdentifiers

  func print(to printer: inout CodePrinter) {
    let banner = Banner(
      request: request, program: program, subject: "a trained decision forest as plain Python", file: request.name,
      usage: usage, inputs: identifiers.inputs, outputs: identifiers.outputs)
    for (index, line) in banner.lines().enumerated() { printer.line((index == 0 ? "\"\"\"" : "") + line) }
    printer.line("\"\"\"")
  }

  private var usage: [String] {
    let name = request.name
    let fields = identifiers.inputs.prefix(2).map { "\($0)=…" } + (identifiers.inputs.count > 2 ? ["…"] : [])
    var lines = [
      "import \(name)",
      "event = \(name).Inputs(\(fields.joined(separator: ", ")))   # in any order, by name",
      "\(name).evaluate(event).\(identifiers.outputs[0])",
      "\(name).evaluate(rows)      # many events: a list of rows, or a two-dimensional NumPy array",
    ]
    if program.marginsEntry != nil { lines.append("\(name).margins(event)      # the raw sums over the trees") }
    return lines + [
      "\(name).leaves(event)       # the leaf that each tree reaches",
      "\(name).self_test()         # 0 if all stored reference events come out as they should",
      "",
      "python3 \(name).py < in.csv > out.csv    # a table with a header, columns found by label",
      "python3 \(name).py --selftest",
    ]
  }
}
