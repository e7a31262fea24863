import ForestIR
import ForestReading
import ForestTesting
import Testing

@Suite struct JSONForestRoundTripTests {
  /// The forest is equal, and so are its bytes: these tell the zeros apart, and NaN from NaN.
  static func expectRoundTrip(_ forest: Forest, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let bytes = forest.canonicalJSON
    let copy = try ForestJSONReader.read(bytes, file: "forest.json")
    #expect(copy == forest, sourceLocation: sourceLocation)
    #expect(copy.canonicalJSON == bytes, sourceLocation: sourceLocation)
    #expect(copy.meaningBytes == forest.meaningBytes, sourceLocation: sourceLocation)
  }

  @Test func everyOperation() throws { try Self.expectRoundTrip(SampleForests.everyOperation()) }

  @Test func descriptions() throws { try Self.expectRoundTrip(SampleForests.described()) }

  @Test(arguments: 0..<60 as Range<UInt64>) func randomForests(seed: UInt64) throws {
    var generator = ForestGenerator(seed: seed)
    try Self.expectRoundTrip(generator.forest())
  }

  @Test(arguments: Width.allCases) func randomTrees(width: Width) throws {
    var generator = ForestGenerator(seed: 3)
    try Self.expectRoundTrip(generator.plainForest(inputs: 7, trees: 50, groups: 3, width: width, linear: true))
  }

  @Test func deepestNesting() throws {
    var model = try {
      var builder = ModelBuilder(inputCount: 1, width: .float64)
      let negated = try builder.add(.unary(.negate, .inputs))
      return try builder.model(result: negated)
    }()
    for _ in 1..<ModelBuilder.nestingLimit {
      var builder = ModelBuilder(inputCount: 1, width: .float64)
      let members = try builder.add(.members([model], .inputs))
      model = try builder.model(result: members)
    }
    try Self.expectRoundTrip(SampleForests.forest(model))
  }

  /// A tree as deep as it has splits needs no deep stack anywhere.
  @Test func chainTree() throws {
    let count = 20_000
    let tree = try Tree(
      splits: (0..<count).map {
        Split(
          feature: 0, test: .less, threshold: Double($0), nanGoesLeft: false, left: .leaf($0),
          right: $0 + 1 < count ? .split($0 + 1) : .leaf(count))
      },
      leaves: (0...count).map(Double.init))
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let ensemble = try TreeEnsemble(trees: [tree], width: .float64, fold: .each)
    let values = try builder.add(.trees(ensemble, .inputs))
    try Self.expectRoundTrip(SampleForests.forest(builder.model(result: values)))
  }

  @Test func membersInAnyOrder() throws {
    let text = """
      {"provenance":{"notes":[],"facts":[],"format":"f","kind":"k","trainer":"t"},
       "model":{"result":1,"steps":[{"trees":[{"leaves":[1,2],"splits":[[0,"<",0.5,"right",-1,-2]]}],"start":[0],
         "fold":"sum","width":"float64","of":[0],"operation":"trees","value":1}],"inputs":{"width":"float32","count":1}},
       "columns":[{"meaning":"","printed":true,"width":"float64","role":"margin","name":"y"}],
       "inputs":[{"role":"feature","kind":"real","unit":"","title":"","expression":"","unnamed":false,"label":"x"}],
       "format_version":1,"format":"petrify-forest"}
      """
    let forest = try ForestJSONReader.read(Array(text.utf8), file: "f.json")
    #expect(forest.model.treeCount == 1)
    try Self.expectRoundTrip(forest)
  }
}
