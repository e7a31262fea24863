import ForestIR
import Testing

@testable import ForestReading

/// Every kind of malformed weight file is refused with its place and a sentence that names the fault.
struct MalformedFileTests {
  /// A change to the small file, and what is said about the result.
  struct Fault: CustomTestStringConvertible, Sendable {
    let name: String
    var replace: String = ""
    var with: String = ""
    let code: ReadError.Code
    let says: String
    var path: String?
    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault(name: "cut off", replace: "</Weights>\n</MethodSetup>", with: "", code: .notWellFormed, says: "not well-formed"),
    Fault(name: "mismatched tags", replace: "</Options>", with: "</Option>", code: .notWellFormed, says: "not well-formed"),
    Fault(
      name: "document type", replace: "<MethodSetup", with: "<!DOCTYPE MethodSetup SYSTEM \"file:///etc/passwd\">\n<MethodSetup",
      code: .forbiddenMarkup, says: "document type"),
    Fault(
      name: "entity bomb", replace: "<MethodSetup",
      with: "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<MethodSetup", code: .forbiddenMarkup,
      says: "document type"),
    Fault(name: "unknown entity", replace: "Title=\"a\"", with: "Title=\"&boom;\"", code: .notWellFormed, says: "not well-formed"),
    Fault(name: "no method", replace: " Method=\"BDT::Small\"", with: "", code: .missing, says: "no attribute Method"),
    Fault(name: "no ::", replace: "BDT::Small", with: "Small", code: .malformed, says: "TYPE::NAME", path: "MethodSetup@Method"),
    Fault(name: "other method", replace: "BDT::Small", with: "MLP::Small", code: .unsupported, says: "MLP", path: "MethodSetup@Method"),
    Fault(
      name: "two weights", replace: "</Weights>", with: "</Weights><Weights NTrees=\"0\" AnalysisType=\"0\"/>", code: .duplicate,
      says: "Weights occurs twice"),
    Fault(name: "two options", replace: "<MVAPdfs/>", with: "<Options/>", code: .duplicate, says: "Options occurs twice"),
    Fault(name: "unknown analysis", replace: "\"Classification\"", with: "\"Clustering\"", code: .malformed, says: "Clustering"),
    Fault(
      name: "unknown boost type", replace: ">AdaBoost<", with: ">TurboBoost<", code: .malformed, says: "TurboBoost",
      path: "Options/Option[0]"),
    Fault(name: "bad truth value", replace: ">True<", with: ">Maybe<", code: .malformed, says: "neither true nor false"),
    Fault(name: "no NTrees", replace: "NTrees=\"2\" ", with: "", code: .missing, says: "no attribute NTrees", path: "Weights"),
    Fault(name: "wrong NTrees", replace: "NTrees=\"2\"", with: "NTrees=\"3\"", code: .inconsistent, says: "there are 2 trees"),
    Fault(name: "huge NTrees", replace: "NTrees=\"2\"", with: "NTrees=\"99999999999999999999\"", code: .malformed, says: "not a count"),
    Fault(name: "no tree", replace: WeightFile.twoTrees, with: "", code: .missing, says: "has no trees"),
    Fault(name: "no kind of tree", replace: " AnalysisType=\"0\"", with: "", code: .missing, says: "no attribute AnalysisType"),
    Fault(name: "odd kind of tree", replace: "AnalysisType=\"0\"", with: "AnalysisType=\"7\"", code: .outOfRange, says: "none of 0"),
    Fault(
      name: "stranger among trees", replace: "<BinaryTree type=\"DecisionTree\" boostWeight=\"5.0e-01\"",
      with: "<Shrub/><BinaryTree type=\"DecisionTree\" boostWeight=\"5.0e-01\"", code: .unexpected, says: "Shrub"),
    Fault(
      name: "no weight", replace: " boostWeight=\"5.0e-01\"", with: "", code: .missing, says: "boostWeight",
      path: "Weights/BinaryTree[0]"),
    Fault(
      name: "infinite weight", replace: "\"5.0e-01\" itree", with: "\"inf\" itree", code: .notFinite, says: "1 of 2 trees",
      path: "Weights/BinaryTree[0]@boostWeight"),
    Fault(name: "no type", replace: "type=\"DecisionTree\" ", with: "", code: .missing, says: "no attribute type"),
    Fault(
      name: "tree out of order", replace: "itree=\"1\"", with: "itree=\"2\"", code: .inconsistent, says: "this is tree 1",
      path: "Weights/BinaryTree[1]@itree"),
    Fault(
      name: "tree without nodes", replace: "itree=\"0\">", with: "itree=\"0\"></BinaryTree><BinaryTree type=\"x\" itree=\"1\">",
      code: .missing, says: "without nodes", path: "Weights/BinaryTree[0]"),
    Fault(
      name: "two roots", replace: "</Node>\n</BinaryTree>\n<BinaryTree",
      with: "</Node><Node pos=\"s\" depth=\"0\" IVar=\"0\" Cut=\"0\" cType=\"1\" nType=\"1\"/>\n</BinaryTree>\n<BinaryTree",
      code: .duplicate, says: "two root nodes", path: "Weights/BinaryTree[0]/Node"),
    Fault(name: "no pos", replace: "pos=\"l\" ", with: "", code: .missing, says: "no attribute pos", path: "Weights/BinaryTree[0]/Node/Node[0]"),
    Fault(name: "no IVar", replace: " IVar=\"0\"", with: "", code: .missing, says: "no attribute IVar"),
    Fault(name: "no Cut", replace: " Cut=\"1.5e+00\"", with: "", code: .missing, says: "no attribute Cut"),
    Fault(name: "no cType", replace: " cType=\"1\"", with: "", code: .missing, says: "no attribute cType"),
    Fault(name: "no nType", replace: " nType=\"0\"", with: "", code: .missing, says: "no attribute nType"),
    Fault(
      name: "child missing", replace: "<Node pos=\"r\" depth=\"1\" NCoef=\"0\" IVar=\"-1\" Cut=\"0.0\" cType=\"1\" res=\"5.0e-01\" rms=\"0.0\" purity=\"7.5e-01\" nType=\"1\"/>",
      with: "", code: .missing, says: "one child, not two", path: "Weights/BinaryTree[0]/Node"),
    Fault(
      name: "two left children", replace: "pos=\"r\"", with: "pos=\"l\"", code: .duplicate, says: "two left children",
      path: "Weights/BinaryTree[0]/Node/Node[1]@pos"),
    Fault(name: "odd pos", replace: "pos=\"l\"", with: "pos=\"x\"", code: .malformed, says: "pos=\"x\""),
    Fault(name: "root below root", replace: "pos=\"l\"", with: "pos=\"s\"", code: .malformed, says: "has a parent"),
    Fault(
      name: "odd nType", replace: "nType=\"1\"", with: "nType=\"2\"", code: .outOfRange, says: "nType=\"2\"",
      path: "Weights/BinaryTree[0]/Node/Node[1]@nType"),
    Fault(
      name: "no vote", replace: "nType=\"1\"", with: "nType=\"-99\"", code: .inconsistent, says: "vote",
      path: "Weights/BinaryTree[0]/Node/Node[1]@nType"),
    Fault(
      name: "variable out of range", replace: "IVar=\"0\"", with: "IVar=\"2\"", code: .outOfRange, says: "there are 2 variables",
      path: "Weights/BinaryTree[0]/Node@IVar"),
    Fault(name: "negative variable", replace: "IVar=\"0\"", with: "IVar=\"-1\"", code: .outOfRange, says: "IVar=\"-1\""),
    Fault(name: "variable beyond int16", replace: "IVar=\"0\"", with: "IVar=\"70000\"", code: .outOfRange, says: "IVar=\"70000\""),
    Fault(name: "variable no integer", replace: "IVar=\"0\"", with: "IVar=\"0x1\"", code: .malformed, says: "not an integer"),
    Fault(
      name: "Fisher of one coefficient", replace: "NCoef=\"0\" IVar=\"0\"", with: "NCoef=\"1\" fC0=\"1\" IVar=\"0\"", code: .outOfRange,
      says: "two coefficients"),
    Fault(
      name: "Fisher of too many", replace: "NCoef=\"0\" IVar=\"0\"",
      with: "NCoef=\"4\" fC0=\"1\" fC1=\"1\" fC2=\"1\" fC3=\"1\" IVar=\"0\"", code: .outOfRange, says: "needs 3 variables"),
    Fault(
      name: "Fisher with a gap", replace: "NCoef=\"0\" IVar=\"0\"", with: "NCoef=\"3\" fC0=\"1\" fC2=\"1\" IVar=\"0\"", code: .missing,
      says: "no attribute fC1"),
    Fault(name: "negative NCoef", replace: "NCoef=\"0\" IVar=\"0\"", with: "NCoef=\"-1\" IVar=\"0\"", code: .outOfRange, says: "NCoef=\"-1\""),
    Fault(
      name: "Fisher not finite", replace: "NCoef=\"0\" IVar=\"0\"", with: "NCoef=\"3\" fC0=\"1\" fC1=\"nan\" fC2=\"1\" IVar=\"0\"",
      code: .notFinite, says: "coefficient"),
    Fault(
      name: "infinite cut", replace: "Cut=\"1.5e+00\"", with: "Cut=\"inf\"", code: .notFinite, says: "Cut",
      path: "Weights/BinaryTree[0]/Node@Cut"),
    Fault(name: "cut beyond float32", replace: "Cut=\"1.5e+00\"", with: "Cut=\"1e39\"", code: .notFinite, says: "float32"),
    Fault(name: "cut with something behind", replace: "Cut=\"1.5e+00\"", with: "Cut=\"1.5xyz\"", code: .notFinite, says: "Cut"),
    Fault(name: "empty cut", replace: "Cut=\"1.5e+00\"", with: "Cut=\"\"", code: .notFinite, says: "Cut"),
    Fault(name: "odd cType", replace: "cType=\"1\"", with: "cType=\"True\"", code: .malformed, says: "cType=\"True\""),
    Fault(name: "cType 2", replace: "cType=\"1\"", with: "cType=\"2\"", code: .outOfRange, says: "cType"),
    Fault(name: "wrong NVar", replace: "NVar=\"2\"", with: "NVar=\"3\"", code: .inconsistent, says: "there are 2 elements Variable"),
    Fault(name: "variable twice", replace: "VarIndex=\"1\"", with: "VarIndex=\"0\"", code: .duplicate, says: "occurs twice"),
    Fault(name: "variable index", replace: "VarIndex=\"1\"", with: "VarIndex=\"2\"", code: .outOfRange, says: "0…1"),
    Fault(name: "no variable index", replace: "VarIndex=\"1\" ", with: "", code: .missing, says: "VarIndex"),
    Fault(name: "wrong NClass", replace: "NClass=\"2\"", with: "NClass=\"3\"", code: .inconsistent, says: "NClass"),
    Fault(name: "regression without target", replace: "\"Classification\"", with: "\"Regression\"", code: .unsupported, says: "0 targets"),
    Fault(
      name: "preselection without cuts", replace: "<Option name=\"BoostType\"",
      with: "<Option name=\"DoPreselection\" modified=\"Yes\">True</Option><Option name=\"BoostType\"", code: .missing,
      says: "PreselectionLowBkgVar0"),
    Fault(name: "namespace prefix", replace: "<MVAPdfs/>", with: "<x:MVAPdfs xmlns:x=\"u\"/>", code: .unexpected, says: "namespace"),
    Fault(name: "element in a tree", replace: "</Node>\n</BinaryTree>", with: "<Leaf/></Node>\n</BinaryTree>", code: .unexpected, says: "Leaf"),
    Fault(
      name: "third child", replace: "</Node>\n</BinaryTree>",
      with: "<Node pos=\"r\" depth=\"1\" IVar=\"0\" Cut=\"0\" cType=\"1\" nType=\"1\"/></Node>\n</BinaryTree>", code: .unexpected,
      says: "more than two children"),
  ]

