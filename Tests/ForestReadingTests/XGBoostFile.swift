import ForestIR

@testable import ForestReading

/// A small model of XGBoost as JSON, whose parts tests replace by others.
struct XGBoostFile {
  var version = "[3,2,0]"
  var parameters = #""base_score":"[5E-1]","boost_from_average":"1","num_class":"0","num_feature":"3","num_target":"1""#
  var objective = #"{"name":"binary:logistic"}"#
  var attributes = "{}"
  var names = "[]"
  var types = "[]"
  var treeCount = "2"
  var treeInfo = "[0,0]"
  var starts = #","iteration_indptr":[0,1,2]"#
  var booster: String?
  var trees = [Tree(), Tree(id: "1")]
  /// Further members of the trees' object, with a comma in front.
  var cats = ""

  struct Tree {
    var left = "[1,-1,-1]"
    var right = "[2,-1,-1]"
    var indices = "[1,0,0]"
    var conditions = "[5E-1,-2.5E-1,7.5E-1]"
    var defaultLeft: String? = "[1,0,0]"
    var types: String? = "[0,0,0]"
    var categories = #""categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]"#
    var weights = "[0,0,0]"
    var gains = "[1E0,0E0,0E0]"
    var id = "0"
    var parameters = #""num_deleted":"0","num_feature":"3","num_nodes":"3","size_leaf_vector":"1""#

    init(id: String = "0") { self.id = id }

    var json: String {
      #"{"base_weights":\#(weights),\#(categories),"#
        + (defaultLeft.map { "\"default_left\":\($0)," } ?? "")
        + #""id":\#(id),"left_children":\#(left),"loss_changes":\#(gains),"parents":[2147483647,0,0],"right_children":\#(right),"#
        + #""split_conditions":\#(conditions),"split_indices":\#(indices),"#
        + (types.map { "\"split_type\":\($0)," } ?? "")
        + #""sum_hessian":[3,2,1],"tree_param":{\#(parameters)}}"#
    }
  }

  var model: String {
    #"{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"\#(treeCount)"}\#(starts),"tree_info":\#(treeInfo),"#
      + #""trees":[\#(trees.map(\.json).joined(separator: ","))]\#(cats)}"#
  }

  var json: String {
    let booster = booster ?? #"{"model":\#(model),"name":"gbtree"}"#
    return #"{"learner":{"attributes":\#(attributes),"feature_names":\#(names),"feature_types":\#(types),"gradient_booster":\#(booster),"#
      + #""learner_model_param":{\#(parameters)},"objective":\#(objective)},"version":\#(version)}"#
  }

  func read(_ options: ReadingOptions = ReadingOptions()) throws(ReadError) -> Forest {
    try ModelReading.forest(bytes: Array(json.utf8), name: "model.json", options: options)
  }
}
