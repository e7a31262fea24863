import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// Shapes of JSON that resemble the format closely enough to be read, with a remark.
@Suite struct ScikitLearnDialectTests {
  static func scores(_ text: String, _ row: [Double]) throws -> [Double] {
    let forest = try ScikitLearnRefusalTests.read(text)
    return ReferenceEvaluator(forest).evaluate(row: row).results
  }

  @Test func bareArrays() throws {
    let text = """
      {"value": [[[0.0]], [[1.5]], [[2.5]]], "threshold": [0.5, -2, -2], "feature": [1, -2, -2],
       "children_right": [2, -1, -1], "children_left": [1, -1, -1]}
      """
    #expect(try Self.scores(text, [9, 0.5]) == [1.5])
    #expect(try Self.scores(text, [9, 0.6]) == [2.5])
    #expect(try Self.scores(text, [9, .nan]) == [2.5])
    let forest = try ScikitLearnRefusalTests.read(text)
    #expect(forest.provenance.notes.contains { $0.kind == .choice })
    #expect(forest.inputs.count == 2 && forest.inputs[0].isUnnamed)
    #expect(ReferenceEvaluator(forest).evaluate(row: [0, 1]).leaves == [2])
  }

  /// However its arrays are spelled, and whatever follows them, a tree is the same.
  @Test(arguments: [
    ("[1, -1, -1]", "[1,-1,-1]"), ("[1, -1, -1]", "[\n 1 ,\t-1\r\n, -1 ]"), ("[0.5, -2, -2]", "[0.5, -2.0e+0, -0.2e1]"),
    ("[0.5, -2, -2]", "[ 0.50000000000000000000000000,-2 ,-2.0]"), ("[0.5, -2, -2]", "[5e-1, NaN, \"-Infinity\"]"),
    ("[[[0.25, 0.75]], [[0.5, 0.5]], [[1, 0]]]", "[[[0.25,0.75]],[[0.5,0.5]],[[1,0]]]"),
    ("[[[0.25, 0.75]], [[0.5, 0.5]], [[1, 0]]]", "[ [\n[ 0.25 , 0.75 ] ] , [[5e-1\t,0.50000000000000000000000000]],[[1.0, 0e5] ]\n]"),
    ("[[[0.25, 0.75]], [[0.5, 0.5]], [[1, 0]]]", "[[0.25, 0.75], [0.5, 0.5], [1, 0]]"),
    ("[[[0.25, 0.75]], [[0.5, 0.5]], [[1, 0]]]", "[0.25, 0.75, 0.5, 0.5, 1, 0]"),
  ])
  func spellings(usual: String, other: String) throws {
    let text = """
      {"classes": ["a", "b"], "tree": {"children_left": [1, -1, -1], "children_right": [2, -1, -1],
       "feature": [0, -2, -2], "threshold": [0.5, -2, -2], "value": [[[0.25, 0.75]], [[0.5, 0.5]], [[1, 0]]]}}
      """
    for tail in ["", String(repeating: "\n", count: 100)] {
      let respelled = text.replacing(usual, with: other) + tail
      #expect(try Self.scores(respelled, [0.5]) == Self.scores(text, [0.5]))
      #expect(try Self.scores(respelled, [0.6]) == [1, 0, 0])
    }
  }

  /// A fault in a long array is told like one in a short document.
  @Test(arguments: [
    ("[[1, 0]]", "[[1, 0, 0]]"), ("[[1, 0]]", "[[1]]"), ("[[1, 0]]", "[[1, 0], [1, 0]]"), ("[[1, 0]]", "[]"), ("[[1, 0]]", "[1, 0]"),
    ("[[1, 0]]", "[[1, \"x\"]]"), ("[[1, 0]]", "[[1, 1e999]]"), ("[2, -1, -1]", "[2, -1, -2]"), ("[2, -1, -1]", "[2, -1, 3000000000]"),
    ("[2, -1, -1]", "[2, -1, -1.0]"), ("[2, -1, -1]", "[2, -1, -01]"), ("[0.5, -2, -2]", "[0.5, -2, true]"),
  ])
  func faultsInArrays(usual: String, wrong: String) throws {
    let text = """
      {"children_left": [1, -1, -1], "feature": [0, -2, -2], "threshold": [0.5, -2, -2], "children_right": [2, -1, -1],
       "value": [[[0.25, 0.75]], [[0.5, 0.5]], [[1, 0]]]}
      """
    // The two ways through an array: the last 64 bytes of a document are read in the slower one.
    let faulty = text.replacing(usual, with: wrong)
    let short = #expect(throws: ReadError.self) { try ScikitLearnRefusalTests.read(faulty) }
    let long = #expect(throws: ReadError.self) { try ScikitLearnRefusalTests.read(faulty + String(repeating: " ", count: 100)) }
    #expect(short?.message == long?.message && short?.code == long?.code && short?.mark == long?.mark)
  }

