import ForestEvaluation
import ForestIR
import Testing

@testable import ForestReading

/// What trees say together: one test for each rule, on files that can be computed by hand.
struct ForestRuleTests {
  // MARK: Node tests

  /// `a >= 1.5` goes right; `b >= 2` with `cType="0"` goes left. Votes (tree 0, tree 1), weights 0.5 and 0.25.
  @Test(arguments: [
    ([0, 0], -0.5 - 0.25), ([1.5, 0], 0.5 - 0.25), ([Float(1.5).nextDown, 0], -0.5 - 0.25), ([1.5, 2], 0.5 + 0.25),
    ([1.5, Float(2).nextDown], 0.5 - 0.25), ([.infinity, -.infinity], 0.5 - 0.25), ([-0.0, 9], -0.5 + 0.25),
  ] as [([Float], Double)])
  func votes(_ row: [Float], _ sum: Double) throws {
    #expect(score(try read(WeightFile().xml), row.map { Double($0) }) == [sum / 0.75])
  }

  @Test func doublesAreRoundedToFloat32First() throws {
    let forest = try read(WeightFile().xml)
    #expect(score(forest, [Double(1.5).nextDown, 0]) == score(forest, [1.5, 0]))
  }

  @Test func theOlderDialectTestsStrictly() throws {
    let forest = try read(WeightFile().xml, dialects: [.strictGreater])
    #expect(score(forest, [1.5, 0]) == [-0.75 / 0.75])
    #expect(score(forest, [Double(Float(1.5).nextUp), 2]) == [(0.5 - 0.25) / 0.75])
    #expect(forest.provenance.notes.contains { $0.text.contains("as asked for") })
  }

  @Test(arguments: [
    ("5.34/18 [336402]", true), ("5.34/20 [336404]", false), ("6.00/02 [393218]", true), ("6.02/00 [393728]", false), ("5.28/00", false),
  ])
  func oldReleasesAreRemarkedUpon(_ release: String, _ isOld: Bool) throws {
    var file = WeightFile()
    file.info[1].1 = release
    #expect(try read(file.xml).provenance.notes.contains { $0.text.contains("x > cut") } == isOld)
  }

  @Test func notANumberIsMinus999() throws {
    let forest = try read(WeightFile().xml)
    #expect(score(forest, [.nan, 0]) == [-999])
    #expect(score(forest, [0, .nan]) == [-999])
  }

  /// A regression walks on: NaN goes left with `cType="1"` and right with `cType="0"`.
  @Test func notANumberInARegression() throws {
    var file = WeightFile.regression("Grad", [("0", "0")])
    file.trees = WeightFile.twoTrees.replacing("boostWeight=\"5.0e-01\"", with: "boostWeight=\"0.0\"")
    file.weightsAttributes = "NTrees=\"2\" AnalysisType=\"1\""
    #expect(score(try read(file.xml), [.nan, .nan]) == [-0.25 + 2])
  }

  /// s = 1 + 2·a − b > 3 strictly, to the right.
  @Test(arguments: [([2, 1], 0.5), ([2, 2], -0.25), ([1, 9], -0.25), ([.infinity, 0], 0.5), ([.infinity, .infinity], -0.25)] as [([Double], Double)])
  func fisher(_ row: [Double], _ expected: Double) throws {
    var file = WeightFile.regression("Grad", [("0", "0")])
    file.weightsAttributes = "NTrees=\"1\" AnalysisType=\"1\""
    file.trees = String(WeightFile.twoTrees.split(separator: "<BinaryTree")[0]).replacing(
      "NCoef=\"0\" IVar=\"0\" Cut=\"1.5e+00\"", with: "NCoef=\"3\" fC0=\"2\" fC1=\"-1\" fC2=\"1\" IVar=\"2\" Cut=\"3\""
    ).replacing("5.0e-01\" itree", with: "0.0\" itree")
    file.trees = "<BinaryTree" + file.trees
    #expect(score(try read(file.xml), row) == [expected])
  }

