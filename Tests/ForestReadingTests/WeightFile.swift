import ForestEvaluation
import ForestIR

@testable import ForestReading

/// A weight file put together from parts, small enough to be read by eye.
struct WeightFile {
  var method = "BDT::Small"
  var info = [("TMVA Release", "4.2.1 [262657]"), ("ROOT Release", "6.20/00 [398336]"), ("AnalysisType", "Classification")]
  var options: [(String, String)] = [("BoostType", "AdaBoost"), ("UseYesNoLeaf", "True")]
  var variables = """
    <Variables NVar="2">
    <Variable VarIndex="0" Expression="a" Label="a" Title="a" Unit="GeV" Internal="a" Type="F" Min="0" Max="9"/>
    <Variable VarIndex="1" Expression="b*c" Label="b" Title="b" Unit="" Internal="b" Type="I" Min="0" Max="9"/>
    </Variables>
    """
  var spectators = "<Spectators NSpec=\"0\"/>"
  var classes = """
    <Classes NClass="2"><Class Name="Signal" Index="0"/><Class Name="Background" Index="1"/></Classes>
    """
  var targets = ""
  var transformations = "<Transformations NTransformations=\"0\"/>"
  var weightsAttributes = "NTrees=\"2\" AnalysisType=\"0\""
  var trees = WeightFile.twoTrees
  /// In place of the `Weights` element.
  var body: String?

  /// Two stumps: `a >= 1.5` votes signal with weight 0.5; `b >= 2`, inverted, with weight 0.25.
  static let twoTrees = """
    <BinaryTree type="DecisionTree" boostWeight="5.0e-01" itree="0">
    <Node pos="s" depth="0" NCoef="0" IVar="0" Cut="1.5e+00" cType="1" res="-9.9e+01" rms="0.0" purity="5.0e-01" nType="0">
    <Node pos="l" depth="1" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="-2.5e-01" rms="0.0" purity="2.5e-01" nType="-1"/>
    <Node pos="r" depth="1" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="5.0e-01" rms="0.0" purity="7.5e-01" nType="1"/>
    </Node>
    </BinaryTree>
    <BinaryTree type="DecisionTree" boostWeight="2.5e-01" itree="1">
    <Node pos="s" depth="0" NCoef="0" IVar="1" Cut="2.0e+00" cType="0" res="-9.9e+01" rms="0.0" purity="5.0e-01" nType="0">
    <Node pos="l" depth="1" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="1.0e+00" rms="0.0" purity="5.0e-01" nType="1"/>
    <Node pos="r" depth="1" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="2.0e+00" rms="0.0" purity="1.25e-01" nType="-1"/>
    </Node>
    </BinaryTree>
    """

  /// A tree of a single leaf.
  static func leaf(_ response: String, weight: String = "1.0", index: Int, type: String = "-99") -> String {
    """
    <BinaryTree type="DecisionTree" boostWeight="\(weight)" itree="\(index)">
    <Node pos="s" depth="0" NCoef="0" IVar="-1" Cut="0.0" cType="1" res="\(response)" rms="0.0" purity="0.5" nType="\(type)"/>
    </BinaryTree>

    """
  }

  static func leaves(_ responses: [(response: String, weight: String)]) -> String {
    responses.enumerated().map { leaf($1.response, weight: $1.weight, index: $0) }.joined()
  }

  var sections: String {
    """
    <GeneralInfo>
    \(info.map { "<Info name=\"\($0.0)\" value=\"\($0.1)\"/>" }.joined(separator: "\n"))
    </GeneralInfo>
    <Options>
    \(options.map { "<Option name=\"\($0.0)\" modified=\"Yes\">\($0.1)</Option>" }.joined(separator: "\n"))
    </Options>
    \(variables)
    \(spectators)
    \(classes)
    \(targets)
    \(transformations)
    <MVAPdfs/>
    \(body ?? "<Weights \(weightsAttributes)>\n\(trees)\n</Weights>")
    """
  }

  var xml: String {
    "<?xml version=\"1.0\"?>\n<MethodSetup Method=\"\(method)\">\n\(sections)\n</MethodSetup>\n"
  }

  mutating func set(_ option: String, _ value: String) {
    options.removeAll { $0.0 == option }
    options.append((option, value))
  }

  mutating func setAnalysis(_ analysis: String) {
    info.removeAll { $0.0 == "AnalysisType" }
    info.append(("AnalysisType", analysis))
  }

  /// A regression of one target whose trees are single leaves.
  static func regression(_ boostType: String, _ responses: [(response: String, weight: String)]) -> WeightFile {
    var file = WeightFile()
    file.setAnalysis("Regression")
    file.set("BoostType", boostType)
    file.classes = "<Classes NClass=\"1\"><Class Name=\"Regression\" Index=\"0\"/></Classes>"
    file.targets = """
      <Targets NTrgt="1"><Target TargetIndex="0" Expression="e" Label="E" Title="energy" Unit="GeV" Type="F" Min="0" Max="1"/></Targets>
      """
    file.weightsAttributes = "NTrees=\"\(responses.count)\" AnalysisType=\"1\""
    file.trees = leaves(responses)
    return file
  }
}

/// Reads a document from memory.
func read(_ xml: String, dialects: Set<ReadingOptions.Dialect> = []) throws(ReadError) -> Forest {
  try ModelReading.forest(bytes: Array(xml.utf8), name: "small.xml", options: ReadingOptions(dialects: dialects))
}

/// The printed results of one row.
func score(_ forest: Forest, _ row: [Double]) -> [Double] {
  let results = ReferenceEvaluator(forest).evaluate(row: row).results
  return forest.printedColumns.map { results[$0] }
}

/// The error of a document that must be refused; nil if it is read.
func refusal(_ xml: String, dialects: Set<ReadingOptions.Dialect> = []) -> ReadError? {
  do {
    _ = try read(xml, dialects: dialects)
    return nil
  } catch {
    return error
  }
}
