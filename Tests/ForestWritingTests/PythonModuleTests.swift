import ForestEvaluation
import ForestIR
import ForestTesting
import Foundation
import Testing

@testable import ForestWriting

/// Emitted modules as their users meet them: names, text, arrays, the command.
@Suite struct PythonModuleTests {
  /// Labels that would be code if they could.
  static let hostile = [
    "\"\"\"\nimport os; os._exit(9)\n\"\"\"", "'''", "\\", "a\"", "*/ system(1); /*", "\u{202E}evil", "x\r\ny", "é≤±", "\u{1}",
    "count", "None", "lambda", "pt1/pt2", "pt1,pt2", "\\N{DIGIT ONE}", "{0}%s%d", "\u{2028}", String(repeating: "long ", count: 90),
  ]

  /// Text from models comes back as it was and never becomes code.
  @Test func text() throws {
    let bench = try PythonBench()
    let texts = PythonModuleTests.hostile
    let forest = try sum(
      labels: texts,
      columns: texts.map { Column(name: $0, role: .response, meaning: $0, width: .float64) },
      provenance: Provenance(
        trainer: texts[0], kind: texts[2], format: texts[3], source: .init(fileName: texts[0], sha256: texts[0]),
        facts: texts.map { .init($0, $0) }, notes: texts.map { .init(.choice, $0, place: $0) }),
      describing: { Input(label: $0, expression: $0, title: $0, unit: $0, trainingRange: .init(lowest: -.infinity, highest: 1)) })
    let text = try bench.emit(forest, as: "hostile", reference: [texts.indices.map(Double.init)])
    try bench.write(
      """
      import ast, hostile as h
      ast.parse(open("hostile.py", encoding="utf-8").read(), feature_version=(3, 8))
      shown = lambda text: text.encode("utf-8").hex()
      for q in h.INPUTS: print(*map(shown, (q.label, q.expression, q.title, q.unit)))
      for q in h.OUTPUTS: print(*map(shown, (q.name, q.meaning)))
      for fact in h.PROVENANCE["facts"]: print(*map(shown, fact))
      for note in h.PROVENANCE["notes"]: print(*map(shown, note[1:]))
      print(h.self_test(), h.INPUTS[0].lowest, h.INPUTS[0].highest, len(set(h.Inputs._fields)))
      print(h.evaluate({q.label: i for i, q in enumerate(h.INPUTS)})[3])
      """, to: "show.py")
    let run = try bench.python(["show.py"])
    func hex(_ text: String) -> String { text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    func lines(_ copies: Int) -> [String] { texts.map { [String](repeating: hex($0), count: copies).joined(separator: " ") } }
    #expect(run.errors == "")
    #expect(
      run.output.split(separator: "\n").map(String.init) == lines(4) + lines(2) + lines(2) + lines(2)
        + ["0 None 1.0 \(texts.count)", "3.0"])
    // Nothing invisible, and no line of the docstring or a comment is overlong.
    let isPlain = text.unicodeScalars.allSatisfy { $0 == "\n" || ![.control, .format, .lineSeparator].contains($0.properties.generalCategory) }
    #expect(isPlain)

    // The command finds such columns too: a header in quotes, in another order.
    let header = texts.reversed().map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",")
    let row = texts.indices.reversed().map { "\($0)" }.joined(separator: ",")
    let scored = try bench.python(["hostile.py"], input: header + "\n" + row + "\n")
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(scored.output.hasSuffix(texts.indices.map { "\($0).0" }.joined(separator: ",") + "\n"))
  }

  /// A table on standard input, and what should come of it.
  struct Table: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: String
    var output = ""
    var error = ""
    var status: Int32 = 0
  }

  static let tables = [
    Table(testDescription: "plain", input: "a,b\n1,2\n", output: "a,b\n1.0,2.0\n"),
    Table(testDescription: "order, extra columns", input: "z,b,a\n9,2,1\n", output: "a,b\n1.0,2.0\n"),
    Table(testDescription: "CRLF, mark, quotes", input: "\u{FEFF}\"a\",b\r\n\"1\",2\r\n", output: "a,b\n1.0,2.0\n"),
    Table(testDescription: "no last line end", input: "a,b\n1,2", output: "a,b\n1.0,2.0\n"),
    Table(testDescription: "words", input: "a,b\nNaN,-INF\n,+inf\n", output: "a,b\nnan,-inf\nnan,inf\n"),
    Table(
      testDescription: "numbers", input: "a,b\n1e-400,1e400\n0.1,-0.0\n5e-324,123456789012345678\n",
      output: "a,b\n0.0,inf\n0.1,-0.0\n5e-324,1.2345678901234568e+17\n"),
    Table(testDescription: "header only", input: "a,b\n", output: "a,b\n"),
    Table(testDescription: "missing", input: "a,bb\n1,2\n", error: "standard input:1: error: there is no column 'b'\nhint: the nearest is 'bb'\n", status: 65),
    Table(testDescription: "twice", input: "a,b,a\n1,2,3\n", error: "standard input:1: error: there are 2 columns 'a'\n", status: 65),
    Table(testDescription: "twice, not read", input: "a,b,z,z\n1,2,3,4\n", output: "a,b\n1.0,2.0\n"),
    Table(testDescription: "no number", input: "a,b\n1,2\n1,x\n", output: "a,b\n1.0,2.0\n", error: "standard input:3: error: not a number: 'x'\n", status: 65),
    Table(testDescription: "Python's own spelling", input: "a,b\n1_0,2\n", output: "a,b\n", error: "standard input:2: error: not a number: '1_0'\n", status: 65),
    Table(testDescription: "other digits", input: "a,b\n1,\u{0661}\n", output: "a,b\n", error: "standard input:2: error: not a number: '\\u0661'\n", status: 65),
    Table(testDescription: "ragged", input: "a,b\n1\n", output: "a,b\n", error: "standard input:2: error: 1 fields under a header of 2\n", status: 65),
    Table(testDescription: "open quote", input: "a,b\n1,\"2\n", output: "a,b\n", error: "standard input:2: error: unexpected end of data\n", status: 65),
    Table(testDescription: "empty", input: "", error: "standard input:1: error: there is no header\n", status: 65),
  ]

  @Test(arguments: tables) func command(_ table: Table) throws {
    let bench = try PythonBench()
    let forest = try sum(labels: ["a", "b"], columns: ["a", "b"].map { Column(name: $0, role: .response, meaning: "", width: .float64) })
    try bench.emit(forest, as: "copy_of")
    let run = try bench.python(["-W", "error", "copy_of.py"], input: table.input)
    #expect(run.output == table.output)
    #expect(run.errors == table.error)
    #expect(run.status == table.status)
  }

  /// Where the file names no inputs, columns are counted.
  @Test func unnamedInputs() throws {
    let bench = try PythonBench()
    let columns = ["out,put"].map { Column(name: $0, role: .response, meaning: "", width: .float64) }
    let forest = try sum(labels: ["x0"], columns: columns, describing: { Input(label: $0, isUnnamed: true) })
    try bench.emit(forest, as: "unnamed", reference: [[1], [.nan]])
    // With one column, an empty line is an empty field.
    #expect(try bench.python(["unnamed.py"], input: "pt\n7\n\n8\n").output == "\"out,put\"\n7.0\nnan\n8.0\n")
    #expect(try bench.python(["unnamed.py"], input: "pt,eta\n7,1\n").status == 65)
    #expect(try bench.python(["unnamed.py", "--selftest"]).output == "0 of 2 reference events are wrong\n")
    #expect(try bench.python(["unnamed.py", "--help"]).output.contains("\nInputs, in this order"))
    #expect(try bench.python(["unnamed.py", "-1"]).status == 64)
  }

  /// A self-test that finds nothing wrong must be one that could.
  @Test func selfTestFindsFaults() throws {
    let bench = try PythonBench()
    var generator = ForestGenerator(seed: 3)
    let plain = generator.plainForest(inputs: 3, trees: 4, depth: 3)
    let forest = try Forest(
      inputs: plain.inputs, model: plain.model,
      columns: [Column(name: "c", role: .margin, meaning: "", width: .float64)], provenance: plain.provenance)
    let rows = ProbeRows(forest).everyCandidate(seed: 1)
    for (index, layout) in [EmissionRequest.Layout.branches, .tables].enumerated() {
      let text = try bench.emit(forest, as: "right_\(index)", layout: layout, reference: rows)
      #expect(try bench.python(["right_\(index).py", "--selftest"]).status == 0)
      // One leaf's value in its last digits; one comparison turned round.
      let parts = text.components(separatedBy: "_REFERENCE_EVENTS = ")
      let reached = Set(rows.map { ReferenceEvaluator(forest).evaluate(row: $0).leaves[0] })
      let leaves = forest.model.ensembles[0].trees[0].leaves
      let value = leaves.indices.first { reached.contains(Int32($0)) && leaves[$0].description.count > 10 }.map { leaves[$0].description }
      let leaf = try #require(value)
      try bench.write(
        parts[0].replacingOccurrences(of: leaf, with: leaf + "e1") + "_REFERENCE_EVENTS = " + parts[1], to: "value.py")
      try bench.write(
        parts[0].replacingOccurrences(of: " < ", with: " >= ").replacingOccurrences(of: " <= ", with: " > ")
          + "_REFERENCE_EVENTS = " + parts[1], to: "order.py")
      for name in ["value.py", "order.py"] {
        let run = try bench.python([name, "--selftest"])
        #expect(run.status == 1, "\(name): \(run.output) \(run.errors)")
      }
    }
  }

  /// Lists, named tuples, mappings; what is refused; pickles.
  @Test func calls() throws {
    let bench = try PythonBench()
    let columns = ["a", "b"].map { Column(name: $0, role: .margin, meaning: "", width: .float32) }
    try bench.emit(try sum(labels: ["a", "b"], columns: columns, width: .float32), as: "calls")
    try bench.write(
      #"""
      import calls as c, collections, pickle

      def refused(values, error):
          try:
              c.evaluate(values)
          except error:
              return
          raise AssertionError(values)

      event = c.Inputs(b=2, a=0.1)
      want = (0.10000000149011612, 2.0)
      assert c.evaluate(event) == want and c.evaluate(event).b == 2.0
      assert c.evaluate([0.1, 2]) == c.evaluate({"b": 2, "a": 0.1}) == c.margins((0.1, 2)) == want
      assert c.evaluate(range(2)) == (0.0, 1.0) and c.evaluate(iter([0.1, 2])) == want
      assert c.evaluate([event, [1e300, -1e300]]) == [want, (float("inf"), float("-inf"))]
      assert c.evaluate([]) == [] and c.leaves([event, event]) == [(0,), (0,)]
      for wrong in ([1], [1, 2, 3], [[1]], {"a": 1}): refused(wrong, ValueError)
      for wrong in ("12", b"12", ["12", "12"]): refused(wrong, TypeError)
      assert pickle.loads(pickle.dumps([event, c.evaluate(event), c.evaluate]))[1] == want
      assert all(hasattr(c, name) for name in c.__all__) and len(c.MARGINS) == c.MARGIN_COUNT == 2
      try:
          import numpy
      except ImportError:
          pass
      else:
          rows = numpy.array([[0.1, 2], [3, numpy.nan]], dtype="float32")
          got = c.evaluate(rows)
          assert got.dtype == "float64" and got.tobytes() == numpy.array([want, [3, numpy.nan]]).tobytes()
          assert c.evaluate(rows[0]) == want and c.evaluate(list(rows))[0] == want
          assert c.evaluate(numpy.empty((0, 2))).shape == (0, 2) and c.leaves(rows).dtype == "int32"
          refused(numpy.zeros((2, 3)), ValueError)
          refused(numpy.zeros((2, 2, 2)), ValueError)
      print("done")
      """#, to: "use.py")
    let run = try bench.python(["-W", "error", "use.py"])
    #expect(run.output == "done\n", "\(run.errors)")
  }

  /// A module that hides one that it needs could not be run.
  @Test func refusedNames() throws {
    let forest = try sum(labels: ["a"], columns: [Column(name: "c", role: .response, meaning: "", width: .float64)])
    let bench = try PythonBench()
    #expect(throws: EmissionError.self) { try bench.emit(forest, as: "math") }
  }

  /// A forest that hands its inputs through, and asks one tree that is a leaf of value 0.
  private func sum(
    labels: [String], columns: [Column], width: Width = .float64,
    provenance: Provenance = Provenance(trainer: "none", kind: "copy", format: "none"),
    describing describe: (String) -> Input = { Input(label: $0) }
  ) throws -> Forest {
    var builder = ModelBuilder(inputCount: labels.count, width: width)
    let tree = try Tree(splits: [], leaves: [0])
    let zero = try builder.add(.trees(TreeEnsemble(trees: [tree], width: width, fold: .sum(start: [0])), .inputs))
    let all = try builder.add(.concatenate([.inputs, zero]))
    let result = try builder.add(.gather(all, (0..<Int32(labels.count)).map { $0 }))
    return try Forest(
      inputs: labels.map(describe), model: try builder.model(result: result), columns: columns, provenance: provenance)
  }
}