  // MARK: Classification

  @Test func purities() throws {
    var file = WeightFile()
    file.set("UseYesNoLeaf", "False")
    #expect(score(try read(file.xml), [2, 0]) == [(0.5 * 0.75 + 0.25 * 0.125) / 0.75])
  }

  @Test(arguments: ["adaboost", "RealAdaBoost", "AdaCost", "Bagging", "RegBoost", "AdaBoostR2"])
  func everyOtherBoostTypeIsAWeightedMean(_ type: String) throws {
    var file = WeightFile()
    file.set("BoostType", type)
    #expect(score(try read(file.xml), [2, 0]) == [0.25 / 0.75])
  }

  @Test func defaultsWithoutOptions() throws {
    var file = WeightFile()
    file.options = []
    #expect(score(try read(file.xml), [2, 0]) == [0.25 / 0.75])
  }

  @Test func weightsAreRoundedToFloat32() throws {
    var file = WeightFile()
    file.trees = WeightFile.leaves([]) + WeightFile.leaf("0", weight: "1.0000000000000001e-01", index: 0, type: "1")
      + WeightFile.leaf("0", weight: "3.0000000000000000e-01", index: 1, type: "-1")
    let a = Double(Float(0.1)), b = Double(Float(0.3))
    #expect(score(try read(file.xml), [0, 0]) == [(a - b) / (a + b)])
  }

  @Test func vanishingWeightsGiveZero() throws {
    var file = WeightFile()
    file.trees = WeightFile.leaf("0", weight: "0", index: 0, type: "1") + WeightFile.leaf("0", weight: "1e-17", index: 1, type: "1")
    let forest = try read(file.xml)
    #expect(score(forest, [0, 0]) == [0])
    #expect(forest.provenance.notes.contains { $0.text.contains("0 for every event") })
  }

  @Test func negativeWeightsAreRemarkedUpon() throws {
    var file = WeightFile()
    file.trees = WeightFile.leaf("0", weight: "-1", index: 0, type: "1") + WeightFile.leaf("0", weight: "3", index: 1, type: "-1")
    let forest = try read(file.xml)
    #expect(score(forest, [0, 0]) == [-2])
    #expect(forest.provenance.notes.count == 1)
  }

