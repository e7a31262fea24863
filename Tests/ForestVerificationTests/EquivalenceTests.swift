import ForestEvaluation
import ForestIR
import ForestTesting
import ForestVerification
import Testing

/// Forests of two inputs, one ensemble and a link behind it, changed in ways that matter or do not.
@Suite struct EquivalenceTests {
  /// What a forest of these tests is made of.
  struct Recipe {
    var trees: [Tree]
    var labels = ["a", "b"]
    var inputWidth = Width.float32
    var width = Width.float64
    var weights: [Double]?
    var start: Vector = [0.5]
    var features: [Int32] = [0, 1]
    var link: UnaryFunction? = .exponential

    init() throws {
      trees = [
        try Tree(
          splits: [
            Split(feature: 0, test: .less, threshold: 0.1, nanGoesLeft: true, left: .split(1), right: .leaf(2)),
            Split(feature: 1, test: .lessOrEqual, threshold: 2, nanGoesLeft: false, left: .leaf(0), right: .leaf(1)),
          ], leaves: [0.25, -0.75, 1]),
        try SampleForests.stump(1, -3, leaves: [0.125, 7]), try SampleForests.stump(0, 1, test: .less, leaves: [-1, 0.0625]),
      ]
    }

    func forest() throws -> Forest {
      var builder = ModelBuilder(inputCount: labels.count, width: inputWidth)
      let read: Value = features == [0, 1] ? .inputs : try builder.add(.gather(.inputs, features))
      let sum = try builder.add(
        .trees(TreeEnsemble(trees: trees, weights: weights, width: width, fold: .sum(start: start)), read))
      let response = try link.map { try builder.add(.unary($0, sum)) }
      let result = try builder.add(.concatenate([sum, response ?? sum]))
      return try Forest(
        inputs: labels.map { Input(label: $0) }, model: builder.model(result: result),
        columns: [
          Column(name: "margin", role: .margin, meaning: "", width: width), Column(name: "p", role: .response, meaning: "", width: width),
        ], provenance: Provenance(trainer: "", kind: "", format: ""))
    }
  }

  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let apply: @Sendable (inout Recipe) throws -> Void
    init(_ name: String, _ apply: @escaping @Sendable (inout Recipe) throws -> Void) {
      testDescription = name
      self.apply = apply
    }
  }

  static func compare(_ change: (inout Recipe) throws -> Void, domain: EventDomain = [], rows: Int = 12_000) throws -> Equivalence {
    let a = try Recipe()
    var b = a
    try change(&b)
    var plan = Equivalence.Plan()
    plan.domain = domain
    plan.rows = rows
    return try Equivalence(a.forest(), b.forest(), plan)
  }

  /// `x <= t`, `x < next above t`, children exchanged and so on.
  static let harmless: [Change] = [
    Change("nothing") { _ in },
    Change("float64 threshold between the same float32 numbers") {
      $0.trees[2] = try SampleForests.stump(0, 1 - 1e-12, test: .less, leaves: [-1, 0.0625])
      $0.trees[1] = try SampleForests.stump(1, Double(-3).nextUp, leaves: [0.125, 7])
    },
    Change("<= the number below instead of <") {
      $0.trees[2] = try SampleForests.stump(0, Double(Float(1).nextDown), test: .lessOrEqual, leaves: [-1, 0.0625])
    },
    Change("< the number above instead of <=") {
      $0.trees[1] = try SampleForests.stump(1, Double(Float(-3).nextUp), test: .less, leaves: [0.125, 7])
    },
    Change("a split that decides nothing") {
      $0.trees[1] = try Tree(
        splits: [
          Split(feature: 1, test: .lessOrEqual, threshold: -3, nanGoesLeft: false, left: .split(1), right: .leaf(2)),
          Split(feature: 1, test: .lessOrEqual, threshold: 5, nanGoesLeft: true, left: .leaf(0), right: .leaf(1)),
        ], leaves: [0.125, 99, 7])
    },
    Change("questions in another order") {
      $0.trees[0] = try Tree(
        splits: [
          Split(feature: 1, test: .lessOrEqual, threshold: 2, nanGoesLeft: false, left: .split(1), right: .split(2)),
          Split(feature: 0, test: .less, threshold: 0.1, nanGoesLeft: true, left: .leaf(0), right: .leaf(1)),
          Split(feature: 0, test: .less, threshold: 0.1, nanGoesLeft: true, left: .leaf(2), right: .leaf(3)),
        ], leaves: [0.25, 1, -0.75, 1])
    },
    Change("float64 inputs, thresholds that do the rounding") {
      // Half-way between float32 neighbours: 0.1 is rounded up, 2 and −3 have even digits, 1 too.
      $0.inputWidth = .float64
      let below = (Double(Float(0.1)) + Double(Float(0.1).nextDown)) / 2
      $0.trees[0] = try Tree(
        splits: [
          Split(
            feature: 0, test: Float(below) < Float(0.1) ? .lessOrEqual : .less, threshold: below, nanGoesLeft: true, left: .split(1),
            right: .leaf(2)),
          Split(
            feature: 1, test: .lessOrEqual, threshold: (2 + Double(Float(2).nextUp)) / 2, nanGoesLeft: false, left: .leaf(0),
            right: .leaf(1)),
        ], leaves: [0.25, -0.75, 1])
      $0.trees[1] = try SampleForests.stump(1, (-3 + Double(Float(-3).nextUp)) / 2, leaves: [0.125, 7])
      $0.trees[2] = try SampleForests.stump(0, (1 + Double(Float(1).nextDown)) / 2, test: .less, leaves: [-1, 0.0625])
    },
    Change("leaf numbers") { $0.trees[1] = try SampleForests.stump(1, -3, leaves: [0.125, 7], numbers: [5, 9]) },
    Change("weights instead of leaves") {
      $0.trees[1] = try SampleForests.stump(1, -3, leaves: [0.0625, 3.5])
      $0.weights = [1, 2, 1]
    },
    Change("the start as a first tree") {
      $0.trees.insert(try Tree(splits: [], leaves: [0.5]), at: 0)
      $0.start = [0]
    },
    Change("a tree that adds nothing") { $0.trees.insert(try SampleForests.stump(0, 0, leaves: [0, -0.0]), at: 1) },
    Change("inputs exchanged") {
      $0.labels = ["b", "a"]
      $0.features = [1, 0]
    },
    Change("other names") { $0.labels = ["pt", "eta"] },
    Change("an input that nobody reads") { $0.labels.append("c") },
  ]

  @Test(arguments: harmless) func provesWhatIsTheSame(_ change: Change) throws {
    let found = try Self.compare(change.apply)
    #expect(found.proofs == [.proved, .proved])
    #expect(found.example == nil)
    #expect(found.parting.isEmpty)
  }

  static let harmful: [Change] = [
    Change("a threshold one float32 number away") {
      $0.trees[1] = try SampleForests.stump(1, Double(Float(-3).nextUp), leaves: [0.125, 7])
    },
    Change("strictness") { $0.trees[2] = try SampleForests.stump(0, 1, test: .lessOrEqual, leaves: [-1, 0.0625]) },
    Change("one bit of a leaf") { $0.trees[1] = try SampleForests.stump(1, -3, leaves: [0.125, Double(7).nextUp]) },
    Change("where NaN goes") { $0.trees[1] = try SampleForests.stump(1, -3, nanGoesLeft: true, leaves: [0.125, 7]) },
    Change("children exchanged") { $0.trees[2] = try SampleForests.stump(0, 1, test: .less, leaves: [0.0625, -1]) },
    Change("another feature") { $0.trees[2] = try SampleForests.stump(1, 1, test: .less, leaves: [-1, 0.0625]) },
    Change("a tree less") { $0.trees.removeLast() },
    Change("inputs exchanged, names not") { $0.features = [1, 0] },
    Change("the start") { $0.start = [0.75] },
    Change("the width of the inputs") { $0.inputWidth = .float64 },
    Change("the link") { $0.link = .hyperbolicTangent },
    Change("no link") { $0.link = nil },
  ]

  @Test(arguments: harmful) func findsAnExampleOfWhatDiffers(_ change: Change) throws {
    let found = try Self.compare(change.apply)
    #expect(found.proofs.contains(.refuted))
    let example = try #require(found.example)
    #expect(!found.parting.isEmpty)
    // The example is checked from outside, by the plain evaluator.
    let a = try Recipe()
    var b = a
    try change.apply(&b)
    let results = try [(a, found.inputs.placesOfA), (b, found.inputs.placesOfB)].map { recipe, places in
      try ReferenceEvaluator(recipe.forest()).evaluate(row: places.map { example.inputs[$0] }).results
    }
    #expect(sameBits(results[0], example.a))
    #expect(sameBits(results[1], example.b))
    #expect(!sameBits(example.a, example.b))
  }

  private func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { Width.float64.ulps($0, $1) == 0 }
  }

  @Test func saysWhichTreeDiffers() throws {
    let found = try Self.compare { $0.trees[1] = try SampleForests.stump(1, -3, leaves: [0.125, 7.5]) }
    #expect(found.parting == [Equivalence.Parting(kind: .leaves(7, 7.5), treeA: 1, treeB: 1)])
    #expect(found.treesAlike == 2)
  }

  @Test func tellsOtherOrderFromOtherTrees() throws {
    // All sums of these leaves are exact, so no event tells the orders apart, and nothing proves it.
    let found = try Self.compare { $0.trees.swapAt(0, 2) }
    #expect(found.proofs == [.agreesOnProbes, .agreesOnProbes])
    #expect(found.parting.map(\.kind) == [.order])
    #expect(found.coversAllBorders)
    #expect(found.probedRows >= 10_000)
  }

  @Test(arguments: [(EventDomain.withoutNaN, "NaN"), (.float32, "width")])
  func namesTheEventsForWhichTwoAreTheSame(_ domain: EventDomain, _ what: String) throws {
    func change(_ recipe: inout Recipe) throws {
      if what == "NaN" {
        recipe.trees[1] = try SampleForests.stump(1, -3, nanGoesLeft: true, leaves: [0.125, 7])
      } else {
        recipe.inputWidth = .float64
      }
    }
    let anywhere = try Self.compare(change)
    #expect(anywhere.narrowerDomain == domain, "\(anywhere.parting)")
    #expect(!anywhere.isSame)
    let there = try Self.compare(change, domain: domain)
    #expect(there.proofs == [.proved, .proved])
    #expect(there.narrowerDomain == nil)
  }

  @Test func provesRawSumsThoughTheLinksDiffer() throws {
    let found = try Self.compare { $0.link = .hyperbolicTangent }
    #expect(found.proofs == [.proved, .refuted])
  }

  @Test func aDifferenceThatRoundingSwallowsIsNoDifference() throws {
    let found = try Self.compare {
      $0.start = [0x1p60]
      $0.trees[2] = try SampleForests.stump(0, 1, test: .less, leaves: [-1, 0.125])
    }
    // The starts differ, so this must be seen.
    #expect(!found.isSame)
    var a = try Recipe()
    a.start = [0x1p60]
    var b = a
    b.trees[2] = try SampleForests.stump(0, 1, test: .less, leaves: [-1, 0.125])
    let same = try Equivalence(a.forest(), b.forest(), Equivalence.Plan())
    #expect(same.proofs == [.agreesOnProbes, .agreesOnProbes])
    #expect(same.parting == [Equivalence.Parting(kind: .leaves(0.0625, 0.125), treeA: 2, treeB: 2)])
  }

  @Test func comparesCategories() throws {
    func stump(_ words: [UInt32], leaves: [Double] = [1, 2]) throws -> Tree {
      try SampleForests.stump(0, 0, test: .inSet, leaves: leaves, sets: [CategorySet(words: words)])
    }
    func found(_ a: Tree, _ b: Tree) throws -> Equivalence {
      var first = try Recipe(), second = try Recipe()
      first.trees[1] = a
      second.trees[1] = b
      return try Equivalence(first.forest(), second.forest(), Equivalence.Plan())
    }
    #expect(try found(stump([6]), stump([6, 0])).proofs == [.proved, .proved])
    #expect(try found(stump([]), SampleForests.stump(0, -.infinity, test: .less, leaves: [1, 2])).proofs == [.proved, .proved])
    let other = try found(stump([6]), stump([4]))
    #expect(other.proofs.contains(.refuted))
    #expect(other.example?.inputs[0] == 1)
  }

  /// Whatever the generator makes is the same as itself; proofs of unequal models would be refuted by the events asked along.
  @Test(arguments: UInt64(0)..<60) func randomForests(_ seed: UInt64) throws {
    var generator = ForestGenerator(seed: seed)
    var plan = Equivalence.Plan()
    plan.rows = 3000
    let forest = generator.forest()
    let same = try Equivalence(forest, forest, plan)
    #expect(same.isProved)

    let plain = generator.plainForest(inputs: 3, trees: 4, groups: 2, linear: seed % 2 == 0, sets: seed % 3 == 0)
    #expect(try Equivalence(plain, plain, plan).isProved)
    // Another forest over the same inputs: a proof would be wrong, and would throw.
    let other = generator.plainForest(inputs: 3, trees: 4, groups: 2, linear: seed % 2 == 0, sets: seed % 3 == 0)
    #expect(try !Equivalence(plain, other, plan).isProved)
  }
}

