import ForestIR
import ForestTesting
import Testing

@testable import ForestWriting

/// Arrays of events against single events, bit for bit: two ways through each emitted module.
///
/// Needs NumPy, which `Tests/run` installs where `python3` has none.
@Suite struct PythonColumnTests {
  /// Random forests over the whole IR: sets, linear splits and leaves, vectors, curves, medians, members, choices.
  @Test func randomForests() throws {
    let bench = try PythonBench()
    var generator = ForestGenerator(seed: 77)
    for index in 0..<60 {
      let layout: EmissionRequest.Layout = index % 2 == 0 ? .branches : .tables
      generator.limits.onlyPlainTrees = layout == .branches
      try emit(generator.forest(), as: "forest_\(index)", layout, rows: 150, in: bench)
    }
    try check(bench)
  }

  /// Ensembles of every kind, small sets of leaves and large ones, asked on and around every threshold.
  @Test func plainForests() throws {
    let bench = try PythonBench()
    var generator = ForestGenerator(seed: 78)
    var index = 0
    for width in Width.allCases {
      for inputWidth in Width.allCases {
        for depth in [1, 3, 4, 5, 6, 8] {
          let sets = depth == 4
          let forest = generator.plainForest(
            inputs: 1 + depth, trees: 30, depth: depth, groups: 1 + depth % 2, inputWidth: inputWidth, width: width,
            leafWidth: depth == 5 ? 3 : 1, sets: sets)
          try emit(forest, as: "plain_\(index)", depth == 8 || sets || depth == 5 ? .tables : .auto, rows: 1000, in: bench)
          index += 1
        }
        let linear = generator.plainForest(inputs: 4, trees: 9, inputWidth: inputWidth, width: width, linear: true, sets: true)
        try emit(linear, as: "plain_\(index)", .tables, rows: 300, in: bench)
        index += 1
      }
    }
    try check(bench)
  }

  /// Trees too large for masks alone, walked level by level below the top; and long chains, whose leaves count from the right.
  @Test func largeTrees() throws {
    let bench = try PythonBench()
    var generator = ForestGenerator(seed: 79)
    for (index, width) in Width.allCases.enumerated() {
      let forest = generator.plainForest(inputs: 40, trees: 3, depth: 11, inputWidth: width, width: .float64)
      try emit(forest, as: "large_\(index)", .tables, rows: 1000, in: bench)
    }
    for depth in [100, 1100] {
      let splits = (0..<depth).map { index -> Split in
        let threshold = Double((index * 37) % 200 - 100)
        let left: Child = index == depth - 1 ? .leaf(depth) : .split(index + 1)
        return Split(
          feature: index % 12, test: index % 3 == 0 ? .less : .lessOrEqual, threshold: threshold, nanGoesLeft: index % 2 == 0,
          left: left, right: .leaf(index))
      }
      let chain = try Tree(splits: splits, leaves: (0...depth).map { Double($0) * 0.1 })
      let stump = try Tree(splits: [], leaves: [0.5])
      var builder = ModelBuilder(inputCount: 12, width: .float64)
      let ensemble = try TreeEnsemble(trees: [stump, chain, stump], width: .float64, fold: .sum(start: [0]))
      let model = try builder.finish(.trees(ensemble, .inputs))
      try emit(generator.described(model), as: "chain_\(depth)", .tables, rows: 1000, in: bench)
    }
    try check(bench)
  }

  /// Every function of both widths, special numbers among the arguments.
  @Test func functions() throws {
    let bench = try PythonBench()
    for width in Width.allCases {
      var builder = ModelBuilder(inputCount: 2, width: width)
      let a = try builder.add(.gather(.inputs, [0])), b = try builder.add(.gather(.inputs, [1]))
      let steps = UnaryFunction.allCases.map { Operation.unary($0, a) } + BinaryFunction.allCases.map { .binary($0, a, b) }
      let values = steps.compactMap { try? builder.add($0) }
      let all = try builder.add(.concatenate(values))
      try emit(ForestGenerator(seed: 0).described(try builder.model(result: all)), as: "functions_\(width.rawValue)", .auto, rows: 2000, in: bench)
    }
    try check(bench)
  }

  private func emit(
    _ forest: Forest, as name: String, _ layout: EmissionRequest.Layout, rows: Int, in bench: PythonBench
  ) throws {
    let text = try bench.emit(forest, as: name, layout: layout)
    #expect(text.contains("def _column_functions()"), "\(name) has no way for arrays")
    let lines = ProbeRows(forest).rows(rows, seed: 5).map { row in
      ([name] + row.map { String($0.bitPattern, radix: 16) }).joined(separator: " ")
    }
    cases.append(contentsOf: lines)
  }

  private let cases = Cases()
  private final class Cases {
    private(set) var lines: [String] = []
    func append(contentsOf more: [String]) { lines += more }
  }

  private func check(_ bench: PythonBench) throws {
    try bench.write(cases.lines.joined(separator: "\n") + "\n", to: "cases")
    try bench.write(PythonColumnTests.script, to: "compare.py")
    let run = try bench.python(["-W", "error", "compare.py"])
    #expect(run.output.hasSuffix("done\n"), "\(run.output.suffix(2000))\(run.errors.suffix(2000))")
  }

  private static let script = #"""
    import importlib, struct, sys
    try:
        import numpy
    except ImportError:
        sys.exit("python3 has no numpy, which Tests/run installs")

    def same(a, b):
        a, b = numpy.asarray(a, "f8"), numpy.asarray(b, "f8")
        equal = (a.view("i8") == b.view("i8")) | ((a != a) & (b != b))
        return a.shape == b.shape and bool(equal.all())

    events = {}
    for line in open("cases"):
        name, *words = line.split()
        events.setdefault(name, []).append([struct.unpack("<d", struct.pack("<Q", int(word, 16)))[0] for word in words])
    for name, rows in events.items():
        module = importlib.import_module(name)
        module._FEWEST_ROWS = 0
        module._CHUNK = 400
        rows = numpy.array(rows)
        for function, width in ((module.evaluate, module.OUTPUT_COUNT), (module.margins if module.MARGIN_COUNT else None, module.MARGIN_COUNT), (module.leaves, module.TREE_COUNT)):
            if not width:
                continue
            want = numpy.array([function(row) for row in rows.tolist()]).reshape(len(rows), width)
            def expect(got, want, what):
                if not same(got, want):
                    bad = [i for i in range(len(want)) if not same(got[i], want[i])]
                    sys.exit("%s %s %s: row %d of %s: %s, not %s" % (name, function.__name__, what, bad[0], bad[:9], got[bad[0]], want[bad[0]]))
            expect(function(rows), want, "all rows")
            for count in (0, 1, 2, 63, 64, 65):
                expect(function(rows[:count]), want[:count], "%d rows" % count)
            expect(function(numpy.asfortranarray(rows)[::-3]), want[::-3], "every third row, backwards")
            wide = numpy.zeros((len(rows), 2 * rows.shape[1]))
            wide[:, ::2] = rows
            expect(function(wide[:, ::2]), want, "every other column")
            with numpy.errstate(all="ignore"):
                narrow = rows.astype("f4")[:90]
            expect(function(narrow), numpy.array([function(row) for row in narrow.tolist()]).reshape(len(narrow), width), "float32")
            whole = numpy.arange(2 * rows.shape[1]).reshape(2, -1) - 3
            expect(function(whole), numpy.array([function(row) for row in whole.tolist()]).reshape(2, width), "integers")
    print("done")
    """#
}
