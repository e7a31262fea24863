import ForestIR
import ForestReading
import Testing

/// Files that must be refused: each is a sound model with one thing wrong.
@Suite struct ScikitLearnRefusalTests {
  /// Sound models, small enough to be read.
  enum Sound: String, CaseIterable {
    case tree, forest, boosting, histograms, categories, rawCategories, adaBoost, bagging, isolation, pipeline

    var text: String {
      let node = #""children_left": [1, -1, -1], "children_right": [2, -1, -1], "feature": [0, -2, -2], "threshold": [0.5, -2, -2]"#
      let values = #""value": [[[0.5, 0.5]], [[0.25, 0.75]], [[1.0, 0.0]]]"#
      let classifier = #"{"class": "DecisionTreeClassifier", "n_features_in_": 2, "classes_": [0, 1], "tree_": {\#(node), \#(values)}}"#
      let regression = #"{"tree_": {\#(node), "value": [[[0.0]], [[1.0]], [[2.0]]], "node_count": 3, "n_node_samples": [9, 4, 5]}}"#
      let histogram = #"{"value": [0.0, 1.0, 2.0], "feature_idx": [0, 0, 0], "num_threshold": [0.5, 0, 0], "missing_go_to_left": [1, 0, 0], "left": [1, 0, 0], "right": [2, 0, 0], "is_leaf": [0, 1, 1]"#
      let category = histogram + #", "is_categorical": [1, 0, 0], "bitset_idx": [0, 0, 0], "raw_left_cat_bitsets": [[3, 0, 0, 0, 0, 0, 0, 0]]}"#
      let model =
        switch self {
        case .tree: classifier
        case .forest: #"{"class": "RandomForestClassifier", "n_features_in_": 2, "classes_": ["a", "b"], "estimators_": [\#(classifier)]}"#
        case .boosting:
          #"{"class": "GradientBoostingClassifier", "n_features_in_": 2, "classes_": [0, 1], "learning_rate": 0.1, "loss": "log_loss", "init_": "zero", "init_raw_prediction": [0.25], "estimators_": [[\#(regression)], [\#(regression)]]}"#
        case .histograms:
          #"{"class": "HistGradientBoostingRegressor", "n_features_in_": 2, "loss": "squared_error", "baseline_prediction": [1.5], "is_categorical_": null, "predictors": [[\#(histogram)}]]}"#
        case .categories:
          #"{"class": "HistGradientBoostingRegressor", "n_features_in_": 2, "loss": "squared_error", "baseline_prediction": [1.5], "is_categorical_": [false, true], "feature_map": [1, 0], "categories_": [[5.0, 7.0, "NaN"]], "category_encoding": "ordinal", "predictors": [[\#(category)]]}"#
        case .rawCategories:
          #"{"class": "HistGradientBoostingRegressor", "n_features_in_": 2, "loss": "squared_error", "baseline_prediction": [1.5], "is_categorical_": [true, false], "known_categories": [[0, 1, 4]], "category_encoding": "raw", "predictors": [[\#(category)]]}"#
        case .adaBoost:
          #"{"class": "AdaBoostClassifier", "n_features_in_": 2, "classes_": [0, 1], "algorithm": "SAMME", "estimator_weights_": [0.5], "estimators_": [\#(classifier)]}"#
        case .bagging:
          #"{"class": "BaggingClassifier", "n_features_in_": 3, "classes_": [0, 1], "n_estimators": 1, "estimators_": [\#(classifier)], "estimators_features_": [[2, 0]]}"#
        case .isolation:
          #"{"class": "IsolationForest", "n_features_in_": 2, "max_samples_": 9, "offset_": -0.5, "estimators_": [\#(regression)], "average_path_length_max_samples": 4.5}"#
        case .pipeline:
          #"{"class": "Pipeline", "steps": [["s", {"class": "StandardScaler", "n_features_in_": 2, "mean_": [1.0, 2.0], "scale_": [1.0, 2.0]}], ["m", \#(classifier)]]}"#
        }
      return #"{"format": "sklearn-trees", "format_version": 1, "sklearn_version": "1.5.0", "model": \#(model)}"#
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let sound: Sound
    let old: String
    let new: String
    let code: ReadError.Code
    /// The path must begin with this.
    let path: String

    init(_ sound: Sound, _ old: String, _ new: String, _ code: ReadError.Code, _ path: String) {
      self.sound = sound
      self.old = old
      self.new = new
      self.code = code
      self.path = path
    }

    var testDescription: String { "\(sound): \(old) → \(new)" }
  }

