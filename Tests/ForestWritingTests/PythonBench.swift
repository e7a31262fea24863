import ForestEvaluation
import ForestIR
import ForestTesting
import Foundation

@testable import ForestWriting

/// A folder of emitted Python modules, and the interpreter to try them with. The folder goes away with it.
final class PythonBench {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("petrify-python-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  struct Run {
    let output: String
    let errors: String
    let status: Int32
  }

  /// Runs `python3 ARGUMENTS` in the folder.
  func python(_ arguments: [String], input: String = "") throws -> Run {
    let file = { (name: String) in self.folder.appendingPathComponent(name) }
    try input.write(to: file("stdin"), atomically: true, encoding: .utf8)
    for name in ["stdout", "stderr"] { try Data().write(to: file(name)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = try FileHandle(forReadingFrom: file("stdin"))
    process.standardOutput = try FileHandle(forWritingTo: file("stdout"))
    process.standardError = try FileHandle(forWritingTo: file("stderr"))
    try process.run()
    process.waitUntilExit()
    return Run(
      output: try String(contentsOf: file("stdout"), encoding: .utf8),
      errors: try String(contentsOf: file("stderr"), encoding: .utf8), status: process.terminationStatus)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  /// Emits a forest into the folder; the text of the module.
  @discardableResult
  func emit(
    _ forest: Forest, as name: String, layout: EmissionRequest.Layout = .auto, reference rows: [[Double]] = []
  ) throws -> String {
    let files = try PythonEmitter().emit(PythonBench.request(forest, name: name, layout: layout, reference: rows)).files
    let text = String(decoding: files[0].bytes, as: UTF8.self)
    try write(text, to: files[0].name)
    return text
  }

  static func request(
    _ forest: Forest, name: String, layout: EmissionRequest.Layout, reference rows: [[Double]] = []
  ) -> EmissionRequest {
    EmissionRequest(
      forest: forest, name: name, layout: layout, withDriver: true, toolVersion: "1.2.3", meaningDigest: "0123abcd",
      referenceEvents: ReferenceEvents(
        events: rows.map { row in
          let right = ReferenceEvaluator(forest).evaluate(row: row)
          return .init(
            inputs: row, outputs: forest.printedColumns.map { right.results[$0] },
            margins: forest.marginColumns.map { right.results[$0] }, leaves: right.leaves)
        }, origin: "\(rows.count) made-up events"))
  }
}

/// What a module should say about rows, and what it says: one line of text a row, numbers as bits.
enum PythonAnswers {
  static func bits(_ value: Double) -> String { value.isNaN ? "nan" : String(value.bitPattern, radix: 16) }

  static func expected(_ forest: Forest, _ rows: [[Double]]) -> [String] {
    let evaluator = ReferenceEvaluator(forest)
    return rows.map { row in
      let right = evaluator.evaluate(row: row)
      let parts = [
        forest.printedColumns.map { bits(right.results[$0]) }, forest.marginColumns.map { bits(right.results[$0]) },
        right.leaves.map(String.init),
      ]
      return parts.map { $0.joined(separator: " ") }.joined(separator: "|")
    }
  }

  /// Reads `cases` (a line with the module's name and the bits of a row each), prints an answer for each; checks the text of the modules.
  static let script = #"""
    import ast, importlib, struct, sys

    def bits(x):
        return "nan" if x != x else "%x" % struct.unpack("<Q", struct.pack("<d", x))[0]

    modules = {}
    for line in open("cases"):
        name, *words = line.split()
        if name not in modules:
            text = open(name + ".py", encoding="utf-8").read()
            tree = ast.parse(text, feature_version=(3, 8))
            names = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
            names += [t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
            assert len(names) == len(set(names)), "a name is defined twice"
            modules[name] = importlib.import_module(name)
            assert modules[name].self_test() == 0, name
        module = modules[name]
        row = [struct.unpack("<d", struct.pack("<Q", int(word, 16)))[0] for word in words]
        margins = module.margins(row) if module.MARGIN_COUNT else ()
        print("|".join([
            " ".join(map(bits, module.evaluate(row))), " ".join(map(bits, margins)), " ".join(map(str, module.leaves(row)))
        ]))
    """#

  static func cases(_ name: String, _ rows: [[Double]]) -> String {
    rows.map { ([name] + $0.map { String($0.bitPattern, radix: 16) }).joined(separator: " ") + "\n" }.joined()
  }
}
