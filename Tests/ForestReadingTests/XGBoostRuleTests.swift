import ForestIR
import Testing

@testable import ForestReading

/// Small models whose numbers can be worked out by hand.
@Suite struct XGBoostRuleTests {
  func parameters(_ score: String, _ more: String = "") -> String { #""base_score":\#(score),"num_feature":"3"\#(more)"# }

  // MARK: Base scores and links

  /// The trees add −0.25 twice for a second feature below 0.5.
  @Test(arguments: [
    ("reg:squarederror", #""2E0""#, 1.5, 1.5), ("reg:squarederror", "2", 1.5, 1.5), ("reg:squarederror", "[2]", 1.5, 1.5),
    ("reg:squarederror", #""[2E0]""#, 1.5, 1.5), ("binary:hinge", #""0.5""#, 0, 0), ("binary:hinge", #""0.75""#, 0.25, 1),
    ("binary:logitraw", #""0.75""#, 0.25, 0.25), ("rank:ndcg", #""-1""#, -1.5, -1.5), ("multi:softmax", #""1""#, 0.5, 0),
    ("multi:softprob", #""1""#, 0.5, 1), ("reg:linear", #""0.5""#, 0, 0), ("gpu:reg:linear", #""0.5""#, 0, 0),
    ("count:poisson", #""1""#, -0.5, 0.60653067), ("reg:gamma", #""1""#, -0.5, 0.60653067), ("survival:aft", #""1""#, -0.5, 0.60653067),
    ("survival:cox", #""1""#, -0.5, 0.60653067), ("reg:tweedie", #""1""#, -0.5, 0.60653067),
    ("binary:logistic", #""0.5""#, -0.5, 0.37754068), ("reg:logistic", #""0.5""#, -0.5, 0.37754068),
  ] as [(String, String, Double, Float)])
  func objectives(_ name: String, _ base: String, _ margin: Double, _ prediction: Float) throws {
    var file = XGBoostFile()
    file.objective = #"{"name":"\#(name)"}"#
    file.parameters = parameters(base)
    let forest = try file.read()
    let results = score(forest, [0, 0.25, 0])
    #expect(results == [margin, Double(prediction)])
    #expect(forest.columns.map(\.name) == ["margin", "pred"])
  }

  @Test func unknownObjectivesGiveMargins() throws {
    var file = XGBoostFile()
    file.objective = #"{"name":"reg:mine"}"#
    let forest = try file.read()
    #expect(forest.columns.map(\.name) == ["margin"])
    #expect(score(forest, [0, 0, 0]) == [0])
    #expect(forest.provenance.notes.contains { $0.text.contains("reg:mine") })
  }

  /// Before 1.4, `binary:logitraw` had its base score as a probability.
  @Test(arguments: [("[1,3,3]", -1.5986123), ("[1,4,0]", -0.25), ("[3,4,1]", -0.25)] as [(String, Float)])
  func baseScoreOfLogitRaw(_ version: String, _ margin: Float) throws {
    var file = XGBoostFile()
    file.version = version
    file.objective = #"{"name":"binary:logitraw"}"#
    file.parameters = parameters(#""2.5E-1""#)
    #expect(score(try file.read(), [0, 0, 0])[0] == Double(margin))
  }

  /// 2^24 + 1 + 1 in float32: one after the other the ones are lost, together they count.
  @Test(arguments: [("[1,2,1]", 16_777_218.0), ("[1,3,0]", 16_777_216.0)])
  func orderOfTheSum(_ version: String, _ margin: Double) throws {
    var file = XGBoostFile()
    file.version = version
    file.objective = #"{"name":"reg:squarederror"}"#
    file.parameters = parameters(#""16777216""#)
    for tree in 0..<2 { file.trees[tree].conditions = "[5E-1,1E0,1E0]" }
    #expect(score(try file.read(), [0, 0, 0])[0] == margin)
  }

  /// Before 1.6 the exponential ran over for margins far below zero.
  @Test(arguments: [("[1,5,2]", false), ("[1,6,0]", true)])
  func farBelowZero(_ version: String, _ isBounded: Bool) throws {
    var file = XGBoostFile()
    file.version = version
    file.trees[0].conditions = "[5E-1,-1E2,0]"
    let result = score(try file.read(), [0, 0, 0])[1]
    #expect(isBounded ? result > 3e-39 && result < 4e-39 : result == 0)
  }

  // MARK: Trees

  @Test func missingDirections() throws {
    var file = XGBoostFile()
    for tree in 0..<2 {
      file.trees[tree].defaultLeft = nil
      file.trees[tree].types = nil
    }
    #expect(score(try file.read(), [0, .nan, 0])[0] == 1.5)
    file.trees[0].defaultLeft = "[true,false,false]"
    file.trees[1].defaultLeft = "[true,0,1]"
    #expect(score(try file.read(), [0, .nan, 0])[0] == -0.5)
  }

  @Test func inputsAreRoundedToFloat32() throws {
    let forest = try XGBoostFile().read()
    #expect(score(forest, [0, 0.5.nextDown, 0])[0] == 1.5)
    #expect(score(forest, [0, Double(Float(0.5).nextDown), 0])[0] == -0.5)
    #expect(score(forest, [0, -.infinity, 0])[0] == -0.5 && score(forest, [0, 1e300, 0])[0] == 1.5)
  }

  @Test func namesAndTypes() throws {
    var file = XGBoostFile()
    file.names = #"["pt","eta","pt"]"#
    file.types = #"["float","i","c"]"#
    let forest = try file.read()
    #expect(forest.inputs.map(\.label) == ["pt", "eta", "pt_2"])
    #expect(forest.inputs.map(\.kind) == [.real, .integer, .integer])
    #expect(forest.inputs.allSatisfy { !$0.isUnnamed })
  }

  /// In the list: right. Anything else, also what is no category: left.
  @Test(arguments: [
    (2, 0.75), (2.9, 0.75), (33, 0.75), (0, -0.25), (1, -0.25), (3, -0.25), (-0.5, -0.25), (-2, -0.25), (34, -0.25), (1e9, -0.25),
    (16_777_216, -0.25), (.infinity, -0.25), (-.infinity, -0.25), (.nan, 0.75),
  ])
  func categories(_ x: Double, _ leaf: Double) throws {
    var file = XGBoostFile()
    file.objective = #"{"name":"reg:squarederror"}"#
    file.parameters = parameters(#""0""#)
    file.trees = [XGBoostFile.Tree()]
    (file.treeCount, file.treeInfo, file.starts) = ("1", "[0]", "")
    file.trees[0].types = "[1,0,0]"
    file.trees[0].defaultLeft = "[0,0,0]"
    file.trees[0].conditions = "[NaN,-2.5E-1,7.5E-1]"
    file.trees[0].categories = #""categories":[2,33,16777216],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[3]"#
    #expect(score(try file.read(), [0, x, 0])[0] == leaf)
  }

  /// The second tree asks for the same feature as a number.
  @Test func categoriesAndNumbersOfOneFeature() throws {
    var file = XGBoostFile()
    file.trees[0].types = "[1,0,0]"
    file.trees[0].categories = #""categories":[2],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[1]"#
    file.trees[1].conditions = "[2.5E0,1E1,2E1]"
    let forest = try file.read()
    #expect(score(forest, [0, 2.25, 0])[0] == 10.75 && score(forest, [0, 2.75, 0])[0] == 20.75)
    #expect(score(forest, [0, 3, 0])[0] == 19.75)
  }

  @Test func namesOfCategoriesAreToldOf() throws {
    var file = XGBoostFile()
    file.cats = #","cats":{"enc":[{},{"offsets":[0,2,5],"values":[101,101,109,117,109]},{"type":4,"values":[7,9]}],"feature_segments":[],"sorted_idx":[]}"#
    let notes = try file.read().provenance.notes.map(\.text)
    #expect(notes.contains { $0.contains("\"x1\"") && $0.contains("0 = \"ee\", 1 = \"mum\"") })
    #expect(notes.contains { $0.contains("\"x2\"") && $0.contains("0 = \"7\", 1 = \"9\"") })
  }

  /// Kept by a booster in memory: the model beside the configuration of its training.
  @Test func snapshots() throws {
    let plain = try XGBoostFile().read()
    let json = #"{"Config":{"learner":{"generic_param":{}},"version":[3,2,0]},"Model":\#(XGBoostFile().json)}"#
    #expect(try ModelReading.forest(bytes: Array(json.utf8), name: "model").model == plain.model)
  }

  @Test func oddChildrenAreToldOf() throws {
    var file = XGBoostFile()
    (file.trees[0].left, file.trees[0].right) = ("[2,-1,-1]", "[1,-1,-1]")
    let forest = try file.read()
    #expect(score(forest, [0, 0, 0])[0] == 0.5)
    #expect(forest.provenance.notes.contains { $0.kind == .oddity && $0.text.contains("does not follow") })
  }

  @Test func dartWeights() throws {
    var file = XGBoostFile()
    file.booster = #"{"gbtree":{"model":\#(file.model),"name":"gbtree"},"name":"dart","weight_drop":[5E-1,2E0]}"#
    #expect(score(try file.read(), [0, 0, 0])[0] == -0.625)
  }
}
