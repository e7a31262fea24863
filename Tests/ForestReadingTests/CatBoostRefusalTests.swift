import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// Files that must be refused: each is a sound model with one thing wrong.
@Suite struct CatBoostRefusalTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var isNested = false
    let old: String
    let new: String
    let code: ReadError.Code
    /// The path must begin with this.
    let path: String

    init(_ old: String, _ new: String, _ code: ReadError.Code, _ path: String, nested: Bool = false) {
      isNested = nested
      self.old = old
      self.new = new
      self.code = code
      self.path = path
    }

    var sound: String { isNested ? CatBoostRuleTests.nested : CatBoostRuleTests.symmetric }
    var testDescription: String { "\(old) → \(new)" }
  }

  static let category = "[{\"feature_id\": \"jet\", \"feature_index\": 0, \"flat_feature_index\": 2}]"

  static let faults: [Fault] = [
    // The document
    Fault("\"oblivious_trees\"", "\"shrubs\"", .missing, ""),
    Fault("\"scale_and_bias\"", "\"trees\": [], \"scale_and_bias\"", .duplicate, "trees"),
    Fault("\"features_info\"", "\"features\"", .missing, ""),
    Fault("\"scale_and_bias\"", "\"bias\"", .missing, ""),
    Fault("[1, [0]]", "[1]", .missing, "scale_and_bias"),
    Fault("[1, [0]]", "[]", .missing, "scale_and_bias"),
    Fault("[1, [0]]", "[1, [0], 2]", .unexpected, "scale_and_bias"),
    Fault("[1, [0]]", "[1, [0, 0]]", .inconsistent, "scale_and_bias"),
    Fault("[1, [0]]", "[1, []]", .inconsistent, "scale_and_bias"),
    Fault("[1, [0]]", "[1e999, [0]]", .outOfRange, "scale_and_bias"),
    Fault("[1, [0]]", "[1, [1e999]]", .outOfRange, "scale_and_bias"),
    Fault("[1, [0]]", "[\"one\", [0]]", .malformed, "scale_and_bias"),
    Fault("[1, 2, 4, 8]", "[1, 2, 4, NaN]", .notWellFormed, "oblivious_trees[0].leaf_values"),
    // Features
    Fault("\"feature_index\": 1", "\"feature_index\": 0", .duplicate, "features_info.float_features[1]"),
    Fault("\"flat_feature_index\": 1", "\"flat_feature_index\": 0", .duplicate, "features_info.float_features[1]"),
    Fault("\"feature_index\": 1", "\"feature_index\": -1", .outOfRange, "features_info.float_features[1].feature_index"),
    Fault("\"feature_index\": 1", "\"feature_index\": 4000000000", .outOfRange, "features_info.float_features[1].feature_index"),
    Fault("\"feature_index\": 0, ", "", .missing, "features_info.float_features[0]"),
    Fault("\"flat_feature_index\": 1, ", "", .missing, "features_info.float_features[0]"),
    Fault("[0.5, 1.5]", "[0.5, 1e39]", .outOfRange, "features_info.float_features[0].borders[1]"),
    Fault("[0.5, 1.5]", "[0.5, null]", .malformed, "features_info.float_features[0].borders[1]"),
    Fault("\"AsTrue\"", "\"AsMaybe\"", .unsupported, "features_info.float_features[0].nan_value_treatment"),
    Fault("\"float_features\"", "\"categorical_features\": \(category), \"float_features\"", .unsupported, "features_info.categorical_features[0]"),
    Fault("\"float_features\"", "\"text_features\": \(category), \"float_features\"", .unsupported, "features_info.text_features[0]"),
    Fault("\"float_features\"", "\"embedding_features\": \(category), \"float_features\"", .unsupported, "features_info.embedding_features[0]"),
    // Symmetric trees
    Fault("\"FloatFeature\"", "\"OneHotFeature\"", .unsupported, "oblivious_trees[0].splits[0]"),
    Fault("\"FloatFeature\", \"float_feature_index\": 0, \"border\": 0.5", "\"OnlineCtr\", \"border\": 3.5", .unsupported, "oblivious_trees[0].splits[0]"),
    Fault("\"split_type\": \"FloatFeature\", ", "", .missing, "oblivious_trees[0].splits[0]"),
    Fault("\"float_feature_index\": 0, ", "", .missing, "oblivious_trees[0].splits[0]"),
    Fault("\"float_feature_index\": 1", "\"float_feature_index\": 2", .outOfRange, "oblivious_trees[0]"),
    Fault(", \"border\": 0.5}", "}", .missing, "oblivious_trees[0].splits[0]"),
    Fault("\"border\": 0.5}", "\"border\": 1e39}", .outOfRange, "oblivious_trees[0].splits[0].border"),
    Fault("[1, 2, 4, 8]", "[1, 2, 4]", .inconsistent, "oblivious_trees[0]"),
    Fault("[1, 2, 4, 8]", "[]", .inconsistent, "oblivious_trees[0]"),
    Fault("[1, 2, 4, 8]", "[1, 2, 4, 1e999]", .outOfRange, "oblivious_trees[0].leaf_values[3]"),
    Fault("\"leaf_values\"", "\"leaves\"", .missing, "oblivious_trees[0]"),
    Fault("\"oblivious_trees\": [", "\"oblivious_trees\": [{\"leaf_values\": [1, 2]}, ", .inconsistent, "oblivious_trees[1]"),
    Fault("\"RMSE\"", "\"Logloss\"", .inconsistent, "loss_function"),
    // Nested trees
    Fault("\"left\": {\"value\": 10, \"weight\": 1},", "", .missing, "trees[0]", nested: true),
    Fault("{\"value\": 10, \"weight\": 1}", "{\"weight\": 1}", .missing, "trees[0].left", nested: true),
    Fault("{\"value\": 10, \"weight\": 1}", "{\"value\": 10, \"left\": {\"value\": 1}}", .missing, "trees[0].left", nested: true),
    Fault("{\"value\": 10, \"weight\": 1}", "{\"value\": [10, 11]}", .inconsistent, "trees[0]", nested: true),
    Fault("{\"value\": 10, \"weight\": 1}", "{\"value\": []}", .inconsistent, "trees[0].left", nested: true),
    Fault("{\"value\": 10, \"weight\": 1}", "null", .malformed, "trees[0].left", nested: true),
    Fault("\"trees\": [{", "\"trees\": [{\"value\": 5, ", .inconsistent, "trees[0]", nested: true),
    Fault("\"FloatFeature\"", "\"EstimatedFeature\"", .unsupported, "trees[0].right.left.split", nested: true),
    Fault("\"trees\": [{", "\"trees\": [{\"value\": [1, 2]}, {", .inconsistent, "trees[1]", nested: true),
  ]

  @Test(arguments: faults) func isRefused(fault: Fault) throws {
    let range = try #require(fault.sound.firstRange(of: fault.old))
    var text = fault.sound
    text.replaceSubrange(range, with: fault.new)
    // This makes two outputs of a loss function that has one.
    if fault.new == "\"Logloss\"" { text.replace("[1, 2, 4, 8]", with: "[1, 2, 4, 8, 1, 2, 4, 8]") }
    let error = try #require(throws: ReadError.self) { try CatBoostRuleTests.read(text) }
    #expect(error.code == fault.code, "\(error)")
    #expect((error.mark.path ?? "").hasPrefix(fault.path), "\(error)")
    #expect(error.exitCode == 65)
  }

  /// The name of what cannot be computed is in the message.
  @Test func names() throws {
    let category = CatBoostRuleTests.symmetric.replacing("\"float_features\"", with: "\"categorical_features\": \(Self.category), \"float_features\"")
    let first = try #require(throws: ReadError.self) { try CatBoostRuleTests.read(category) }
    #expect(first.message.contains("\"jet\"") && first.hint != nil && first.mark.line == 1)
    let counter = CatBoostRuleTests.symmetric.replacing("\"FloatFeature\"", with: "\"OnlineCtr\"")
    let second = try #require(throws: ReadError.self) { try CatBoostRuleTests.read(counter) }
    #expect(second.message.contains("\"OnlineCtr\"") && second.mark.line == 5)
  }

  @Test func depth() throws {
    let split = #"{"split_type": "FloatFeature", "float_feature_index": 0, "border": 0.5}"#
    let levels = [String](repeating: split, count: 17).joined(separator: ", ")
    let text = CatBoostRuleTests.symmetric.replacing(CatBoostRuleTests.splits, with: "[\(levels)]")
    #expect(try #require(throws: ReadError.self) { try CatBoostRuleTests.read(text) }.code == .limit)
    for count in [3_000, 200_000] {
      let open = String(repeating: "{\"split\": \(split), \"right\": {\"value\": 1}, \"left\": ", count: count)
      let deep = "{\(CatBoostRuleTests.features), \"scale_and_bias\": [1, [0]], \"trees\": [\(open){\"value\": 2}\(String(repeating: "}", count: count))]}"
      guard count < 10_000 else {
        #expect(throws: ReadError.self) { try CatBoostRuleTests.read(deep) }
        continue
      }
      let forest = try CatBoostRuleTests.read(deep)
      #expect(forest.model.ensembles[0].trees[0].depth == count)
      #expect(ReferenceEvaluator(forest).evaluate(row: [0, 0]).results == [2])
    }
  }

  // MARK: Damage

  /// Straight through the parser, without the file around it.
  static func parse(_ bytes: [UInt8]) throws(ReadError) -> Forest {
    var parser = CatBoostJSONParser(cursor: JSONCursor(bytes, file: "part", options: CatBoostJSONReader.cursorOptions))
    return try CatBoostJSONReader.forest(try parser.document(), file: "part", nil)
  }

  @Test(arguments: [CatBoostRuleTests.symmetric, CatBoostRuleTests.nested]) func truncationsAreRefused(_ text: String) {
    let bytes = Array(text.utf8)
    var readLengths: [Int] = []
    for count in 0..<bytes.count where (try? Self.parse(Array(bytes[..<count]))) != nil { readLengths.append(count) }
    #expect(readLengths.isEmpty)
    #expect(throws: Never.self) { try Self.parse(bytes) }
    #expect(throws: ReadError.self) { try ModelReading.forest(bytes: Array(bytes.dropLast(9)), name: "part") }
  }

  @Test(arguments: ["scaled/model.cbm", "depthwise/model.cbm"]) func truncatedBinariesAreRefused(_ name: String) throws {
    let bytes = try CatBoostCaseTests.bytes(name)
    for count in [0, 1, 3, 4, 7, 8, 9, 100] + Array(stride(from: 101, to: bytes.count, by: 2003)) + [bytes.count - 1] {
      let error = try #require(throws: ReadError.self) {
        try ModelReading.forest(bytes: Array(bytes[..<count]), name: "part", format: .catboostBinary)
      }
      #expect(error.hint?.contains("model.save_model(\"model.json\", format=\"json\")") == true)
    }
    #expect(throws: ReadError.self) { try ModelReading.forest(bytes: bytes + [0], name: "more") }
  }

  @Test(arguments: ["scaled/model.cbm", "depthwise/model.cbm", "multirmse/model.cbm"])
  func changedBinariesAreReadOrRefused(_ name: String) throws {
    let original = try CatBoostCaseTests.bytes(name)
    var random = SplitMix64(seed: 4)
    var readCount = 0
    for round in 0..<120 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        // Offsets and counts stand at the beginning and at the end of a FlatBuffer; in between there are mostly numbers.
        let place = switch round % 3 {
          case 0: Int.random(in: 0..<bytes.count, using: &random)
          case 1: Int.random(in: 4..<400, using: &random)
          default: Int.random(in: bytes.count - 600..<bytes.count, using: &random)
        }
        bytes[place] = random.pick([0, 1, 0x7F, 0x80, 0xFF, bytes[place] ^ 4, UInt8.random(in: 0...255, using: &random)])
      }
      guard let forest = try? ModelReading.forest(bytes: bytes, name: "changed", format: .catboostBinary) else { continue }
      readCount += 1
      let row = [Double](repeating: 0.5, count: forest.inputs.count)
      #expect(ReferenceEvaluator(forest).evaluate(row: row).results.count == forest.columns.count)
    }
    #expect(readCount > 0 && readCount < 120)
  }

  @Test(arguments: [CatBoostRuleTests.symmetric, CatBoostRuleTests.nested])
  func changedTextsAreReadOrRefused(_ text: String) {
    let original = Array(text.utf8)
    var random = SplitMix64(seed: 5)
    for _ in 0..<1500 {
      var bytes = original
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = random.pick(Array("0123456789-.eE[]{}\", ".utf8))
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(random.pick(Array("0123456789-.eE[]{}\", ".utf8)), at: place)
      default:
        let end = min(bytes.count, place + Int.random(in: 1..<80, using: &random))
        bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
      }
      guard let forest = try? Self.parse(bytes) else { continue }
      let row = [Double](repeating: 0.5, count: forest.inputs.count)
      #expect(ReferenceEvaluator(forest).evaluate(row: row).results.count == forest.columns.count)
    }
  }
}
