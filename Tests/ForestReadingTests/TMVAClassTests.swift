import ForestEvaluation
import ForestIR
import ForestReading
import ForestTesting
import Testing

/// Generated classes: every formula and every release's dress, against the same arithmetic written out here.
@Suite struct TMVAClassTests {
  static let rows: [[Double]] = {
    let specials: [Double] = [
      1.5, 1.5.nextUp, 1.5.nextDown, -0.333333, (-0.333333).nextUp, (-0.333333).nextDown, 2, 0, -0.0, 1e300, -7, .infinity,
      -.infinity, .nan, 0.1, 0.7,
    ]
    return specials.flatMap { a in specials.map { [a, $0] } }
  }()

  static func dressed(_ formula: ClassFile.Formula) -> [ClassFile] {
    [(false, ">"), (false, ">="), (true, ">=")].map { isRecent, comparison in
      var file = ClassFile()
      (file.isRecent, file.comparison, file.formula) = (isRecent, comparison, formula)
      return file
    }
  }

  // MARK: The arithmetic of the class, in Swift

  static func leaf(_ root: ClassFile.Node, _ x: [Double], _ comparison: String) -> (type: Int, purity: Double, response: Double) {
    var node = root
    while true {
      let goesRight: Bool
      switch node {
      case .leaf(let type, let purity, let response): return (type, Double(purity)!, Double(response)!)
      case .split(let variable, let cut, let sense, let left, let right):
        let holds = comparison == ">" ? x[variable] > Double(cut)! : x[variable] >= Double(cut)!
        goesRight = holds == (sense == 1)
        node = goesRight ? right : left
      case .fisher(let coefficients, let cut, let sense, let left, let right):
        var sum = Double(coefficients[2])!
        for index in 0..<2 {
          let product = Double(coefficients[index])! * x[index]
          sum += product
        }
        goesRight = (sum > Double(cut)!) == (sense == 1)
        node = goesRight ? right : left
      }
    }
  }

  static func expected(_ file: ClassFile, _ x: [Double]) -> [Double] {
    let leaves = file.trees.map { leaf($0.root, x, file.comparison) }
    switch file.formula {
    case .votes, .purities:
      var (sum, norm) = (0.0, 0.0)
      for (tree, leaf) in zip(file.trees, leaves) {
        let product = Double(tree.weight)! * (file.formula == .votes ? Double(leaf.type) : leaf.purity)
        sum += product
        norm += Double(tree.weight)!
      }
      return [sum / norm]
    case .gradient:
      let product = -2.0 * leaves.reduce(0) { $0 + $1.response }
      return [2.0 / (1.0 + ReferenceArithmetic.exponential(product)) - 1.0]
    case .multiclass:
      let powers = leaves.map { ReferenceArithmetic.exponential(0.0 + $0.response) }
      return powers.indices.map { i in
        1.0 / (1.0 + powers.indices.reduce(0.0) { $1 == i ? $0 : $0 + powers[$1] / powers[i] })
      }
    }
  }

  static func results(_ forest: Forest, _ x: [Double]) -> [Double] {
    let all = ReferenceEvaluator(forest).evaluate(row: x).results
    return forest.printedColumns.map { all[$0] }
  }

  static func read(_ file: ClassFile) throws -> Forest {
    try ModelReading.forest(bytes: Array(file.text.utf8), name: "small.class.C")
  }

  static let plain: [ClassFile] = [ClassFile.Formula.votes, .purities, .gradient, .multiclass].flatMap(dressed)

  @Test(arguments: plain.indices) func formulas(_ index: Int) throws {
    let file = Self.plain[index]
    let forest = try Self.read(file)
    for x in Self.rows {
      #expect(sameBits(Self.results(forest, x), Self.expected(file, x)), "\(x)")
    }
    #expect(forest.inputs.map(\.label) == ["pt", "log(m)"])
    #expect(forest.inputs.map(\.kind) == [.real, .integer])
    #expect(forest.inputs[0].trainingRange == Input.TrainingRange(lowest: -1.5, highest: 2))
    #expect(forest.inputs[1].trainingRange == nil)
  }

  @Test(arguments: [">", ">="]) func fisherCuts(_ comparison: String) throws {
    var file = ClassFile()
    file.hasFisher = true
    file.comparison = comparison
    file.trees.append(
      (
        "0.5",
        .fisher(
          ["0.1", "-0.7", "0.3"], "-0.19", sense: 0, .leaf(type: 1, purity: "1", response: "1"), .leaf(type: -1, purity: "0", response: "-1"))
      ))
    let forest = try Self.read(file)
    for x in Self.rows + [[0, 0.7], [0.0, 0.7.nextUp], [0, 0.7.nextDown]] {
      #expect(sameBits(Self.results(forest, x), Self.expected(file, x)), "\(x)")
    }
  }

