import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// What weight files in the wild look like, beyond what today's TMVA writes.
struct OddFileTests {
  static let expected = [0.25 / 0.75]

  @Test func blanksBeforeTheDeclaration() throws {
    #expect(score(try read("\n   \n" + WeightFile().xml), [2, 0]) == Self.expected)
  }

  @Test func sectionsInAnyOrder() throws {
    var file = WeightFile()
    let weights = "<Weights \(file.weightsAttributes)>\n\(file.trees)\n</Weights>"
    file.body = ""
    let xml = file.xml.replacing("<GeneralInfo>", with: weights + "\n<GeneralInfo>", maxReplacements: 1)
    #expect(score(try read(xml), [2, 0]) == Self.expected)
  }

  /// Conversions from other libraries: no variables, classes, spectators, transformations; short numbers.
  @Test func filesOfOtherWriters() throws {
    let xml = """

        <?xml version="1.0"?>
      <MethodSetup Method="BDT::BDT">
      <GeneralInfo><Info name="Creator" value="someone"/><Info name="AnalysisType" value="Classification"/></GeneralInfo>
      <Options><Option name="NodePurityLimit" modified="No">None</Option><Option name="BoostType" modified="Yes">Grad</Option></Options>
      <Weights NTrees="1" AnalysisType="1">
      <BinaryTree type="DecisionTree" boostWeight="0.0" itree="0">
      <Node pos="s" depth="0" NCoef="0" IVar="3" Cut="0.1" cType="1" res="0.0e-00" rms="0" purity="0" nType="0">
      <Node pos="l" depth="1" NCoef="0" IVar="-1" Cut="0" cType="1" res="-.5" rms="0" purity="0" nType="-1"/>
      <Node pos="r" depth="1" NCoef="0" IVar="-1" Cut="0" cType="1" res="5e-1" rms="0" purity="0" nType="1"/>
      </Node></BinaryTree></Weights></MethodSetup>
      """
    let forest = try read(xml)
    #expect(forest.inputs.map(\.label) == ["x0", "x1", "x2", "x3"])
    #expect(forest.inputs.allSatisfy { $0.isUnnamed })
    // A cut that is no float32 number is rounded: 0.1 itself, rounded too, goes right.
    #expect(score(forest, [0, 0, 0, 0.1])[0] > 0)
    #expect(score(forest, [0, 0, 0, 0.09])[0] < 0)
    #expect(forest.provenance.trainer.contains("unknown"))
  }

  /// The layout of TMVA 4.0: `TreeType`, signal and background instead of purities, no responses.
  @Test(arguments: [("nS", "nB", "type"), ("s", "b", "Type")])
  func oldNodes(_ signal: String, _ background: String, _ type: String) throws {
    let node = { (position: String, rest: String) in
      "<Node Cut=\"1.5\" IVar=\"0\" cType=\"1\" depth=\"\(position == "s" ? 0 : 1)\" nEv=\"9\" \(rest) pos=\"\(position)\" sepG=\"0\""
    }
    var file = WeightFile()
    file.info[0].1 = "4.0.3 [262147]"
    file.set("UseYesNoLeaf", "False")
    file.classes = ""
    file.spectators = ""
    file.weightsAttributes = "NTrees=\"1\" TreeType=\"0\""
    file.trees = "<BinaryTree \(type)=\"DecisionTree\" boostWeight=\"1\" itree=\"0\">"
      + node("s", "\(signal)=\"3\" \(background)=\"1\"") + " nType=\"0\">"
      + node("l", "\(signal)=\"1\" \(background)=\"2\"") + " nType=\"-1\"/>"
      + node("r", "\(signal)=\"3\" \(background)=\"1\"") + " nType=\"1\"/></Node></BinaryTree>"
    let forest = try read(file.xml)
    #expect(score(forest, [0, 0]) == [Double(Float(1) / Float(3))])
    #expect(score(forest, [2, 0]) == [0.75])
    // Without signal and background there is no purity.
    let bare = file.xml.replacing(" \(signal)=\"1\" \(background)=\"2\"", with: "")
    #expect(refusal(bare)?.code == .missing)
    // 0 / 0 is none either.
    let empty = file.xml.replacing("\(signal)=\"1\" \(background)=\"2\"", with: "\(signal)=\"0\" \(background)=\"0\"")
    #expect(refusal(empty)?.code == .notFinite)
  }

  /// The place of every attribute may change from one node to the next, and attributes may come and go.
  @Test(arguments: 0..<40) func attributesInAnyOrder(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    for file in [WeightFile().xml, TransformationTests.everything().xml] {
      let shuffled = file.split(separator: "\n").map { line -> String in
        guard let start = line.firstRange(of: "<Node "), let end = line.lastIndex(of: "\"") else { return String(line) }
        var attributes = line[start.upperBound...end].split(separator: " ").shuffled(using: &random)
        if Bool.random(using: &random) { attributes.append("extra\(Int.random(in: 0..<3, using: &random))=\"1\"") }
        return line[..<start.upperBound] + attributes.joined(separator: " ") + line[line.index(after: end)...]
      }
      let forest = try read(file)
      let same = try read(shuffled.joined(separator: "\n"))
      #expect(same.model == forest.model)
    }
  }

  @Test func treeTypeWinsOverAnalysisType() throws {
    var file = WeightFile()
    file.weightsAttributes = "NTrees=\"2\" TreeType=\"1\" AnalysisType=\"0\""
    #expect(score(try read(file.xml), [2, 0]) == [(0.5 * 0.5 + 0.25 * 2) / 0.75])
  }

