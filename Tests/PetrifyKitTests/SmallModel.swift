import Foundation

/// A weight file small enough to be read by eye: two stumps, `pt >= 1.5` (weight 0.5) and `eta >= 2` (weight 0.25).
enum SmallModel {
  static func xml(
    title: String = "transverse momentum", unit: String = "GeV", cut: String = "1.5"
  ) -> String {
    """
    <?xml version="1.0"?>
    <MethodSetup Method="BDT::Small">
    <GeneralInfo>
    <Info name="TMVA Release" value="4.2.1 [262657]"/><Info name="ROOT Release" value="6.20/00 [398336]"/>
    <Info name="AnalysisType" value="Classification"/>
    </GeneralInfo>
    <Options><Option name="BoostType" modified="Yes">AdaBoost</Option><Option name="UseYesNoLeaf" modified="Yes">True</Option></Options>
    <Variables NVar="2">
    <Variable VarIndex="0" Expression="pt" Label="pt" Title="\(title)" Unit="\(unit)" Internal="pt" Type="F" Min="0" Max="9"/>
    <Variable VarIndex="1" Expression="abs(e)" Label="eta" Title="eta" Unit="" Internal="eta" Type="F" Min="0" Max="4"/>
    </Variables>
    <Spectators NSpec="0"/>
    <Classes NClass="2"><Class Name="Signal" Index="0"/><Class Name="Background" Index="1"/></Classes>
    <Transformations NTransformations="0"/>
    <MVAPdfs/>
    <Weights NTrees="2" AnalysisType="0">
    \(stump(variable: 0, cut: cut, weight: "0.5", index: 0))
    \(stump(variable: 1, cut: "2", weight: "0.25", index: 1))
    </Weights>
    </MethodSetup>

    """
  }

  private static func stump(variable: Int, cut: String, weight: String, index: Int) -> String {
    func node(_ position: String, _ type: Int) -> String {
      """
      <Node pos="\(position)" depth="1" NCoef="0" IVar="-1" Cut="0" cType="1" res="0" rms="0" purity="0.5" nType="\(type)"/>
      """
    }
    return """
      <BinaryTree type="DecisionTree" boostWeight="\(weight)" itree="\(index)">
      <Node pos="s" depth="0" NCoef="0" IVar="\(variable)" Cut="\(cut)" cType="1" res="0" rms="0" purity="0.5" nType="0">
      \(node("l", -1))
      \(node("r", 1))
      </Node>
      </BinaryTree>
      """
  }
}

/// A folder for one test, gone afterwards.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/petrify kit tests " + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  /// The names of the files in it, hidden ones too.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}