  @Test(arguments: faults)
  func isRefused(_ fault: Fault) throws {
    let xml = WeightFile().xml
    let start = try #require(xml.firstRange(of: fault.replace), "the fault must apply to the small file")
    let changed = xml.replacingCharacters(in: start, with: fault.with)
    let error = try #require(refusal(changed))
    #expect(error.code == fault.code)
    #expect(error.message.contains(fault.says), "\(error.message)")
    #expect(error.mark.line != nil)
    if let path = fault.path { #expect(error.mark.path == path) }
  }

  @Test func theSmallFileItselfIsRead() throws {
    #expect(try read(WeightFile().xml).provenance.notes.isEmpty)
  }

  @Test func errorsPointAtTheAttribute() throws {
    let xml = WeightFile().xml.replacing("Cut=\"2.0e+00\"", with: "Cut=\"inf\"")
    let error = try #require(refusal(xml))
    let line = try #require(error.mark.line)
    #expect(xml.split(separator: "\n", omittingEmptySubsequences: false)[line - 1].contains("Cut=\"inf\""))
    let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("small.xml:\(line):"))
    #expect(lines[0].contains(": error: the Cut of an inner node is not a finite number"))
    #expect(lines[0].hasSuffix("(Weights/BinaryTree[1]/Node@Cut)"))
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(lines[1].dropFirst(lines[2].distance(from: lines[2].startIndex, to: caret)).hasPrefix("inf"))
  }

