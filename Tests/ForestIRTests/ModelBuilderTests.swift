import ForestIR
import ForestTesting
import Testing

@Suite struct ModelBuilderTests {
  /// A builder whose values are: 0 float32 × 2, 1 float64 × 2, 2 truth × 2, 3 float64 × 3, 4 float64 × 1.
  static func prepared() throws -> ModelBuilder {
    var builder = ModelBuilder(inputCount: 2, width: .float32)
    let wide = try builder.add(.convert(.inputs, to: .float64))
    _ = try builder.add(.isNaN(wide))
    _ = try builder.add(.constant([1, 2, 3], .float64))
    _ = try builder.add(.constant([1], .float64))
    return builder
  }

  static let narrow = Value.inputs
  static let wide = Value(index: 1)
  static let truth = Value(index: 2)
  static let three = Value(index: 3)
  static let one = Value(index: 4)

  static func model(inputs: Int = 2, _ result: Value = .inputs, width: Width = .float64) throws -> Model {
    var builder = ModelBuilder(inputCount: inputs, width: width)
    _ = try builder.add(.isNaN(.inputs))
    return try builder.model(result: result)
  }

  static func add(
    _ code: ForestFault.Code, _ message: String, _ step: @escaping @Sendable () throws -> ForestIR.Operation
  ) -> Refusal {
    Refusal(code, message) {
      var builder = try prepared()
      _ = try builder.add(step())
    }
  }

  static func choose(
    _ condition: Value, _ argument: Value, otherwise: Value = wide, model: Model? = nil
  ) throws -> ForestIR.Operation {
    let branch = Choice.Branch(condition: condition, model: try model ?? Self.model(), argument: argument)
    return .choose(Choice(branches: [branch], otherwise: otherwise, ambiguity: .first))
  }

