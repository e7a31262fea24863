import ForestEvaluation
import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// Forests with their treatment of inputs moved into the thresholds, against the definition of right.
struct AdditiveForestTests {
  // MARK: Numbers in order

  @Test(arguments: Width.allCases) func placesAreInOrder(width: Width) {
    let numbers = OrderedNumbers(width)
    let known = [-Double.infinity, -1e30, -1, -1e-40, 0, 1e-40, 0.5, 1, 1e30, .infinity].map(width.rounded)
    for (a, b) in zip(known, known.dropFirst()) {
      #expect(numbers.place(a) < numbers.place(b))
      #expect(numbers.below(b) < b && numbers.above(a) > a)
      #expect(numbers.above(numbers.below(b)) == b && numbers.below(numbers.above(a)) == a)
    }
    for number in known { #expect(numbers.number(numbers.place(number)) == number) }
    #expect(numbers.place(-0.0) == numbers.place(0))
    #expect(numbers.above(.infinity) == .infinity && numbers.below(-.infinity) == -.infinity)
  }

  @Test(arguments: Width.allCases, [-Double.infinity, -3.5, -1e-45, 0, 1e-45, 0.1, 7, 3.4e38, .infinity])
  func lastIsFound(width: Width, limit: Double) {
    let last = OrderedNumbers(width).last { $0 <= limit }
    #expect(last == OrderedNumbers(width).last { !($0 > limit) })
    #expect(last.map { $0 <= limit && (limit == .infinity || OrderedNumbers(width).above($0) > limit) } == true)
    #expect(OrderedNumbers(width).last { _ in false } == nil)
  }

  // MARK: Treated features

  /// Ways from the inputs to what trees read, each element on its own.
  enum Treatment: CaseIterable {
    case none, rounded, scaled, scaledInFloat32, negated, snapped, imputed, clipped, truncated, codes, permuted
  }

  private func treated(_ treatment: Treatment, _ builder: inout ModelBuilder) throws -> Value {
    let wide = try builder.add(.convert(.inputs, to: .float64))
    func constant(_ numbers: Double..., width: Width = .float64) throws -> Value {
      try builder.add(.constant(Vector(numbers), width))
    }
    switch treatment {
    case .none: return .inputs
    case .rounded: return try builder.add(.convert(wide, to: .float32))
    case .scaled:
      let shifted = try builder.add(.binary(.subtract, wide, constant(0.1, -0.3, 1)))
      return try builder.add(.binary(.divide, shifted, constant(0.7, -1.3, 3)))
    case .scaledInFloat32:
      let narrow = try builder.add(.convert(wide, to: .float32))
      let shifted = try builder.add(.binary(.add, constant(0.25, width: .float32), narrow))
      return try builder.add(.binary(.multiply, shifted, constant(3, -0.5, 0.125, width: .float32)))
    case .negated: return try builder.add(.unary(.negate, builder.add(.binary(.maximum, wide, constant(-1)))))
    case .snapped:
      let isSmall = try builder.add(.compare(.lessOrEqual, builder.add(.unary(.absolute, wide)), constant(0.3)))
      return try builder.add(.select(isSmall, constant(0), wide))
    case .imputed: return try builder.add(.select(builder.add(.isNaN(wide)), constant(0.5, -1, 2), wide))
    case .clipped:
      let low = try builder.add(.select(builder.add(.compare(.less, wide, constant(-1))), constant(-1), wide))
      return try builder.add(.select(builder.add(.compare(.greater, low, constant(1.5))), constant(1.5), low))
    case .truncated: return try builder.add(.unary(.truncate, wide))
    case .codes:
      let isNegative = try builder.add(.compare(.less, wide, constant(0)))
      return try builder.add(.select(isNegative, constant(-1), builder.add(.unary(.truncate, wide))))
    case .permuted: return try builder.add(.concatenate([builder.add(.gather(wide, [2, 0])), builder.add(.gather(wide, [1]))]))
    }
  }

  private func forest(_ treatment: Treatment, seed: UInt64, inputWidth: Width) throws -> Forest {
    var generator = ForestGenerator(seed: seed)
    let leafWidth = seed % 4 == 3 ? 2 : 1
    let plain = generator.plainForest(
      inputs: 3, trees: 5, groups: seed % 2 == 0 ? 1 : 3, width: seed % 3 == 0 ? .float32 : .float64, leafWidth: leafWidth, sets: true)
    let ensemble = try #require(plain.model.ensembles.first)
    var builder = ModelBuilder(inputCount: 3, width: inputWidth)
    let features = try treated(treatment, &builder)
    let sum = try builder.add(.trees(ensemble, features))
    let end = try builder.add(.constant([0.1].map(ensemble.width.rounded).vector, ensemble.width))
    return generator.described(try builder.finish(.binary(.add, sum, end)))
  }

  private func sums(_ forest: AdditiveForest, _ row: [Double]) -> [Double] {
    var sums = forest.start
    for tree in forest.trees {
      var child = tree.splits.isEmpty ? Child.leaf(0) : .split(0)
      while !child.isLeaf {
        let split = tree.splits[child.index], x = forest.comparison.rounded(row[split.input])
        let isLeft =
          switch split.question {
          case _ where x.isNaN: split.nanGoesLeft
          case .atMost(let threshold): x <= threshold
          case .within(let intervals): intervals.contains { $0.contains(x) }
          }
        child = isLeft ? split.left : split.right
      }
      for number in 0..<tree.leafWidth {
        let output = tree.leafWidth == 1 ? tree.group : number
        sums[output] = forest.width.rounded(sums[output] + tree.leaves[child.index * tree.leafWidth + number])
      }
    }
    return sums
  }

  @Test(arguments: Treatment.allCases, 0..<8) func sumsOfRandomForests(treatment: Treatment, seed: Int) throws {
    for inputWidth in Width.allCases {
      let forest = try forest(treatment, seed: UInt64(seed) + 1, inputWidth: inputWidth)
      let reference = ReferenceEvaluator(forest)
      for comparison in Width.allCases {
        let additive = try AdditiveForest(forest, comparedIn: comparison, format: "a format")
        let rows = ProbeRows(forest)
        for row in rows.rows(60, seed: UInt64(seed)) + rows.everyCandidate(seed: UInt64(seed)) {
          // A reader that compares in float32 rounds first: then nothing is promised for other numbers.
          let row = row.map(comparison.rounded)
          let expected = reference.evaluate(row: row).results
          #expect(zip(sums(additive, row), expected).allSatisfy(==), "\(inputWidth), compared in \(comparison): \(row)")
        }
      }
    }
  }

  @Test func knownCategoriesAreIntervals() throws {
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let codes = try builder.add(.lookUp([[10, 20, 30.5]], .inputs))
    let tree = try SampleForests.stump(0, 0, test: .inSet, nanGoesLeft: true, leaves: [1, 2], sets: [CategorySet([0, 2])])
    let ensemble = try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0]))
    let forest = try SampleForests.forest(builder.finish(.trees(ensemble, codes)))
    let additive = try AdditiveForest(forest, comparedIn: .float64, format: "a format")
    // What is not known goes where NaN goes, to the left: so the one known number that goes to the right is asked for.
    #expect(additive.trees[0].splits[0].question == .within([20...20]))
    let reference = ReferenceEvaluator(forest)
    for x in [10, 20, 30.5, 30, .nan, .infinity, -1] {
      #expect(sums(additive, [x]) == reference.evaluate(row: [x]).results, "\(x)")
    }
  }

  // MARK: Refusals

  private func refusal(_ model: Model) throws -> String {
    let forest = try SampleForests.forest(model)
    do {
      _ = try AdditiveForest(forest, comparedIn: .float64, format: "a format")
      return "none"
    } catch { return error.message }
  }

  @Test func whatIsNoSumIsRefused() throws {
    let tree = try SampleForests.stump()
    let sum = try TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0]))
    var inner = ModelBuilder(inputCount: 2, width: .float64)
    let member = try inner.finish(.trees(sum, .inputs))

    var builder = ModelBuilder(inputCount: 2, width: .float64)
    #expect(try refusal(builder.finish(.members([member], .inputs))).contains("whole models"))

    builder = ModelBuilder(inputCount: 2, width: .float64)
    let condition = try builder.add(.any(builder.add(.isNaN(.inputs))))
    let otherwise = try builder.add(.constant([0], .float64))
    let choice = Choice(branches: [.init(condition: condition, model: member, argument: .inputs)], otherwise: otherwise, ambiguity: .first)
    #expect(try refusal(builder.finish(.choose(choice))).contains("conditions decide"))

    builder = ModelBuilder(inputCount: 2, width: .float64)
    let each = try TreeEnsemble(trees: [tree, tree], width: .float64, fold: .each)
    #expect(try refusal(builder.finish(.trees(each, .inputs))).contains("not added up"))

    builder = ModelBuilder(inputCount: 2, width: .float64)
    let first = try builder.add(.trees(sum, .inputs)), second = try builder.add(.trees(sum, .inputs))
    #expect(try refusal(builder.finish(.binary(.add, first, second))).contains("2 separate sums"))

    builder = ModelBuilder(inputCount: 2, width: .float64)
    #expect(try refusal(builder.finish(.constant([1], .float64))).contains("no trees"))
  }

  @Test func whatCannotBeAskedIsRefused() throws {
    func refusal(of tree: Tree, _ features: (inout ModelBuilder) throws -> Value = { _ in .inputs }) throws -> String {
      var builder = ModelBuilder(inputCount: 2, width: .float64)
      let features = try features(&builder)
      return try self.refusal(
        builder.finish(.trees(TreeEnsemble(trees: [tree], width: .float64, fold: .sum(start: [0])), features)))
    }
    let form = LinearForm(offset: 0, coefficients: [1, 2])
    #expect(try refusal(of: SampleForests.stump(test: .linearLessOrEqual, forms: [form])).contains("split 0 of tree 0 asks for a sum of several inputs"))
    #expect(try refusal(of: SampleForests.stump(leaves: [1, .infinity])).contains("leaf 1 of tree 0 is infinite"))
    #expect(
      try refusal(of: SampleForests.stump()) { try $0.add(.product(Matrix(rows: 1, columns: 2, elements: [1, 2]), .inputs)) }
        .contains("computed from \"x0\", \"x1\""))
    // The library's functions need not be monotone.
    #expect(try refusal(of: SampleForests.stump()) { try $0.add(.unary(.exponential, .inputs)) }.contains("computed from \"x0\""))
    let linear = try Tree(splits: [], leaves: [1], leafForms: [LeafForm(offset: 0, features: [0], coefficients: [1])])
    #expect(try refusal(of: linear).contains("linear leaves"))
  }

  // MARK: Formulas

  @Test func scoresAreTold() throws {
    var builder = ModelBuilder(inputCount: 2, width: .float64)
    let ensemble = try TreeEnsemble(trees: [SampleForests.stump()], width: .float64, fold: .sum(start: [0]))
    let raw = try builder.add(.trees(ensemble, .inputs))
    let one = try builder.add(.constant([1], .float64))
    let power = try builder.add(.unary(.exponential, builder.add(.unary(.negate, raw))))
    let logistic = try builder.add(.binary(.divide, one, builder.add(.binary(.add, one, power))))
    let isBad = try builder.add(.any(builder.add(.isNaN(.inputs))))
    let guarded = try builder.add(.select(isBad, builder.add(.constant([-999], .float64)), builder.add(.binary(.divide, raw, logistic))))
    let model = try builder.finish(.concatenate([raw, logistic, guarded]))
    let additive = try AdditiveForest(SampleForests.forest(model), comparedIn: .float64, format: "a format")
    #expect(additive.scores.map(\.formula) == ["raw", "1 / (1 + exp(-raw))", "raw / (1 / (1 + exp(-raw)))"])
    #expect(additive.scores.map(\.ifNaN) == [nil, nil, -999])
    #expect(additive.scores[2].sentence == "\"y2\" is raw / (1 / (1 + exp(-raw))); -999.0 where an input (or what is made of it) is NaN")
  }
}

extension [Double] {
  fileprivate var vector: Vector { Vector(self) }
}