  @Test func nodesMayNotBeNestedWithoutEnd() throws {
    let deep = String(
      repeating: "<Node pos=\"l\" depth=\"0\" IVar=\"0\" Cut=\"0\" cType=\"1\" nType=\"0\">", count: 100_000
    ).replacing("pos=\"l\"", with: "pos=\"s\"", maxReplacements: 1)
    var file = WeightFile()
    file.trees = "<BinaryTree type=\"x\" boostWeight=\"1\" itree=\"0\">" + deep
    let error = try #require(refusal(file.xml))
    #expect(error.code == .limit)
    #expect(error.message.contains("more than 1000 deep"))
  }

  @Test func nodesBelowALeafMayNotBeNestedWithoutEnd() throws {
    var file = WeightFile()
    file.trees = "<BinaryTree type=\"x\" boostWeight=\"1\" itree=\"0\">"
      + "<Node pos=\"s\" depth=\"0\" IVar=\"0\" Cut=\"0\" cType=\"1\" nType=\"1\">" + String(repeating: "<Node>", count: 100_000)
    let error = try #require(refusal(file.xml))
    #expect(error.code == .limit)
  }

  @Test func sectionsMayNotBeNestedWithoutEnd() throws {
    var file = WeightFile()
    file.transformations = String(repeating: "<Transformations>", count: 10_000)
    let error = try #require(refusal(file.xml))
    #expect(error.code == .limit)
    #expect(error.message.contains("deep"))
  }
}

extension String {
  func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: text)
    return copy
  }
}