  /// The comparison is with the float32 nearest to the input.
  @Test func rounding() throws {
    let text = """
      {"children_left": [1, -1, -1], "children_right": [2, -1, -1], "feature": [0, -2, -2], "threshold": [1.0, -2, -2],
       "value": [[[0]], [[1]], [[2]]]}
      """
    #expect(try Self.scores(text, [(1.0).nextUp]) == [1])
    #expect(try Self.scores(text, [1 + 0x1p-23]) == [2])
    #expect(try Self.scores(text, [1 + 0x1p-24]) == [1])
  }

  @Test func countsWithoutUnderscores() throws {
    let text = """
      {"classes": ["a", "b"], "tree": {"children_left": [1, -1, -1], "children_right": [2, -1, -1],
       "feature": [0, -2, -2], "threshold": [1.0, -2, -2], "value": [[4, 4], [1, 3], [3, 1]]}}
      """
    #expect(try Self.scores(text, [0]) == [0.25, 0.75, 1])
    #expect(try Self.scores(text, [2]) == [0.75, 0.25, 0])
  }

  @Test(arguments: [
    #"{"feature": "pt", "threshold": 1, "left": {"value": 3}, "right": {"feature": 1, "threshold": 2, "left": {"value": [4]}, "right": {"leaf": 5}}, "feature_names": ["pt", "eta"]}"#,
    #"{"feature_names": ["pt", "eta"], "children": [{"value": 3}, {"children": [{"value": 4}, {"value": 5}], "split_feature": 1, "threshold": 2}], "split_feature": 0, "threshold": 1}"#,
    #"{"tree_": {"right_child": {"right_child": {"value": 5}, "left_child": {"value": 4}, "feature": 1, "threshold": 2}, "left_child": {"value": 3}, "feature": 0, "threshold": 1}, "n_features": 2}"#,
  ])
  func nestedNodes(text: String) throws {
    #expect(try Self.scores(text, [1, 9]) == [3])
    #expect(try Self.scores(text, [1.5, 2]) == [4])
    #expect(try Self.scores(text, [1.5, 2.5]) == [5])
    let forest = try ScikitLearnRefusalTests.read(text)
    // Nodes have no numbers of their own: leaves are counted from left to right.
    #expect(ReferenceEvaluator(forest).evaluate(row: [2, 9]).leaves == [2])
  }

  @Test(arguments: [
    #"{"feature": 0, "threshold": 1, "left": {"value": 3}}"#,
    #"{"feature": 0, "threshold": 1, "left": {"value": 3}, "right": {}}"#,
    #"{"feature": 0, "threshold": 1, "left": {"value": 3}, "right": {"value": [1, 2]}}"#,
    #"{"feature": 0, "threshold": 1, "children": [{"value": 3}]}"#,
    #"{"feature": 0, "threshold": 1, "children": [{"value": 3}, {"value": 3}, {"value": 3}]}"#,
    #"{"feature": 0, "left": {"value": 3}, "right": {"value": 3}}"#,
    #"{"feature": "pt", "threshold": 1, "left": {"value": 3}, "right": {"value": 3}}"#,
    #"{"feature": 0, "threshold": 1, "left": {"value": 3}, "right": {"value": 3}, "left_child": {"value": 3}}"#,
    #"[{"children_left": [-1]}]"#,
  ])
  func isRefused(text: String) {
    #expect(throws: ReadError.self) { try ScikitLearnRefusalTests.read(text) }
  }

