import ForestEvaluation
import ForestIR
import Testing

@testable import ForestReading

/// Transformations of variables and targets, by themselves and in chains.
struct TransformationTests {
  static func selection(_ inputs: [(String, String)], outputs: [(String, String)]? = nil) -> String {
    func list(_ name: String, _ entries: [(String, String)]) -> String {
      "<\(name) N\(name)s=\"\(entries.count)\">"
        + entries.map { "<\(name) Type=\"\($0.0)\" Label=\"\($0.1)\" Expression=\"\($0.1)\"/>" }.joined() + "</\(name)>"
    }
    return "<Selection>\(list("Input", inputs))\(list("Output", outputs ?? inputs))</Selection>"
  }

  static let both = selection([("Variable", "a"), ("Variable", "b")])

  /// Blocks of two classes that nobody uses, and of all classes together.
  static func normalize(_ ranges: [(String, String)], selection: String = both, blocks: Int = 3) -> String {
    let blocks = (0..<blocks).map { index in
      let own = index == blocks - 1 ? ranges : ranges.map { _ in ("-7", "9") }
      return "<Class ClassIndex=\"\(index)\"><Ranges>"
        + own.enumerated().map { "<Range Index=\"\($0)\" Min=\"\($1.0)\" Max=\"\($1.1)\"/>" }.joined() + "</Ranges></Class>"
    }
    return "<Transform Name=\"Normalize\">\(selection)\(blocks.joined())</Transform>"
  }

  static func decorrelation(_ numbers: String, selection: String = both) -> String {
    let unused = "<Matrix Rows=\"2\" Columns=\"2\"> -nan -nan -nan -nan </Matrix>"
    return "<Transform Name=\"Decorrelation\">\(selection)\(unused)\(unused)<Matrix Rows=\"2\" Columns=\"2\"> \(numbers) </Matrix></Transform>"
  }

  static func components(means: String, vectors: String) -> String {
    let blocks = (0..<3).map {
      "<Statistics Class=\"x\" ClassIndex=\"\($0)\" NRows=\"2\"> \($0 == 2 ? means : "0 0") </Statistics>"
        + "<Eigenvectors Class=\"x\" ClassIndex=\"\($0)\" NRows=\"2\" NCols=\"2\"> \($0 == 2 ? vectors : "0 0 0 0") </Eigenvectors>"
    }
    return "<Transform Name=\"PCA\">\(both)\(blocks.joined())</Transform>"
  }

  /// One variable with the cumulative distribution 0.25, 0.75, 1 on the edges 0, 1, 2, 3.
  static func gauss(
    flat: Bool, selection: String, blocks: Int = 3, contents: String = "0.25 0.75 1", method: String = "1"
  ) -> String {
    let blocks = (0..<blocks).map {
      """
      <CumulativePDF_cls\($0)><PDF Name="p" MinNSmooth="0" MaxNSmooth="0" InterpolMethod="\(method)" KDE_type="0" KDE_iter="1" KDE_border="1">
      <Histogram Name="h" NBins="3" XMin="0" XMax="3" HasEquidistantBins="0"> \($0 == blocks - 1 ? contents : "0 0 0") </Histogram>
      <HistogramBinning NBins="3"> 0 1 2 3 </HistogramBinning></PDF></CumulativePDF_cls\($0)>
      """
    }
    return "<Transform Name=\"Gauss\" FlatOrGauss=\"\(flat ? "Flat" : "Gauss")\">\(selection)<Variable VarIndex=\"0\">\(blocks.joined())</Variable></Transform>"
  }

  static func file(_ transforms: String...) -> WeightFile {
    var file = WeightFile()
    file.transformations = "<Transformations NTransformations=\"\(transforms.count)\">\(transforms.joined())</Transformations>"
    return file
  }

  static func everything() -> WeightFile {
    file(
      normalize([("0", "2"), ("-1", "1")]), decorrelation("1 0.5 0.25 1"), components(means: "0 1", vectors: "1 0 0 1"),
      gauss(flat: false, selection: selection([("Variable", "a")])))
  }

  /// The vector that the trees read.
  func transformed(_ file: WeightFile, _ row: [Double]) throws -> [Double] {
    let model = try read(file.xml).model
    guard let step = model.steps.first(where: { if case .trees = $0 { true } else { false } }) else { return [] }
    var builder = ModelBuilder(inputCount: model.inputShape.count, width: .float32)
    for earlier in model.steps.prefix(step.operands[0].index) { _ = try builder.add(earlier) }
    return ReferenceEvaluator(try builder.model(result: step.operands[0])).evaluate(row: row).results
  }

  @Test func normalizeIsFloat32Throughout() throws {
    let file = Self.file(Self.normalize([("0.1", "0.7"), ("-1", "1")]))
    let low = Float(0.1), x = Float(0.3)
    let scale = Float(1 / Double(Float(0.7) - low))
    let expected = ((x - low) * scale) * 2 - 1
    #expect(try transformed(file, [0.3, 0.5]) == [Double(expected), 0.5])
  }