  @Test func unusedNumbersMayBeAnything() throws {
    let xml = WeightFile().xml.replacing("res=\"-9.9e+01\" rms=\"0.0\" purity=\"5.0e-01\" nType=\"0\"", with: "res=\"inf\" rms=\"-nan\" purity=\"nan\" nType=\"0\"")
      .replacing("Cut=\"0.0\" cType=\"1\" res=\"-2.5e-01\"", with: "Cut=\"inf\" cType=\"1\" res=\"nan\"")
    #expect(score(try read(xml), [2, 0]) == Self.expected)
  }

  @Test func leavesKeepStaleFields() throws {
    let xml = WeightFile().xml.replacing("NCoef=\"0\" IVar=\"-1\" Cut=\"0.0\"", with: "NCoef=\"11\" IVar=\"7\" Cut=\"3.5\"")
    #expect(score(try read(xml), [2, 0]) == Self.expected)
  }

  @Test func allTreesSingleLeavesOfWeightZero() throws {
    var file = WeightFile()
    file.weightsAttributes = "NTrees=\"13\" AnalysisType=\"0\""
    file.trees = (0..<13).map { WeightFile.leaf("-99", weight: "0", index: $0, type: "1") }.joined()
    #expect(score(try read(file.xml), [1, 1]) == [0])
  }

  @Test func optionsAreComparedWithoutRegardToCase() throws {
    var file = WeightFile()
    file.options = [("boosttype", "grad extra"), ("useyesnoleaf", "ktrue")]
    file.weightsAttributes = "NTrees=\"2\" AnalysisType=\"1\""
    #expect(try read(file.xml).provenance.kind.contains("Grad"))
  }

  @Test func unknownOptionsAndSectionsAreRemarkedUpon() throws {
    var file = WeightFile()
    file.set("FutureOption", "7")
    let xml = file.xml.replacing("<MVAPdfs/>", with: "<MVAPdfs/><Future/>")
    let notes = try read(xml).provenance.notes
    #expect(notes.contains { $0.text.contains("FutureOption") })
    #expect(notes.contains { $0.text.contains("Future ") })
  }

  @Test func unweightedTreesOfOldFiles() throws {
    var file = WeightFile()
    file.set("UseWeightedTrees", "False")
    let forest = try read(file.xml)
    #expect(score(forest, [2, 0]) == Self.expected)
    #expect(forest.provenance.notes.contains { $0.text.contains("UseWeightedTrees") })
  }

  @Test func harmlessOddities() throws {
    let xml = WeightFile().xml.replacing("depth=\"1\"", with: "depth=\"4\"").replacing(" itree=\"0\"", with: "").replacing(" depth=\"0\"", with: "")
    let forest = try read(xml)
    #expect(score(forest, [2, 0]) == Self.expected)
    #expect(forest.provenance.notes.count == 3)
    #expect(forest.provenance.notes.contains { $0.place == "Weights/BinaryTree[0]/Node/Node[0]" && $0.text.hasPrefix("4 nodes") })
  }

  @Test func nodesBelowALeafAreNeverReached() throws {
    let child = "<Node pos=\"l\" depth=\"2\" IVar=\"9\" Cut=\"x\" cType=\"9\" nType=\"5\"><Node/></Node>"
    let xml = WeightFile().xml.replacing("purity=\"7.5e-01\" nType=\"1\"/>", with: "purity=\"7.5e-01\" nType=\"1\">\(child)</Node>")
    let forest = try read(xml)
    #expect(score(forest, [2, 0]) == Self.expected)
    #expect(forest.provenance.notes.contains { $0.text.contains("below them") })
  }

  @Test func missingAnalysisTypeMeansClassification() throws {
    var file = WeightFile()
    file.info.removeAll { $0.0 == "AnalysisType" }
    #expect(score(try read(file.xml), [2, 0]) == Self.expected)
    file.classes = "<Classes NClass=\"3\"/>"
    #expect(refusal(file.xml)?.code == .missing)
  }

  @Test func namesOfAnyKind() throws {
    var file = WeightFile()
    file.variables = """
      <Variables NVar="3">
      <Variable VarIndex="2" Expression="TMath::Min(a,b)" Label="TMath::Min(a,b)" Title="&lt;raw&gt; &amp; &quot;x&quot; ≤" Unit="%" Type="F"/>
      <Variable VarIndex="0" Expression="x*/" Label="" Title="" Unit="" Type="I" Min="nan" Max="x"/>
      <Variable VarIndex="1" Expression="y" Label="x*/" Type="F" Min="1" Max="0"/>
      </Variables>
      """
    let forest = try read(file.xml)
    #expect(forest.inputs.map(\.label) == ["x*/", "y", "TMath::Min(a,b)"])
    #expect(forest.inputs[2].title == "<raw> & \"x\" ≤")
    #expect(forest.inputs[0].kind == .integer)
    #expect(forest.inputs.allSatisfy { $0.trainingRange == nil })
  }

  @Test func provenanceNamesTheSource() throws {
    let provenance = try read(WeightFile().xml).provenance
    #expect(provenance.trainer == "TMVA 4.2.1")
    #expect(provenance.source?.fileName == "small.xml")
    #expect(provenance.source?.sha256.count == 64)
    #expect(provenance.facts.contains(Provenance.Fact("ROOT release", "6.20/00")))
    #expect(provenance.facts.contains(Provenance.Fact("method", "BDT::Small")))
  }

  @Test func userNamesInOtherEncodings() throws {
    let bytes = Array(WeightFile().xml.replacing("</GeneralInfo>", with: "<Info name=\"Creator\" value=\"J@rg\"/></GeneralInfo>").utf8)
      .map { $0 == UInt8(ascii: "@") ? 0xF6 : $0 }
    #expect(throws: Never.self) { try ModelReading.forest(bytes: bytes, name: "x") }
  }
}
