import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// Rules of LightGBM that fixtures do not show one by one.
@Suite struct LightGBMRuleTests {
  /// One tree that answers 1 on the left and 2 on the right, and its raw score for a value of its only feature.
  static func side(threshold: String, type: Int, _ x: Double) throws -> String {
    var model = LightGBMText()
    model.header[5] = "max_feature_idx=0"
    model.header[7] = "feature_names=a"
    model.header.removeLast()
    var tree = [
      "num_leaves=2", "num_cat=\(type & 1)", "split_feature=0", "threshold=\(threshold)", "decision_type=\(type)", "left_child=-1",
      "right_child=-2", "leaf_value=1 2",
    ]
    if type & 1 == 1 { tree += ["cat_boundaries=0 2", "cat_threshold=3 2147483648"] }
    model.trees = [tree]
    let forest = try LightGBMText.read(model.text)
    return score(forest, [x]) == [1, 1] ? "left" : "right"
  }

  /// The largest number that counts as zero.
  static let zone = Double(Float(1e-35))

  /// Small numbers are 0 before they are compared, even with a threshold smaller than themselves; NaN is 0 where missing values
  /// are not known.
  @Test(arguments: ["-1", "-1.0000000180025095e-35", "-9e-36", "-0.0", "0", "9e-36", "1.0000000180025095e-35", "1.1e-35", "inf", "-inf"])
  func zeros(threshold: String) throws {
    let limit = try #require(threshold.hasSuffix("inf") ? (threshold == "inf" ? .infinity : -.infinity) : Double(threshold))
    let small: [Double] = [0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 8e-36, -8e-36, Self.zone, -Self.zone]
    let large: [Double] = [Self.zone.nextUp, -Self.zone.nextUp, 1, -1, 2, -2, .infinity, -.infinity]
    for x in small + large + [.nan] {
      let number = x.isNaN || x.magnitude <= Self.zone ? 0 : x
      let side = number <= limit ? "left" : "right"
      #expect(try Self.side(threshold: threshold, type: 2, x) == side, "none, \(x)")
      #expect(try Self.side(threshold: threshold, type: 8, x) == (x.isNaN ? "right" : side), "NaN, right, \(x)")
      #expect(try Self.side(threshold: threshold, type: 10, x) == (x.isNaN ? "left" : side), "NaN, left, \(x)")
      #expect(try Self.side(threshold: threshold, type: 4, x) == (number == 0 ? "right" : side), "zero, right, \(x)")
      #expect(try Self.side(threshold: threshold, type: 6, x) == (number == 0 ? "left" : side), "zero, left, \(x)")
    }
  }

  /// The list holds 0, 1 and 63.
  @Test(arguments: [1, 3, 5, 9])
  func categories(type: Int) throws {
    for x in [0.0, -0.0, -0.5, -0.999, 0.7, 1, 1.999, 63, 63.5, .leastNonzeroMagnitude] {
      #expect(try Self.side(threshold: "0", type: type, x) == "left", "\(x)")
    }
    for x in [-1.0, -1.5, 2, 62, 64, 4_294_967_296, 1e300, -1e300, .infinity, -.infinity, .nan] {
      #expect(try Self.side(threshold: "0", type: type, x) == "right", "\(x)")
    }
  }