  @Test func decorrelationUsesTheLastMatrix() throws {
    #expect(try transformed(Self.file(Self.decorrelation("1 2 3 4")), [5, 6]) == [17, 39])
  }

  @Test func componentsAreTransposed() throws {
    #expect(try transformed(Self.file(Self.components(means: "1 2", vectors: "1 2 3 4")), [2, 4]) == [7, 10])
  }

  /// Between centres the curve is straight: at 1 halfway between 0.25 and 0.75; it is clamped inside (0, 1).
  @Test(arguments: [(1.0, 0.5), (0.5, 0.25), (100.0, 1 - 10e-10), (-100.0, 10e-10), (.nan, 10e-10)])
  func uniform(_ x: Double, _ expected: Double) throws {
    let file = Self.file(Self.gauss(flat: true, selection: Self.selection([("Variable", "a")])))
    #expect(abs(try transformed(file, [x, 7])[0] - expected) < 1e-6)
    #expect(try transformed(file, [x, 7])[1] == 7)
  }

  @Test func gaussIsTheInverseErrorFunction() throws {
    let file = Self.file(Self.gauss(flat: false, selection: Self.selection([("Variable", "b")])))
    let result = try transformed(file, [7, 0.5])
    #expect(result[0] == 7)
    #expect(abs(result[1] + 0.67448975) < 1e-5)
  }

  @Test func aNaNBehindAGaussIsNoNaN() throws {
    let file = Self.file(Self.gauss(flat: true, selection: Self.selection([("Variable", "a")])))
    let forest = try read(file.xml)
    #expect(score(forest, [.nan, 0])[0] != -999)
    #expect(score(forest, [0, .nan]) == [-999])
  }

  @Test func rearrangeSwaps() throws {
    let swap = Self.selection([("Variable", "a"), ("Variable", "b")], outputs: [("Variable", "b"), ("Variable", "a")])
    #expect(try transformed(Self.file("<Transform Name=\"Rearrange\">\(swap)</Transform>"), [1, 2]) == [2, 1])
  }

  @Test func aSubsetLeavesTheRestAlone() throws {
    let one = Self.selection([("Variable", "b")])
    #expect(try transformed(Self.file(Self.normalize([("0", "4")], selection: one)), [1, 2]) == [1, 0])
  }

  @Test func spectatorsMayTakePart() throws {
    var file = Self.file(Self.normalize(
      [("0", "4")], selection: Self.selection([("Spectator", "s")], outputs: [("Variable", "a")])))
    file.spectators = "<Spectators NSpec=\"1\"><Spectator SpecIndex=\"0\" Expression=\"s\" Label=\"s\" Type=\"F\"/></Spectators>"
    #expect(try read(file.xml).inputs.map(\.label) == ["a", "b", "s"])
    #expect(try transformed(file, [9, 5, 2]) == [0, 5])
  }

  @Test func chainsRunInOrder() throws {
    let file = Self.file(Self.normalize([("0", "2"), ("0", "4")]), Self.decorrelation("0 1 1 0"))
    #expect(try transformed(file, [2, 2]) == [0, 1])
  }

  /// Before TMVA 4.1.2 there was no selection.
  @Test func oldLayouts() throws {
    let old = """
      <Transform Name="Normalize" NVariables="2" NTargets="0"><Class ClassIndex="0"><Variables>
      <Variable VarIndex="0" Min="0" Max="2"/><Variable VarIndex="1" Min="0" Max="4"/></Variables></Class></Transform>
      """
    var file = Self.file(old, Self.decorrelation("0 1 1 0", selection: ""))
    file.classes = ""
    #expect(try transformed(file, [2, 2]) == [0, 1])
    #expect(try read(file.xml).provenance.notes.contains { $0.text.contains("before TMVA 4.1.2") })
  }

  @Test func numbersThatFailedMayNotMatter() throws {
    // Row 0 of the matrix is sound, row 1 is not; the trees of the small file ask for both.
    let file = Self.file(Self.decorrelation("1 2 nan 4"))
    let error = try #require(refusal(file.xml))
    #expect(error.code == .notFinite)
    #expect(error.mark.path == "Weights/BinaryTree[1]/Node")
    var indifferent = file
    indifferent.trees = file.trees.replacing("IVar=\"1\"", with: "IVar=\"0\"")
    #expect(try transformed(indifferent, [5, 6]) == [17, 0])
    #expect(try read(indifferent.xml).provenance.notes.contains { $0.text.contains("failed") })
  }