  @Test(arguments: [0.0, 0.25, -0.25, 400, -400])
  func gradient(_ sum: Double) throws {
    var file = WeightFile()
    file.set("BoostType", "Grad")
    file.trees = WeightFile.leaves([("\(sum)", "inf"), ("0.5", "1")])
    file.weightsAttributes = "NTrees=\"2\" AnalysisType=\"1\""
    let forest = try read(file.xml)
    let expected = ReferenceEvaluator(forest).evaluate(row: [0, 0]).results
    #expect(expected[1] == sum + 0.5)
    #expect(!expected[0].isNaN)
    if abs(sum) == 400 { #expect(expected[0] == (sum < 0 ? -1 : 1)) }
    if sum == -0.25 { #expect(abs(expected[0] - 0.24491866240370913) < 1e-15) }
    #expect(forest.provenance.notes.contains { $0.text.contains("not used here") })
  }

  static let cuts = """
    PreselectionLowBkgVar0="1" PreselectionLowBkgVar0Value="1.0" PreselectionLowSigVar0="0" PreselectionLowSigVar0Value="0"
    PreselectionHighBkgVar0="0" PreselectionHighBkgVar0Value="inf" PreselectionHighSigVar0="1" PreselectionHighSigVar0Value="8.0"
    PreselectionLowBkgVar1="0" PreselectionLowBkgVar1Value="0" PreselectionLowSigVar1="1" PreselectionLowSigVar1Value="-5.0"
    PreselectionHighBkgVar1="1" PreselectionHighBkgVar1Value="5.0" PreselectionHighSigVar1="0" PreselectionHighSigVar1Value="0"
    """

  @Test(arguments: [
    ([0, 0], -1), ([1, 0], -1), ([9, 0], 1), ([9, 6], -1), ([0, -6], 1), ([2, 0], 0.25 / 0.75), ([8, 5], 1), ([.nan, 0], -999),
  ] as [([Double], Double)])
  func theLastPreselectionCutWins(_ row: [Double], _ expected: Double) throws {
    var file = WeightFile()
    file.set("DoPreselection", "True")
    file.weightsAttributes += " " + Self.cuts
    let expected = row == [1, 0] || row == [8, 5] ? score(try read(WeightFile().xml), row)[0] : expected
    #expect(score(try read(file.xml), row) == [expected])
  }

  @Test func preselectionIsIgnoredUnlessAskedFor() throws {
    var file = WeightFile()
    file.weightsAttributes += " " + Self.cuts
    #expect(score(try read(file.xml), [2, 9]) == score(try read(WeightFile().xml), [2, 9]))
  }

  @Test func preselectionMustCoverAllVariables() throws {
    var file = WeightFile()
    file.set("DoPreselection", "True")
    file.weightsAttributes += " " + Self.cuts.split(separator: "\n").prefix(2).joined(separator: " ")
    let error = try #require(refusal(file.xml))
    #expect(error.message.contains("for 1 variables, but there are 2"))
  }

  // MARK: Regression

  @Test func gradientRegressionAddsTheFirstWeight() throws {
    let file = WeightFile.regression("Grad", [("0.5", "10.1"), ("0.25", "1"), ("0.125", "1")])
    let forest = try read(file.xml)
    #expect(score(forest, [0, 0]) == [Double(Float(0.875 + Double(Float(10.1))))])
    #expect(forest.columns[0].name == "E")
    #expect(forest.columns[0].width == .float32)
  }

  @Test func otherRegressionsAreWeightedMeans() throws {
    let file = WeightFile.regression("Bagging", [("1", "1"), ("2", "1"), ("4", "2")])
    #expect(score(try read(file.xml), [0, 0]) == [Double(Float(11.0 / 4))])
  }

  /// The window around the weighted median.
  @Test(arguments: [
    ([("5", "1")], 5), ([("1", "1"), ("2", "1"), ("3", "1"), ("4", "1"), ("5", "1")], 3),
    // Exactly one half goes one further.
    ([("1", "1"), ("2", "1")], 2),
    // Six trees: one to each side.
    ([("1", "1"), ("2", "1"), ("4", "1"), ("8", "1"), ("16", "1"), ("32", "1")], (4.0 + 8 + 16) / 3),
    // All weight in the last: the window is clipped.
    ([("1", "0"), ("2", "0"), ("4", "0"), ("8", "0"), ("16", "0"), ("32", "9")], (16.0 + 32) / 2),
  ] as [([(String, String)], Double)])
  func median(_ responses: [(String, String)], _ expected: Double) throws {
    let file = WeightFile.regression("AdaBoostR2", responses.map { (response: $0.0, weight: $0.1) })
    #expect(score(try read(file.xml), [0, 0]) == [Double(Float(expected))])
  }

  @Test(arguments: [("0", "IR"), ("-1", "negative"), ("inf", "not a finite number")])
  func badWeightsOfAMedianAreRefused(_ weight: String, _ says: String) throws {
    let file = WeightFile.regression("AdaBoostR2", [("1", weight), ("2", weight)])
    let error = try #require(refusal(file.xml))
    #expect(says == "IR" ? error.code == .unsupported || error.code == .outOfRange : error.message.contains(says), "\(error)")
  }

  @Test func theFirstWeightOfAGradientRegressionMustBeFinite() throws {
    #expect(refusal(WeightFile.regression("Grad", [("1", "inf"), ("2", "1")]).xml)?.code == .notFinite)
    #expect(refusal(WeightFile.regression("Grad", [("1", "1"), ("2", "inf")]).xml) == nil)
  }

  // MARK: Multiclass

  static func multiclass(release: String? = nil, responses: [String] = ["1", "2", "3", "0.5", "0.25"]) -> WeightFile {
    var file = WeightFile()
    file.setAnalysis("Multiclass")
    file.info.removeAll { $0.0 == "ROOT Release" }
    if let release { file.info.append(("ROOT Release", release)) }
    file.set("BoostType", "Grad")
    file.classes = "<Classes NClass=\"3\"><Class Name=\"x\" Index=\"0\"/><Class Name=\"y\" Index=\"1\"/><Class Name=\"z\" Index=\"2\"/></Classes>"
    file.weightsAttributes = "NTrees=\"\(responses.count)\" AnalysisType=\"1\""
    file.trees = WeightFile.leaves(responses.map { ($0, "1") })
    return file
  }

  @Test func classesTakeTurns() throws {
    let forest = try read(Self.multiclass().xml)
    #expect(forest.printedColumns.map { forest.columns[$0].name } == ["x", "y", "z"])
    #expect(ReferenceEvaluator(forest).evaluate(row: [0, 0]).results.suffix(3) == [1.5, 2.25, 3])
    #expect(forest.provenance.notes.contains { $0.text.contains("the first classes have one more") })
    #expect(abs(score(forest, [0, 0]).reduce(0, +) - 1) < 1e-6)
  }

  /// The forms differ where exponentials overflow.
  @Test(arguments: [
    (nil, [], false), ("6.13/02 [396546]", [], false), ("6.14/00 [396800]", [], true), ("6.30/04 [400900]", [], true),
    ("6.05/01", [], false), (nil, [.multiclassSoftmax], true), ("6.30/04 [400900]", [.multiclassPairwise], false),
  ] as [(String?, Set<ReadingOptions.Dialect>, Bool)])
  func theFormOfProbabilities(_ release: String?, _ dialects: Set<ReadingOptions.Dialect>, _ isSoftmax: Bool) throws {
    let forest = try read(Self.multiclass(release: release, responses: ["800", "0", "0"]).xml, dialects: dialects)
    #expect(score(forest, [0, 0])[0].isNaN == isSoftmax)
    #expect(forest.provenance.notes.contains { $0.kind == .choice && $0.text.contains("class probabilities") })
  }

  @Test func bothFormsAtOnceAreRefused() {
    #expect(refusal(Self.multiclass().xml, dialects: [.multiclassSoftmax, .multiclassPairwise])?.code == .inconsistent)
  }

  @Test func classesWithoutNames() throws {
    var file = Self.multiclass()
    file.classes = "<Classes NClass=\"3\"/>"
    #expect(try read(file.xml).columns.prefix(3).map(\.name) == ["class0", "class1", "class2"])
  }

  @Test func aMulticlassOfOneClassIsRefused() {
    var file = Self.multiclass()
    file.classes = "<Classes NClass=\"1\"/>"
    #expect(refusal(file.xml)?.code == .inconsistent)
  }

  // MARK: Leaves

  @Test func leavesAreCountedFromLeftToRight() throws {
    let forest = try read(WeightFile().xml)
    let evaluator = ReferenceEvaluator(forest)
    #expect(evaluator.evaluate(row: [0, 0]).leaves == [0, 1])
    #expect(evaluator.evaluate(row: [2, 2]).leaves == [1, 0])
  }

  @Test func childrenAreAttachedByTheirPosition() throws {
    var swapped = WeightFile()
    let lines = WeightFile.twoTrees.split(separator: "\n").map(String.init)
    swapped.trees = ([lines[0], lines[1], lines[3], lines[2]] + lines[4...]).joined(separator: "\n")
    #expect(try read(swapped.xml).model == read(WeightFile().xml).model)
  }
}
