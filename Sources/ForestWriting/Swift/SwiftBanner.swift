import ForestIR

/// The comment at the top of an emitted Swift file.
struct SwiftBanner {
  let request: EmissionRequest
  let program: Program
  let identifiers: SwiftIdentifiers

  func print(to printer: inout CodePrinter) {
    let banner = Banner(
      request: request, program: program, subject: "a trained decision forest as plain Swift", file: request.name,
      usage: usage, inputs: identifiers.inputs, outputs: identifiers.outputs)
    for line in banner.lines() { printer.line(line.isEmpty ? "//" : "// " + line) }
    printer.line()
  }

  private var usage: [String] {
    let name = request.name
    let fields = identifiers.inputs.prefix(2).map { "\($0): …" } + (identifiers.inputs.count > 2 ? ["…"] : [])
    var lines = [
      "let event = \(name).Inputs(\(fields.joined(separator: ", ")))",
      "\(name).evaluate(event).\(identifiers.outputs[0])",
      "\(name).evaluate([…])     // numbers in the order below; also with pointers, and for many events",
    ]
    if program.marginsEntry != nil { lines.append("\(name).margins(event)    // the raw sums over the trees") }
    return lines + [
      "\(name).leaves(event)     // the leaf that each tree reaches",
      "\(name).selfTest()        // 0 if all stored reference events come out as they should",
    ]
  }
}