  static let faults: [(WeightFile, String)] = [
    (file("<Transform Name=\"Fourier\">\(both)</Transform>"), "Fourier"),
    (file(normalize([("0", "1"), ("0", "1")], blocks: 2)), "2 blocks"),
    (file(normalize([("0", "1")])), "no range number 1"),
    (file(normalize([("0", "1"), ("0", "1"), ("0", "1")])), "not in 0…1"),
    (file(normalize([("0", "inf"), ("0", "1")])), "not a finite number"),
    (file(decorrelation("1 2 3")), "3 numbers, not 4"),
    (file(decorrelation("1 2 3 4", selection: selection([("Variable", "a")]))), "2 × 2 numbers for 1 inputs"),
    (file(decorrelation("1 2 3 4", selection: selection([("Variable", "a"), ("Variable", "z")]))), "\"z\""),
    (file(decorrelation("1 2 3 4", selection: selection([("Variable", "a"), ("Vector", "b")]))), "Vector"),
    (file(gauss(flat: true, selection: both)), "no distribution number 1"),
    (file(gauss(flat: true, selection: selection([("Variable", "a")]), blocks: 2)), "2 blocks"),
    (file(gauss(flat: true, selection: selection([("Variable", "a")]), contents: "1 2")), "2 numbers, not 3"),
    (file(gauss(flat: true, selection: selection([("Variable", "a")]), method: "3")), "InterpolMethod"),
    (file("<Change/>"), "Change"),
    (file("<Transform Name=\"Rearrange\">\(both)\(both)</Transform>"), "second selection"),
    (file("<Transform Name=\"Rearrange\">\(selection([("Variable", "a"), ("Variable", "b")], outputs: [("Variable", "a")]))</Transform>"), "1 outputs"),
    (file("<Transform Name=\"Rearrange\">\(selection([("Variable", "a"), ("Variable", "b")], outputs: [("Variable", "a"), ("Variable", "a")]))</Transform>"), "same place"),
  ]

  @Test(arguments: faults.indices)
  func aMalformedTransformationIsRefused(_ index: Int) throws {
    let error = try #require(refusal(Self.faults[index].0.xml))
    #expect(error.message.contains(Self.faults[index].1), "\(error.message)")
  }

  @Test(arguments: [
    ("D_Signal", "Signal"), ("N_Background", "Background"), ("G,D_Signal", "Signal"), ("D(a,b)_Signal", "Signal"), ("N,U_cls1", "cls1"),
  ])
  func aTransformedClassIsRemarkedUpon(_ option: String, _ name: String) throws {
    var file = Self.file(Self.decorrelation("1 0 0 1"))
    file.set("VarTransform", option)
    #expect(try read(file.xml).provenance.notes.contains { $0.text.contains("of the class \(name) ") })
  }

  @Test(arguments: ["None", "D", "D_AllClasses", "N(_V0_,b)", "G,D"])
  func otherOptionsAreNot(_ option: String) throws {
    var file = Self.file(Self.decorrelation("1 0 0 1"))
    file.set("VarTransform", option)
    #expect(try read(file.xml).provenance.notes.isEmpty)
  }

  // MARK: Targets

  static func target(_ transforms: String..., response: String = "0.5") -> WeightFile {
    var file = WeightFile.regression("Grad", [(response, "0.0")])
    file.transformations = "<Transformations>\(transforms.joined())</Transformations>"
    return file
  }

  static let ofTarget = selection([("Target", "E")])

  @Test func aNormalizedTargetIsTransformedBack() throws {
    let file = Self.target(Self.normalize([("10", "30")], selection: Self.ofTarget, blocks: 1))
    #expect(score(try read(file.xml), [0, 0]) == [25])
  }

  @Test func variablesAndTargetTogether() throws {
    let all = Self.selection([("Variable", "a"), ("Variable", "b"), ("Target", "E")])
    let file = Self.target(Self.normalize([("0", "2"), ("0", "4"), ("10", "30")], selection: all, blocks: 1))
    #expect(score(try read(file.xml), [0, 0]) == [25])
    #expect(try transformed(file, [2, 2]) == [1, 0])
  }

  @Test func aUniformTargetIsTransformedBack() throws {
    let file = Self.target(Self.gauss(flat: true, selection: Self.ofTarget, blocks: 1))
    #expect(abs(score(try read(file.xml), [0, 0])[0] - 1) < 1e-3)
  }

  @Test func onlyTheFirstTargetTransformationIsInverted() throws {
    let file = Self.target(
      Self.normalize([("10", "30")], selection: Self.ofTarget, blocks: 1),
      Self.normalize([("0", "1000")], selection: Self.ofTarget, blocks: 1))
    let forest = try read(file.xml)
    #expect(score(forest, [0, 0]) == [25])
    #expect(forest.provenance.notes.contains { $0.text.contains("only the first is inverted") })
  }

  @Test func aTargetBeforeAVariableIsRefused() throws {
    let mixed = Self.selection([("Target", "E"), ("Variable", "a")])
    let error = try #require(refusal(Self.target(Self.normalize([("0", "1"), ("0", "1")], selection: mixed, blocks: 1)).xml))
    #expect(error.message.contains("a target stands before a variable"))
  }

  @Test func aDecorrelatedTargetIsRefused() throws {
    let mixed = Self.selection([("Variable", "a"), ("Target", "E")])
    let matrix = "<Transform Name=\"Decorrelation\">\(mixed)<Matrix Rows=\"2\" Columns=\"2\">1 0 0 1</Matrix></Transform>"
    let error = try #require(refusal(Self.target(matrix).xml))
    #expect(error.message.contains("no inverse"))
  }
}