  @Test(arguments: [
    add(.index, "a step reads value 5 of 5") { .isNaN(Value(index: 5)) },
    add(.index, "a step reads value -1 of 5") { .convert(Value(index: -1), to: .float32) },
    add(.index, "a step reads value 9 of 5") { .concatenate([wide, Value(index: 9)]) },
    add(.shape, "an empty constant") { .constant([], .float64) },
    add(.number, "a constant is not a float32 number") { .constant([0.1], .float32) },
    add(.shape, "a conversion needs numbers, not truth values") { .convert(truth, to: .float32) },
    add(.shape, "negate needs numbers, not truth values") { .unary(.negate, truth) },
    add(.shape, "naturalLogarithm computes in float64 only") { .unary(.naturalLogarithm, narrow) },
    add(.shape, "fastExponential computes in float64 only") { .unary(.fastExponential, narrow) },
    add(.shape, "add needs numbers, not truth values") { .binary(.add, truth, wide) },
    add(.shape, "add of different widths") { .binary(.add, narrow, wide) },
    add(.shape, "power computes in float64 only") { .binary(.power, narrow, narrow) },
    add(.shape, "vectors of different lengths: 2, 3") { .binary(.add, wide, three) },
    add(.shape, "a comparison of different widths") { .compare(.less, narrow, wide) },
    add(.shape, "a comparison needs numbers, not truth values") { .compare(.less, truth, truth) },
    add(.shape, "vectors of different lengths: 3, 2") { .compare(.equal, three, wide) },
    add(.shape, "a test for NaN needs numbers, not truth values") { .isNaN(truth) },
    add(.shape, "a truth value is needed, not numbers") { .not(wide) },
    add(.shape, "a truth value is needed, not numbers") { .and(truth, wide) },
    add(.shape, "a truth value is needed, not numbers") { .or(wide, truth) },
    add(.shape, "a truth value is needed, not numbers") { .any(wide) },
    add(.shape, "a truth value is needed, not numbers") { .select(wide, wide, wide) },
    add(.shape, "a selection between different widths") { .select(truth, wide, narrow) },
    add(.shape, "a selection needs numbers, not truth values") { .select(truth, truth, truth) },
    add(.shape, "vectors of different lengths: 2, 3, 1") { .select(truth, three, one) },
    add(.shape, "an empty gather") { .gather(wide, []) },
    add(.index, "element 2 of a vector of 2") { .gather(wide, [0, 2]) },
    add(.index, "element -1 of a vector of 2") { .gather(truth, [-1]) },
    add(.shape, "nothing to concatenate") { .concatenate([]) },
    add(.shape, "vectors of different kinds cannot be concatenated") { .concatenate([wide, truth]) },
    add(.shape, "vectors of different kinds cannot be concatenated") { .concatenate([wide, narrow]) },
    add(.shape, "a reduction needs numbers, not truth values") { .reduce(.sum, truth, count: 1) },
    add(.shape, "3 elements cannot be dealt out to 2 heaps") { .reduce(.sum, three, count: 2) },
    add(.shape, "3 elements cannot be dealt out to 0 heaps") { .reduce(.sum, three, count: 0) },
    add(.shape, "3 elements cannot be dealt out to 2 heaps") { .reduce(.pairwiseSum, three, count: 2) },
    add(.shape, "logarithmOfOnePlus computes in float64 only") { .unary(.logarithmOfOnePlus, narrow) },
    add(.shape, "the index of a maximum needs numbers, not truth values") { .indexOfMaximum(truth) },
    add(.shape, "a look-up needs numbers, not truth values") { .lookUp([[1], [1]], truth) },
    add(.shape, "1 tables, none of them empty, for 2 elements") { .lookUp([[1]], wide) },
    add(.shape, "2 tables, none of them empty, for 2 elements") { .lookUp([[1], []], wide) },
    add(.limit, "a look-up among 16777217 numbers, whose positions float32 does not hold") {
      .lookUp([[1], Vector([Double](repeating: 0, count: 1 << 24 + 1))], narrow)
    },
    add(.shape, "a matrix product computes in float64 only") {
      .product(try Matrix(rows: 1, columns: 2, elements: [1, 2]), narrow)
    },
    add(.shape, "a matrix of 2 columns times 3 elements") {
      .product(try Matrix(rows: 1, columns: 2, elements: [1, 2]), three)
    },
    add(.shape, "a curve computes in float64 only") { .curve([], narrow) },
    add(.shape, "0 curves for 2 elements") { .curve([], wide) },
    add(.shape, "0 curves for 2 elements") { .inverseCurve([], wide) },
    add(.shape, "a weighted median computes in float64 only") { .medianWindowMean(narrow, weights: [1, 1], halfWidth: 0) },
    add(.shape, "1 weights for 2 elements") { .medianWindowMean(wide, weights: [1], halfWidth: 0) },
    add(.shape, "a window of half width -1") { .medianWindowMean(wide, weights: [1, 1], halfWidth: -1) },
    add(.number, "the weights of a median must be finite, not negative, and not all 0") {
      .medianWindowMean(wide, weights: [0, 0], halfWidth: 0)
    },
    add(.number, "the weights of a median must be finite, not negative, and not all 0") {
      .medianWindowMean(wide, weights: [1, .nan], halfWidth: 0)
    },
    add(.number, "the weights of a median must be finite, not negative, and not all 0") {
      .medianWindowMean(wide, weights: [2, -1], halfWidth: 0)
    },
    add(.shape, "a weighted median computes in float64 only") { .weightedMedian(narrow, weights: [1, 1]) },
    add(.shape, "3 weights for 2 elements") { .weightedMedian(wide, weights: [1, 1, 1]) },
    add(.number, "the weights of a median must be finite, not negative, and not all 0") {
      .weightedMedian(wide, weights: [0, -0.0])
    },
    add(.number, "the weights of a median must be finite, not negative, and not all 0") {
      .weightedMedian(wide, weights: [1e308, 1e308])
    },
    add(.shape, "trees needs numbers, not truth values") {
      .trees(try TreeEnsemble(trees: [TreeTests.leaf(1)], width: .float64, fold: .each), truth)
    },
    add(.index, "the trees ask for feature 2 of 2") {
      let tree = try Tree(splits: [TreeTests.split(2, 0, .leaf(0), .leaf(1))], leaves: [1, 2])
      return .trees(try TreeEnsemble(trees: [tree], width: .float64, fold: .each), wide)
    },
    add(.index, "the trees ask for feature 2 of 2") {
      let tree = try Tree(
        splits: [TreeTests.split(2, 0, .leaf(0), .leaf(1), test: .inSet)], leaves: [1, 2], categorySets: [CategorySet([0])])
      return .trees(try TreeEnsemble(trees: [tree], width: .float64, fold: .each), wide)
    },
    add(.shape, "an ensemble without members") { .members([], wide) },
    add(.shape, "a model of 2 inputs cannot read 3 elements") { .members([try model()], three) },
    add(.shape, "a model of 2 inputs cannot read 2 elements") { .members([try model()], truth) },
    add(.shape, "members of different kinds") { .members([try model(), try model(width: .float32)], wide) },
    add(.shape, "a choice without branches") { .choose(Choice(branches: [], otherwise: wide, ambiguity: .first)) },
    add(.shape, "a choice must give numbers") { try choose(truth, wide, otherwise: truth) },
    add(.shape, "a truth value is needed, not numbers") { try choose(one, wide) },
    add(.shape, "the condition of a choice must be one truth value") { try choose(truth, wide) },
    Refusal(.shape, "the models of a choice give results of different shapes") {
      var builder = try prepared()
      let any = try builder.add(.any(truth))
      _ = try builder.add(choose(any, wide, otherwise: three))
    },
    Refusal(.shape, "a model of 2 inputs cannot read 1 elements") {
      var builder = try prepared()
      let any = try builder.add(.any(truth))
      _ = try builder.add(choose(any, one))
    },
    Refusal(.index, "the result is value 1 of 1") {
      var builder = ModelBuilder(inputCount: 1, width: .float64)
      _ = try builder.model(result: Value(index: 1))
    },
    Refusal(.index, "the result is value -1 of 1") {
      var builder = ModelBuilder(inputCount: 1, width: .float64)
      _ = try builder.model(result: Value(index: -1))
    },
    Refusal(.limit, "models within models, 33 deep") {
      var inner = try model()
      for _ in 0..<ModelBuilder.nestingLimit {
        var builder = ModelBuilder(inputCount: 2, width: .float64)
        let members = try builder.add(.members([inner], .inputs))
        inner = try builder.model(result: members)
      }
    },
    Refusal(.limit, "the vectors of the model have more than 67108864 elements") {
      var builder = ModelBuilder(inputCount: 1, width: .float64)
      var value = Value.inputs
      for _ in 0..<30 { value = try builder.add(.concatenate([value, value])) }
    },
    Refusal(.limit, "the vectors of the model have more than 67108864 elements") {
      var builder = ModelBuilder(inputCount: .max, width: .float64)
      _ = try builder.add(.isNaN(.inputs))
    },
  ]) func refuses(_ refusal: Refusal) throws { try refusal.check() }