@Suite struct ValueRangeTests {
  /// Two tests are one exactly where they let the same numbers pass.
  @Test(arguments: [true, false]) func testsHaveOneForm(float32: Bool) throws {
    let interesting: [Double] = [
      0, -0.0, 1, -1, 0.1, 1e300, -1e300, .infinity, -.infinity, .leastNonzeroMagnitude, Double(Float.greatestFiniteMagnitude),
      Double(Float.leastNonzeroMagnitude), Double(1).nextUp, Double(1).nextDown, Double(Float(1).nextUp), Double(Float(1).nextDown),
    ]
    let numbers = interesting.filter { !float32 || Width.float32.holds($0) }
    var forms: [PlainTest: [Bool]] = [:]
    for threshold in interesting {
      for test in [Split.Test.less, .lessOrEqual] {
        let tree = try SampleForests.stump(0, threshold, test: test)
        let form = PlainTest(tree.splits[0], of: tree, float32: float32)
        let passed = numbers.map { test == .less ? $0 < threshold : $0 <= threshold }
        #expect(forms[form] == nil || forms[form] == passed)
        forms[form] = passed
        let (left, right) = ValueRange.everything(nan: true).parted(by: form, nanGoesLeft: true)
        #expect(numbers.map(left.contains) == passed)
        #expect(numbers.map(right.contains) == passed.map { !$0 })
        #expect(left.contains(.nan) && !right.contains(.nan))
        for side in [left, right] {
          #expect(side.hasNoNumber == side.samples(float32: float32).isEmpty)
          #expect(side.samples(float32: float32).allSatisfy { side.contains($0) && (!float32 || Width.float32.holds($0)) })
        }
      }
    }
  }
}

