import ForestIR
import ForestReading

/// A small sound model in LightGBM's text form, to be changed by tests.
struct LightGBMText {
  var header = [
    "tree", "version=v4", "num_class=1", "num_tree_per_iteration=1", "label_index=0", "max_feature_idx=2",
    "objective=regression", "feature_names=a b c", "feature_infos=[-1:2.5] none 3:1:0",
  ]
  var trees = [
    [
      "num_leaves=3", "num_cat=1", "split_feature=0 2", "split_gain=1 1", "threshold=0.5 0", "decision_type=2 1", "left_child=1 -1",
      "right_child=-3 -2", "leaf_value=1 2 4", "cat_boundaries=0 2", "cat_threshold=6 1", "is_linear=0", "shrinkage=0.1",
    ],
    [
      "num_leaves=2", "num_cat=0", "split_feature=1", "threshold=1.5", "decision_type=8", "left_child=-1", "right_child=-2",
      "leaf_value=8 16", "is_linear=1", "leaf_const=0.5 0.25", "num_features=2 0", "leaf_features=0 1  ", "leaf_coeff=2 3  ",
    ],
    ["num_leaves=1", "num_cat=0", "split_feature=", "threshold=", "leaf_value=32"],
  ]
  var rest = ["end of trees", "", "parameters:", "[boosting: gbdt]", "[data: x]", "end of parameters", "", "pandas_categorical:null"]

  var text: String {
    var lines = header + [""]
    for (index, tree) in trees.enumerated() { lines += ["Tree=\(index)"] + tree + ["", ""] }
    return (lines + rest).joined(separator: "\n") + "\n"
  }

  /// The same model as `dump_model` gives it.
  static let dump = #"""
    {"name": "tree", "version": "v4", "num_class": 1, "num_tree_per_iteration": 1, "label_index": 0, "max_feature_idx": 2,
    "objective": "regression", "average_output": false, "feature_names": ["a", "b", "c"], "monotone_constraints": [],
    "feature_infos": {"a": {"min_value": -1, "max_value": 2.5, "values": []}, "c": {"min_value": 0, "max_value": 3, "values": [3, 1, 0]}},
    "tree_info": [
    {"tree_index": 0, "num_leaves": 3, "num_cat": 1, "shrinkage": 1, "tree_structure": {"split_index": 0, "split_feature": 0,
      "threshold": 0.5, "decision_type": "<=", "default_left": true, "missing_type": "None", "internal_count": 3,
      "left_child": {"split_index": 1, "split_feature": 2, "threshold": "1||2||32", "decision_type": "==", "default_left": false,
        "missing_type": "NaN", "left_child": {"leaf_index": 0, "leaf_value": 1}, "right_child": {"leaf_index": 1, "leaf_value": 2}},
      "right_child": {"leaf_index": 2, "leaf_value": 4}}},
    {"tree_index": 1, "num_leaves": 2, "num_cat": 0, "shrinkage": 1, "tree_structure": {"split_index": 0, "split_feature": 1,
      "threshold": 1.5, "decision_type": "<=", "default_left": false, "missing_type": "NaN",
      "left_child": {"leaf_index": 0, "leaf_value": 8, "leaf_const": 0.5, "leaf_features": [0, 1], "leaf_coeff": [2, 3]},
      "right_child": {"leaf_index": 1, "leaf_value": 16, "leaf_const": 0.25, "leaf_features": [], "leaf_coeff": []}}},
    {"tree_index": 2, "num_leaves": 1, "num_cat": 0, "shrinkage": 1, "tree_structure": {"leaf_value": 32}}],
    "feature_importances": {}, "pandas_categorical": null}
    """#

  static func read(_ text: String) throws(ReadError) -> Forest {
    try ModelReading.forest(bytes: Array(text.utf8), name: "model")
  }
}
