import ForestEvaluation
import ForestIR
import Testing

@testable import ForestReading

/// Methods made of methods: DT, Boost, Category.
struct CompoundMethodTests {
  static let stump = """
    <BinaryTree type="DecisionTree">
    <Node pos="s" depth="0" NCoef="0" IVar="0" Cut="1.5e+00" cType="1" res="-9.9e+01" rms="0.0" purity="5.0e-01" nType="0">
    <Node pos="l" depth="1" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="-9.9e+01" rms="0.0" purity="2.5e-01" nType="-1"/>
    <Node pos="r" depth="1" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="-9.9e+01" rms="0.0" purity="7.5e-01" nType="1"/>
    </Node>
    </BinaryTree>
    """

  static func boost(
    transform: String = "linear", options: String = "~nCuts=20:Boost_Num=2", cut: String = "0.0", orientation: String? = "1.0"
  ) -> WeightFile {
    var file = WeightFile()
    file.method = "Boost::B"
    file.options = [("Boost_Transform", transform), ("Boost_Num", "2")]
    let turn = orientation.map { "MethodSigCutOrientation=\"\($0)\"" } ?? ""
    file.body = """
      <Weights NMethods="2">
      <Method Index="0" Weight="2.0" MethodSigCut="\(cut)" \(turn) MethodTypeName="DT" MethodName="B (0000)" JobName="J" Options="\(options)">
      \(stump)
      </Method>
      <Method Index="1" Weight="1.0" MethodSigCut="\(cut)" \(turn) MethodTypeName="BDT" MethodName="B (0001)" JobName="J" Options="!H:\(options)">
      <Weights NTrees="2" AnalysisType="0">\(WeightFile.twoTrees)</Weights>
      </Method>
      </Weights>
      """
    return file
  }

  /// `a` and `b`, and a spectator `s` that only the cuts read; another, `t`, that nobody reads.
  static func category(
    cuts: (String, String) = ("s&lt;1", "s&gt;=1"), maps: (String, String) = ("b:a", "s:a"), option: String = "True"
  ) -> WeightFile {
    var file = WeightFile()
    file.method = "Category::C"
    file.spectators = """
      <Spectators NSpec="2">
      <Spectator SpecIndex="0" Expression="t" Label="t" Title="" Unit="" Internal="t" Type="F" Min="0" Max="1"/>
      <Spectator SpecIndex="1" Expression="s" Label="s" Title="" Unit="" Internal="s" Type="F" Min="0" Max="1"/>
      </Spectators>
      """
    var sub = WeightFile()
    sub.spectators = ""
    sub.set("UseYesNoLeaf", option)
    file.body = """
      <Weights NSubMethods="2">
      <SubMethod Index="0" Method="BDT::One" Cut="\(cuts.0)" Variables="\(maps.0)">
      \(sub.sections)
      </SubMethod>
      <SubMethod Index="1" Method="BDT::Two" Cut="\(cuts.1)" Variables="\(maps.1)">
      \(sub.sections)
      </SubMethod>
      </Weights>
      """
    return file
  }

  @Test(arguments: [("True", -1.0, 1.0), ("False", 0.25, 0.75)])
  func aSingleTree(_ yesNo: String, _ low: Double, _ high: Double) throws {
    var file = WeightFile()
    file.method = "DT::D"
    file.options = [("UseYesNoLeaf", yesNo)]
    file.body = Self.stump
    let forest = try read(file.xml)
    #expect(score(forest, [1, 0]) == [low])
    #expect(score(forest, [1.5, 0]) == [high])
    #expect(forest.provenance.notes.isEmpty)
  }

  /// At (2, 0): the tree votes 1, the forest (0.5·1 + 0.25·(−1)) / 0.75.
  static let tree = 1.0
  static let trees = 0.25 / 0.75

  @Test func boostLinear() throws {
    #expect(score(try read(Self.boost().xml), [2, 0]) == [(2 * Self.tree + Self.trees) / 3])
  }

  @Test(arguments: [("0.0", "1.0", 1.0), ("0.5", "1.0", 1.0 / 3), ("0.5", "-1.0", -1.0 / 3), ("2.0", "1.0", -1.0)])
  func boostStep(_ cut: String, _ orientation: String, _ expected: Double) throws {
    #expect(score(try read(Self.boost(transform: "step", cut: cut, orientation: orientation).xml), [2, 0]) == [expected])
  }

  @Test func boostWithoutOrientationOrTransform() throws {
    var file = Self.boost(cut: "0.5", orientation: nil)
    file.options = []
    #expect(score(try read(file.xml), [2, 0]) == [1.0 / 3])
  }

  @Test func boostLogAndGauss() throws {
    let log = try read(Self.boost(transform: "log", cut: "0.5").xml)
    // The forest's value lies below the cut and is raised to it: ln(exp(−1)) = −1. The tree's is ln(0.5 + exp(−1)).
    #expect(abs(score(log, [2, 0])[0] - (2 * -0.14170243) / 3 + 1.0 / 3) < 1e-6)
    let gauss = try read(Self.boost(transform: "gauss").xml)
    #expect(abs(score(gauss, [2, 0])[0] - (2 + 0.8007374029168081) / 3) < 1e-12)
    let far = try read(Self.boost(transform: "gauss", cut: "100").xml)
    #expect(score(far, [2, 0]) == [0])
  }