@Suite struct RoundedQuestionTests {
  /// A question of a rounded number, asked of the number itself, has the same answers.
  @Test(arguments: [
    0, 1, -1, 0.1, -0.1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude / 3, .infinity, -.infinity,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 16_777_216, 3.5,
  ] as [Float]) func hasTheSameAnswers(_ bound: Float) throws {
    let test = PlainTest.upTo(Double(bound) + 0)
    guard case .upTo(let unrounded)? = test.beforeRounding else {
      Issue.record("no such question")
      return
    }
    #expect(Float(unrounded) <= bound)
    #expect(unrounded == .infinity || Float(unrounded.nextUp) > bound)
  }
}

@Suite struct MatchTests {
  private func inputs(_ labels: String, unnamed: Bool = false) -> [Input] {
    labels.split(separator: " ").map { Input(label: String($0), isUnnamed: unnamed) }
  }

  @Test(arguments: [
    ("a b c", "a b c", "00 11 22"), ("a b c", "c a b", "01 12 20"), ("a b", "a c", "00 11"), ("a b", "b", "0- 10"), ("a", "b a", "01 -0"),
    ("a b c", "b x y", "01 10 22"), ("a a", "a a", "00 11"),
  ]) func inputsByName(_ a: String, _ b: String, _ expected: String) {
    let match = InputMatch(inputs(a), inputs(b))
    let words = match.pairs.map { pair in [pair.a, pair.b].map { $0.map(String.init) ?? "-" }.joined() }
    #expect(words.joined(separator: " ") == expected)
    #expect(match.placesOfA.map { match.pairs[$0].a } == Array(0..<a.split(separator: " ").count))
    #expect(match.placesOfB.map { match.pairs[$0].b } == Array(0..<b.split(separator: " ").count))
  }

  @Test func inputsByPosition() {
    let match = InputMatch(inputs("a b c"), inputs("x0 x1", unnamed: true))
    #expect(match.isByPosition)
    #expect(match.pairs.map(\.b) == [0, 1, nil])
  }

  @Test(arguments: [
    ("m:margin p:response", "m:margin p:response", "00 11"), ("margin:margin pred:response", "raw:margin proba:response", "00 11"),
    ("p:response m:margin", "m:margin p:response", "01 10"), ("s:response", "s:margin", "00"), ("a:response b:response", "b:response", "10"),
    ("a:response b:response", "b:response a:response", "01 10"),
  ]) func columns(_ a: String, _ b: String, _ expected: String) {
    func columns(_ text: String) -> [Column] {
      text.split(separator: " ").map { part in
        let halves = part.split(separator: ":").map(String.init)
        return Column(name: halves[0], role: Column.Role(rawValue: halves[1])!, meaning: "", width: .float64)
      }
    }
    let match = ColumnMatch(columns(a), columns(b), roles: Set(Column.Role.allCases))
    #expect(match.pairs.map { "\($0.a)\($0.b)" }.joined(separator: " ") == expected)
  }
}
