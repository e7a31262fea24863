import ForestIR

/// What a file says of one estimator, before it is known what that means.
///
/// Keys of an object come in any order: trees may stand before the class that tells how to read them. So everything is kept
/// in a compact form here, and the lowering asks for it once the whole file was read.
final class Estimator {
  let place: JSONCursor.Place
  /// Small members by their name with the final underscore, where there are both spellings.
  var values: [String: PlacedValue] = [:]
  /// `tree_`; taken out, and thereby freed, as it becomes a tree of the IR.
  var tree: NodeTree?
  /// `estimators_`: stages of estimators; a plain list is one stage.
  var members: [[Estimator]]?
  /// Whether `estimators_` was a list of lists.
  var hasStages = false
  /// `predictors` of hist gradient boosting.
  var predictors: [[NodeTree]]?
  /// `init_`, where it is an estimator.
  var initial: Estimator?
  /// `steps` of a pipeline; nil for "passthrough".
  var steps: [Estimator?]?
  /// The class, where the place implies it.
  var impliedClass: String?

  init(place: JSONCursor.Place) { self.place = place }

  /// The small members that are kept; all others are passed over.
  static let keptNames: Set<String> = [
    "class", "meta", "n_features_in_", "feature_names_in_", "n_outputs_", "classes_", "n_classes_", "value_kind", "learning_rate",
    "loss", "init_", "init_raw_prediction", "algorithm", "estimator_weights_", "n_estimators", "estimators_features_",
    "max_samples_", "offset_", "average_path_length_max_samples", "average_path_length", "baseline_prediction",
    "is_categorical_", "categories_", "category_encoding", "feature_map", "known_categories", "strategy", "class_prior_",
    "constant_", "with_mean", "with_std", "mean_", "scale_", "min_", "clip", "feature_range", "center_", "statistics_",
    "add_indicator", "missing_values", "with_centering", "with_scaling", "params", "estimators_shape", "priors", "format",
    "format_version", "sklearn_version", "scipy_version", "base_scores", "average_tree_output", "postprocessor", "num_class",
    "num_target", "class_id", "threshold_type", "leaf_output_type", "sigmoid_alpha",
  ]

  /// The name under which a key is known: some dumps leave the final underscore out.
  static func canonicalName(_ key: String) -> String {
    switch key {
    case "classes", "n_classes", "n_outputs", "estimators", "init", "tree": key + "_"
    case "n_features", "n_features_", "n_features_in", "num_feature": "n_features_in_"
    case "feature_names", "feature_names_in": "feature_names_in_"
    default: key
    }
  }
}

/// A tree as its arrays say it, each node once and in the order of the tree: proved to be a tree, but not yet what its
/// leaves mean.
struct NodeTree {
  /// In the order of a walk from the root, left before right.
  var splits: [Split]
  /// The rows of numbers of the leaves, from left to right, as they stand in the file.
  var leaves: [Double]
  /// How many numbers there are for a leaf.
  var rowLength: Int
  /// How the file nests a row: outputs and classes; nil where it is flat.
  var rowShape: (outputs: Int, classes: Int)?
  /// The index of each leaf among the nodes of the file; nil where the file does not number them.
  var leafNumbers: [Int32]?
  /// `n_node_samples` of the leaves.
  var leafSamples: [Int32]?
  var nodeCount: Int
  var hasMissingRoutes = false
  var categorySets: [CategorySet] = []
  let place: JSONCursor.Place
}

