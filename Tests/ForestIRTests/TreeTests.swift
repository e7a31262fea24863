import ForestIR
import Testing

@Suite struct TreeTests {
  static func split(
    _ feature: Int, _ threshold: Double, _ left: Child, _ right: Child, test: Split.Test = .less
  ) -> Split {
    Split(feature: feature, test: test, threshold: threshold, nanGoesLeft: false, left: left, right: right)
  }

  static func split(_ left: Child, _ right: Child) -> Split { split(0, 0, left, right) }

  /// A tree whose only split names a category set.
  static func set(_ number: Double, feature: Int = 0, of sets: [CategorySet] = [CategorySet([3])]) throws {
    _ = try Tree(
      splits: [split(feature, number, .leaf(0), .leaf(1), test: .inSet)], leaves: [1, 2], categorySets: sets)
  }

  @Test(arguments: [
    Refusal(.structure, "a tree of 0 splits must have one leaf more, not 0") { _ = try Tree(splits: [], leaves: []) },
    Refusal(.structure, "a tree of 0 splits must have one leaf more, not 2") { _ = try Tree(splits: [], leaves: [1, 2]) },
    Refusal(.structure, "a tree of 1 splits must have one leaf more, not 1") {
      _ = try Tree(splits: [split(.leaf(0), .leaf(0))], leaves: [1])
    },
    Refusal(.shape, "3 leaf numbers for 1 leaves") { _ = try Tree(splits: [], leaves: [1], leafNumbers: [1, 2, 3]) },
    Refusal(.number, "the value of leaf 1 is NaN", node: 1) {
      _ = try Tree(splits: [split(.leaf(0), .leaf(1))], leaves: [1, .nan])
    },
    Refusal(.shape, "3 numbers for leaves of 2 each") { _ = try Tree(splits: [], leaves: [1, 2, 3], leafWidth: 2) },
    Refusal(.shape, "0 numbers for leaves of 0 each") { _ = try Tree(splits: [], leaves: [], leafWidth: 0) },
    Refusal(.shape, "1 numbers for leaves of -1 each") { _ = try Tree(splits: [], leaves: [1], leafWidth: -1) },
    Refusal(.structure, "a tree of 1 splits must have one leaf more, not 1") {
      _ = try Tree(splits: [split(.leaf(0), .leaf(1))], leaves: [1, 2], leafWidth: 2)
    },
    Refusal(.shape, "4 leaf numbers for 2 leaves") {
      _ = try Tree(splits: [split(.leaf(0), .leaf(1))], leaves: [1, 2, 3, 4], leafWidth: 2, leafNumbers: [1, 2, 3, 4])
    },
    Refusal(.number, "the value of leaf 1 is NaN", node: 1) {
      _ = try Tree(splits: [split(.leaf(0), .leaf(1))], leaves: [1, 2, 3, .nan], leafWidth: 2)
    },
    Refusal(.index, "split 0 leads to leaf 2, which is not there", node: 0) {
      _ = try Tree(splits: [split(.leaf(0), .leaf(2))], leaves: [1, 2, 3, 4], leafWidth: 2)
    },
    Refusal(.index, "split 0 names category set 1.0 of 1", node: 0) { try set(1) },
    Refusal(.index, "split 0 names category set 0.5 of 1", node: 0) { try set(0.5) },
    Refusal(.index, "split 0 names category set -1.0 of 1", node: 0) { try set(-1) },
    Refusal(.index, "split 0 names category set inf of 1", node: 0) { try set(.infinity) },
    Refusal(.index, "split 0 names category set 1e+300 of 1", node: 0) { try set(1e300) },
    Refusal(.index, "split 0 names category set 0.0 of 0", node: 0) { try set(0, of: []) },
    Refusal(.number, "the threshold of split 0 is NaN", node: 0) { try set(.nan) },
    Refusal(.index, "split 0 asks for feature -1", node: 0) { try set(0, feature: -1) },
    Refusal(.number, "the threshold of split 0 is NaN", node: 0) {
      _ = try Tree(splits: [split(0, .nan, .leaf(0), .leaf(1))], leaves: [1, 2])
    },
    Refusal(.index, "split 0 asks for feature -1", node: 0) {
      _ = try Tree(splits: [split(-1, 0, .leaf(0), .leaf(1))], leaves: [1, 2])
    },
    Refusal(.index, "split 0 names linear form 1 of 1", node: 0) {
      _ = try Tree(
        splits: [split(1, 0, .leaf(0), .leaf(1), test: .linearLessOrEqual)], leaves: [1, 2],
        linearForms: [LinearForm(offset: 0, coefficients: [1])])
    },
    Refusal(.number, "linear form 1 has a coefficient that is not finite", node: 1) {
      _ = try Tree(
        splits: [], leaves: [1],
        linearForms: [LinearForm(offset: 0, coefficients: []), LinearForm(offset: 0, coefficients: [1, .infinity])])
    },
    Refusal(.number, "linear form 0 has a coefficient that is not finite", node: 0) {
      _ = try Tree(splits: [], leaves: [1], linearForms: [LinearForm(offset: .nan, coefficients: [])])
    },
    Refusal(.index, "split 0 leads to leaf 2, which is not there", node: 0) {
      _ = try Tree(splits: [split(.leaf(0), .leaf(2))], leaves: [1, 2])
    },
    Refusal(.index, "split 0 leads to split 1, which is not there", node: 0) {
      _ = try Tree(splits: [split(.leaf(0), .split(1))], leaves: [1, 2])
    },
    Refusal(.index, "split 0 leads to leaf 2147483647, which is not there", node: 0) {
      _ = try Tree(splits: [split(.leaf(0), Child(code: .min))], leaves: [1, 2])
    },
    Refusal(.structure, "leaf 0 is reached twice", node: 0) {
      _ = try Tree(splits: [split(.leaf(0), .leaf(0))], leaves: [1, 2])
    },
    Refusal(.structure, "split 0 is reached twice", node: 0) {
      _ = try Tree(splits: [split(.leaf(0), .split(0))], leaves: [1, 2])
    },
    Refusal(.structure, "split 0 is reached twice", node: 1) {
      _ = try Tree(splits: [split(.leaf(0), .split(1)), split(.leaf(1), .split(0))], leaves: [1, 2, 3])
    },
    Refusal(.structure, "split 1 is reached twice", node: 0) {
      _ = try Tree(splits: [split(.split(1), .split(1)), split(.leaf(1), .leaf(0))], leaves: [1, 2, 3])
    },
    Refusal(.structure, "a part of the tree cannot be reached from its root") {
      _ = try Tree(splits: [split(.leaf(0), .leaf(1)), split(.split(1), .leaf(2))], leaves: [1, 2, 3])
    },
  ]) func refuses(_ refusal: Refusal) throws { try refusal.check() }

