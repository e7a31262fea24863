import ForestEvaluation
import ForestIR
import ForestReading
import ForestTesting
import Testing

/// PMML documents of our own, against the same arithmetic written out here. What JPMML-Evaluator makes of such documents was
/// compared beforehand: every strategy and method below gave the same bits.
@Suite struct PMMLTests {
  // MARK: Documents

  static func document(_ model: String, type: String = "double", target: String = "", schema: String = "") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
    <Header><Application name="By hand" version="1"/></Header>
    <DataDictionary>
    \(target.isEmpty ? "<DataField name=\"y\" optype=\"continuous\" dataType=\"double\"/>" : target)
    <DataField name="a" optype="continuous" dataType="\(type)"/>
    <DataField name="b" optype="continuous" dataType="\(type)"/>
    </DataDictionary>
    \(model.replacing("SCHEMA", with: "<MiningSchema><MiningField name=\"y\" usageType=\"target\"/><MiningField name=\"a\"\(schema)/><MiningField name=\"b\"/></MiningSchema>"))
    </PMML>
    """
  }

  static let inner = "<MiningSchema><MiningField name=\"a\"/><MiningField name=\"b\"/></MiningSchema>"

  /// a <= 0.1: 1.5 (own score 7); a > 0.1: (b < 2: -0.3; b >= 2: 0.7), with scores 5 and 3 on the way.
  static func tree(_ attributes: String = "", scores: [String] = ["1.5", "-0.3", "0.7"], schema: String = inner) -> String {
    """
    <TreeModel functionName="regression" \(attributes)>\(schema)
    <Node id="0" score="5" defaultChild="2"><True/>
    <Node id="1" score="\(scores[0])"><SimplePredicate field="a" operator="lessOrEqual" value="0.1"/></Node>
    <Node id="2" score="3" defaultChild="3"><SimplePredicate field="a" operator="greaterThan" value="0.1"/>
    <Node id="3" score="\(scores[1])"><SimplePredicate field="b" operator="lessThan" value="2"/></Node>
    <Node id="4" score="\(scores[2])"><SimplePredicate field="b" operator="greaterOrEqual" value="2"/></Node>
    </Node></Node></TreeModel>
    """
  }

  /// The value of that tree; `missing` is called with the score of the node whose child is unknown.
  static func value(
    _ x: [Double], _ scores: [Double] = [1.5, -0.3, 0.7], missing: (_ own: Double) -> Double
  ) -> Double {
    if x[0].isNaN { return missing(5) }
    if x[0] <= 0.1 { return scores[0] }
    return x[1].isNaN ? missing(3) : x[1] < 2 ? scores[1] : scores[2]
  }

  static let rows: [[Double]] = {
    let a: [Double] = [0.1, 0.1.nextUp, 0.1.nextDown, -3, .infinity, .nan, Double(Float(0.1))]
    let b: [Double] = [2, 2.0.nextUp, 2.0.nextDown, -.infinity, .nan, 0]
    return a.flatMap { a in b.map { [a, $0] } }
  }()

  static func read(_ text: String) throws -> Forest { try ModelReading.forest(bytes: Array(text.utf8), name: "model.pmml") }

  static func expect(_ forest: Forest, _ expected: ([Double]) -> [Double]) {
    for x in rows {
      let results = TMVAClassTests.results(forest, x)
      #expect(sameBits(results, expected(x)), "\(x): \(results), not \(expected(x))")
    }
  }

  static func segments(_ models: [String], _ method: String, weights: [String] = [], more: String = "") -> String {
    let all = models.enumerated().map { index, model in
      "<Segment id=\"\(index)\"\(weights.isEmpty ? "" : " weight=\"\(weights[index])\"")><True/>\(model)</Segment>"
    }
    return "<Segmentation multipleModelMethod=\"\(method)\" missingPredictionTreatment=\"returnMissing\"\(more)>\(all.joined())</Segmentation>"
  }

  // MARK: Trees

  enum Missing: String, CaseIterable { case none, nullPrediction, lastPrediction, defaultChild }

  @Test(arguments: Missing.allCases, ["returnNullPrediction", "returnLastPrediction"])
  func missingValues(_ strategy: Missing, _ noTrueChild: String) throws {
    let attributes = "missingValueStrategy=\"\(strategy.rawValue)\" noTrueChildStrategy=\"\(noTrueChild)\""
    let forest = try Self.read(Self.document(Self.tree(attributes, schema: "SCHEMA")))
    Self.expect(forest) { x in
      switch strategy {
      case .nullPrediction: [Self.value(x) { _ in .nan }]
      case .lastPrediction: [Self.value(x) { $0 }]
      case .none: [Self.value(x) { noTrueChild == "returnLastPrediction" ? $0 : .nan }]
      case .defaultChild:
        // To node 2, and from there to node 3.
        [Self.value([x[0].isNaN ? 1 : x[0], x[1].isNaN ? 0 : x[1]]) { _ in .nan }]
      }
    }
    #expect(forest.columns.map(\.name) == ["y"] && forest.inputs.map(\.label) == ["a", "b"])
  }

  /// A child without a twin: no true child where the comparison fails.
  @Test(arguments: [("returnNullPrediction", Double.nan), ("returnLastPrediction", 5)])
  func noTrueChild(_ strategy: String, _ otherwise: Double) throws {
    let model = """
      <TreeModel functionName="regression" noTrueChildStrategy="\(strategy)">SCHEMA<Node score="5"><True/>
      <Node score="1"><SimplePredicate field="a" operator="greaterOrEqual" value="0.1"/></Node>
      <Node score="9"><False/></Node></Node></TreeModel>
      """
    Self.expect(try Self.read(Self.document(model))) { [$0[0] >= 0.1 ? 1 : otherwise] }
  }

  @Test(arguments: ["or", "and"]) func comparisonsThatSayWhatMissingMeans(_ name: String) throws {
    let question = name == "or" ? "isMissing" : "isNotMissing"
    let model = """
      <TreeModel functionName="regression" missingValueStrategy="nullPrediction">SCHEMA<Node><True/>
      <Node score="1"><CompoundPredicate booleanOperator="\(name)"><SimplePredicate field="a" operator="\(question)"/>
      <SimplePredicate field="a" operator="lessThan" value="0.1"/></CompoundPredicate></Node>
      <Node score="2"><SimplePredicate field="b" operator="isNotMissing"/></Node><Node score="3"><True/></Node></Node></TreeModel>
      """
    Self.expect(try Self.read(Self.document(model))) { x in
      [x[0] < 0.1 || (x[0].isNaN && name == "or") ? 1 : x[1].isNaN ? 3 : 2]
    }
  }

  @Test func replacementAndFloatFields() throws {
    let text = Self.document(
      Self.tree("missingValueStrategy=\"nullPrediction\"", schema: "SCHEMA"), type: "float", schema: " missingValueReplacement=\"0.3\"")
    let forest = try Self.read(text)
    #expect(forest.model.inputWidth == .float32)
    for x in Self.rows {
      let a = x[0].isNaN ? Float(0.3) : Float(x[0])
      let b = Float(x[1])
      let expected: Double = a <= Float("0.1")! ? 1.5 : b.isNaN ? .nan : b < 2 ? -0.3 : 0.7
      #expect(sameBits(TMVAClassTests.results(forest, x), [expected]), "\(x)")
    }
  }

  // MARK: Ensembles

  static let null = "missingValueStrategy=\"nullPrediction\""

  @Test func sumsAreRescaled() throws {
    let model = """
      <MiningModel functionName="regression">SCHEMA<Targets><Target field="y" rescaleFactor="0.1" rescaleConstant="0.7"/></Targets>
      \(Self.segments([Self.tree(Self.null), Self.tree(Self.null, scores: ["0.2", "1e-3", "-4"])], "sum"))</MiningModel>
      """
    Self.expect(try Self.read(Self.document(model))) { x in
      let sum = Self.value(x) { _ in .nan } + Self.value(x, [0.2, 1e-3, -4]) { _ in .nan }
      let product = sum * 0.1
      return [product + 0.7]
    }
  }

  @Test(arguments: ["average", "weightedAverage", "weightedSum", "x-weightedSum"]) func means(_ method: String) throws {
    let weights = method == "average" ? [] : ["0.3", "1.7"]
    let model = """
      <MiningModel functionName="regression">SCHEMA
      \(Self.segments([Self.tree(Self.null), Self.tree(Self.null, scores: ["0.2", "1e-3", "-4"])], method, weights: weights))</MiningModel>
      """
    Self.expect(try Self.read(Self.document(model))) { x in
      let (first, second) = (Self.value(x) { _ in .nan }, Self.value(x, [0.2, 1e-3, -4]) { _ in .nan })
      if method == "average" { return [(first + second) / 2] }
      let (one, two) = (0.3 * first, 1.7 * second)
      return [method == "weightedAverage" ? (one + two) / (0.3 + 1.7) : one + two]
    }
  }

  @Test func float32Models() throws {
    let float = "x-mathContext=\"float\""
    let model = """
      <MiningModel functionName="regression" \(float)>SCHEMA<Targets><Target rescaleConstant="0.7"/></Targets>
      \(Self.segments([Self.tree("\(Self.null) \(float)"), Self.tree("\(Self.null) \(float)", scores: ["0.2", "1e-3", "-4"])], "sum"))</MiningModel>
      """
    let forest = try Self.read(Self.document(model))
    Self.expect(forest) { x in
      let first = Float(Self.value(x) { _ in .nan })
      let second = Float(Self.value(x, [0.2, 1e-3, -4]) { _ in .nan })
      return [Double(first + second + Float("0.7")!)]
    }
    #expect(forest.columns[0].width == .float32)
  }

  // MARK: Classification

  static let classes = """
    <DataField name="y" optype="categorical" dataType="string"><Value value="bkg"/><Value value="sig"/></DataField>
    """

  static func shares(_ counts: [(String, String)]) -> String {
    counts.map { "<ScoreDistribution value=\"\($0)\" recordCount=\"\($1)\"/>" }.joined()
  }

  static func voter(_ left: [(String, String)], _ right: [(String, String)]) -> String {
    """
    <TreeModel functionName="classification" missingValueStrategy="nullPrediction">\(inner)<Node><True/>
    <Node score="sig"><SimplePredicate field="a" operator="lessOrEqual" value="0.1"/>\(shares(left))</Node>
    <Node score="bkg"><True/>\(shares(right))</Node></Node></TreeModel>
    """
  }

  @Test func sharesAreAveraged() throws {
    let trees = [
      Self.voter([("sig", "3"), ("bkg", "4")], [("bkg", "0.1"), ("sig", "0.2")]), Self.voter([("bkg", "1")], [("sig", "2"), ("bkg", "1")]),
    ]
    let model = """
      <MiningModel functionName="classification">SCHEMA
      <Output><OutputField name="P" feature="probability" value="sig"/></Output>\(Self.segments(trees, "average"))</MiningModel>
      """
    let forest = try Self.read(Self.document(model, target: Self.classes))
    let total = 0.1 + 0.2
    Self.expect(forest) { x in
      if x[0].isNaN { return [.nan, .nan] }
      return x[0] <= 0.1
        ? [(4.0 / 7 + 1.0) / 2, (3.0 / 7 + 0.0) / 2] : [(0.1 / total + 1.0 / 3) / 2, (0.2 / total + 2.0 / 3) / 2]
    }
    #expect(forest.columns.filter(\.isPrinted).map(\.name) == ["probability(bkg)", "P"])
  }

  /// A sum, an output field computed from it, and a regression that makes a probability of that.
  static func chain(_ normalization: String, _ tables: String, sums: Int = 1) -> String {
    let parts = (0..<sums).map { index in
      """
      <MiningModel functionName="regression">\(inner)<Output><OutputField name="raw\(index)" dataType="double"/>
      <OutputField name="f\(index)" feature="transformedValue"><Apply function="+"><Apply function="*"><FieldRef field="raw\(index)"/>
      <Constant>0.3</Constant></Apply><Constant dataType="double">-0.1</Constant></Apply></OutputField></Output>
      \(segments([tree(null, scores: ["\(index).5", "-0.3", "0.7"])], "sum"))</MiningModel>
      """
    }
    let last = """
      <RegressionModel functionName="classification" normalizationMethod="\(normalization)"><MiningSchema/>
      \(tables)</RegressionModel>
      """
    return "<MiningModel functionName=\"classification\">SCHEMA\(segments(parts + [last], "modelChain"))</MiningModel>"
  }

  static func table(_ name: String, _ field: String?) -> String {
    let predictor = field.map { "<NumericPredictor name=\"\($0)\" coefficient=\"1.0\"/>" } ?? ""
    return "<RegressionTable intercept=\"0.0\" targetCategory=\"\(name)\">\(predictor)</RegressionTable>"
  }

  @Test func logit() throws {
    let model = Self.chain("logit", Self.table("sig", "f0") + Self.table("bkg", nil))
    Self.expect(try Self.read(Self.document(model, target: Self.classes))) { x in
      let product = Self.value(x, [0.5, -0.3, 0.7]) { _ in .nan } * 0.3
      let p = 1 / (1 + ReferenceArithmetic.exponential(-(product + -0.1)))
      return [1 - p, p]
    }
  }

  @Test func softmax() throws {
    let model = Self.chain("softmax", Self.table("sig", "f1") + Self.table("bkg", "raw0"), sums: 2)
    Self.expect(try Self.read(Self.document(model, target: Self.classes))) { x in
      let product = Self.value(x, [1.5, -0.3, 0.7]) { _ in .nan } * 0.3
      let values = [product + -0.1, Self.value(x, [0.5, -0.3, 0.7]) { _ in .nan }]
      let largest = values[1] > values[0] ? values[1] : values[0]
      let powers = values.map { ReferenceArithmetic.exponential($0 - largest) }
      let total = 0.0 + powers[0] + powers[1]
      return [powers[1] / total, powers[0] / total]
    }
  }

  // MARK: Refusals

  static let sound: [String] = [
    document("<MiningModel functionName=\"regression\">SCHEMA\(segments([tree(null), tree(null)], "sum"))</MiningModel>"),
    document(chain("logit", table("sig", "f0") + table("bkg", nil)), target: classes),
    document("<MiningModel functionName=\"classification\">SCHEMA\(segments([voter([("sig", "1")], [("bkg", "1")])], "average"))</MiningModel>", target: classes),
  ]

  static let faults: [(Int, String, String, String)] = [
    (0, "version=\"4.4\"", "version=\"3.2\"", "PMML of version 3.2"),
    (0, "=\"sum\"", "=\"majorityVote\"", "multipleModelMethod=\"majorityVote\" is not read"),
    (0, "returnMissing", "skipSegment", "missingPredictionTreatment=\"skipSegment\""),
    (0, "nullPrediction", "weightedConfidence", "missingValueStrategy=\"weightedConfidence\""),
    (0, "nullPrediction", "aggregateNodes", "missingValueStrategy=\"aggregateNodes\""),
    (0, "lessOrEqual", "equal", "the operator equal"),
    (0, "<True/>", "<SimpleSetPredicate field=\"a\" booleanOperator=\"isIn\"><Array>1</Array></SimpleSetPredicate>", "Segment whose predicate is not True"),
    (0, "<Node id=\"0\" score=\"5\" defaultChild=\"2\"><True/>", "<Node><SimpleSetPredicate/>", "the element SimpleSetPredicate in a Node"),
    (0, "<Node id=\"0\" score=\"5\" defaultChild=\"2\"><True/>", "<Node><False/>", "root Node's predicate is not True"),
    (0, "<Node id=\"0\" score=\"5\" defaultChild=\"2\"><True/>", "<Node>", "a predicate"),
    (0, "<True/>\n<Node id=\"1\"", "<CompoundPredicate booleanOperator=\"surrogate\"/><Node id=\"1\"", "the operator surrogate"),
    (0, "value=\"0.1\"", "value=\"x\"", "not a finite number"),
    (0, "field=\"a\"", "field=\"c\"", "no active field"),
    (0, "score=\"1.5\"", "score=\"NaN\"", "no score that is a finite number"),
    (0, "score=\"1.5\"", "score=\"1e308\"", "may overflow"),
    (0, "name=\"a\" optype=\"continuous\"", "name=\"a\" optype=\"categorical\"", "categories are not read"),
    (0, "<MiningField name=\"a\"/>", "<MiningField name=\"q\"/>", "not in the data dictionary"),
    (0, "</Header>", "</Header><TransformationDictionary><DerivedField/></TransformationDictionary>", "transformations of the inputs"),
    (0, "functionName=\"regression\"", "functionName=\"clustering\"", "the function clustering"),
    (0, "<TreeModel functionName=\"regression\"", "<TreeModel x-mathContext=\"float\" functionName=\"regression\"", "another function or x-mathContext"),
    (1, "normalizationMethod=\"logit\"", "normalizationMethod=\"probit\"", "normalizationMethod=\"probit\""),
    (1, "targetCategory=\"sig\"", "targetCategory=\"other\"", "not those of the target's classes"),
    (1, "name=\"f0\" coefficient", "name=\"f9\" coefficient", "not a coefficient of a tree model's result"),
    (1, "function=\"*\"", "function=\"pow\"", "not a coefficient of a tree model's result"),
    (2, "recordCount=\"1\"", "recordCount=\"0\"", "no ScoreDistribution with counts"),
    (2, "recordCount=\"1\"", "recordCount=\"1\" probability=\"0.4\"", "attribute probability"),
    (2, "recordCount=\"1\"", "recordCount=\"-1\"", "a recordCount that is a number"),
  ]

  @Test(arguments: faults.indices) func refusals(_ index: Int) throws {
    let (number, old, new, message) = Self.faults[index]
    let text = Self.sound[number].replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.sound[number])
    let error = try #require(throws: ReadError.self) { try Self.read(text) }
    #expect(error.message.contains(message), "\(error.message)")
    #expect(error.exitCode == 65 && error.mark.line != nil)
  }

  @Test(arguments: sound.indices) func noPartAndNoMutationTraps(_ index: Int) throws {
    let original = Array(Self.sound[index].utf8)
    #expect(throws: Never.self) { try ModelReading.forest(bytes: original, name: "m") }
    for length in stride(from: 0, to: original.count - 2, by: 23) {
      #expect(throws: ReadError.self) { try ModelReading.forest(bytes: Array(original[..<length]), name: "m", format: .pmml) }
    }
    var random = SplitMix64(seed: UInt64(index))
    for _ in 0..<400 {
      let bytes = mutated(original, &random)
      do { _ = try ModelReading.forest(bytes: bytes, name: "m", format: .pmml) } catch { #expect(error.exitCode == 65) }
    }
  }
}