  /// The sample model in both forms, by hand.
  @Test(arguments: [LightGBMText().text, LightGBMText.dump])
  func sample(text: String) throws {
    let forest = try LightGBMText.read(text)
    let nan = Double.nan
    // A row, and what the three trees add: the third always 32.
    let expected: [([Double], Double)] = [
      ([0, 1, 1], 1 + 3.5), ([0.25, 1, 0], 2 + 4), ([1, 1, 32], 4 + 5.5), ([1, 2, 32], 4 + 0.25), ([nan, 1, 32], 1 + 8),
      ([1, nan, 32], 4 + 0.25), ([1, .leastNonzeroMagnitude, 32], 4 + 2.5),
    ]
    for (row, sum) in expected { #expect(score(forest, row) == [sum + 32, sum + 32], "\(row)") }
    #expect(forest.inputs.map(\.label) == ["a", "b", "c"])
    #expect(forest.inputs[2].trainingRange == Input.TrainingRange(lowest: 0, highest: 3))
    let leaves = ReferenceEvaluator(forest).evaluate(row: [1, 2, 0]).leaves
    #expect(leaves == [2, 1, 0])
  }

  @Test(arguments: [
    ("\n", "\r\n"), ("tree\n", "\u{FEFF}tree\n"), ("tree\n", "tree \t\r\n"), ("num_leaves=3", "new_key=1 2 x\nnum_leaves= 3  "),
    ("0.5 0\n", "5e-1   0.0 \n"), ("0.5 0\n", "0.50000000000000000000000000000000000000 +0\n"),
    ("end of trees\n", "feature importances:\n"), ("Tree=0\n", "\n\n\nTree=0\n"), ("label_index=0\n", ""),
    ("leaf_value=1 2 4\n", "leaf_value=1\t2 4e0\t\n"), ("feature_infos=[-1:2.5] none 3:1:0\n", ""),
    ("\npandas_categorical:null\n", ""),
  ])
  func spellingsThatDoNotMatter(old: String, new: String) throws {
    let plain = try LightGBMText.read(LightGBMText().text)
    let other = try LightGBMText.read(LightGBMText().text.replacing(old, with: new))
    #expect(other.model == plain.model && other.columns == plain.columns)
  }

  @Test(arguments: [
    ("binary sigmoid:2", 1 / (1 + exponential(-2 * 0.5))), ("cross_entropy", 1 / (1 + exponential(-0.5))),
    ("poisson", exponential(0.5)), ("gamma", exponential(0.5)), ("tweedie", exponential(0.5)), ("regression", 0.5),
    ("regression_l1 sqrt", 0.25), ("huber", 0.5), ("lambdarank", 0.5), ("rank_xendcg", 0.5),
  ])
  func links(objective: String, prediction: Double) throws {
    var model = LightGBMText()
    model.header[6] = "objective=\(objective)"
    model.trees = [["num_leaves=1", "num_cat=0", "leaf_value=0.25"], ["num_leaves=1", "num_cat=0", "leaf_value=0.25"]]
    #expect(score(try LightGBMText.read(model.text), [0, 0, 0]) == [0.5, prediction])
    // A mean of two: the raw score is still the sum.
    if prediction == 0.5 {
      model.header.append("average_output")
      #expect(score(try LightGBMText.read(model.text), [0, 0, 0]) == [0.5, 0.25])
    }
  }

  private static func exponential(_ x: Double) -> Double {
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    guard let power = try? builder.add(.unary(.exponential, .inputs)), let model = try? builder.model(result: power),
      let forest = try? Forest(
        inputs: [Input(label: "x")], model: model, columns: [Column(name: "y", role: .response, meaning: "", width: .float64)],
        provenance: Provenance(trainer: "", kind: "", format: ""))
    else { return .nan }
    return score(forest, [x])[0]
  }

  @Test func anUnknownObjectiveGivesRawScoresOnly() throws {
    let forest = try LightGBMText.read(LightGBMText().text.replacing("=regression", with: "=quantum_loss x"))
    #expect(forest.columns.map(\.name) == ["raw"])
    #expect(forest.provenance.notes.contains { $0.kind == .choice && $0.text.contains("quantum_loss") })
  }

  @Test func aDumpOfAnOlderReleaseGivesRawScoresOnly() throws {
    let forest = try LightGBMText.read(LightGBMText.dump.replacing("\"average_output\": false, ", with: ""))
    #expect(forest.columns.map(\.name) == ["raw"])
  }

  /// JSON has no infinities; this is what LightGBM writes for them.
  @Test func infiniteThresholdsOfADump() throws {
    let forest = try LightGBMText.read(LightGBMText.dump.replacing("\"threshold\": 0.5", with: "\"threshold\": 1e300"))
    #expect(forest.model.ensembles[0].trees[0].splits[0].threshold == .infinity)
    #expect(forest.provenance.notes.count == 1)
  }

  // MARK: Remarks

  @Test func treeSizes() throws {
    var model = LightGBMText()
    let blocks = model.trees.enumerated().map { (["Tree=\($0.offset)"] + $0.element + ["", ""]).joined(separator: "\n").utf8.count + 1 }
    func notes(_ sizes: [Int]) throws -> [String] {
      model.header[8] = "tree_sizes=" + sizes.map(String.init).joined(separator: " ")
      return try LightGBMText.read(model.text).provenance.notes.map(\.text)
    }
    #expect(try notes(blocks) == [])
    #expect(try notes([blocks[0], blocks[1] + 1, blocks[2]]).first?.contains("tree 1 has \(blocks[1]) bytes, not \(blocks[1] + 1)") == true)
    #expect(try notes(Array(blocks.dropLast())).first?.contains("it names 2 trees, and there are 3") == true)
  }

  @Test func categoriesOfADataFrame() throws {
    let text = LightGBMText().text.replacing("pandas_categorical:null", with: "pandas_categorical:[[\"mu\", \"el\", 7, null]]")
    let notes = try LightGBMText.read(text).provenance.notes
    #expect(notes.count == 1)
    #expect(notes[0].text.contains("\"c\" was a categorical column") && notes[0].text.hasSuffix("0 = \"mu\", 1 = \"el\", 2 = 7, 3 = …"))
    let damaged = LightGBMText().text.replacing("pandas_categorical:null", with: "pandas_categorical:[[\"mu\"")
    #expect(try LightGBMText.read(damaged).provenance.notes.map(\.kind) == [.oddity])
  }

  @Test func aModelWithoutTrees() throws {
    var model = LightGBMText()
    model.trees = []
    let forest = try LightGBMText.read(model.text)
    #expect(score(forest, [1, 2, 3]) == [0, 0])
    #expect(forest.provenance.notes.count == 1)
  }

  // MARK: Long lines

  /// Lists of many times the window: a chain of splits, and names that add up.
  @Test(arguments: [40_000, 40_001])
  func longLines(leafCount: Int) throws {
    var model = LightGBMText()
    let splits = leafCount - 1
    func list(_ count: Int, _ element: (Int) -> String) -> String { (0..<count).map(element).joined(separator: " ") }
    model.trees = [
      [
        "num_leaves=\(leafCount)", "num_cat=0", "split_feature=" + list(splits) { "\($0 % 3)" }, "split_gain=" + list(splits) { "\($0)e-3" },
        "threshold=" + list(splits) { "\($0).5" }, "decision_type=" + list(splits) { _ in "2" },
        "left_child=" + list(splits) { "\(~$0)" }, "right_child=" + list(splits) { "\($0 + 1 < splits ? $0 + 1 : ~splits)" },
        "leaf_value=" + list(leafCount) { "\($0).0000000000000000" },
      ]
    ]
    let forest = try LightGBMText.read(model.text)
    let tree = forest.model.ensembles[0].trees[0]
    #expect(tree.splits.map(\.threshold) == (0..<splits).map { Double($0) + 0.5 })
    #expect(tree.leaves == (0..<leafCount).map { Double($0) })
    #expect(tree.depth == splits)
  }
}