  @Test func constantTree() throws {
    let tree = try Tree(splits: [], leaves: [-.infinity])
    #expect(tree.depth == 0)
    #expect(tree.featureCount == 0)
    #expect(tree.number(ofLeaf: 0) == 0)
  }

  @Test func countsFeaturesAndDepth() throws {
    let tree = try Tree(
      splits: [
        Self.split(2, .infinity, .split(1), .leaf(2)),
        Self.split(0, -.infinity, .leaf(0), .leaf(1), test: .linearLessOrEqual),
      ],
      leaves: [1, 2, 3], leafNumbers: [9, 9, -1], linearForms: [LinearForm(offset: 0, coefficients: [0, 0, 0, 1])])
    #expect(tree.depth == 2)
    #expect(tree.featureCount == 4)
    #expect(tree.number(ofLeaf: 2) == -1)
  }

  @Test func leavesOfSeveralNumbers() throws {
    let tree = try Tree(
      splits: [Self.split(4, -0.0, .leaf(1), .leaf(0), test: .inSet)], leaves: [1, 2, 3, 4, 5, 6], leafWidth: 3,
      categorySets: [CategorySet(words: [])])
    #expect(tree.leafCount == 2 && tree.leafWidth == 3 && tree.featureCount == 5)
    let sum = try TreeEnsemble(trees: [tree, tree], width: .float64, fold: .sum(start: [0, 0, 0]))
    #expect(sum.leafWidth == 3 && sum.resultCount == 3)
    #expect(try TreeEnsemble(trees: [tree, tree], width: .float64, fold: .each).resultCount == 6)
  }

