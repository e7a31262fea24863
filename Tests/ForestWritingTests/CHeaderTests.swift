import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// What surrounds the arithmetic of a C header: hostile names, long texts, several files that include it, its functions.
struct CHeaderTests {
  /// The hostile forest of the C++ tests, with texts longer than any literal may be.
  private static func forest() throws -> Forest {
    let forest = try CppHeaderTests.hostileForest()
    let long = String(repeating: "ü\"?'\\ x7", count: 800)
    return try Forest(
      inputs: forest.inputs.enumerated().map { index, input in
        index == 5 ? Input(label: input.label, expression: long, title: long, unit: input.unit) : input
      },
      model: forest.model, columns: forest.columns,
      provenance: Provenance(
        trainer: long, kind: forest.provenance.kind, format: forest.provenance.format, source: forest.provenance.source,
        notes: forest.provenance.notes))
  }

  @Test(arguments: [
    ("gcc", ["-std=c99"]), ("gcc", ["-std=gnu17"]), ("clang", ["-std=c99"]), ("g++", ["-x", "c++", "-std=c++11"]),
    ("clang++", ["-x", "c++", "-std=c++17"]),
  ])
  func hostileTextAndManyFiles(compiler: String, options: [String]) throws {
    let forest = try CHeaderTests.forest()
    let rows = [[Double](repeating: 1, count: forest.inputs.count), [Double](repeating: .nan, count: forest.inputs.count)]
    let workshop = try CppWorkshop()
    let files = try CEmitter().emit(CppRequests.request(forest, rows: rows, withDriver: true)).files
    #expect(files.map(\.name) == ["model.h", "model_driver.c"])
    try workshop.write(files)
    try workshop.write(
      "#include \"model.h\"\nsize_t other(void);\nsize_t other(void) { return model_self_test(); }\n", to: "other.c")
    try workshop.write(
      """
      #include "model.h"
      #include "model.h"
      #include <complex.h>
      #include <errno.h>
      #include <signal.h>
      #include <stdio.h>
      #include <limits.h>
      #include "model.h"
      size_t other(void);
      int main(void) {
        static const float x[2 * model_input_count] = {0};
        static double out[3 * model_output_count], margin[model_margin_count];
        static model_inputs named;
        int32_t leaf[model_tree_count];
        if (strcmp(model_input(7)->label, "R\\"(raw)\\"") != 0) return 1;
        if (strlen(model_input(5)->title) != 7200 || strcmp(model_trainer, model_input(5)->title) != 0) return 2;
        if (strncmp(model_trainer, "\\303\\274\\"\\?'\\\\ x7\\303", 9) != 0) return 3;
        if (strcmp(model_output(0)->role, "margin") != 0 || strlen(model_source_sha256) == 0) return 4;
        model_evaluate_batch_float(x, 2, model_input_count, out, 2 * model_output_count);
        model_margins_float(x, margin);
        model_leaves_float(x, leaf);
        if (out[0] < 0.25 || out[2 * model_output_count] < 0.25 || out[model_output_count] > 0) return 5;
        if (margin[0] < 0.25 || leaf[0] != 0 || model_evaluate_event(&named).@OUTPUT@ < 0.25) return 6;
        return (int)(other() + model_self_test());
      }

      """.replacing("@OUTPUT@", with: firstOutput(files[0])), to: "main.c")
    let built = try workshop.run(
      [compiler] + options + CProgramTests.warnings + ["-o", "main", "main.c", "other.c", "-lm"])
    #expect(built.code == 0, "\(built.errors.prefix(4000))")
    #expect(try workshop.run(["./main"]).code == 0)
    let driver = try workshop.run([compiler] + options + CProgramTests.warnings + ["-o", "driver", "model_driver.c", "-lm"])
    #expect(driver.code == 0, "\(driver.errors.prefix(4000))")
  }

  /// The first member of the struct of outputs.
  private func firstOutput(_ header: EmittedFile) -> String {
    let lines = String(decoding: header.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    guard let start = lines.firstIndex(of: "typedef struct model_outputs {") else { return "" }
    return String(lines[start + 1].dropFirst("  double ".count).prefix { $0 != ";" })
  }

  /// Chains of splits deeper than compilers nest braces.
  @Test(arguments: ["gcc", "clang"])
  func deepTreesAsBranches(compiler: String) throws {
    let depth = 1500
    let splits = (0..<depth).map { i in
      Split(
        feature: i % 2, test: i % 3 == 0 ? .less : .lessOrEqual, threshold: Double(i), nanGoesLeft: i % 2 == 0, left: .leaf(i),
        right: i + 1 < depth ? .split(i + 1) : .leaf(depth))
    }
    var builder = ModelBuilder(inputCount: 2, width: .float32)
    let tree = try Tree(splits: splits, leaves: (0...depth).map(Double.init))
    let sum = try builder.add(.trees(try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0])), .inputs))
    let forest = try Forest(
      inputs: [Input(label: "a"), Input(label: "b")], model: try builder.model(result: sum),
      columns: [Column(name: "c", role: .margin, meaning: "", width: .float64)],
      provenance: Provenance(trainer: "", kind: "", format: ""))
    let rows: [[Double]] = [[0, 0], [.nan, 3], [3, .nan], [700, 700], [701.5, 699], [1e9, 1e9], [-1, -1], [.infinity, -.infinity]]
    let workshop = try CppWorkshop()
    try workshop.write(CEmitter().emit(CppRequests.request(forest, layout: .branches, rows: rows)).files)
    try workshop.write("#include \"model.h\"\nint main(void) { return (int)model_self_test(); }\n", to: "main.c")
    let built = try workshop.run([compiler, "-std=c99"] + CProgramTests.warnings + ["-o", "main", "main.c", "-lm"])
    #expect(built.code == 0, "\(built.errors.prefix(2000))")
    #expect(try workshop.run(["./main"]).code == 0)
  }
}