  @Test func aRefusedStepLeavesNoTrace() throws {
    var builder = try Self.prepared()
    #expect(throws: ForestFault.self) { try builder.add(.not(Self.wide)) }
    #expect(try builder.add(.not(Self.truth)) == Value(index: 5))
  }

  @Test func shapesAreKnown() throws {
    let model = try SampleForests.everyOperation().model
    #expect(model.shapes.count == model.steps.count + 1)
    #expect(model.resultShape == model.shape(of: model.result))
    #expect(model.inputWidth == .float32)
    // Five trees, twice two and two more, then the inner model of five: three times as members, once as a choice.
    #expect(model.treeCount == 5 + 2 + 2 * 2 + 3 * 5 + 5 + 2)
    #expect(model.ensembles.reduce(0) { $0 + $1.trees.count } == model.treeCount)
  }

  // MARK: Forests

  static func forest(inputs: Int = 2, columns: [Column], result: Value = wide) throws {
    var builder = try prepared()
    _ = try Forest(
      inputs: (0..<inputs).map { Input(label: "x\($0)") }, model: builder.model(result: result), columns: columns,
      provenance: Provenance(trainer: "", kind: "", format: ""))
  }

  static func column(_ name: String, printed: Bool = true) -> Column {
    Column(name: name, role: .response, meaning: "", width: .float64, isPrinted: printed)
  }

  @Test(arguments: [
    Refusal(.shape, "1 inputs are described, the model reads 2") { try forest(inputs: 1, columns: [column("a"), column("b")]) },
    Refusal(.shape, "1 columns are described, the model gives 2") { try forest(columns: [column("a")]) },
    Refusal(.shape, "0 columns are described, the model gives 2") { try forest(columns: []) },
    Refusal(.shape, "the model's result must be numbers") { try forest(columns: [column("a"), column("b")], result: truth) },
    Refusal(.duplicate, "two printed columns are called \"a\"") { try forest(columns: [column("a"), column("a")]) },
    Refusal(.shape, "no column is printed") { try forest(columns: [column("a", printed: false), column("b", printed: false)]) },
  ]) func refusesForest(_ refusal: Refusal) throws { try refusal.check() }

  @Test func hiddenColumnsMayShareAName() throws {
    try Self.forest(columns: [Self.column("a"), Self.column("a", printed: false)])
  }
}