  @Test func membersOfABoostTakePuritiesForRealAdaBoost() throws {
    let forest = try read(Self.boost(options: "~BoostType=RealAdaBoost").xml)
    #expect(score(forest, [2, 0]) == [(2 * 0.75 + (0.5 * 0.75 + 0.25 * 0.125) / 0.75) / 3])
    let explicit = try read(Self.boost(options: "!UseYesNoLeaf").xml)
    #expect(score(explicit, [2, 0]) == score(forest, [2, 0]))
  }

  @Test(arguments: [
    ("NMethods=\"2\"", "NMethods=\"3\"", "NMethods"), ("Weight=\"2.0\"", "Weight=\"-1.0\"", "add up to 0"),
    (">linear<", ">cubic<", "Boost_Transform"), ("MethodTypeName=\"DT\"", "MethodTypeName=\"Fisher\"", "Fisher"),
    ("Weight=\"2.0\"", "Weight=\"nan\"", "not a finite number"), ("MethodTypeName=\"DT\"", "MethodTypeName=\"BDT\"", "one element Weights"),
    ("<Method Index=\"0\"", "<Metod/><Method Index=\"0\"", "among 3"), ("~nCuts=20", "~BoostType=Odd", "Odd"),
  ])
  func aMalformedBoostIsRefused(_ old: String, _ new: String, _ says: String) throws {
    let error = try #require(refusal(Self.boost().xml.replacing(old, with: new)))
    #expect(error.message.contains(says), "\(error.message)")
  }

  @Test func onlySpectatorsThatAreReadAreInputs() throws {
    let forest = try read(Self.category().xml)
    #expect(forest.inputs.map(\.label) == ["a", "b", "s"])
    #expect(forest.inputs.map(\.role) == [.feature, .feature, .selector])
  }

  /// The first sub-method reads (b, a), the second (s, a).
  @Test(arguments: [
    ([0, 2, 0], (0.5 - 0.25) / 0.75 * 1), ([2, 0, 0], (-0.5 + 0.25) / 0.75), ([2, 0, 1], (-0.5 + 0.25) / 0.75), ([2, 0, 2], 1.0),
    ([0, 0, 2], (0.5 - 0.25) / 0.75),
  ] as [([Double], Double)])
  func aCategoryIsChosenAndItsVariablesAreMapped(_ row: [Double], _ expected: Double) throws {
    #expect(score(try read(Self.category().xml), row) == [expected])
  }

  @Test func noneOrSeveralCategories() throws {
    let none = try read(Self.category(cuts: ("0", "s&gt;5")).xml)
    #expect(score(none, [0, 0, 0]) == [0])
    #expect(score(none, [.nan, 0, 0]) == [-999])
    #expect(score(none, [0, 0, .nan]) == [0])
    let several = try read(Self.category(cuts: ("1", "s&gt;5")).xml)
    let row = ReferenceEvaluator(several).evaluate(row: [0, 0, 9])
    #expect(row.isAmbiguous)
    #expect(row.results[0].isNaN)
  }

  @Test func anEmptyMapMeansAllVariables() throws {
    let forest = try read(Self.category(maps: ("", "")).xml)
    #expect(score(forest, [2, 0, 0]) == [(0.5 - 0.25) / 0.75])
    #expect(forest.provenance.notes.isEmpty)
    #expect(try read(Self.category().xml).provenance.notes.count == 2)
  }

  @Test(arguments: [
    ("NSubMethods=\"2\"", "NSubMethods=\"1\"", "NSubMethods"), ("Cut=\"s&lt;1\"", "Cut=\"q&lt;1\"", "q is no variable"),
    ("Cut=\"s&lt;1\"", "Cut=\"s&lt;\"", "ends too early"), ("Variables=\"b:a\"", "Variables=\"b:q\"", "\"q\""),
    ("Variables=\"b:a\"", "Variables=\"b\"", "2 variables, but 1"), ("Label=\"s\"", "Label=\"b\"", "several"),
    ("Method=\"BDT::One\"", "Method=\"Fisher::One\"", "Fisher"), ("Method=\"BDT::One\"", "Method=\"Category::One\"", "category within"),
  ])
  func aMalformedCategoryIsRefused(_ old: String, _ new: String, _ says: String) throws {
    let error = try #require(refusal(Self.category().xml.replacing(old, with: new)))
    #expect(error.message.contains(says), "\(error.message)")
  }

  /// Sub-methods of TMVA 4.0 have `TreeType` and no `AnalysisType`.
  @Test func anOldCategory() throws {
    let xml = Self.category().xml.replacing("NTrees=\"2\" AnalysisType=\"0\"", with: "NTrees=\"2\" TreeType=\"0\"")
    #expect(score(try read(xml), [0, 2, 0]) == [(0.5 - 0.25) / 0.75])
  }
}
