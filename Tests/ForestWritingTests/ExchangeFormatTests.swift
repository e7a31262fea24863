import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// What the files for other programs look like. That those programs read them is tried in Tests/oracles/exchange.py.
struct ExchangeFormatTests {
  private func request(
    _ trees: [Tree], start: Vector = [0], width: Width = .float64, labels: [String] = ["pt", "eta"], allowsRounding: Bool = false
  ) throws -> EmissionRequest {
    var builder = ModelBuilder(inputCount: labels.count, width: .float64)
    let model = try builder.finish(.trees(TreeEnsemble(trees: trees, width: width, fold: .sum(start: start)), .inputs))
    let forest = try Forest(
      inputs: labels.map { Input(label: $0) }, model: model,
      columns: start.elements.indices.map { Column(name: "raw\($0)", role: .margin, meaning: "", width: width) },
      provenance: Provenance(trainer: "TRAINER 1.0\n; DROP TABLE events", kind: "test", format: "none"))
    return EmissionRequest(
      forest: forest, name: "model", layout: .auto, withDriver: false, toolVersion: "1.2.3", meaningDigest: "d1",
      referenceEvents: ReferenceEvents(events: [], origin: "none"), allowsRounding: allowsRounding)
  }

  private func text(_ emitter: some Emitter, _ request: EmissionRequest) throws -> String {
    let emission = try emitter.emit(request)
    #expect(emission.files.count == 1)
    #expect(emission.files[0].name.hasPrefix("model.\(emitter.target)"))
    #expect(try emitter.emit(request).files[0].bytes == emission.files[0].bytes)
    return String(decoding: emission.files[0].bytes, as: UTF8.self)
  }

  private func tree(nanGoesLeft: Bool = false) throws -> Tree {
    try Tree(
      splits: [
        Split(feature: 1, test: .less, threshold: 0.5, nanGoesLeft: nanGoesLeft, left: .leaf(1), right: .split(1)),
        Split(feature: 0, test: .lessOrEqual, threshold: 20, nanGoesLeft: true, left: .leaf(0), right: .leaf(2)),
      ],
      leaves: [-1, 0.25, 2])
  }

  // MARK: LightGBM

