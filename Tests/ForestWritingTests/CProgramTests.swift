import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// Random forests of all operations, as C, against the definition of right.
struct CProgramTests {
  static let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]

  /// Each model is judged by bits inside the emitted program: its events are the self-test's, and all columns are margins,
  /// which must be exact. Every header is included by two files, one of which uses nothing of it; at last the same program
  /// is compiled as C++.
  @Test(arguments: [
    ("gcc", ["-std=c99", "-O3", "-march=native"]), ("clang", ["-std=c99", "-O0"]), ("clang", ["-std=c11", "-O2", "-march=native"]),
    ("g++", ["-x", "c++", "-std=c++11", "-O0"]),
  ])
  func randomForests(compiler: String, options: [String]) throws {
    let workshop = try CppWorkshop()
    var includes = "#include <stdio.h>\n", calls = ""
    for seed in 0..<24 {
      var generator = ForestGenerator(seed: UInt64(seed) + 377)
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
      try workshop.write(CEmitter().emit(CppRequests.request(forest, name: name, layout: layout, rows: rows)).files)
      includes += "#include \"\(name).h\"\n"
      calls += "  failures = \(name)_self_test(); if (failures != 0) printf(\"\(name): %d\\n\", (int)failures);\n"
    }
    try workshop.write(includes + "int main(void) {\n  size_t failures = 0;\n\(calls)  return 0;\n}\n", to: "main.c")
    try workshop.write(includes + "int nothing(void);\nint nothing(void) { return 0; }\n", to: "other.c")
    let built = try workshop.run(
      [compiler] + options + CProgramTests.warnings + ["-o", "main", "main.c", "other.c", "-lm"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    let outcome = try workshop.run(["./main"])
    #expect(outcome.code == 0)
    #expect(outcome.output == "")
  }

  /// A header has only those parts of the runtime that its trees need.
  @Test(arguments: ["gcc", "clang"])
  func everyKindOfTrees(compiler: String) throws {
    let workshop = try CppWorkshop()
    for (name, forest) in KindsOfTrees.forests {
      let rows = ProbeRows(forest).rows(20, seed: 2)
      try workshop.write(CEmitter().emit(CppRequests.request(forest, name: name, layout: .tables, rows: rows)).files)
      try workshop.write("#include \"\(name).h\"\nint main(void) { return (int)\(name)_self_test(); }\n", to: "main.c")
      let built = try workshop.run([compiler, "-std=c99", "-O2"] + CProgramTests.warnings + ["-o", "main", "main.c", "-lm"])
      #expect(built.code == 0, "\(name): \(built.errors.prefix(2000))")
      #expect(try workshop.run(["./main"]).code == 0, "\(name)")
    }
  }

  /// The first test can fail: events that are wrong in one respect each are found.
  @Test func selfTestFindsWrongEvents() throws {
    var generator = ForestGenerator(seed: 5)
    let forest = CppRequests.asMargins(generator.plainForest(inputs: 3, trees: 4))
    let base = CppRequests.request(forest, rows: [[1, 2, 3]])
    let right = base.referenceEvents.events[0], margin = right.margins[0]
    typealias Event = ReferenceEvents.Event
    let events = [
      right,
      Event(inputs: right.inputs, outputs: [margin], margins: [margin.nextUp], leaves: right.leaves),
      Event(inputs: right.inputs, outputs: [margin.nextUp], margins: [margin], leaves: right.leaves),
      Event(inputs: right.inputs, outputs: [margin], margins: [margin], leaves: right.leaves.map { $0 + 1 }),
    ]
    let workshop = try CppWorkshop()
    try workshop.write(
      CEmitter().emit(
        EmissionRequest(
          forest: forest, name: "model", layout: .auto, withDriver: false, toolVersion: "0.0.0", meaningDigest: "",
          referenceEvents: ReferenceEvents(events: events, origin: "made for a test"))
      ).files)
    try workshop.write("#include \"model.h\"\nint main(void) { return (int)model_self_test(); }\n", to: "main.c")
    #expect(try workshop.run(["gcc", "-std=c99", "-o", "main", "main.c", "-lm"]).errors == "")
    #expect(try workshop.run(["./main"]).code == 3)
  }

  /// a·b + c must be rounded twice even where the machine could do it in one step, and a file that includes the header keeps
  /// its own mode. Without the pragmas the same program gives other numbers, so that this test can fail.
  @Test(arguments: ["gcc", "clang"])
  func nothingIsFused(compiler: String) throws {
    var builder = ModelBuilder(inputCount: 3, width: .float64)
    let a = try builder.add(.gather(.inputs, [0])), b = try builder.add(.gather(.inputs, [1]))
    let c = try builder.add(.gather(.inputs, [2]))
    let product = try builder.add(.binary(.multiply, a, b))
    let sum = try builder.add(.binary(.add, product, c))
    let model = try builder.model(result: sum)
    let forest = try Forest(
      inputs: ["a", "b", "c"].map { Input(label: $0) }, model: model,
      columns: [Column(name: "sum", role: .margin, meaning: "", width: .float64)],
      provenance: Provenance(trainer: "", kind: "", format: ""))
    let row = [1 + 0x1p-30, 1 + 0x1p-30, -(1 + 0x1p-29)]
    let file = try CEmitter().emit(CppRequests.request(forest, rows: [row])).files[0]
    // The inputs are hidden from the optimiser. 2: the user's own code is not fused although that is the compiler's
    // default, so the header has left its mode behind.
    let main = """
      #include "model.h"
      int main(void) {
        volatile double a = \(row[0]), b = \(row[1]), c = \(row[2]);
        const double x[3] = {a, b, c};
        double out[1];
        model_margins(x, out);
        int wrong = (int)model_self_test();
        if (out[0] < 0 || out[0] > 0) wrong |= 1;
      #ifdef EXPECT_OWN_MODE
        const double own = x[0] * x[1] + x[2];
        if (own <= 0) wrong |= 2;
      #endif
        return wrong;
      }

      """
    let workshop = try CppWorkshop()
    try workshop.write([file])
    try workshop.write(main, to: "main.c")
    let macros = try workshop.run([compiler, "-march=native", "-dM", "-E", "-x", "c", "/dev/null"]).output
    let canFuse = macros.contains("__FMA__") || macros.contains("__ARM_FEATURE_FMA")
    for options in [["-O0"], ["-O2"], ["-O3"]] + (canFuse ? [["-O3", "-DEXPECT_OWN_MODE"]] : []) {
      let built = try workshop.run(
        [compiler, "-std=gnu99", "-march=native"] + options + CProgramTests.warnings + ["-o", "main", "main.c", "-lm"])
      #expect(built.code == 0, "\(built.errors.prefix(4000))")
      #expect(try workshop.run(["./main"]).code == 0, "\(options)")
    }
    guard canFuse else { return }
    let bare = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("#pragma") }.joined(separator: "\n")
    try workshop.write(bare, to: "model.h")
    let unprotected = try workshop.run(
      [compiler, "-std=gnu99", "-O3", "-march=native", "-o", "bare", "main.c", "-lm"])
    #expect(unprotected.code == 0, "\(unprotected.errors.prefix(4000))")
    #expect(try workshop.run(["./bare"]).code & 1 != 0, "contraction does not show here: the test above proves nothing")
  }

  @Test(arguments: ["gcc", "clang"], ["-ffast-math", "-Ofast", "-mfpmath=387"])
  func otherArithmeticIsRefused(compiler: String, flag: String) throws {
    // Clang has no such option.
    if compiler == "clang", flag == "-mfpmath=387" { return }
    var generator = ForestGenerator(seed: 1)
    let workshop = try CppWorkshop()
    try workshop.write(CEmitter().emit(CppRequests.request(generator.plainForest(inputs: 2, trees: 1))).files)
    try workshop.write("#include \"model.h\"\n", to: "main.c")
    let built = try workshop.run([compiler, "-std=c99", flag, "-fsyntax-only", "main.c"])
    #expect(built.code != 0)
    #expect(built.errors.contains("this header"))
  }
}