  @Test(arguments: [
    (0, true), (-0.0, true), (1, false), (31, true), (32, false), (63, false), (64, true), (95, false), (96, false),
    (0.5, false), (31.5, false), (30.999999999999996, false), (-1, false), (-0.5, false), (-31, false), (.nan, false),
    (.infinity, false), (-.infinity, false), (1e300, false), (-1e300, false), (0x1p32, false), (0x1p63, false),
    (0x1p64, false), (.leastNonzeroMagnitude, false), (-.leastNonzeroMagnitude, false),
  ] as [(Double, Bool)]) func membersOfCategorySets(x: Double, isMember: Bool) {
    let set = CategorySet([31, 0, 64])
    #expect(set.words == [0x8000_0001, 0, 1])
    #expect(set.members == [0, 31, 64])
    #expect(set.contains(x) == isMember)
    #expect(!CategorySet(words: []).contains(x))
  }

  @Test func children() {
    for index in [0, 1, 1000, Int(Int32.max)] {
      #expect(!Child.split(index).isLeaf && Child.split(index).index == index)
      #expect(Child.leaf(index).isLeaf && Child.leaf(index).index == index)
    }
    #expect(Child.leaf(0).code == -1)
  }

  // MARK: Ensembles

  static func leaf(_ value: Double) throws -> Tree { try Tree(splits: [], leaves: [value]) }
  static func vector(_ values: [Double]) throws -> Tree {
    try Tree(splits: [], leaves: values, leafWidth: values.count)
  }

  @Test(arguments: [
    Refusal(.shape, "an ensemble without trees") { _ = try TreeEnsemble(trees: [], width: .float64, fold: .each) },
    Refusal(.shape, "1 groups for 2 trees") {
      _ = try TreeEnsemble(trees: [leaf(1), leaf(1)], groups: [0], width: .float64, fold: .each)
    },
    Refusal(.shape, "2 weights for 1 trees") {
      _ = try TreeEnsemble(trees: [leaf(1)], weights: [1, 1], width: .float64, fold: .each)
    },
    Refusal(.number, "the weight of tree 1 is not a float32 number", tree: 1) {
      _ = try TreeEnsemble(trees: [leaf(1), leaf(1)], weights: [1, 0.1], width: .float32, fold: .each)
    },
    Refusal(.number, "the weight of tree 0 is not a float64 number", tree: 0) {
      _ = try TreeEnsemble(trees: [leaf(1)], weights: [.nan], width: .float64, fold: .each)
    },
    Refusal(.number, "the start of the sums is not a list of float64 numbers") {
      _ = try TreeEnsemble(trees: [leaf(1)], width: .float64, fold: .sum(start: []))
    },
    Refusal(.number, "the start of the sums is not a list of float64 numbers") {
      _ = try TreeEnsemble(trees: [leaf(1)], width: .float64, fold: .sum(start: [.nan]))
    },
    Refusal(.number, "the start of the sums is not a list of float32 numbers") {
      _ = try TreeEnsemble(trees: [leaf(1)], width: .float32, fold: .sum(start: [0.1]))
    },
    Refusal(.index, "tree 0 adds to output 1 of 1", tree: 0) {
      _ = try TreeEnsemble(trees: [leaf(1)], groups: [1], width: .float64, fold: .sum(start: [0]))
    },
    Refusal(.index, "tree 1 adds to output -1 of 2", tree: 1) {
      _ = try TreeEnsemble(trees: [leaf(1), leaf(1)], groups: [1, -1], width: .float64, fold: .sum(start: [0, 0]))
    },
    Refusal(.shape, "the leaves of tree 1 hold 1 numbers, those of the first tree 2", tree: 1) {
      _ = try TreeEnsemble(trees: [vector([1, 2]), leaf(1)], width: .float64, fold: .each)
    },
    Refusal(.shape, "leaves of 2 numbers cannot be added to 1 outputs") {
      _ = try TreeEnsemble(trees: [vector([1, 2])], width: .float64, fold: .sum(start: [0]))
    },
    Refusal(.shape, "leaves of 2 numbers cannot be added to 2 outputs") {
      _ = try TreeEnsemble(trees: [vector([1, 2])], groups: [1], width: .float64, fold: .sum(start: [0, 0]))
    },
    Refusal(.number, "the value of leaf 0 is not a float32 number", tree: 0, node: 0) {
      _ = try TreeEnsemble(trees: [vector([1, 0.1])], width: .float32, fold: .each)
    },
    Refusal(.number, "the value of leaf 0 is not a float32 number", tree: 1, node: 0) {
      _ = try TreeEnsemble(trees: [leaf(1), leaf(0.1)], width: .float32, fold: .each)
    },
  ]) func refusesEnsemble(_ refusal: Refusal) throws { try refusal.check() }

