import FileBytes
import ForestIR
import ForestReading
import ForestTesting
import Testing

/// Files that must be refused: each is a sound model with one thing wrong.
@Suite struct LightGBMRefusalTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let code: ReadError.Code
    /// The line of the text, or nil where the form has none.
    let line: Int?

    init(_ old: String, _ new: String, _ code: ReadError.Code, _ line: Int? = nil) {
      self.old = old
      self.new = new
      self.code = code
      self.line = line
    }

    var testDescription: String { "\(old) → \(new)" }
  }

  static let faults: [Fault] = [
    // The header
    Fault("version=v4", "version=v5", .unsupported, 2),
    Fault("version=v4\n", "", .missing, 1),
    Fault("version=v4", "version=v4\nversion=v4", .duplicate, 3),
    Fault("num_class=1\n", "", .missing, 1),
    Fault("num_class=1", "num_class=0", .outOfRange, 3),
    Fault("num_class=1", "num_class=1 1", .malformed, 3),
    Fault("num_class=1", "num_class=one", .malformed, 3),
    Fault("num_class=1", "num_class=2", .inconsistent, 4),
    Fault("num_class=1\nnum_tree_per_iteration=1", "num_class=2\nnum_tree_per_iteration=2", .inconsistent, 7),
    Fault("num_class=1\nnum_tree_per_iteration=1", "num_class=99999999\nnum_tree_per_iteration=99999999", .limit, 4),
    Fault("max_feature_idx=2", "max_feature_idx=3", .inconsistent, 8),
    Fault("max_feature_idx=2", "max_feature_idx=-1", .outOfRange, 6),
    Fault("max_feature_idx=2", "max_feature_idx=2147483647", .limit, 6),
    Fault("max_feature_idx=2", "max_feature_idx=99999999999999999999", .malformed, 6),
    Fault("feature_names=a b c", "feature_names=a b", .inconsistent, 8),
    Fault("feature_names=a b c\n", "", .missing, 1),
    Fault("label_index=0", "average_outputs", .unexpected, 5),
    Fault("objective=regression", "objective=binary", .inconsistent, 7),
    Fault("objective=regression", "objective=binary sigmoid:0", .inconsistent, 7),
    Fault("objective=regression", "objective=binary sigmoid:-1", .inconsistent, 7),
    Fault("objective=regression", "objective=multiclass num_class:3", .inconsistent, 7),
    Fault("objective=regression", "objective=multiclassova num_class:1", .inconsistent, 7),
    // The end
    Fault("end of trees", "end of the trees", .unexpected, nil),
    // Trees
    Fault("num_leaves=3", "num_leaves=4", .inconsistent, 14),
    Fault("num_leaves=3", "num_leaves=0", .outOfRange, 12),
    Fault("num_leaves=3\n", "", .outOfRange, 11),
    Fault("num_leaves=3", "num_leaves=999999999999", .limit, 12),
    Fault("split_feature=0 2", "split_feature=0", .inconsistent, 14),
    Fault("split_feature=0 2", "split_feature=0 3", .outOfRange, 14),
    Fault("split_feature=0 2", "split_feature=0 -1", .outOfRange, 14),
    Fault("split_feature=0 2", "split_feature=0 2.0", .malformed, 14),
    Fault("threshold=0.5 0", "threshold=nan 0", .notFinite, 16),
    Fault("threshold=0.5 0", "threshold=0,5 0", .malformed, 16),
    Fault("threshold=0.5 0", "threshold=0.5x 0", .malformed, 16),
    Fault("threshold=0.5 0\n", "", .missing, 11),
    Fault("threshold=0.5 0", "threshold=0.5 0\nthreshold=0.5 0", .duplicate, 17),
    Fault("threshold=0.5 0", "threshold=0.5 1", .outOfRange, 16),
    Fault("threshold=0.5 0", "threshold=0.5 -1", .outOfRange, 16),
    Fault("threshold=0.5 0", "threshold=0.5 0.5", .outOfRange, 16),
    Fault("threshold=0.5 0", "threshold=0.5 nan", .outOfRange, 16),
    Fault("decision_type=2 1", "decision_type=2 16", .outOfRange, 17),
    Fault("decision_type=2 1", "decision_type=12 1", .outOfRange, 17),
    Fault("decision_type=2 1", "decision_type=-2 1", .outOfRange, 17),
    Fault("num_cat=1", "num_cat=0", .outOfRange, 16),
    Fault("num_cat=1", "num_cat=3", .outOfRange, 13),
    Fault("num_cat=1", "num_cat=-1", .outOfRange, 13),
    Fault("left_child=1 -1", "left_child=0 -1", .inconsistent, 18),
    Fault("left_child=1 -1", "left_child=2 -1", .inconsistent, 18),
    Fault("left_child=1 -1", "left_child=-4 -1", .inconsistent, 18),
    Fault("left_child=1 -1", "left_child=-3 -1", .inconsistent, 18),
    Fault("left_child=1 -1", "left_child=1 1", .inconsistent, 18),
    Fault("left_child=1 -1", "left_child=1 -2147483649", .malformed, 18),
    Fault("leaf_value=1 2 4", "leaf_value=1 2", .inconsistent, 20),
    Fault("leaf_value=1 2 4", "leaf_value=1 2 nan", .notFinite, 20),
    Fault("leaf_value=1 2 4", "leaf_value=1 2 four", .malformed, 20),
    Fault("leaf_value=1 2 4", "leaf_value 1 2 4", .unexpected, 20),
    Fault("cat_boundaries=0 2", "cat_boundaries=0 3", .outOfRange, 21),
    Fault("cat_boundaries=0 2", "cat_boundaries=2 2", .outOfRange, 21),
    Fault("cat_boundaries=0 2", "cat_boundaries=-1 2", .outOfRange, 21),
    Fault("cat_boundaries=0 2", "cat_boundaries=0", .inconsistent, 21),
    Fault("cat_boundaries=0 2\n", "", .missing, 11),
    Fault("cat_threshold=6 1", "cat_threshold=6 4294967296", .malformed, 22),
    Fault("cat_threshold=6 1", "cat_threshold=6 -1", .malformed, 22),
    // Linear leaves
    Fault("is_linear=1", "is_linear=0", .inconsistent, nil),
    Fault("is_linear=1", "is_linear=2", .outOfRange, nil),
    Fault("leaf_const=0.5 0.25", "leaf_const=0.5", .inconsistent, nil),
    Fault("leaf_const=0.5 0.25", "leaf_const=0.5 inf", .notFinite, nil),
    Fault("num_features=2 0", "num_features=2 1", .inconsistent, nil),
    Fault("num_features=2 0", "num_features=1 0", .inconsistent, nil),
    Fault("num_features=2 0", "num_features=2 -1", .outOfRange, nil),
    Fault("leaf_features=0 1", "leaf_features=0 3", .outOfRange, nil),
    Fault("leaf_coeff=2 3", "leaf_coeff=2", .inconsistent, nil),
    Fault("leaf_coeff=2 3", "leaf_coeff=2 inf", .notFinite, nil),
  ]

  @Test(arguments: faults) func isRefused(fault: Fault) throws {
    let sound = LightGBMText().text
    let start = try #require(sound.firstRange(of: fault.old))
    let text = sound.replacingCharacters(in: start, with: fault.new)
    let error = try #require(throws: ReadError.self) { try LightGBMText.read(text) }
    #expect(error.code == fault.code, "\(error)")
    if let line = fault.line { #expect(error.mark.line == line, "\(error)") }
    #expect(error.mark.line != nil && error.exitCode == 65)
  }

  static let dumpFaults: [Fault] = [
    Fault("\"version\": \"v4\"", "\"version\": \"v9\"", .unsupported),
    Fault("\"tree_info\"", "\"trees\"", .missing),
    Fault("\"max_feature_idx\": 2", "\"max_feature_idx\": 1", .inconsistent),
    Fault("\"num_leaves\": 3", "\"num_leaves\": 4", .inconsistent),
    Fault("\"split_feature\": 0", "\"split_feature\": 3", .outOfRange),
    Fault("\"split_feature\": 0,", "", .missing),
    Fault("\"threshold\": 0.5", "\"threshold\": \"1\"", .missing),
    Fault("\"threshold\": \"1||2||32\"", "\"threshold\": 1", .malformed),
    Fault("1||2||32", "1||-2", .malformed),
    Fault("1||2||32", "", .malformed),
    Fault("1||2||32", "9999999999", .limit),
    Fault("\"decision_type\": \"==\"", "\"decision_type\": \"is\"", .unsupported),
    Fault("\"missing_type\": \"None\"", "\"missing_type\": \"Any\"", .outOfRange),
    Fault("\"missing_type\": \"None\", ", "", .missing),
    Fault("\"right_child\": {\"leaf_index\": 2, \"leaf_value\": 4}", "\"internal_value\": 0", .inconsistent),
    Fault("\"leaf_index\": 2", "\"leaf_index\": 1", .inconsistent),
    Fault("\"leaf_index\": 2", "\"leaf_index\": 3", .inconsistent),
    Fault("\"leaf_index\": 2, ", "", .missing),
    Fault(", \"leaf_value\": 4", "", .missing),
    Fault("\"split_index\": 1", "\"leaf_value\": 1", .inconsistent),
    Fault("\"leaf_const\": 0.25, ", "", .inconsistent),
    Fault("\"leaf_features\": [0, 1]", "\"leaf_features\": [0]", .inconsistent),
    Fault("\"leaf_features\": [0, 1]", "\"leaf_features\": [0, 3]", .outOfRange),
    Fault("\"tree_structure\": {\"leaf_value\": 32}", "\"structure\": 1", .missing),
  ]

  @Test(arguments: dumpFaults) func isRefusedAsADump(fault: Fault) throws {
    let start = try #require(LightGBMText.dump.firstRange(of: fault.old))
    let text = LightGBMText.dump.replacingCharacters(in: start, with: fault.new)
    let error = try #require(throws: ReadError.self) { try LightGBMText.read(text) }
    #expect(error.code == fault.code, "\(error)")
  }

  // MARK: Any bytes

  /// Up to the line that ends the trees no part of a file is taken for the whole.
  @Test func truncationsAreRefused() throws {
    let text = LightGBMText().text
    let end = try #require(text.firstRange(of: "end of trees")).upperBound
    let length = text.utf8.distance(from: text.startIndex, to: end)
    let bytes = Array(text.utf8)
    var read: [Int] = []
    for count in 0..<length where (try? ModelReading.forest(bytes: Array(bytes[..<count]), name: "part")) != nil { read.append(count) }
    #expect(read.isEmpty)
    #expect(throws: Never.self) { try ModelReading.forest(bytes: Array(bytes[..<length]), name: "part") }
  }

  @Test(arguments: [LightGBMText().text, LightGBMText.dump])
  func everyMutationIsReadOrRefused(text: String) {
    let original = Array(text.utf8)
    var random = SplitMix64(seed: 5)
    for _ in 0..<400 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(random.pick(Array("=\n -0123456789.e\"|{[".utf8)), at: place)
        case 3: bytes[place] = random.pick(Array("0123456789".utf8))
        case 4:
          let end = min(bytes.count, place + Int.random(in: 1..<60, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<60, using: &random)))
        }
      }
      guard let forest = try? ModelReading.forest(bytes: bytes, name: "part") else { continue }
      let row = (0..<forest.inputs.count).map { Double($0) - 0.5 }
      #expect(score(forest, row).count == forest.printedColumns.count)
    }
  }
}