  static func read(_ text: String) throws(ReadError) -> Forest {
    try ModelReading.forest(bytes: Array(text.utf8), name: "model.json", format: .scikitLearn)
  }

  @Test(arguments: Sound.allCases) func soundModelsAreRead(sound: Sound) throws { _ = try Self.read(sound.text) }

  static let faults: [Fault] = [
    // The document
    Fault(.tree, "{\"format\"", "[\"format\"", .unsupported, ""),
    Fault(.tree, "\"format\": ", "\"format\" ", .notWellFormed, ""),
    Fault(.tree, "\"model\"", "\"format\"", .duplicate, ""),
    Fault(.tree, "\"format_version\": 1", "\"format_version\": 2", .unsupported, "format_version"),
    Fault(.tree, "\"format_version\": 1", "\"format_version\": \"1\"", .malformed, "format_version"),
    Fault(.tree, "\"format_version\": 1, ", "", .missing, "format"),
    Fault(.tree, "\"sklearn-trees\"", "\"sklearn-shrubs\"", .unsupported, "format"),
    Fault(.tree, "\"sklearn_version\": \"1.5.0\", ", "", .missing, ""),
    Fault(.tree, "\"1.5.0\"", "\"newest\"", .malformed, "sklearn_version"),
    Fault(.tree, "\"model\"", "\"forest\"", .missing, "format"),
    Fault(.tree, "DecisionTreeClassifier", "SVC", .unsupported, "model.class"),
    Fault(.tree, "\"class\": \"DecisionTreeClassifier\", ", "", .missing, "model"),
    // Trees
    Fault(.tree, "\"children_left\": [1, -1, -1], ", "", .missing, "model.tree_"),
    Fault(.tree, "\"threshold\": [0.5, -2, -2]", "\"threshold\": [0.5, -2]", .inconsistent, "model.tree_.threshold"),
    Fault(.tree, "\"threshold\": [0.5", "\"threshold\": [\"NaN\"", .notFinite, "model.tree_.threshold[0]"),
    Fault(.tree, "\"threshold\": [0.5", "\"threshold\": [\"half\"", .malformed, "model.tree_.threshold[0]"),
    Fault(.tree, "\"threshold\": [0.5", "\"threshold\": [1e999", .outOfRange, "model.tree_.threshold[0]"),
    Fault(.tree, "\"feature\": [0", "\"feature\": [2", .outOfRange, "model.tree_.feature[0]"),
    Fault(.tree, "\"feature\": [0", "\"feature\": [-1", .outOfRange, "model.tree_.feature[0]"),
    Fault(.tree, "\"feature\": [0", "\"feature\": [0.0", .malformed, "model.tree_.feature[0]"),
    Fault(.tree, "\"children_left\": [1,", "\"children_left\": [-2,", .outOfRange, "model.tree_.children_left[0]"),
    Fault(.tree, "\"children_left\": [1,", "\"children_left\": [3,", .outOfRange, "model.tree_.children_left[0]"),
    Fault(.tree, "\"children_left\": [1,", "\"children_left\": [0,", .inconsistent, "model.tree_.children_left[0]"),
    Fault(.tree, "\"children_left\": [1,", "\"children_left\": [2,", .inconsistent, "model.tree_.children_left[0]"),
    Fault(.tree, "\"children_left\": [1,", "\"children_left\": [-1,", .inconsistent, "model.tree_.children_left[0]"),
    Fault(.boosting, "\"node_count\": 3", "\"node_count\": 4", .inconsistent, "model.estimators_[0][0].tree_.node_count"),
    Fault(.tree, "[[0.25, 0.75]]", "[[0.25, 0.76]]", .outOfRange, "model.tree_.value[1]"),
    Fault(.tree, "[[0.25, 0.75]]", "[[-0.25, 1.25]]", .outOfRange, "model.tree_.value[1]"),
    Fault(.tree, "[[0.25, 0.75]]", "[[\"NaN\", 0.75]]", .notFinite, "model.tree_.value[1]"),
    Fault(.tree, "[[0.25, 0.75]]", "[[0.25, 0.5, 0.25]]", .inconsistent, "model.tree_.value"),
    Fault(.tree, "\"classes_\": [0, 1]", "\"classes_\": [0, 1, 2]", .inconsistent, "model.tree_.value"),
    Fault(.tree, "\"classes_\": [0, 1]", "\"classes_\": [0, 0]", .duplicate, "model.classes_"),
    Fault(.tree, "\"classes_\": [0, 1]", "\"classes_\": [0, 1], \"n_classes_\": 3", .inconsistent, "model.n_classes_"),
    Fault(.tree, "\"classes_\": [0, 1]", "\"classes_\": [0, null]", .malformed, "model.classes_"),
    Fault(.tree, "\"n_features_in_\": 2", "\"n_features_in_\": 0", .outOfRange, "model.n_features_in_"),
    Fault(.tree, "\"n_features_in_\": 2", "\"n_features_in_\": 2, \"feature_names_in_\": [\"a\"]", .inconsistent, "model.feature_names_in_"),
    Fault(.tree, "\"n_features_in_\": 2", "\"n_features_in_\": 2, \"value_kind\": \"votes\"", .malformed, "model.value_kind"),
    Fault(.tree, "\"n_features_in_\": 2", "\"n_features_in_\": 2, \"value_kind\": \"mean\"", .inconsistent, "model.value_kind"),
    // Ensembles
    Fault(.forest, "\"estimators_\": [{", "\"estimators_\": [], \"rest\": [{", .inconsistent, "model.estimators_"),
    Fault(.forest, "\"estimators_\"", "\"members\"", .missing, "model"),
    Fault(.forest, "DecisionTreeClassifier", "DecisionTreeRegressor", .inconsistent, "model.estimators_[0].class"),
    Fault(.forest, "\"classes_\": [0, 1]", "\"classes_\": [0, 1, 2]", .inconsistent, "model.estimators_[0].classes_"),
    Fault(.boosting, "\"log_loss\"", "\"hinge\"", .unsupported, "model.loss"),
    Fault(.boosting, "\"learning_rate\": 0.1, ", "", .missing, "model"),
    Fault(.boosting, "\"learning_rate\": 0.1", "\"learning_rate\": \"NaN\"", .notFinite, "model.learning_rate"),
    Fault(.boosting, "[0.25]", "[0.25, 0.5]", .inconsistent, "model.init_raw_prediction"),
    Fault(.boosting, "\"zero\", \"init_raw_prediction\": [0.25]", "\"one\"", .malformed, "model.init_"),
    Fault(.boosting, "\"init_\": \"zero\", \"init_raw_prediction\": [0.25], ", "", .missing, "model"),
    Fault(.boosting, "\"zero\", \"init_raw_prediction\": [0.25]", "{\"class\": \"DummyClassifier\", \"strategy\": \"uniform\", \"class_prior_\": [0.5, 0.5]}", .unsupported, "model.init_.strategy"),
    Fault(.boosting, "\"classes_\": [0, 1]", "\"classes_\": [0, 1, 2]", .inconsistent, "model"),
    Fault(.boosting, "\"estimators_\": [[{", "\"estimators_\": [[], [{", .inconsistent, "model.estimators_[0]"),
    Fault(.adaBoost, "\"estimator_weights_\": [0.5]", "\"estimator_weights_\": []", .inconsistent, "model.estimator_weights_"),
    Fault(.adaBoost, "\"estimator_weights_\": [0.5]", "\"estimator_weights_\": [0.0]", .outOfRange, "model.estimator_weights_"),
    Fault(.adaBoost, "\"SAMME\"", "\"SAMME.Q\"", .unsupported, "model.algorithm"),
    Fault(.adaBoost, "[0, 1], \"tree_\"", "[0, 7], \"tree_\"", .inconsistent, "model.estimators_[0].classes_"),
    Fault(.bagging, "[[2, 0]]", "[[3, 0]]", .outOfRange, "model.estimators_features_[0][0]"),
    Fault(.bagging, "[[2, 0]]", "[[2]]", .inconsistent, "model.estimators_[0].n_features_in_"),
    Fault(.bagging, "[[2, 0]]", "[[2, 0], [1, 0]]", .inconsistent, "model.estimators_features_"),
    Fault(.isolation, "\"n_node_samples\": [9, 4, 5]", "\"max_depth\": 1", .missing, "model.estimators_[0].tree_"),
    Fault(.isolation, "\"max_samples_\": 9", "\"max_samples_\": 0", .outOfRange, "model.max_samples_"),
    // Histograms
    Fault(.histograms, "\"squared_error\"", "\"cubed_error\"", .unsupported, "model.loss"),
    Fault(.histograms, "[1.5]", "[1.5, 2]", .inconsistent, "model.baseline_prediction"),
    Fault(.histograms, "\"left\": [1, 0, 0]", "\"left\": [0, 0, 0]", .inconsistent, "model.predictors[0][0].left[0]"),
    Fault(.histograms, "\"right\": [2, 0, 0]", "\"right\": [7, 0, 0]", .outOfRange, "model.predictors[0][0].right[0]"),
    Fault(.histograms, "\"is_leaf\": [0, 1, 1]", "\"is_leaf\": [0, 1]", .inconsistent, "model.predictors[0][0].is_leaf"),
    Fault(.histograms, "\"is_leaf\": [0, 1, 1]", "\"is_leaf\": [0, 1, 2]", .outOfRange, "model.predictors[0][0].is_leaf[2]"),
    Fault(.histograms, "\"predictors\": [[{", "\"predictors\": [[], [{", .inconsistent, "model.predictors[0]"),
    Fault(.categories, "[[3, 0, 0, 0, 0, 0, 0, 0]]", "[[3, 0, 0, 0, 0, 0, 0]]", .inconsistent, "model.predictors[0][0].raw_left_cat_bitsets[0]"),
    Fault(.categories, "[[3, 0,", "[[4294967296, 0,", .outOfRange, "model.predictors[0][0].raw_left_cat_bitsets[0][0]"),
    Fault(.categories, "\"bitset_idx\": [0,", "\"bitset_idx\": [1,", .outOfRange, "model.predictors[0][0].bitset_idx[0]"),
    Fault(.categories, "\"feature_map\": [1, 0]", "\"feature_map\": [1, 1]", .inconsistent, "model.feature_map"),
    Fault(.categories, "\"feature_map\": [1, 0], ", "", .missing, "model"),
    Fault(.categories, "\"feature_map\": [1, 0]", "\"feature_map\": [0, 1]", .inconsistent, "model.predictors[0][0].is_categorical"),
    Fault(.categories, "[[5.0, 7.0", "[[\"NaN\", 7.0", .outOfRange, "model.categories_[0]"),
    Fault(.categories, "\"ordinal\"", "\"binary\"", .unsupported, "model.category_encoding"),
    Fault(.rawCategories, "[[0, 1, 4]]", "[[0, 1, 400]]", .outOfRange, "model.known_categories[0][2]"),
    Fault(.rawCategories, "[true, false]", "[true]", .inconsistent, "model.is_categorical_"),
    // Pipelines
    Fault(.pipeline, "\"scale_\": [1.0, 2.0]", "\"scale_\": [1.0, 0.0]", .outOfRange, "model.steps[0][1].scale_[1]"),
    Fault(.pipeline, "\"scale_\": [1.0, 2.0]", "\"scale_\": [1.0, \"NaN\"]", .notFinite, "model.steps[0][1].scale_[1]"),
    Fault(.pipeline, "\"scale_\": [1.0, 2.0]", "\"scale_\": [1.0]", .inconsistent, "model.steps[0][1].scale_"),
    Fault(.pipeline, "StandardScaler", "PCA", .unsupported, "model.steps[0][1].class"),
    Fault(.pipeline, "[\"s\", {", "[{", .malformed, "model.steps[0][0]"),
  ]

