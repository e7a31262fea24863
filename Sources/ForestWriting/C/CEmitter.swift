import ForestIR

/// Writes a forest as one C99 header without dependencies; it may also be included from C++11 and later.
///
/// Results are those of every other back-end, bit for bit, whatever the compiler's optimisation: contraction to fused
/// multiply-add is switched off inside the header, and modes in which arithmetic is not IEEE 754 are refused by `#error`.
/// Functions are `static inline` and tables `static const`, so that any number of files may include the header.
package struct CEmitter: Emitter {
  package init() {}

  package var target: String { "c" }

  /// As for C++: the code is the same.
  package static let traits = CppEmitter.traits

  /// - Complexity: O(nodes + elements of all vectors).
  /// - Throws: `EmissionError` where the forest has too many inputs, or reference events do not fit it.
  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let plan = try EmissionPlan(forest: request.forest, layout: request.layout, traits: CEmitter.traits)
    return Emission(try files(for: ProgramLowering.lower(request.forest, plan: plan), request))
  }

  /// Prints a planned program: `NAME.h` and, if wanted, `NAME_driver.c`.
  func files(for program: Program, _ request: EmissionRequest) throws(EmissionError) -> [EmittedFile] {
    try CFamilyHeader.checkInputs(program)
    let dialect = CFamilyDialect.c(request.name)
    let names = CFamilyIdentifiers(request)
    let header = CFamilyHeader(
      request: request, program: program, dialect: dialect, banner: CEmitter.banner(request, program, names),
      interface: CInterface(request: request, program: program, names: names, dialect: dialect),
      includes: ["float.h", "math.h", "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "string.h"])
    var files = [EmittedFile(name: request.name + ".h", bytes: try header.bytes())]
    if request.withDriver { files.append(EmittedFile(name: request.name + "_driver.c", bytes: CDriver(request: request).bytes())) }
    return files
  }

  private static func banner(_ request: EmissionRequest, _ program: Program, _ names: CFamilyIdentifiers) -> Banner {
    let name = request.name
    return Banner(
      request: request, program: program,
      subject: "a trained decision forest as plain C (C99 and later; link with -lm)", file: name + ".h",
      usage: [
        "#include \"\(name).h\"",
        "\(name)_inputs event;                        // one member for each input, listed below",
        "event.\(names.inputs[0]) = ...;",
        "double result = \(name)_evaluate_event(&event).\(names.outputs[0]);",
        "\(name)_evaluate(x, out);                    // arrays of double, in the order below; of float: \(name)_evaluate_float",
        "\(name)_self_test();                         // 0 if all stored events come out as they should",
      ],
      inputs: names.inputs, outputs: names.outputs)
  }
}
