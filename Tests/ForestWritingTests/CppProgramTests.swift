import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// Random forests of all operations, as C++, against the definition of right.
///
/// Many models share one compilation: that is where the time goes.
struct CppProgramTests {
  /// Each model is judged by bits inside the emitted program: its events are the self-test's, and all columns are margins,
  /// which must be exact. (The C library is the same one that the reference uses.)
  @Test(arguments: [
    ("g++", "-std=c++11", "-O1", "-DPETRIFY_DEFAULT"), ("clang++", "-std=c++20", "-O0", "-DPETRIFY_NO_AVX512"),
    ("g++", "-std=c++17", "-O1", "-DPETRIFY_NO_AVX2"),
  ])
  func randomForests(compiler: String, standard: String, level: String, set: String) throws {
    // Without AVX2 there is no AVX-512 either.
    let sets = set == "-DPETRIFY_NO_AVX2" ? [set, "-DPETRIFY_NO_AVX512"] : [set]
    let workshop = try CppWorkshop()
    var main = "#include <cstdio>\n", calls = ""
    for seed in 0..<24 {
      var generator = ForestGenerator(seed: UInt64(seed) + 77)
      let layout: EmissionRequest.Layout = seed % 2 == 0 ? .tables : .branches
      generator.limits.onlyPlainTrees = layout == .branches
      // Every fourth is all trees, which are asked by ranks.
      let plain = { (seed: Int) in
        generator.plainForest(
          inputs: 3, trees: 70, depth: seed % 8 == 0 ? 4 : nil, groups: 2, inputWidth: seed % 3 == 0 ? .float32 : .float64,
          width: seed % 5 == 0 ? .float32 : .float64, leafWidth: 1)
      }
      let forest = CppRequests.asMargins(seed % 4 == 0 ? plain(seed) : generator.forest())
      let name = "model_\(seed)"
      let rows = ProbeRows(forest).rows(40, seed: UInt64(seed))
      try workshop.write(CppEmitter().emit(CppRequests.request(forest, name: name, layout: layout, rows: rows)).files)
      main += "#include \"\(name).hpp\"\n"
      calls += "  failures = \(name)::self_test(); if (failures != 0) std::printf(\"\(name): %zu\\n\", failures);\n"
    }
    try workshop.write(main + "int main() {\n  std::size_t failures = 0;\n\(calls)}\n", to: "main.cpp")
    let built = try workshop.run([compiler, standard, level] + sets + CppWorkshop.warnings + ["-o", "main", "main.cpp"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    let outcome = try workshop.run(["./main"])
    #expect(outcome.code == 0)
    #expect(outcome.output == "")
  }

  /// A header has only those parts of the runtime that its trees need.
  @Test(arguments: ["g++", "clang++"])
  func everyKindOfTrees(compiler: String) throws {
    let workshop = try CppWorkshop()
    for (name, forest) in KindsOfTrees.forests {
      let rows = ProbeRows(forest).rows(20, seed: 1)
      try workshop.write(CppEmitter().emit(CppRequests.request(forest, name: name, layout: .tables, rows: rows)).files)
      try workshop.write("#include \"\(name).hpp\"\nint main() { return static_cast<int>(\(name)::self_test()); }\n", to: "main.cpp")
      let built = try workshop.run([compiler, "-std=c++11", "-O1"] + CppWorkshop.warnings + ["-o", "main", "main.cpp"])
      #expect(built.code == 0, "\(name): \(built.errors.prefix(2000))")
      #expect(try workshop.run(["./main"]).code == 0, "\(name)")
    }
  }

  /// The first test can fail: one event with a wrong margin, one with a wrong leaf, one with a wrong output is found.
  @Test func selfTestFindsWrongEvents() throws {
    var generator = ForestGenerator(seed: 5)
    let plain = generator.plainForest(inputs: 3, trees: 4)
    let forest = CppRequests.asMargins(plain)
    let right = CppRequests.event(forest, [1, 2, 3])
    typealias Event = ReferenceEvents.Event
    let margin = right.margins[0]
    let events = [
      right,
      Event(inputs: right.inputs, outputs: [margin], margins: [margin.nextUp], leaves: right.leaves),
      Event(inputs: right.inputs, outputs: [margin.nextUp], margins: [margin], leaves: right.leaves),
      Event(inputs: right.inputs, outputs: [margin], margins: [margin], leaves: right.leaves.map { $0 + 1 }),
    ]
    let base = CppRequests.request(forest)
    let request = EmissionRequest(
      forest: forest, name: "model", layout: .auto, withDriver: false, toolVersion: "0.0.0", meaningDigest: "",
      referenceEvents: ReferenceEvents(events: events, origin: base.referenceEvents.origin))
    let workshop = try CppWorkshop()
    try workshop.write(CppEmitter().emit(request).files)
    try workshop.write(
      "#include \"model.hpp\"\nint main() { return static_cast<int>(model::self_test()); }\n", to: "main.cpp")
    let built = try workshop.run(["g++", "-o", "main", "main.cpp"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    #expect(try workshop.run(["./main"]).code == 3)
  }
}
