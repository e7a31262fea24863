import ForestIR
import Testing

@testable import ForestReading

/// What is no sound model is refused, with the place and the reason.
@Suite struct XGBoostRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ReadError.Code
    let path: String
    let change: @Sendable (inout XGBoostFile) -> Void

    init(_ name: String, _ code: ReadError.Code, _ path: String, _ change: @escaping @Sendable (inout XGBoostFile) -> Void) {
      testDescription = name
      self.code = code
      self.path = path
      self.change = change
    }
  }

  @Test func thePlainFileIsRead() throws {
    let forest = try XGBoostFile().read()
    #expect(forest.inputs.map(\.label) == ["x0", "x1", "x2"])
    #expect(score(forest, [0, 0, 0])[0] == -0.5 && score(forest, [0, 0.5, 0])[0] == 1.5 && score(forest, [0, .nan, 0])[0] == -0.5)
  }

  static let learner = "learner.gradient_booster.model"
  static let cases: [Case] = [
    Case("gblinear", .unsupported, "learner.gradient_booster") {
      $0.booster = #"{"model":{"boosted_rounds":2,"weights":[1,2,3]},"name":"gblinear"}"#
    },
    Case("unknown booster", .unsupported, "learner.gradient_booster") { $0.booster = #"{"name":"gbforest"}"# },
    Case("no trees", .missing, "learner.gradient_booster") { $0.booster = #"{"name":"gbtree"}"# },
    Case("no booster", .missing, "learner") { $0.booster = "{}" },
    Case("no objective", .missing, "learner") { $0.objective = "{}" },
    Case("num_trees", .inconsistent, learner + ".gbtree_model_param") { $0.treeCount = "3" },
    Case("num_trees is no integer", .malformed, learner + ".gbtree_model_param.num_trees") { $0.treeCount = "2.0" },
    Case("tree_info is short", .inconsistent, learner + ".tree_info") { $0.treeInfo = "[0]" },
    Case("tree_info is large", .outOfRange, learner + ".tree_info[1]") { $0.treeInfo = "[0,1]" },
    Case("tree_info is negative", .outOfRange, learner + ".tree_info[0]") { $0.treeInfo = "[-1,0]" },
    Case("iterations end early", .inconsistent, learner + ".iteration_indptr") { $0.starts = #","iteration_indptr":[0,1]"# },
    Case("iterations stand still", .inconsistent, learner + ".iteration_indptr[2]") { $0.starts = #","iteration_indptr":[0,1,1,2]"# },
    Case("no trees at all", .missing, learner + ".trees") {
      ($0.trees, $0.treeCount, $0.treeInfo, $0.starts) = ([], "0", "[]", "")
    },
    Case("num_nodes", .inconsistent, learner + ".trees[0].tree_param.num_nodes") {
      $0.trees[0].parameters = #""num_nodes":"5""#
    },
    Case("right_children are short", .inconsistent, learner + ".trees[1].right_children") { $0.trees[1].right = "[2,-1]" },
    Case("split_conditions are long", .inconsistent, learner + ".trees[0].split_conditions") { $0.trees[0].conditions = "[1,2,3,4]" },
    Case("default_left is short", .inconsistent, learner + ".trees[0].default_left") { $0.trees[0].defaultLeft = "[1]" },
    Case("split_type is short", .inconsistent, learner + ".trees[0].split_type") { $0.trees[0].types = "[]" },
    Case("base_weights are short", .inconsistent, learner + ".trees[0].base_weights") { $0.trees[0].weights = "[0]" },
    Case("skipped base_weights are short", .inconsistent, learner + ".trees[1].base_weights") { $0.trees[1].weights = "[0]" },
    Case("loss_changes are long", .inconsistent, learner + ".trees[1].loss_changes") { $0.trees[1].gains = "[0,0,0,0]" },
    Case("a tree without nodes", .inconsistent, learner + ".trees[0].left_children") { $0.trees[0].left = "[]" },
    Case("child out of range", .outOfRange, learner + ".trees[0].right_children[0]") { $0.trees[0].right = "[3,-1,-1]" },
    Case("negative child", .outOfRange, learner + ".trees[0].left_children[0]") { $0.trees[0].left = "[-2,-1,-1]" },
    Case("its own child", .inconsistent, learner + ".trees[0].left_children[0]") { $0.trees[0].left = "[0,-1,-1]" },
    Case("shared child", .inconsistent, learner + ".trees[0].left_children[0]") { $0.trees[0].left = "[2,-1,-1]" },
    Case("cycle", .inconsistent, learner + ".trees[0].right_children[1]") {
      ($0.trees[0].left, $0.trees[0].right) = ("[1,2,-1]", "[2,0,-1]")
    },
    Case("left child only", .inconsistent, learner + ".trees[0].right_children[0]") { $0.trees[0].right = "[-1,-1,-1]" },
    Case("right child only", .inconsistent, learner + ".trees[0].left_children[0]") { $0.trees[0].left = "[-1,-1,-1]" },
    Case("feature out of range", .outOfRange, learner + ".trees[1].split_indices") { $0.trees[1].indices = "[3,0,0]" },
    Case("negative feature", .outOfRange, learner + ".trees[0].split_indices[0]") { $0.trees[0].indices = "[-1,0,0]" },
    Case("threshold is NaN", .notFinite, learner + ".trees[0].split_conditions[0]") { $0.trees[0].conditions = "[NaN,1,2]" },
    Case("threshold is null", .notFinite, learner + ".trees[0].split_conditions[0]") { $0.trees[0].conditions = "[null,1,2]" },
    Case("leaf is NaN", .notFinite, learner + ".trees[0].split_conditions[2]") { $0.trees[0].conditions = "[1,2,NaN]" },
    Case("leaf is too large", .outOfRange, learner + ".trees[0].split_conditions[1]") { $0.trees[0].conditions = "[1,1e39,2]" },
    Case("leaf is text", .malformed, learner + ".trees[0].split_conditions[1]") { $0.trees[0].conditions = #"[1,"2",2]"# },
    Case("a child is a fraction", .malformed, learner + ".trees[0].left_children[0]") { $0.trees[0].left = "[1.5,-1,-1]" },
    Case("trees out of order", .inconsistent, learner + ".trees[0].id") { $0.trees[0].id = "1" },
    Case("base score is no number", .malformed, "learner.learner_model_param.base_score") {
      $0.parameters = #""base_score":"high","num_feature":"3""#
    },
    Case("base score of 1", .outOfRange, "learner.learner_model_param.base_score") {
      $0.parameters = #""base_score":"1E0","num_feature":"3""#
    },
    Case("base score of 0", .outOfRange, "learner.learner_model_param.base_score") {
      $0.parameters = #""base_score":"[0E0]","num_feature":"3""#
    },
    Case("base score of a logarithm", .outOfRange, "learner.learner_model_param.base_score") {
      $0.objective = #"{"name":"count:poisson"}"#
      $0.parameters = #""base_score":-1,"num_feature":"3""#
    },
    Case("too many base scores", .inconsistent, "learner.learner_model_param.base_score") {
      $0.parameters = #""base_score":"[5E-1,5E-1]","num_feature":"3""#
    },
    Case("no base score", .missing, "learner") { $0.parameters = #""num_feature":"3""# },
    Case("no features", .missing, "learner") { $0.parameters = #""base_score":"5E-1""# },
    Case("zero features", .outOfRange, "learner.learner_model_param.num_feature") {
      $0.parameters = #""base_score":"5E-1","num_feature":"0""#
    },
    Case("absurdly many features", .limit, "learner.learner_model_param.num_feature") {
      $0.parameters = #""base_score":"5E-1","num_feature":"60000000""#
    },
    Case("absurdly many classes", .inconsistent, "learner.learner_model_param") {
      $0.parameters = #""base_score":"5E-1","num_feature":"3","num_class":"16000000""#
    },
    Case("classes are a fraction", .malformed, "learner.learner_model_param.num_class") {
      $0.parameters = #""base_score":"5E-1","num_feature":"3","num_class":"2.5""#
    },
    Case("names", .inconsistent, "learner.feature_names") { $0.names = #"["a","b"]"# },
    Case("types", .inconsistent, "learner.feature_types") { $0.types = #"["float"]"# },
    Case("best iteration", .outOfRange, "learner.attributes") { $0.attributes = #"{"best_iteration":"2"}"# },
    Case("best iteration is no number", .outOfRange, "learner.attributes") { $0.attributes = #"{"best_iteration":"x"}"# },
    Case("dart without weights", .missing, "learner.gradient_booster") {
      $0.booster = #"{"gbtree":{"model":\#($0.model),"name":"gbtree"},"name":"dart"}"#
    },
    Case("dart with one weight", .inconsistent, "learner.gradient_booster.weight_drop") {
      $0.booster = #"{"gbtree":{"model":\#($0.model),"name":"gbtree"},"name":"dart","weight_drop":[1]}"#
    },
    Case("dart with a weight that is not finite", .notFinite, "learner.gradient_booster.weight_drop[1]") {
      $0.booster = #"{"gbtree":{"model":\#($0.model),"name":"gbtree"},"name":"dart","weight_drop":[1,Infinity]}"#
    },
    Case("a categorical node without a list", .missing, learner + ".trees[0].categories_nodes") { $0.trees[0].types = "[1,0,0]" },
    Case("a list beyond the categories", .outOfRange, learner + ".trees[0].categories_segments[0]") {
      $0.trees[0].types = "[1,0,0]"
      $0.trees[0].categories = #""categories":[1],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[2]"#
    },
    Case("a negative category", .outOfRange, learner + ".trees[0].categories[0]") {
      $0.trees[0].types = "[1,0,0]"
      $0.trees[0].categories = #""categories":[-1],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[1]"#
    },
    Case("two lists for a node", .duplicate, learner + ".trees[0].categories_nodes[1]") {
      $0.trees[0].types = "[1,0,0]"
      $0.trees[0].categories = #""categories":[1],"categories_nodes":[0,0],"categories_segments":[0,0],"categories_sizes":[1,1]"#
    },
    Case("a list for no node", .outOfRange, learner + ".trees[0].categories_nodes[0]") {
      $0.trees[0].categories = #""categories":[1],"categories_nodes":[3],"categories_segments":[0],"categories_sizes":[1]"#
    },
    Case("lists without sizes", .inconsistent, learner + ".trees[0].categories_nodes") {
      $0.trees[0].categories = #""categories":[1],"categories_nodes":[0],"categories_segments":[0]"#
    },
    Case("an unknown kind of split", .outOfRange, learner + ".trees[0].split_type[0]") { $0.trees[0].types = "[2,0,0]" },
    Case("vectors among single leaves", .inconsistent, learner + ".trees[1].tree_param.size_leaf_vector") {
      $0.trees[1].parameters = #""num_nodes":"3","size_leaf_vector":"2""#
    },
    Case("vectors of the wrong length", .inconsistent, learner + ".trees") {
      for tree in 0..<2 {
        $0.trees[tree].parameters = #""num_nodes":"3","size_leaf_vector":"2""#
        $0.trees[tree].weights = "[0,0,1,1,2,2]"
      }
    },
    Case("a row of leaves that is not there", .outOfRange, learner + ".trees[0].right_children[2]") {
      $0.trees[0].parameters = #""num_nodes":"3","size_leaf_vector":"2""#
      $0.trees[0].weights = #"[0,0,0,0,0,0],"leaf_weights":[1,2,3,4]"#
      $0.trees[0].right = "[2,0,2]"
    },
    Case("a row of leaves for two", .inconsistent, learner + ".trees[0].right_children[2]") {
      $0.trees[0].parameters = #""num_nodes":"3","size_leaf_vector":"2""#
      $0.trees[0].weights = #"[0,0,0,0,0,0],"leaf_weights":[1,2,3,4]"#
      $0.trees[0].right = "[2,0,0]"
    },
    Case("half a row of leaves", .inconsistent, learner + ".trees[0].leaf_weights") {
      $0.trees[0].parameters = #""num_nodes":"3","size_leaf_vector":"2""#
      $0.trees[0].weights = #"[0,0,0,0,0,0],"leaf_weights":[1,2,3]"#
      $0.trees[0].right = "[2,0,1]"
    },
    Case("version", .malformed, "version") { $0.version = "[3]" },
  ]

  @Test(arguments: cases) func isRefused(_ refused: Case) throws {
    var file = XGBoostFile()
    refused.change(&file)
    let error = try #require(throws: ReadError.self) { _ = try file.read() }
    #expect(error.code == refused.code, "\(error)")
    #expect(error.mark.path == refused.path, "\(error)")
    #expect(error.mark.line == 1 && error.exitCode == 65)
  }

  @Test(arguments: ["{}", #"{"version":[1,0,0]}"#, #"{"learner":1}"#, #"{"learner":{}}"#, #"{"learner":{"gradient_booster":[]}}"#])
  func noModel(_ json: String) {
    #expect(throws: ReadError.self) { try ModelReading.forest(bytes: Array(json.utf8), name: "x", format: .xgboostJSON) }
  }

  @Test(arguments: [
    "booster[0]:\n0:[pt1<164.5] yes=1,no=2,missing=2\n\t1:leaf=-0.1\n\t2:leaf=0.2\n", "0:[f0<1] yes=1,no=2,missing=1\n", "0:leaf=0.5\n",
    #"[ { "nodeid": 0, "depth": 0, "split": "f0", "split_condition": 1, "yes": 1, "no": 2, "missing": 1 , "children": [] }]"#,
    #"{"nodeid":0,"leaf":0.5}"#,
  ])
  func dumpsAreRefused(_ text: String) throws {
    let error = try #require(throws: ReadError.self) { try ModelReading.forest(bytes: Array(text.utf8), name: "dump") }
    #expect(error.message.contains("a dump of XGBoost's trees"))
    #expect(error.hint?.contains("order of features") == true && error.exitCode == 65)
  }

  @Test func bestIsForFormatsThatKnowOne() throws {
    let error = try #require(throws: ReadError.self) {
      try ModelReading.forest(bytes: Array(WeightFile().xml.utf8), name: "x.xml", options: ReadingOptions(iterations: .best))
    }
    #expect(error.code == .wrongChoice && error.exitCode == 64)
  }
}
