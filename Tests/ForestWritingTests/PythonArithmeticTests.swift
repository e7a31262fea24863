import ForestIR
import ForestTesting
import Testing

@testable import ForestWriting

/// Emitted modules against the reference evaluator, bit for bit.
@Suite struct PythonArithmeticTests {
  /// Random forests over the whole IR, every layout, one interpreter for all.
  @Test func randomForests() throws {
    let bench = try PythonBench()
    var generator = ForestGenerator(seed: 20)
    var cases = "", expected: [String] = []
    for index in 0..<60 {
      for layout in [EmissionRequest.Layout.branches, .tables] {
        generator.limits.onlyPlainTrees = layout == .branches
        let forest = try withMargins(generator.forest())
        let rows = ProbeRows(forest).rows(12, seed: UInt64(index))
        let name = "forest_\(index)_\(layout.rawValue)"
        try bench.emit(forest, as: name, layout: layout, reference: Array(rows.prefix(4)))
        cases += PythonAnswers.cases(name, rows)
        expected += PythonAnswers.expected(forest, rows)
      }
    }
    try check(bench, cases, expected)
  }

  /// Plain ensembles, on and around every threshold.
  @Test func plainForests() throws {
    let bench = try PythonBench()
    var generator = ForestGenerator(seed: 4)
    var cases = "", expected: [String] = []
    for (index, width) in [(0, Width.float32), (1, .float64)] {
      for (inputIndex, inputWidth) in [(0, Width.float32), (1, .float64)] {
        let forest = generator.plainForest(
          inputs: 4, trees: 9, groups: 1 + 2 * index, inputWidth: inputWidth, width: width, linear: inputIndex == index)
        let rows = ProbeRows(forest).everyCandidate(seed: 1)
        for layout in [EmissionRequest.Layout.branches, .tables] {
          let name = "plain_\(index)_\(inputIndex)_\(layout.rawValue)"
          try bench.emit(forest, as: name, layout: layout, reference: rows)
          cases += PythonAnswers.cases(name, rows)
          expected += PythonAnswers.expected(forest, rows)
        }
      }
    }
    try check(bench, cases, expected)
  }

  /// Every function, in every width that it has, at every pair of special numbers.
  @Test func functions() throws {
    let bench = try PythonBench()
    let arguments = SpecialNumbers.all + [3, -3, 2, -2, 7.5, -7.5, 710, -746, 1e-5, -1.0.nextUp, 1.0.nextUp, 0x1p63, -0x1p63]
    var cases = "", expected: [String] = []
    for width in Width.allCases {
      var builder = ModelBuilder(inputCount: 2, width: width)
      let a = try builder.add(.gather(.inputs, [0])), b = try builder.add(.gather(.inputs, [1]))
      let steps =
        UnaryFunction.allCases.map { Operation.unary($0, a) } + BinaryFunction.allCases.map { .binary($0, a, b) }
      // Functions that a width does not have are refused by the builder.
      let values = steps.compactMap { try? builder.add($0) }
      let all = try builder.add(.concatenate(values))
      let forest = ForestGenerator(seed: 0).described(try builder.model(result: all))
      let rows = arguments.flatMap { first in arguments.map { [first, $0] } }
      let name = "functions_\(width.rawValue)"
      try bench.emit(forest, as: name)
      cases += PythonAnswers.cases(name, rows)
      expected += PythonAnswers.expected(forest, rows)
    }
    try check(bench, cases, expected)
  }

  /// As deep as Python takes branches, and one deeper.
  @Test func depth() throws {
    let bench = try PythonBench()
    let limit = PythonEmitter.maximumBranchDepth
    let forest = try chain(limit)
    let rows = (0...limit + 1).map { [Double($0) - 0.5] } + [[.nan]]
    try bench.emit(forest, as: "deep", layout: .branches)
    try check(bench, PythonAnswers.cases("deep", rows), PythonAnswers.expected(forest, rows))
    let deeper = try chain(limit + 1)
    #expect(throws: EmissionError.self) { try bench.emit(deeper, as: "deeper", layout: .branches) }
    try bench.emit(deeper, as: "deeper", layout: .auto)
    try check(bench, PythonAnswers.cases("deeper", rows), PythonAnswers.expected(deeper, rows))
  }

  /// A tree in which each split leads to a leaf on the right and the next split on the left.
  private func chain(_ depth: Int) throws -> Forest {
    let splits = (0..<depth).map {
      Split(
        feature: 0, test: .less, threshold: Double(depth - $0), nanGoesLeft: $0 % 2 == 0,
        left: $0 == depth - 1 ? .leaf(depth) : .split($0 + 1), right: .leaf($0))
    }
    let tree = try Tree(splits: splits, leaves: (0...depth).map { Double($0) * 0.1 })
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let ensemble = try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0]))
    let sum = try builder.add(.trees(ensemble, .inputs))
    return ForestGenerator(seed: 0).described(try builder.model(result: sum))
  }

  /// The same forest with every other column a margin, and the first of those not printed if others are.
  private func withMargins(_ forest: Forest) throws -> Forest {
    let columns = forest.columns.enumerated().map { index, column in
      Column(
        name: column.name, role: index % 2 == 0 ? .margin : .response, meaning: column.meaning, width: column.width,
        isPrinted: index > 0 || forest.columns.count == 1)
    }
    return try Forest(inputs: forest.inputs, model: forest.model, columns: columns, provenance: forest.provenance)
  }

  private func check(_ bench: PythonBench, _ cases: String, _ expected: [String]) throws {
    try bench.write(cases, to: "cases")
    try bench.write(PythonAnswers.script, to: "answer.py")
    let run = try bench.python(["-W", "error", "answer.py"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.count == expected.count)
    let questions = cases.split(separator: "\n")
    let wrong = zip(lines, expected).enumerated().filter { $0.element.0 != $0.element.1 }
    #expect(wrong.isEmpty, "\(wrong.count) wrong; \(wrong.prefix(3).map { "\(questions[$0.offset]): \($0.element)" })")
  }
}