  /// Rows of nodes, kinds by `meta`, trees end to end, parameters apart.
  @Test func metaDialect() throws {
    let nodes = #""nodes": [[1, 2, 0, 0.5, 0.1, 9, 9.0], [-1, -1, -2, -2.0, 0.0, 4, 4.0], [-1, -1, -2, -2.0, 0.0, 5, 5.0]]"#
    let forest = """
      {"meta": "rf", "n_features_": 1, "classes_": [0, 1], "n_classes_": 2, "params": {"n_estimators": 1}, "estimators_":
       [{"meta": "decision-tree", "n_features_": 1, "n_classes_": 2, "tree_": {\(nodes), "values": [[[5, 4]], [[3, 1]], [[0, 8]]]}}]}
      """
    #expect(try Self.scores(forest, [0]) == [0.75, 0.25, 0])
    #expect(try Self.scores(forest, [1]) == [0, 1, 1])
    let tree = #"{"meta": "decision-tree-regression", "tree_": {\#(nodes), "values": [[[0]], [[1]], [[2]]]}}"#
    let boosting = """
      {"meta": "gb", "n_features_": 1, "classes_": [0, 1], "n_classes_": 2, "params": {"learning_rate": 0.5, "loss": "deviance"},
       "priors": [0.75, 0.25], "estimators_shape": [2, 1], "estimators_": [\(tree), \(tree)]}
      """
    let raw = try Self.scores(boosting, [1])[0]
    #expect(abs(raw - (2 - 1.0986122886681098)) < 1e-12)
    #expect(throws: ReadError.self) {
      try ScikitLearnRefusalTests.read(boosting.replacing("[2, 1]", with: "[2, 2]"))
    }
    #expect(throws: ReadError.self) { try ScikitLearnRefusalTests.read(boosting.replacing("\"gb\"", with: "\"svm\"")) }
  }

  static let treelite = """
    {"num_feature": 2, "task_type": "kBinaryClf", "average_tree_output": false, "num_target": 1, "num_class": [1],
     "leaf_vector_shape": [1, 1], "target_id": [0, 0], "class_id": [0, 0], "postprocessor": "sigmoid", "sigmoid_alpha": 1.0,
     "base_scores": [0.5], "threshold_type": "float64", "leaf_output_type": "float64", "trees": [{"num_nodes": 3, "nodes": [
       {"node_id": 0, "split_feature_id": 1, "default_left": true, "comparison_op": "<=", "threshold": 0.5, "left_child": 1, "right_child": 2},
       {"node_id": 1, "leaf_value": 0.25}, {"node_id": 2, "leaf_value": -1.0}]}, {"num_nodes": 3, "nodes": [
       {"node_id": 0, "split_feature_id": 1, "default_left": true, "comparison_op": ">", "threshold": 0.5, "left_child": 1, "right_child": 2},
       {"node_id": 1, "leaf_value": 4}, {"node_id": 2, "leaf_value": 8}]}]}
    """

  @Test(arguments: [(0.5, 8.75), (0.6, 3.5), (Double.nan, 4.75)]) func treeliteModels(x: Double, raw: Double) throws {
    let scores = try Self.scores(Self.treelite, [0, x])
    #expect(scores[0] == raw && scores[2] > 0.9 && scores[3] == 1)
    let forest = try ScikitLearnRefusalTests.read(Self.treelite)
    #expect(forest.provenance.notes.contains { $0.text.contains("last bits") })
  }

  @Test(arguments: [
    ("\"sigmoid\"", "\"hinge\""), ("\"<=\"", "\"==\""), ("\"node_id\": 1", "\"node_id\": 0"), ("[0.5]", "[]"),
    ("\"class_id\": [0, 0]", "\"class_id\": [0, 1]"), ("\"num_target\": 1", "\"num_target\": 2"),
    ("\"left_child\": 1", "\"left_child\": 0"), ("\"threshold_type\": \"float64\"", "\"threshold_type\": \"float16\""),
  ])
  func treeliteRefusals(old: String, new: String) {
    let text = Self.treelite.replacing(old, with: new)
    #expect(text != Self.treelite)
    #expect(throws: ReadError.self) { try ScikitLearnRefusalTests.read(text) }
  }

  /// Depth is no danger to the stack.
  @Test func deepNesting() throws {
    let depth = 20_000
    let text = String(repeating: #"{"feature": 0, "threshold": 0, "left": {"value": 1}, "right": "#, count: depth) + #"{"value": 7}"#
      + String(repeating: "}", count: depth)
    #expect(try Self.scores(text, [1]) == [7])
  }

  /// Members may come in any order.
  @Test func reversedOrder() throws {
    let text = """
      {"model": {"estimators_": [{"tree_": {"value": [[[0]], [[1]], [[3]]], "threshold": [0.5, 0, 0], "feature": [0, -2, -2],
       "children_right": [2, -1, -1], "children_left": [1, -1, -1]}}], "n_features_in_": 1, "class": "RandomForestRegressor"},
       "sklearn_version": "1.2.0", "format_version": 1, "format": "sklearn-trees"}
      """
    #expect(try Self.scores(text, [0]) == [1])
    #expect(try Self.scores(text, [1]) == [3])
  }

  @Test(arguments: [
    (#"{"format": "sklearn-trees", "model": {}}"#, ModelFormat.scikitLearn),
    (#"{"children_left": [-1]}"#, .scikitLearn), (#"{"meta": "rf", "estimators_": []}"#, .scikitLearn),
    (#"{"learner": {}}"#, .xgboostJSON), (#"{"some": "thing"}"#, .otherJSON),
  ])
  func recognition(text: String, format: ModelFormat) {
    #expect(ModelFormat(recognising: Array(text.utf8).span) == format)
  }
}
