import ForestIR

/// Writes a forest as one C++ header without dependencies, for C++11 and later.
///
/// Results are those of every other back-end, bit for bit, whatever the compiler's optimisation: contraction to fused
/// multiply-add is switched off inside the header, and modes in which arithmetic is not IEEE 754 are refused by `#error`.
package struct CppEmitter: Emitter {
  package init() {}

  package var target: String { "cpp" }

  /// Branches are for forests that are small enough to be read; see `EmissionPlan`. The nesting of branches is bounded whatever
  /// the depth of a tree (see `CFamilyPrinter`).
  package static let traits = TargetTraits(branchSplitLimit: 200, maximumBranchDepth: 1 << 20, takesRanks: true, takesWideRanks: true)

  /// - Complexity: O(nodes + elements of all vectors).
  /// - Throws: `EmissionError` where the forest has too many inputs, or reference events do not fit it.
  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let plan = try EmissionPlan(forest: request.forest, layout: request.layout, traits: CppEmitter.traits)
    return Emission(try files(for: ProgramLowering.lower(request.forest, plan: plan), request))
  }

  /// Prints a planned program: `NAME.hpp` and, if wanted, `NAME_driver.cpp`.
  func files(for program: Program, _ request: EmissionRequest) throws(EmissionError) -> [EmittedFile] {
    try CFamilyHeader.checkInputs(program)
    let dialect = CFamilyDialect.cpp(request.name)
    let names = CFamilyIdentifiers(request)
    let header = CFamilyHeader(
      request: request, program: program, dialect: dialect, banner: CppEmitter.banner(request, program, names),
      interface: CppInterface(request: request, program: program, names: names, dialect: dialect),
      includes: ["cfloat", "cmath", "cstddef", "cstdint", "cstring", "new"])
    var files = [EmittedFile(name: request.name + ".hpp", bytes: try header.bytes())]
    if request.withDriver {
      files.append(EmittedFile(name: request.name + "_driver.cpp", bytes: CppDriver(request: request, program: program).bytes()))
    }
    return files
  }

  private static func banner(_ request: EmissionRequest, _ program: Program, _ names: CFamilyIdentifiers) -> Banner {
    let name = request.name
    return Banner(
      request: request, program: program,
      subject: "a trained decision forest as plain C++ (C++11 and later, nothing to link)", file: name + ".hpp",
      usage: [
        "#include \"\(name).hpp\"",
        "\(name)::Inputs event;                        // one member for each input, listed below",
        "event.\(names.inputs[0]) = ...;",
        "double result = \(name)::evaluate(event).\(names.outputs[0]);",
        "\(name)::evaluate(x, out);                    // arrays of float or double, in the order below",
        "\(name)::self_test();                         // 0 if all stored events come out as they should",
      ],
      inputs: names.inputs, outputs: names.outputs)
  }
}
