import ForestIR
import ForestTesting
import Testing

@testable import ForestWriting

/// What the language of programs allows and lowering seldom makes: parts of arrays, names that hide others, leaving early.
@Suite struct PythonProgramTests {
  @Test func partsOfArraysAndNames() throws {
    let x = Routine.Parameter("x", .input(.float64)), out = Routine.Parameter("out", .output(.float64))
    func int(_ value: Int) -> Expression { .int(value) }
    func local(_ name: String) -> Expression { .local(name, .int32) }

    // A routine that is handed parts of arrays, called `f32` like a helper of the module, with a local called `in`.
    let total = Routine(
      "f32", comment: "Adds up elements.", parameters: [x, .init("count", .scalar(.int32))], result: .scalar(.float64),
      body: .statements([
        .variable("in", .float64(0)),
        .for("range", from: int(0), to: local("count"), [
          .assign("in", .local("in", .float64) + .element("x", local("range"), .float64))
        ]),
        .return(.local("in", .float64)),
      ]))
    // Hands on what it was handed itself, from the next element on.
    let rest = Routine(
      "rest", comment: "", parameters: [x, .init("count", .scalar(.int32))], result: .scalar(.float64),
      body: .statements([
        .return(.call("f32", [.array("x", offset: int(1)), .value(local("count") - int(1))], .float64))
      ]))
    // Writes through a place, into a local array too, and leaves early.
    let fill = Routine(
      "fill", comment: "", parameters: [out, .init("count", .scalar(.int32))], result: .nothing,
      body: .statements([
        .if(local("count").compared(.lessOrEqual, int(0)), [.leave], else: []),
        .variable("i", int(0)),
        .while(local("i").compared(.less, local("count")), [
          .assignElement(of: "out", at: local("i"), Expression(.float64, .convert(~(local("i") - int(7)) / int(2)))),
          .assign("i", local("i") + int(1)),
        ]),
      ]))
    let tree = Routine(
      "tree", comment: "", parameters: [x], result: .leaf(.float64),
      body: .tree(
        TreeCode(
          tree: try Tree(
            splits: [
              Split(feature: 1, test: .lessOrEqual, threshold: 2, nanGoesLeft: false, left: .leaf(0), right: .leaf(1))
            ], leaves: [0, 0], leafNumbers: [70, 80]),
          inputType: .float64, leafType: .float64, leafValues: [-0.0, .infinity], linearRoutine: nil, linearOffsets: [])))
    let shifted = [Argument.array("x", offset: int(1))]
    let outputs = Routine(
      "evaluate", comment: "", parameters: [x, out], result: .nothing,
      body: .statements([
        .array("work", .float64, count: 5),
        .call("fill", [.array("work", offset: int(2)), .value(int(3))]),
        .call("fill", [.array("work", offset: nil), .value(int(0))]),
        .assignElement(of: "out", at: int(0), .call("rest", [.array("x", offset: nil), .value(int(3))], .float64)),
        .assignElement(of: "out", at: int(1), .call("rest", [.table("numbers", offset: int(2)), .value(int(3))], .float64)),
        .assignElement(of: "out", at: int(2), .element("work", int(4), .float64)),
        .assignElement(of: "out", at: int(3), Expression(.float64, .leafValue(of: "tree", shifted))),
        .assignElement(of: "out", at: int(4), Expression(.float64, .leafValue(of: "tree", [.array("x", offset: nil)]))),
        .assignElement(
          of: "out", at: int(5),
          .float64(1) - (.float64(2) - (.float64(3) - -Expression.element("x", int(0), .float64)))),
      ]))
    let leaves = Routine(
      "leaves", comment: "", parameters: [x, .init("leaf", .output(.int32))], result: .nothing,
      body: .statements([.assignElement(of: "leaf", at: int(0), Expression(.int32, .leafNumber(of: "tree", shifted)))]))
    let program = Program(
      tables: [
        // Long enough to be text.
        .init(name: "numbers", comment: "Numbers.", numbers: .float64([.nan, .nan, .infinity, 0.1, 0.2] + [Double](repeating: -.infinity, count: 40)))
      ],
      routines: [total, rest, fill, tree, outputs, leaves], outputsEntry: "evaluate", marginsEntry: nil,
      leavesEntry: "leaves", inputType: .float64, inputCount: 3, outputCount: 6, marginCount: 0, treeCount: 1, ranked: nil)

    var generator = ForestGenerator(seed: 1)
    let forest = generator.plainForest(inputs: 3, trees: 1, groups: 6)
    let bench = try PythonBench()
    let file = try PythonEmitter().file(
      for: program, PythonBench.request(forest, name: "by_hand", layout: .auto))
    try bench.write(String(decoding: file.bytes, as: UTF8.self), to: file.name)
    let run = try bench.python([
      "-c", "import by_hand as m; print(*m.evaluate([1, 2, 4]), *m.leaves([1, 2, 4]), *m.leaves([1, 0, 2]))",
    ])
    // 2 + 4; 0.1 + 0.2 behind the infinity; ~(2 − 7) / 2; x[2] = 4 > 2; x[1] = 2 <= 2; 1 − (2 − (3 + 1)).
    #expect(run.output == "6.0 0.30000000000000004 2.0 inf -0.0 3.0 80 70\n", "\(run.errors)")
  }
}