  /// The first cut that holds answers; NaN passes all of them.
  @Test func preselection() throws {
    var file = ClassFile()
    file.preselection = "if (inputValues[0] < -5) return -1; if (inputValues[1] > 1.25) return  1; if (inputValues[0] > 2) return -1;"
    let forest = try Self.read(file)
    for x in Self.rows {
      let answer: Double? = x[0] < -5 ? -1 : x[1] > 1.25 ? 1 : x[0] > 2 ? -1 : nil
      #expect(sameBits(Self.results(forest, x), answer.map { [$0] } ?? Self.expected(file, x)), "\(x)")
    }
  }

  // MARK: Transformations

  static let chains: [[ClassFile.Transformation]] = [
    [.decorrelation], [.normalisation], [.scaledNormalisation], [.normalisation, .decorrelation],
    [.decorrelation, .scaledNormalisation, .decorrelation],
  ]

  /// What the functions of `ClassFile.definition` do to an event: variables are read and replaced in the order 1, 0.
  static func transformed(_ kind: ClassFile.Transformation, _ x: [Double]) -> [Double] {
    let read = [x[1], x[0]]
    let matrix = [[2.030, 2.031], [2.130, 2.131]]
    let lowest = [-0.30, -0.31]
    var y: [Double] = []
    for i in 0..<2 {
      switch kind {
      case .decorrelation:
        let (first, second) = (read[0] * matrix[i][0], read[1] * matrix[i][1])
        y.append(0 + first + second)
      case .normalisation:
        let scale = 1.0 / (2.27 - lowest[i])
        let scaled = (read[i] - lowest[i]) * scale
        y.append(scaled * 2 - 1)
      case .scaledNormalisation:
        let scale = 2.0 / (2.27 - lowest[i])
        let offset = lowest[i] * scale
        let product = scale * read[i]
        y.append(product - (offset + 1))
      }
    }
    return [y[1], y[0]]
  }

  @Test(arguments: chains, [false, true]) func transformations(_ chain: [ClassFile.Transformation], _ isRecent: Bool) throws {
    var file = ClassFile()
    (file.isRecent, file.transformations) = (isRecent, chain)
    let forest = try Self.read(file)
    var seen: Set<Double> = []
    for x in Self.rows {
      let y = chain.reduce(x) { Self.transformed($1, $0) }
      let results = Self.results(forest, x)
      #expect(sameBits(results, Self.expected(file, y)), "\(x) -> \(y)")
      seen.insert(results[0])
    }
    #expect(seen.count >= 3)
    #expect(forest.inputs[0].trainingRange == nil)
  }

  // MARK: Words

  @Test func whatTheDigitsLost() throws {
    let forest = try Self.read(ClassFile())
    let notes = forest.provenance.notes.map(\.text)
    #expect(notes.contains { $0.contains("1 of 3 cuts are no float32 numbers") && $0.contains("up to 5.0e-6 away (at 2.0)") })
    #expect(notes.contains { $0.contains("the code asks `x > cut`") && $0.contains("since ROOT 5.34") })
    #expect(forest.provenance.trainer == "TMVA 4.2.1")
    #expect(forest.provenance.facts.contains(Provenance.Fact("ROOT release", "6.10/04")))
    #expect(forest.provenance.facts.contains(Provenance.Fact("option BoostType", "AdaBoost")))
  }

  // MARK: Refusals

