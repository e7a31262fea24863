import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// The rules of the format, one by one, on models small enough to be read.
@Suite struct CatBoostRuleTests {
  /// Two features, the first of them in the second column; column 0 is `b`.
  static let features = #"""
    "features_info": {"float_features": [
      {"feature_index": 0, "flat_feature_index": 1, "feature_id": "a", "borders": [0.5, 1.5], "has_nans": true, "nan_value_treatment": "AsTrue"},
      {"feature_index": 1, "flat_feature_index": 0, "feature_id": "b", "borders": [0.25], "has_nans": true, "nan_value_treatment": "AsFalse"}]}
    """#
  static let splits =
    #"[{"split_type": "FloatFeature", "float_feature_index": 0, "border": 0.5}, {"split_type": "FloatFeature", "float_feature_index": 1, "border": 0.25}]"#
  static let symmetric = #"""
    {\#(features),
     "model_info": {"params": {"loss_function": {"type": "RMSE", "params": {}}}},
     "oblivious_trees": [{"splits": \#(splits), "leaf_values": [1, 2, 4, 8], "leaf_weights": [1, 1, 1, 1]}],
     "scale_and_bias": [1, [0]]}
    """#
  /// Leaves from left to right: 10, 20, 40, 30. CatBoost counts the last, which stands beside a split, first of its side.
  static let nested = #"""
    {\#(features),
     "model_info": {"params": {"loss_function": {"type": "RMSE"}}},
     "trees": [{"left": {"value": 10, "weight": 1},
       "right": {"left": {"left": {"value": 20}, "right": {"value": 40}, "split": {"split_type": "FloatFeature", "float_feature_index": 1, "border": 0.25}},
                 "right": {"value": 30}, "split": {"split_type": "FloatFeature", "float_feature_index": 0, "border": 1.5}},
       "split": {"split_type": "FloatFeature", "float_feature_index": 0, "border": 0.5}}],
     "scale_and_bias": [1, [0]]}
    """#

  static func read(_ text: String) throws(ReadError) -> Forest {
    try ModelReading.forest(bytes: Array(text.utf8), name: "model.json")
  }

  static func evaluate(_ text: String, _ row: [Double]) throws -> Evaluation {
    ReferenceEvaluator(try read(text)).evaluate(row: row)
  }

  /// The columns are b, a; the first split, of a, is the lowest bit.
  @Test(arguments: [
    ([0.25, 0.5], 1.0, 0), ([0.25, 0.75], 2, 1), ([0.5, 0.5], 4, 2), ([0.5, 0.75], 8, 3), ([.infinity, -.infinity], 4, 2),
    // NaN is above every border of a, and below every border of b.
    ([.nan, .nan], 2, 1), ([0.5, .nan], 8, 3), ([.nan, 0.5], 1, 0),
    // Inputs are rounded to float32 first: this is 0.5.
    ([0.25, 0.500000001], 1, 0),
  ] as [([Double], Double, Int32)])
  func bits(_ row: [Double], _ value: Double, _ leaf: Int32) throws {
    let evaluation = try Self.evaluate(Self.symmetric, row)
    #expect(evaluation.results == [value, value])
    #expect(evaluation.leaves == [leaf])
  }

  @Test(arguments: [
    ([0, 0], 10, 0), ([0.25, 1], 20, 2), ([1, 1], 40, 3), ([0, 2], 30, 1), ([.nan, .nan], 30, 1), ([.nan, 1], 20, 2),
  ] as [([Double], Double, Int32)])
  func nested(_ row: [Double], _ value: Double, _ leaf: Int32) throws {
    let evaluation = try Self.evaluate(Self.nested, row)
    #expect(evaluation.results == [value, value])
    #expect(evaluation.leaves == [leaf])
  }

  /// Missing values are above every border only if both members say so.
  @Test(arguments: [
    ("true", "\"AsTrue\"", 2.0), ("false", "\"AsTrue\"", 1), ("true", "\"AsIs\"", 1), ("true", "\"AsFalse\"", 1),
  ])
  func missing(_ hasMissing: String, _ treatment: String, _ value: Double) throws {
    let text = Self.symmetric.replacing(
      "\"has_nans\": true, \"nan_value_treatment\": \"AsTrue\"", with: "\"has_nans\": \(hasMissing), \"nan_value_treatment\": \(treatment)")
    #expect(try Self.evaluate(text, [0, .nan]).results == [value, value])
  }

  @Test func columns() throws {
    let forest = try Self.read(Self.symmetric)
    #expect(forest.inputs.map(\.label) == ["b", "a"])
    #expect(forest.columns.map(\.name) == ["raw", "pred"] && forest.columns.map(\.role) == [.margin, .response])
    #expect(forest.model.inputWidth == .float32)
    let unnamed = try Self.read(Self.symmetric.replacing("\"feature_id\": \"a\"", with: "\"feature_id\": \"\"").replacing("\"feature_id\": \"b\", ", with: ""))
    #expect(unnamed.inputs.map(\.label) == ["x0", "x1"] && unnamed.inputs.allSatisfy(\.isUnnamed))
    let same = try Self.read(Self.symmetric.replacing("\"feature_id\": \"a\"", with: "\"feature_id\": \"b\""))
    #expect(same.inputs.map(\.label) == ["b", "b_1"] && same.provenance.notes.count == 1)
  }

  /// `sum * scale + bias`, rounded twice.
  @Test(arguments: ["[0.1, [0.3]]", "[0.1, 0.3]"]) func scale(_ text: String) throws {
    let expected = 8 * 0.1 + 0.3
    #expect(try Self.evaluate(Self.symmetric.replacing("[1, [0]]", with: text), [1, 1]).results == [expected, expected])
  }

  @Test func severalOutputs() throws {
    let text = Self.symmetric.replacing("[1, 2, 4, 8]", with: "[1, -1, 2, -2, 4, -4, 8, -8]").replacing("RMSE", with: "MultiRMSE")
    let forest = try Self.read(text.replacing("[1, [0]]", with: "[2, [0.5, 0.25]]"))
    #expect(forest.columns.map(\.name) == ["raw_0", "raw_1", "pred_0", "pred_1"])
    #expect(ReferenceEvaluator(forest).evaluate(row: [1, 0]).results == [8.5, -7.75, 8.5, -7.75])
    // One bias for all can only be 0.
    #expect(try Self.evaluate(text, [1, 1]).results == [8, -8, 8, -8])
  }

  /// A tree without splits is its leaf; without any tree the bias is left.
  @Test(arguments: ["[]", "null"]) func withoutSplits(_ splits: String) throws {
    let tree = "{\"splits\": \(splits), \"leaf_values\": [3]}"
    let text = Self.symmetric.replacing("\"oblivious_trees\": [", with: "\"oblivious_trees\": [\(tree), ")
    #expect(try Self.evaluate(text, [1, 1]).results == [11, 11])
    let none = "{\(Self.features), \"oblivious_trees\": [], \"scale_and_bias\": [2, [7]]}"
    #expect(try Self.evaluate(none, [1, 1]).results == [7])
  }

  /// The members may come in any order.
  @Test func order() throws {
    let text = "{\"scale_and_bias\": [1, [0]], \"oblivious_trees\": [{\"leaf_values\": [1, 2, 4, 8], \"splits\": \(Self.splits)}], \(Self.features)}"
    let forest = try Self.read(text)
    #expect(ReferenceEvaluator(forest).evaluate(row: [1, 0]).results == [4])
    // Without a loss function the sum is all there is.
    #expect(forest.columns.map(\.name) == ["raw"] && forest.provenance.notes.count == 1)
  }

  @Test(arguments: [
    ("Logloss", ["raw", "pred_0", "pred_1"]), ("CrossEntropy", ["raw", "pred_0", "pred_1"]), ("MultiClass", ["raw", "pred"]),
    ("MultiClassOneVsAll", ["raw", "pred"]), ("Poisson", ["raw", "pred"]), ("Quantile", ["raw", "pred"]), ("Focal", ["raw"]),
  ])
  func losses(_ loss: String, _ columns: [String]) throws {
    let forest = try Self.read(Self.symmetric.replacing("RMSE", with: loss))
    #expect(forest.columns.map(\.name) == columns)
    #expect(forest.provenance.notes.count == (columns.count == 1 ? 1 : 0))
  }

  /// Reported, and computed all the same.
  @Test(arguments: [
    ("\"border\": 0.5}", "\"border\": 0.6250}"), ("\"border\": 0.5}", "\"border\": 0.50000000001}"),
  ])
  func oddities(_ old: String, _ new: String) throws {
    #expect(try Self.read(Self.symmetric.replacing(old, with: new)).provenance.notes.count == 1)
  }
}
