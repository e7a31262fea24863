import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// What surrounds the arithmetic: hostile names, several files that include one header, the driver, contraction.
struct CppHeaderTests {
  /// Texts that try to end a comment, a literal or a line, or to name what is taken.
  static let hostile = [
    "pt\"; } int evil() { return 1; } //", "*/ #error out of the comment", "line\nbreak\r\n#error", "??/", "??)", "tail\\", "\\",
    "R\"(raw)\"", "bidi \u{202E}\u{2066} text", "ü ≤ \u{1F600}", "double", "NAN", "M_PI", "INT8_MAX", "errno", "x", "out", "event",
    "row", "Inputs", "model", "log(mjj)", "TMath::Min(pt1,met)", "pt2/pt1", "nJets>=3", "", " ", "_x", "__x__", "0", "%s%n", "@MODEL@",
    "stdin", "signgam", "input_count", "trainer", "\u{2028}", "\u{0}",
  ]

  static func hostileForest() throws -> Forest {
    var builder = ModelBuilder(inputCount: hostile.count, width: .float32)
    let tree = try Tree(
      splits: [Split(feature: 3, test: .less, threshold: 0.1, nanGoesLeft: true, left: .leaf(0), right: .leaf(1))],
      leaves: [0.25, -1])
    let sum = try builder.add(.trees(try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0])), .inputs))
    let result = try builder.add(.gather(sum, hostile.map { _ in 0 }))
    return try Forest(
      inputs: hostile.map {
        Input(label: $0, expression: $0, title: $0, unit: $0, trainingRange: .init(lowest: -.infinity, highest: .nan))
      },
      model: try builder.model(result: result),
      columns: hostile.map { Column(name: $0, role: .margin, meaning: $0, width: .float64) },
      provenance: Provenance(
        trainer: hostile.joined(), kind: hostile.joined(separator: " "), format: hostile[0],
        source: .init(fileName: hostile.joined(), sha256: hostile[1]),
        notes: hostile.map { .init(.oddity, $0, place: $0) }))
  }

  /// Two files of one program include the header (one of them twice), the driver a third time; in the oldest and a newer
  /// standard, without a warning; and nothing of the hostile text has become code.
  @Test(arguments: [("g++", "-std=c++11"), ("g++", "-std=c++20"), ("clang++", "-std=c++11"), ("clang++", "-std=c++17")])
  func hostileTextAndManyFiles(compiler: String, standard: String) throws {
    let forest = try CppHeaderTests.hostileForest()
    let workshop = try CppWorkshop()
    let rows = [[Double](repeating: 1, count: forest.inputs.count), [Double](repeating: .nan, count: forest.inputs.count)]
    let files = try CppEmitter().emit(CppRequests.request(forest, rows: rows, withDriver: true)).files
    #expect(files.map(\.name) == ["model.hpp", "model_driver.cpp"])
    try workshop.write(files)
    try workshop.write("#include \"model.hpp\"\nstd::size_t other() { return model::self_test(); }\n", to: "other.cpp")
    try workshop.write(
      """
      #include "model.hpp"
      #include "model.hpp"
      #include <cstring>
      std::size_t other();
      int main() {
        if (std::strcmp(model::input(7).label, "R\\"(raw)\\"") != 0) return 1;
        const float x[model::input_count] = {};
        double out[2 * model::output_count], margin[model::margin_count];
        std::int32_t leaf[model::tree_count];
        model::evaluate_batch(x, 1, out);
        model::margins(x, margin);
        model::leaves(x, leaf);
        model::Inputs named = {};
        if (out[0] < 0.25 || margin[0] < 0.25 || leaf[0] != 0 || model::evaluate(named).out < 0.25) return 2;
        return static_cast<int>(other() + model::self_test());
      }

      """.replacing("named).out", with: "named).\(CppIdentifiersForTests.firstOutput(files[0]))"), to: "main.cpp")
    let built = try workshop.run([compiler, standard] + CppWorkshop.warnings + ["-o", "main", "main.cpp", "other.cpp"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    #expect(try workshop.run(["./main"]).code == 0)
    let driver = try workshop.run([compiler, standard] + CppWorkshop.warnings + ["-o", "driver", "model_driver.cpp"])
    #expect(driver.code == 0, "\(driver.errors.prefix(4000))")
  }

  /// a·b + c must be rounded twice even where the machine could do it in one step, and a file that includes the header keeps
  /// its own mode. Without the pragmas the same program gives other numbers, so that this test can fail.
  @Test(arguments: CppWorkshop.compilers)
  func nothingIsFused(compiler: String) throws {
    var builder = ModelBuilder(inputCount: 3, width: .float64)
    let a = try builder.add(.gather(.inputs, [0])), b = try builder.add(.gather(.inputs, [1]))
    let c = try builder.add(.gather(.inputs, [2]))
    let product = try builder.add(.binary(.multiply, a, b))
    let sum = try builder.add(.binary(.add, product, c))
    let matrix = try Matrix(rows: 1, columns: 3, elements: [-1, 1 + 0x1p-30, 0])
    let dot = try builder.add(.product(matrix, .inputs))
    let result = try builder.add(.concatenate([sum, dot]))
    let model = try builder.model(result: result)
    let forest = try Forest(
      inputs: ["a", "b", "c"].map { Input(label: $0) }, model: model,
      columns: ["sum", "dot"].map { Column(name: $0, role: .margin, meaning: "", width: .float64) },
      provenance: Provenance(trainer: "", kind: "", format: ""))
    let rows = [[1 + 0x1p-30, 1 + 0x1p-30, -(1 + 0x1p-29)]]
    let workshop = try CppWorkshop()
    let file = try CppEmitter().emit(CppRequests.request(forest, rows: rows)).files[0]
    let right = CppRequests.event(forest, rows[0]).margins
    // The inputs are hidden from the optimiser, which would compute with them itself. 4: the user's own code is not fused
    // although the compiler's default is to do so, so the header has left its mode behind.
    let main = """
      #include "model.hpp"
      int main() {
        volatile double a = \(rows[0][0]), b = \(rows[0][1]), c = \(rows[0][2]);
        const double x[3] = {a, b, c};
        double out[2];
        model::margins(x, out);
        int wrong = static_cast<int>(model::self_test());
        if (!(out[0] <= \(right[0]) && out[0] >= \(right[0]))) wrong |= 1;
        if (!(out[1] <= \(right[1]) && out[1] >= \(right[1]))) wrong |= 2;
      #ifdef EXPECT_OWN_MODE
        const double own = x[0] * x[1] + x[2];
        if (own <= 0) wrong |= 4;
      #endif
        return wrong;
      }

      """
    try workshop.write([file])
    try workshop.write(main, to: "main.cpp")
    let macros = try workshop.run([compiler, "-march=native", "-dM", "-E", "-x", "c++", "/dev/null"]).output
    let canFuse = macros.contains("__FMA__") || macros.contains("__ARM_FEATURE_FMA")
    for options in [["-O0"], ["-O1"], ["-O2"], ["-O3"]] + (canFuse ? [["-O3", "-DEXPECT_OWN_MODE"]] : []) {
      let built = try workshop.run(
        [compiler, "-std=gnu++11", "-march=native"] + options + CppWorkshop.warnings + ["-o", "main", "main.cpp"])
      #expect(built.code == 0, "\(built.errors.prefix(4000))")
      #expect(try workshop.run(["./main"]).code == 0, "\(options)")
    }

    guard canFuse else { return }
    let bare = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("#pragma") }.joined(separator: "\n")
    try workshop.write(bare, to: "model.hpp")
    let unprotected = try workshop.run([compiler, "-std=c++11", "-O3", "-march=native", "-o", "bare", "main.cpp"])
    #expect(unprotected.code == 0, "\(unprotected.errors.prefix(4000))")
    #expect(try workshop.run(["./bare"]).code & 3 != 0, "contraction does not show here: the test above proves nothing")
  }

  @Test(arguments: CppWorkshop.compilers, ["-ffast-math", "-Ofast", "-mfpmath=387"])
  func otherArithmeticIsRefused(compiler: String, flag: String) throws {
    // Clang has no x87 mode for 64-bit code.
    if compiler == "clang++", flag == "-mfpmath=387" { return }
    var generator = ForestGenerator(seed: 1)
    let workshop = try CppWorkshop()
    try workshop.write(CppEmitter().emit(CppRequests.request(generator.plainForest(inputs: 2, trees: 1))).files)
    try workshop.write("#include \"model.hpp\"\n", to: "main.cpp")
    let built = try workshop.run([compiler, flag, "-fsyntax-only", "main.cpp"])
    #expect(built.code != 0)
    #expect(built.errors.contains("#error") || built.errors.contains("this header"))
  }

  /// A chain of splits deeper than any compiler nests braces or parentheses.
  @Test(arguments: CppWorkshop.compilers)
  func deepTreesAsBranches(compiler: String) throws {
    let depth = 1500
    for nanGoesLeft in [false, true] {
      for chainIsLeft in [false, true] {
        let splits = (0..<depth).map { i in
          let next: Child = i + 1 < depth ? .split(i + 1) : .leaf(depth)
          return Split(
            feature: i % 2, test: i % 3 == 0 ? .less : .lessOrEqual, threshold: chainIsLeft ? Double(depth - i) : Double(i),
            nanGoesLeft: nanGoesLeft, left: chainIsLeft ? next : .leaf(i), right: chainIsLeft ? .leaf(i) : next)
        }
        let tree = try Tree(splits: splits, leaves: (0...depth).map(Double.init))
        var builder = ModelBuilder(inputCount: 2, width: .float32)
        let sum = try builder.add(.trees(try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0])), .inputs))
        let forest = try Forest(
          inputs: [Input(label: "a"), Input(label: "b")], model: try builder.model(result: sum),
          columns: [Column(name: "c", role: .margin, meaning: "", width: .float64)],
          provenance: Provenance(trainer: "", kind: "", format: ""))
        let rows: [[Double]] = [
          [0, 0], [.nan, 3], [3, .nan], [.nan, .nan], [700, 700], [701.5, 699], [1e9, 1e9], [-1, -1], [.infinity, -.infinity],
        ]
        let workshop = try CppWorkshop()
        try workshop.write(CppEmitter().emit(CppRequests.request(forest, layout: .branches, rows: rows)).files)
        try workshop.write("#include \"model.hpp\"\nint main() { return static_cast<int>(model::self_test()); }\n", to: "main.cpp")
        let built = try workshop.run([compiler] + CppWorkshop.warnings + ["-o", "main", "main.cpp"])
        #expect(built.code == 0, "\(built.errors.prefix(2000))")
        #expect(try workshop.run(["./main"]).code == 0)
      }
    }
  }
}

/// What a test needs to know of the emitted names.
enum CppIdentifiersForTests {
  /// The first member of `struct Outputs`.
  static func firstOutput(_ header: EmittedFile) -> String {
    let lines = String(decoding: header.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    guard let start = lines.firstIndex(of: "struct Outputs {") else { return "" }
    return String(lines[start + 1].dropFirst("  double ".count).prefix { $0 != ";" })
  }
}