  /// A sound class with one thing wrong: what is replaced, by what, and what the refusal says.
  static let faults: [(String, String, String)] = [
    ("double fCutValue; bool", "double fCutValue; int extra; bool", "is expected here"),
    ("return result;", "return !result;", "is expected here"),
    ("(inputValues[fSelector] > fCutValue", "(inputValues[fSelector] < fCutValue", "`>` or `>=` is expected"),
    ("fIsNormalised( false )", "fIsNormalised( true )", "normalises itself"),
    ("GetNodeType(); norm", "GetResponse(); norm", "not their type or purity"),
    ("return myMVA /= norm;", "return myMVA;", "is expected here"),
    ("0, 1.5, 1, 0, 0.5,-99", "7, 1.5, 1, 0, 0.5,-99", "variable 7 of 2"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, inf, 1, 0, 0.5,-99", "where a finite number is needed"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, 1e999, 1, 0, 0.5,-99", "not a finite decimal number"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, 015, 1, 0, 0.5,-99", "not an integer"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, 0x1p3, 1, 0, 0.5,-99", "not a finite decimal number"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, 1.5f, 1, 0, 0.5,-99", "not a finite decimal number"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, 1.5, 2, 0, 0.5,-99", "the sense of a cut is 2"),
    ("0, 1.5, 1, 0, 0.5,-99", "0, 1.5, 1, 1, 0.5,-99", "a leaf (type 1) with children"),
    ("-1, 0, 1, -1, 0.25,-0.1", "0, 0, 1, 0, 0.25,-0.1", "without two children"),
    ("fBoostWeights.push_back(0.25)", "fBoostWeights.push_back(inf)", "where a finite number is needed"),
    ("fBoostWeights.push_back(0.25)", "fBoostWeights.push_back(0.25*2)", "is expected here"),
    ("\"pt\"", "\"p\\\"t\"", "a backslash in a name"),
    ("// a comment", "// a comment \\", "continued with a backslash"),
    ("fNvars( 2 )", "fNvars( 3 )", "is expected here"),
    ("fNvars( 2 )", "fNvars( 99999999999 )", "the number of variables"),
    ("ReadSmall : public", "ReadLarge : public", "has nodes of the class SmallNode"),
    ("#define NN new SmallNode", "#define NN new SmallNode evil", "does not hold boosted decision trees"),
    ("return retval;\n}", "return retval + 1;\n}", "is expected here"),
    ("delete fForest[itree]; } }", "delete fForest[itree]; } } int extra;", "is expected here"),
  ]

  @Test(arguments: faults.indices) func refusals(_ index: Int) throws {
    let (old, new, message) = Self.faults[index]
    let sound = ClassFile().text
    let text = sound.replacing(old, with: new, maxReplacements: 1)
    #expect(text != sound)
    let error = try #require(throws: ReadError.self) { try ModelReading.forest(bytes: Array(text.utf8), name: "small.class.C") }
    #expect(error.message.contains(message), "\(error.message)")
    #expect(error.exitCode == 65 && error.mark.line != nil)
  }

  @Test func unknownTransformationsAreRefusedByName() throws {
    var file = ClassFile()
    file.transformations = [.decorrelation]
    for (name, kind) in [("fMeanValues_1", "principal components"), ("cumulativeDist_1", "Gauss")] {
      let text = file.text.replacing("double fDecTF_1[3]", with: "double \(name)[3]", maxReplacements: 1)
      let error = try #require(throws: ReadError.self) { try ModelReading.forest(bytes: Array(text.utf8), name: "small.class.C") }
      #expect(error.message.contains(kind))
    }
  }

  @Test func deepTreesDoNotExhaustTheStack() throws {
    var file = ClassFile()
    // Built as text, because the enumeration of the test would be taken apart recursively.
    file.trees = [("1", .leaf(type: 1, purity: "1", response: "1"))]
    let leaf = "NN(0, 0, -1, 0, 1, 1, 1,1)"
    let depth = 20_000
    let deep = String(repeating: "NN(\(leaf), ", count: depth) + leaf + String(repeating: ", 0, 1.5, 1, 0, 0.5,-99)", count: depth)
    let start = try #require(file.text.firstRange(of: "fForest.push_back( "))
    let end = try #require(file.text[start.upperBound...].firstRange(of: ");\n"))
    let text = file.text.replacingCharacters(start.upperBound..<end.lowerBound, with: deep)
    let forest = try ModelReading.forest(bytes: Array(text.utf8), name: "small.class.C")
    #expect(forest.model.ensembles[0].trees[0].depth == depth)
  }

  @Test func noPartAndNoMutationTraps() {
    var file = ClassFile()
    file.transformations = [.decorrelation, .normalisation]
    let original = Array(file.text.utf8)
    for length in stride(from: 0, to: original.count - 2, by: 61) {
      #expect(throws: ReadError.self) {
        try ModelReading.forest(bytes: Array(original[..<length]), name: "part", format: .tmvaClass)
      }
    }
    var random = SplitMix64(seed: 11)
    for _ in 0..<150 {
      let bytes = mutated(original, &random)
      do { _ = try ModelReading.forest(bytes: bytes, name: "part", format: .tmvaClass) } catch { #expect(error.exitCode == 65) }
    }
  }
}

/// A text with one to three bytes or stretches changed.
func mutated(_ original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
  var bytes = original
  for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(random.pick(Array("(){}[]<>\"'\\;,#0123456789-+.eE /\n\r\t".utf8)), at: place)
    case 3: bytes[place] = random.pick(Array("0123456789".utf8))
    case 4:
      let end = min(bytes.count, place + Int.random(in: 1..<60, using: &random))
      bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
    default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<60, using: &random)))
    }
  }
  return bytes
}

extension String {
  func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