  @Test(arguments: faults) func isRefused(fault: Fault) throws {
    let text = fault.sound.text.replacingOnce(fault.old, with: fault.new)
    #expect(text != fault.sound.text)
    let error = try #require(throws: ReadError.self) { try Self.read(text) }
    #expect(error.code == fault.code, "\(error)")
    #expect((error.mark.path ?? "").hasPrefix(fault.path), "\(error)")
    #expect(error.mark.line == 1 && error.mark.column != nil)
  }

  /// Where the file is longer than the window that is held of it, places and values are the same.
  @Test func longFiles() throws {
    let blank = String(repeating: " ", count: 300_000)
    let text = Sound.pipeline.text.replacing("\"steps\": ", with: "\"note\": \"é\(blank)\\u00e9\",\(blank)\n\(blank)\"steps\":\(blank)")
    _ = try Self.read(text)
    let wrong = text.replacing("\"scale_\": [1.0, 2.0]", with: "\"scale_\": [1.0, 0.0],\n \"rest\": \"\(blank)\"")
    let error = try #require(throws: ReadError.self) { try Self.read(wrong) }
    #expect(error.mark.line == 2 && error.mark.path == "model.steps[0][1].scale_[1]", "\(error)")
    let line = wrong.split(separator: "\n")[1]
    let column = line.distance(from: line.startIndex, to: try #require(line.firstRange(of: "[1.0, 0.0]")).lowerBound) + 1
    #expect(error.mark.column == column)
    for length in [5_000, 400_000] {
      let digits = Sound.tree.text.replacing("0.5, -2, -2", with: blank + "0.5" + String(repeating: "0", count: length) + ", -2, -2")
      // A number of any length is read where it fits, and never cut.
      if let forest = try? Self.read(digits) { #expect(forest.model.ensembles[0].trees[0].splits[0].threshold == 0.5) }
    }
  }

  /// However deep it is nested, a file is refused or read, never a reason to crash.
  @Test func depth() throws {
    let estimators = String(repeating: #"{"class": "BaggingClassifier", "estimators_": ["#, count: 5000)
    #expect(throws: ReadError.self) { try Self.read(#"{"class": "Pipeline", "steps": [["#  + estimators) }
    let arrays = String(repeating: "[", count: 200_000)
    #expect(throws: ReadError.self) { try Self.read(#"{"class": "RandomForestClassifier", "loss": "# + arrays) }
    #expect(throws: ReadError.self) { try Self.read(#"{"other": "# + arrays) }
  }

  /// A file that is cut off is refused.
  @Test(arguments: Sound.allCases) func prefixes(sound: Sound) throws {
    let bytes = Array(sound.text.utf8)
    for count in stride(from: 0, to: bytes.count, by: 41) {
      #expect(throws: ReadError.self) {
        try ModelReading.forest(bytes: Array(bytes[..<count]), name: "model.json", format: .scikitLearn)
      }
    }
  }
}

extension String {
  /// The text with the first occurrence replaced.
  fileprivate func replacingOnce(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