  @Test func groupsAreOutputZeroUnlessSaid() throws {
    let ensemble = try TreeEnsemble(trees: [Self.leaf(1), Self.leaf(2)], width: .float64, fold: .sum(start: [0, 0, 0]))
    #expect(ensemble.groups == [0, 0])
    #expect(ensemble.resultCount == 3)
  }

  // MARK: Curves and matrices

  @Test(arguments: [
    Refusal(.shape, "a histogram needs two bins at least, not 1") { try curve([1]) },
    Refusal(.number, "a histogram's contents must be finite float32 numbers") { try curve([0, 0.1]) },
    Refusal(.number, "a histogram's contents must be finite float32 numbers") { try curve([0, .infinity]) },
    Refusal(.number, "a histogram's floor must be finite") { try curve([0, 1], floor: .nan) },
    Refusal(.limit, "1 fine bins") { try curve([0, 1], fine: 1) },
    Refusal(.limit, "-1 fine bins") { try curve([0, 1], fine: -1) },
    Refusal(.limit, "1000001 fine bins") { try curve([0, 1], fine: 1_000_001) },
    Refusal(.number, "a histogram's axis must run from a number to a larger one") { try curve([0, 1], .uniform(lower: 1, upper: 1)) },
    Refusal(.number, "a histogram's axis must run from a number to a larger one") { try curve([0, 1], .uniform(lower: .nan, upper: 1)) },
    Refusal(.number, "a histogram's axis must run from a number to a larger one") { try curve([0, 1], .uniform(lower: -1.7e308, upper: 1.7e308)) },
    Refusal(.shape, "2 edges for 2 bins") { try curve([0, 1], .listed([0, 1])) },
    Refusal(.number, "a histogram's edges must be finite and ascend") { try curve([0, 1], .listed([0, 1, 0.5])) },
    Refusal(.number, "a histogram's edges must be finite and ascend") { try curve([0, 1], .listed([1, 1, 1])) },
    Refusal(.number, "a histogram's edges must be finite and ascend") { try curve([0, 1], .listed([0, 1, .infinity])) },
    Refusal(.number, "a histogram's edges must be finite and ascend") { try curve([0, 1], .listed([0, .nan, 1])) },
    Refusal(.number, "a histogram's bins are too narrow to have different centres") {
      try curve([0, 1, 2], .uniform(lower: 1, upper: 1.0.nextUp))
    },
  ]) func refusesCurve(_ refusal: Refusal) throws { try refusal.check() }

  static func curve(
    _ contents: [Double], _ axis: HistogramCurve.Axis = .uniform(lower: 0, upper: 1), fine: Int = 0, floor: Double = 0
  ) throws {
    _ = try HistogramCurve(axis: axis, contents: contents, fineBins: fine, floor: floor)
  }

  @Test(arguments: [
    Refusal(.shape, "3 numbers for a matrix of 2 × 2") { _ = try Matrix(rows: 2, columns: 2, elements: [1, 2, 3]) },
    Refusal(.shape, "0 numbers for a matrix of 0 × 0") { _ = try Matrix(rows: 0, columns: 0, elements: []) },
    Refusal(.shape, "1 numbers for a matrix of -1 × -1") { _ = try Matrix(rows: -1, columns: -1, elements: [1]) },
    Refusal(.shape, "0 numbers for a matrix of \(Int.max) × 2") { _ = try Matrix(rows: .max, columns: 2, elements: []) },
  ]) func refusesMatrix(_ refusal: Refusal) throws { try refusal.check() }

  @Test func centres() throws {
    let uniform = try HistogramCurve(axis: .uniform(lower: -1, upper: 1), contents: [0, 1], fineBins: 0, floor: 0)
    #expect(uniform.centres == [-0.5, 0.5])
    let listed = try HistogramCurve(axis: .listed([0, 1, 3]), contents: [0, 1], fineBins: 0, floor: 0)
    #expect(listed.centres == [0.5, 2])
    #expect(listed.lower == 0 && listed.upper == 3)
  }

  @Test func vectorsCompareByBits() {
    #expect(Vector([.nan]) == Vector([.nan]))
    #expect(Vector([.nan]) != Vector([-.nan]))
    #expect(Vector([0]) != Vector([-0.0]))
    #expect(Set([Vector([0]), Vector([-0.0]), Vector([.nan]), Vector([.nan])]).count == 3)
  }
}
