import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// The ways through trees and what is made of their leaves.
@Suite struct TreeTests {
  private func leaf(_ tree: Tree, _ row: [Double], width: Width = .float64) throws -> Int32 {
    let ensemble = try TreeEnsemble(trees: [tree], width: .float64, fold: .each)
    return ReferenceEvaluator(model(ensemble, inputs: row.count, width: width)).evaluate(row: row).leaves[0]
  }

  @Test(arguments: [
    (.less, 1, 1, 1), (.less, 1, (1.0).nextDown, 0), (.less, 0, -0.0, 1),
    (.lessOrEqual, 1, 1, 0), (.lessOrEqual, 1, (1.0).nextUp, 1), (.lessOrEqual, -0.0, 0, 0),
    (.lessOrEqual, .infinity, .infinity, 0), (.less, .infinity, .infinity, 1), (.less, .infinity, 1e308, 0),
    (.less, -.infinity, -.infinity, 1), (.lessOrEqual, -.infinity, -.infinity, 0), (.lessOrEqual, -.infinity, -1e308, 1),
  ] as [(Split.Test, Double, Double, Int32)])
  func comparisonsAtThresholds(_ test: Split.Test, threshold: Double, x: Double, expected: Int32) throws {
    for nanGoesLeft in [false, true] {
      let found = try leaf(stump(test, threshold, nanGoesLeft: nanGoesLeft), [x])
      #expect(found == expected)
    }
  }

  @Test func inputsAreNarrowedBeforeTheyAreCompared() throws {
    let threshold = 1.0, justBelow = (1.0).nextDown
    #expect(try leaf(stump(.less, threshold), [justBelow], width: .float64) == 0)
    #expect(try leaf(stump(.less, threshold), [justBelow], width: .float32) == 1)
    // A threshold that is no float32 number is compared as it is.
    #expect(try leaf(stump(.less, 0.1), [0.1], width: .float32) == 1)
    #expect(try leaf(stump(.lessOrEqual, 0.1), [0.1], width: .float32) == 1)
    #expect(try leaf(stump(.less, 0.3), [0.3], width: .float32) == 1)
    #expect(try leaf(stump(.less, 0.7), [0.7], width: .float32) == 0)
  }

  @Test(arguments: Split.Test.allCases, [false, true])
  func nanIsRouted(_ test: Split.Test, goesLeft: Bool) throws {
    let form = LinearForm(offset: 0, coefficients: [1])
    for threshold in [-Double.infinity, 0, .infinity] {
      let tree = stump(
        test, test == .inSet ? 0 : threshold, nanGoesLeft: goesLeft, forms: [form], sets: [CategorySet([0])])
      #expect(try leaf(tree, [.nan]) == (goesLeft ? 0 : 1))
    }
  }

  @Test func linearFormsAddInOrderAndKeepZeroCoefficients() throws {
    let form = LinearForm(offset: 1, coefficients: [1e16, -1e16, 0])
    // 1 + 1e16 loses the 1.
    #expect(try leaf(stump(.linearLessOrEqual, 0, forms: [form]), [1, 1, 5]) == 0)
    #expect(try leaf(stump(.linearLessOrEqual, -1, forms: [form]), [1, 1, 5]) == 1)
    #expect(try leaf(stump(.linearLessOrEqual, 100, nanGoesLeft: false, forms: [form]), [1, 1, .infinity]) == 1)
    #expect(try leaf(stump(.linearLessOrEqual, -100, nanGoesLeft: true, forms: [form]), [1, 1, .infinity]) == 0)
  }

  @Test func leafNumbersAreTheTrainersOwn() throws {
    let plain = stump(.less, 0)
    let tree = try Tree(splits: plain.splits, leaves: plain.leaves, leafNumbers: [17, 4])
    #expect(try leaf(tree, [-1]) == 17)
    #expect(try leaf(tree, [1]) == 4)
    #expect(try leaf(Tree(splits: [], leaves: [3]), [1]) == 0)
  }

  @Test func sumsStartAndRoundInTheirWidth() throws {
    let trees = [stump(.less, 0, leaves: [1, 5]), stump(.less, 0, leaves: [1, 7])]
    func sum(_ width: Width, start: Vector, groups: [Int32]? = nil, weights: [Double]? = nil, x: Double) throws -> [Double] {
      let ensemble = try TreeEnsemble(
        trees: trees, groups: groups, weights: weights, width: width, fold: .sum(start: start))
      return ReferenceEvaluator(model(ensemble)).evaluate(row: [x]).results
    }
    #expect(try sum(.float32, start: [16_777_216], x: -1) == [16_777_216])
    #expect(try sum(.float64, start: [16_777_216], x: -1) == [16_777_218])
    #expect(try sum(.float64, start: [1, 2], groups: [1, 0], x: 1) == [8, 7])
    #expect(try sum(.float64, start: [0], weights: [0.5, -2], x: 1) == [-11.5])
    let tenth = Double(Float(0.1))
    let product = Float(0.1) * 5, sevenfold = Float(0.1) * 7
    #expect(try sum(.float32, start: [0], weights: [tenth, tenth], x: 1) == [Double(product + sevenfold)])
  }

  @Test func leavesOfSeveralNumbersAddNumberByNumber() throws {
    let trees = try [
      Tree(splits: stump(.less, 0).splits, leaves: [1, 10, 2, 20], leafWidth: 2),
      Tree(splits: [], leaves: [0.5, 16_777_216], leafWidth: 2),
    ]
    func found(_ fold: TreeEnsemble.Fold, weights: [Double]? = nil, width: Width = .float64, x: Double) throws -> [Double] {
      let ensemble = try TreeEnsemble(trees: trees, weights: weights, width: width, fold: fold)
      return ReferenceEvaluator(model(ensemble)).evaluate(row: [x]).results
    }
    #expect(try found(.sum(start: [0, 1]), x: -1) == [1.5, 16_777_227])
    #expect(try found(.sum(start: [0, 1]), x: 1) == [2.5, 16_777_237])
    #expect(try found(.sum(start: [0, 1]), weights: [3, 2], x: 1) == [7, 33_554_493])
    #expect(try found(.sum(start: [0, 1]), width: .float32, x: -1) == [1.5, 16_777_228])
    #expect(try found(.each, x: 1) == [2, 20, 0.5, 16_777_216])
    // Weights are for sums.
    #expect(try found(.each, weights: [3, 2], x: -1) == [1, 10, 0.5, 16_777_216])
  }

  @Test func membersGoLeft() throws {
    for nanGoesLeft in [false, true] {
      let tree = stump(.inSet, 1, nanGoesLeft: nanGoesLeft, sets: [CategorySet([5]), CategorySet([0, 33])])
      for width in Width.allCases {
        for x in [0, -0.0, 33] { #expect(try leaf(tree, [x], width: width) == 0) }
        for x in [5, 1, 32, 34, -33, 0.5, 33.5, -1, 65, 1e300, .infinity, -.infinity] {
          #expect(try leaf(tree, [x], width: width) == 1)
        }
        #expect(try leaf(tree, [.nan], width: width) == (nanGoesLeft ? 0 : 1))
      }
    }
  }
}
