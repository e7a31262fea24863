import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

/// Every operation of the IR against numbers worked out by hand.
@Suite struct OperationTests {
  @Test func float32RoundsEachOperation() {
    #expect(result(of: { a, b, _ in .binary(.add, a, b) }, [16_777_216], [1], width: .float32) == [16_777_216])
    #expect(result(of: { a, b, _ in .binary(.add, a, b) }, [16_777_216], [1]) == [16_777_217])
    let third = result(of: { a, b, _ in .binary(.divide, a, b) }, [1], [3], width: .float32)
    #expect(third == [Double(Float(1) / Float(3))])
    #expect(
      result(of: { a, b, _ in .binary(.multiply, a, b) }, [0x1.fffffep127], [2], width: .float32) == [.infinity])
    #expect(result(of: { a, _, _ in .unary(.squareRoot, a) }, [2], width: .float32) == [Double(Float(2).squareRoot())])
  }

  @Test func conversionRoundsToNearestEven() {
    let halfway = 1 + 0x1p-24
    #expect(
      result(of: { a, _, _ in .convert(a, to: .float32) }, [halfway, halfway.nextUp, 1e300, -0.0])
        .elementsEqual([1, 1 + 0x1p-23, .infinity, -0.0], by: sameBits))
  }

  @Test func singleElementsAreRepeated() {
    #expect(result(of: { a, b, _ in .binary(.subtract, a, b) }, [10], [1, 2, 3]) == [9, 8, 7])
    #expect(result(of: { a, b, _ in .binary(.subtract, a, b) }, [1, 2, 3], [10]) == [-9, -8, -7])
    #expect(
      result(of: { a, b, c in .select(a, b, c) }, [1, 0, 1], [5], [7, 8, 9], truths: (true, false, false)) == [5, 8, 5])
  }

  @Test(arguments: [
    (.minimum, 1, 2, 1), (.minimum, 2, 1, 1), (.minimum, .nan, 5, 5), (.minimum, 5, .nan, .nan),
    (.minimum, 0, -0.0, 0), (.minimum, -0.0, 0, -0.0),
    (.maximum, 1, 2, 2), (.maximum, .nan, 5, 5), (.maximum, 5, .nan, .nan), (.maximum, -0.0, 0, -0.0),
    (.divide, 1, 0, .infinity), (.divide, -1, 0, -.infinity), (.divide, 0, 0, .nan),
    (.power, 2, 10, 1024), (.arcTangent2, 0, 1, 0), (.remainder, -7.5, 2, -1.5), (.remainder, 7.5, -2, 1.5),
    (.integerRemainder, 7.9, 3.9, 1), (.integerRemainder, -7.9, 3, -1), (.integerRemainder, 7, -3, 1),
    (.integerRemainder, -6, 3, 0), (.integerRemainder, 5, 0.9, .nan), (.integerRemainder, .nan, 1, .nan),
    (.integerRemainder, 1, .infinity, .nan), (.integerRemainder, 0x1p63, 3, .nan),
    (.integerRemainder, -0x1p63, -1, 0), (.integerRemainder, -0x1p63, 10, -8),
    (.integerRemainder, 5, -0x1p63, 5), (.integerRemainder, 5, -0x1.0000000000001p63, .nan),
  ] as [(BinaryFunction, Double, Double, Double)])
  func binaryFunction(_ function: BinaryFunction, a: Double, b: Double, expected: Double) {
    #expect(sameBits(result(of: { a, b, _ in .binary(function, a, b) }, [a], [b]), [expected]))
  }

  @Test(arguments: [
    (.negate, 0, -0.0), (.negate, 3, -3), (.absolute, -0.0, 0), (.absolute, -.infinity, .infinity),
    (.squareRoot, 9, 3), (.squareRoot, -1, .nan), (.squareRoot, -0.0, -0.0),
    (.truncate, -1.9, -1), (.truncate, -0.5, -0.0), (.truncate, .infinity, .infinity), (.truncate, .nan, .nan),
    (.exponential, 0, 1), (.exponential, -.infinity, 0), (.naturalLogarithm, 0, -.infinity), (.naturalLogarithm, -1, .nan),
    (.commonLogarithm, 1000, 3), (.sine, 0, 0), (.cosine, 0, 1), (.tangent, 0, 0), (.arcSine, 2, .nan), (.arcCosine, 1, 0),
    (.arcTangent, 0, 0), (.hyperbolicSine, 0, 0), (.hyperbolicCosine, 0, 1), (.hyperbolicTangent, 100, 1),
    (.logarithmOfOnePlus, 0, 0), (.logarithmOfOnePlus, -0.0, -0.0), (.logarithmOfOnePlus, -1, -.infinity),
    (.logarithmOfOnePlus, -1 - 0x1p-52, .nan), (.logarithmOfOnePlus, -1 + 0x1p-53, -36.7368005696771),
    (.logarithmOfOnePlus, 1e-300, 1e-300), (.logarithmOfOnePlus, .infinity, .infinity), (.logarithmOfOnePlus, .nan, .nan),
    (.areaHyperbolicSine, 0, 0), (.areaHyperbolicCosine, 1, 0), (.areaHyperbolicTangent, 1, .infinity),
  ] as [(UnaryFunction, Double, Double)])
  func unaryFunction(_ function: UnaryFunction, x: Double, expected: Double) {
    #expect(sameBits(result(of: { a, _, _ in .unary(function, a) }, [x]), [expected]))
  }

  @Test(arguments: [
    (.less, [0, 0, 1, 0]), (.lessOrEqual, [0, 1, 1, 0]), (.greater, [1, 0, 0, 0]),
    (.greaterOrEqual, [1, 1, 0, 0]), (.equal, [0, 1, 0, 0]), (.notEqual, [1, 0, 1, 1]),
  ] as [(Comparison, [Double])])
  func comparison(_ comparison: Comparison, expected: [Double]) {
    #expect(
      result(of: { a, b, _ in .compare(comparison, a, b) }, [2, 0, -1, .nan], [1, -0.0, 3, 1]) == expected)
  }

  @Test func truthValues() {
    let yes = (true, true, true)
    #expect(result(of: { a, _, _ in .not(a) }, [1, 0], truths: yes) == [0, 1])
    #expect(result(of: { a, b, _ in .and(a, b) }, [1, 1, 0, 0], [1, 0, 1, 0], truths: yes) == [1, 0, 0, 0])
    #expect(result(of: { a, b, _ in .or(a, b) }, [1, 1, 0, 0], [1, 0, 1, 0], truths: yes) == [1, 1, 1, 0])
    #expect(result(of: { a, _, _ in .any(a) }, [0, 0, 1], truths: yes) == [1])
    #expect(result(of: { a, _, _ in .any(a) }, [0, 0, 0], truths: yes) == [0])
    #expect(result(of: { a, _, _ in .isNaN(a) }, [.nan, .infinity, 0]) == [1, 0, 0])
  }

  @Test func shapes() {
    #expect(result(of: { a, _, _ in .gather(a, [2, 0, 2]) }, [5, 6, 7]) == [7, 5, 7])
    #expect(result(of: { a, b, _ in .concatenate([b, a, b]) }, [1, 2], [3]) == [3, 1, 2, 3])
  }

  @Test func reductionsDealOutInTurn() {
    #expect(result(of: { a, _, _ in .reduce(.sum, a, count: 2) }, [1, 10, 2, 20, 3, 30]) == [6, 60])
    #expect(result(of: { a, _, _ in .reduce(.maximum, a, count: 1) }, [1, .nan, 3, 2]) == [3])
    #expect(result(of: { a, _, _ in .reduce(.maximum, a, count: 1) }, [.nan, 3])[0].isNaN)
    #expect(sameBits(result(of: { a, _, _ in .reduce(.maximum, a, count: 1) }, [-0.0, 0]), [-0.0]))
    #expect(sameBits(result(of: { a, _, _ in .reduce(.sum, a, count: 1) }, [-0.0]), [0]))
    #expect(
      result(of: { a, _, _ in .reduce(.sum, a, count: 1) }, [16_777_216, 1, 1], width: .float32) == [16_777_216])
  }

  /// Of seven numbers in order, of eight as a tree of sums, of more in eight lanes, of many in halves.
  @Test func pairwiseSumsKeepTheirOrder() {
    func sum(_ x: [Double], heaps: Int = 1, width: Width = .float64) -> [Double] {
      result(of: { a, _, _ in .reduce(.pairwiseSum, a, count: heaps) }, x, width: width)
    }
    #expect(sameBits(sum([-0.0]), [0]))
    #expect(sum([1e16, 1, 1, 1, 1, 1, -1e16]) == [0])
    // (1e16 + 1) + (1 + 1) rounds twice; the other four are exact.
    #expect(sum([1e16, 1, 1, 1, 1, 1, 1, 1]) == [1e16 + 2 + 4])
    #expect(sameBits(sum([Double](repeating: -0.0, count: 8)), [-0.0]))
    // The ninth of fifteen comes when the lanes are done, the ninth of sixteen meets the first in its lane.
    #expect(sum([1, 0, 0, 0, 0, 0, 0, 0, 1e16, 0, 0, 0, 0, 0, -1e16]) == [0])
    #expect(sum([1, 1e16, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, -1e16]) == [2])
    // 136 numbers: 64 and 72.
    var many = [Double](repeating: 0, count: 136)
    (many[63], many[64], many[135]) = (1, 1e16, -1e16)
    #expect(sum(many) == [1])
    (many[63], many[64], many[135]) = (1e16, 1, -1e16)
    #expect(sum(many) == [0])
    #expect(sum([1, 10, 2, 20, 3, 30], heaps: 2) == [6, 60])
    #expect(sum([16_777_216, 1, 1], width: .float32) == [16_777_216])
    #expect(sum([16_777_216, 0, 1, 1, 0, 0, 0, 0], width: .float32) == [16_777_218])
  }

  @Test(arguments: [
    ([1.0, 3, 2], 1.0), ([3, 3, 3], 0), ([1, 3, 3], 1), ([-0.0, 0], 0), ([0, -0.0], 0), ([.nan, 5], 0), ([1, .nan, 2], 2),
    ([.nan, .nan], 0), ([-.infinity, -.infinity, -1e308], 2), ([7], 0), ([1, .nan], 0),
  ] as [([Double], Double)])
  func indexOfMaximum(x: [Double], expected: Double) {
    for width in Width.allCases {
      let wide = x.map(width.rounded)
      guard wide.elementsEqual(x, by: sameBits) else { continue }
      #expect(result(of: { a, _, _ in .indexOfMaximum(a) }, x, width: width) == [expected])
    }
  }

  @Test func lookUpFindsTheFirstEqual() {
    let table: Vector = [5, -0.0, 0, .nan, 5, .infinity, 0.1]
    func codes(_ x: [Double], width: Width = .float64) -> [Double] {
      result(of: { a, _, _ in .lookUp([Vector](repeating: table, count: x.count), a) }, x, width: width)
    }
    #expect(sameBits(codes([5, 0, -0.0, .nan, .infinity, -.infinity, 0.1, 6]), [0, 1, 1, .nan, 5, .nan, 6, .nan]))
    // A known value that is no float32 number equals none.
    #expect(sameBits(codes([5, Double(Float(0.1))], width: .float32), [0, .nan]))
    #expect(sameBits(result(of: { a, _, _ in .lookUp([[1], [2, 1]], a) }, [1, 1]), [0, 1]))
  }

  @Test(arguments: [
    ([3.0, 1, 2], [1.0, 1, 1], 2.0), ([4, 3, 2, 1], [1, 1, 1, 1], 2), ([4, 3, 2, 1], [1, 1.5, 1, 1], 3),
    ([3, 1, 2], [5, 1, 1], 3), ([7], [2], 7), ([1, 2], [0, 1], 2), ([1, 2], [1, 0], 1), ([2, 1], [0.5, 0.5], 1),
    ([.nan, 1, 2], [1, 1, 1], 2), ([.nan, 1], [3, 1], .nan), ([2, 1, 2, 1], [1, 1, 1, 1], 1), ([0, -0.0], [1, 1], 0),
    ([-0.0, 0], [1, 1], -0.0), ([1, 2, 3], [0, 0, 1], 3),
  ] as [([Double], [Double], Double)])
  func plainWeightedMedian(x: [Double], weights: [Double], expected: Double) {
    #expect(sameBits(result(of: { a, _, _ in .weightedMedian(a, weights: Vector(weights)) }, x), [expected]))
  }

  @Test func matrixProductAddsInOrder() throws {
    let matrix = try Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 1e16, 1, -1e16])
    #expect(result(of: { a, _, _ in .product(matrix, a) }, [1, 1, 1]) == [6, 0])
  }

  @Test(arguments: [
    ([3.0, 1, 2], [1.0, 1, 1], 0, 2.0), ([3, 1, 2], [1, 1, 1], 1, 2), ([3, 1, 2], [5, 1, 1], 0, 3),
    ([3, 1, 2], [5, 1, 1], 1, 2.5), ([4, 3, 2, 1], [1, 1, 1, 1], 0, 3), ([4, 3, 2, 1], [1, 1, 1, 1], 1, 3),
    ([4, 3, 2, 1], [1, 1, 1, 1], Int.max, 2.5), ([.nan, 1, 2], [1, 1, 1], 0, 2), ([2, 2], [0, 1], 0, 2),
  ] as [([Double], [Double], Int, Double)])
  func weightedMedian(x: [Double], weights: [Double], halfWidth: Int, expected: Double) {
    #expect(
      result(of: { a, _, _ in .medianWindowMean(a, weights: Vector(weights), halfWidth: halfWidth) }, x) == [expected])
  }
}