  @Test func lightGBMText() throws {
    let text = try text(LightGBMEmitter(), request([tree()], start: [0.125]))
    #expect(
      text == """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=regression
        feature_names=pt eta
        feature_infos=[-inf:inf] [-inf:inf]
        tree_sizes=151 196

        Tree=0
        num_leaves=1
        num_cat=0
        split_feature=
        split_gain=
        threshold=
        decision_type=
        left_child=
        right_child=
        leaf_value=0.125
        is_linear=0
        shrinkage=1


        Tree=1
        num_leaves=3
        num_cat=0
        split_feature=1 0
        split_gain=0 0
        threshold=0.49999999999999994 20
        decision_type=8 10
        left_child=-2 -1
        right_child=1 -3
        leaf_value=-1 0.25 2
        is_linear=0
        shrinkage=1


        end of trees

        feature_importances:

        parameters:
        end of parameters

        pandas_categorical:null

        """)
  }

  @Test func lightGBMNames() throws {
    for (labels, expected) in [
      (["a b", "c"], "a_b c"), (["x=1\nTree=0", "é"], "x_equals_1_Tree_equals_0 x"), (["p[0]", "p:0"], "p_0 p_0_2"),
      (["pt1/pt2", "log(m)"], "pt1/pt2 log(m)"),
    ] {
      let lines = try text(LightGBMEmitter(), request([tree()], labels: labels)).split(separator: "\n")
      #expect(lines.first { $0.hasPrefix("feature_names=") }.map { String($0.dropFirst(14)) } == expected)
    }
  }

  @Test func outputsTakeTurns() throws {
    let vector = try Tree(
      splits: [Split(feature: 0, test: .inSet, threshold: 0, nanGoesLeft: false, left: .leaf(0), right: .leaf(1))],
      leaves: [1, 2, 3, 4], leafWidth: 2, categorySets: [CategorySet([1, 33])])
    let text = try text(LightGBMEmitter(), request([vector, vector], start: [0, 0]))
    #expect(text.contains("num_tree_per_iteration=2\n"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("leaf_value=") } == ["leaf_value=1 3", "leaf_value=2 4", "leaf_value=1 3", "leaf_value=2 4"])
    #expect(text.contains("decision_type=1\n") && text.contains("cat_boundaries=0 2\ncat_threshold=2 2\n"))
  }

  // MARK: Rounding

  @Test func roundingNeedsConsent() throws {
    let inexact = try SampleForests.stump(leaves: [0.1, 0.7])
    #expect(throws: EmissionError.self) { try XGBoostEmitter().emit(request([inexact])) }
    let refused = try request([inexact])
    do throws(EmissionError) {
      _ = try XGBoostEmitter().emit(refused)
    } catch { #expect(error.hint.contains("--allow-rounding")) }
    let notes = try XGBoostEmitter().emit(request([inexact], allowsRounding: true)).notes
    #expect(notes.contains { $0.contains("rounded") && $0.contains("differ by at most") })
    // Quarters need no rounding in either width.
    #expect(try XGBoostEmitter().emit(request([tree(), tree()])).notes.contains { $0.contains("no sum of these leaves needs rounding") })
    // More digits in the sum than float32 has.
    let wide = try SampleForests.stump(leaves: [0x1p24, 1])
    #expect(throws: EmissionError.self) { try XGBoostEmitter().emit(request([wide, wide])) }
    let narrow = try SampleForests.stump(leaves: [Double(Float(0.1)), Double(Float(0.7))])
    #expect(try XGBoostEmitter().emit(request([narrow, narrow], width: .float32)).notes.contains { $0.contains("same float32 additions") })
    for emitter in [LightGBMEmitter(), CorrectionlibEmitter()] as [any Emitter] {
      #expect(throws: EmissionError.self) { try emitter.emit(request([narrow, narrow], width: .float32)) }
      #expect(try emitter.emit(request([narrow, narrow], width: .float32, allowsRounding: true)).notes.contains { $0.contains("rounded") })
      #expect(try emitter.emit(request([inexact, inexact])).notes.contains { $0.contains("same float64 additions") })
    }
    let huge = try SampleForests.stump(leaves: [1e200, 0.1])
    #expect(throws: EmissionError.self) { try XGBoostEmitter().emit(request([huge], allowsRounding: true)) }
  }

  // MARK: XGBoost

  @Test func xgboostNodes() throws {
    let text = try text(XGBoostEmitter(), request([tree(nanGoesLeft: true)]))
    for part in [
      #""left_children":[1,-1,3,-1,-1]"#, #""right_children":[2,-1,4,-1,-1]"#, #""parents":[2147483647,0,0,2,2]"#,
      #""split_conditions":[0.5,0.25,20.000002,-1.0,2.0]"#, #""split_indices":[1,0,0,0,0]"#, #""default_left":[1,0,1,0,0]"#,
      #""feature_names":["pt","eta"]"#, #""base_score":"0E0""#, #""num_nodes":"5""#,
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test func infiniteThresholds() throws {
    let always = try SampleForests.stump(0, .infinity, nanGoesLeft: false, leaves: [1, 2])
    let text = try text(XGBoostEmitter(), request([always]))
    // Never below −∞, so to the right; NaN to the left.
    #expect(text.contains(#""split_conditions":[-Infinity,2.0,1.0]"#) && text.contains(#""default_left":[1,0,0]"#))
    #expect(try self.text(LightGBMEmitter(), request([always])).contains("threshold=inf\n"))
  }

  // MARK: SQL

  @Test func sqlQuery() throws {
    let text = try text(SQLEmitter(), request([tree()], start: [0.125], labels: ["p\"t", "eta\n; DROP"]))
    #expect(text.contains(#"CAST("p""t" AS DOUBLE) AS x0,"#))
    #expect(text.contains(#"CAST("eta; DROP" AS DOUBLE) AS x1,"#))
    #expect(text.contains("-- Model     : TRAINER 1.0 ; DROP TABLE events; test\n"))
    #expect(text.contains("1.25e-1 AS s0"))
    #expect(
      text.contains(
        "+ CASE WHEN x1 <= 4.99999999999999944e-1 THEN 2.5e-1 ELSE CASE WHEN -x0 < -2e1 THEN 2e0 ELSE -1e0 END END\n"))
    #expect(text.hasSuffix("SELECT event_number, s0 AS raw\nFROM petrify_1\n;\n"))
    // No line but comments and the query's own begins with what the model says.
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("; DROP") })
  }

  @Test func deepTreesAreWrittenInParts() throws {
    var splits: [Split] = []
    for depth in 0..<25 {
      splits.append(
        Split(
          feature: 0, test: .lessOrEqual, threshold: Double(depth), nanGoesLeft: false, left: .leaf(depth),
          right: depth == 24 ? .leaf(25) : .split(depth + 1)))
    }
    let text = try text(SQLEmitter(), request([Tree(splits: splits, leaves: (0..<26).map(Double.init))]))
    let steps = text.split(separator: "\n").filter { $0.contains("AS MATERIALIZED") }
    #expect(steps.count == 3)
    #expect(text.contains("END AS p0_20\n") && text.contains("ELSE p0_20 END") && text.contains("ELSE p0_10 END"))
  }

  // MARK: correctionlib

  @Test func correctionlibBins() throws {
    let text = try text(CorrectionlibEmitter(), request([tree()], start: [0.125]))
    #expect(
      text.contains(
        #""data":{"nodetype":"binning","input":"eta","edges":[-1e+308,0.5,1e+308],"content":[0.25,{"nodetype":"binning","input":"pt","edges":["#))
    #expect(text.contains(#""content":[2.0],"flow":-1.0}],"flow":"clamp"}"#))
    #expect(text.contains(#""stack":["start_0","tree_0"]"#))
    #expect(try CorrectionlibEmitter().emit(request([tree()])).notes.contains { $0.contains("no infinities") })
  }

  @Test func categoriesThatWouldGrowAreRefused() throws {
    var splits: [Split] = []
    for depth in 0..<12 {
      splits.append(
        Split(
          feature: 0, test: .inSet, threshold: 0, nanGoesLeft: false, left: depth == 11 ? .leaf(12) : .split(depth + 1), right: .leaf(depth)))
    }
    let tree = try Tree(splits: splits, leaves: (0..<13).map(Double.init), categorySets: [CategorySet([1, 3, 5, 7])])
    #expect(throws: EmissionError.self) { try CorrectionlibEmitter().emit(request([tree])) }
  }
}
