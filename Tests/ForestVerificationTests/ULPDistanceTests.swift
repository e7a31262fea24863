import ForestIR
import ForestVerification
import Testing

@Suite struct ULPDistanceTests {
  @Test(arguments: [
    (1.0, 1.0, 0), (1.0, 1.0.nextUp, 1), (1.0.nextDown, 1.0.nextUp, 2), (-1.0, (-1.0).nextDown, 1),
    // Across zero: −0 and 0 differ in their bits, so they are neighbours, not one number.
    (0.0, -0.0, 1), (Double.leastNonzeroMagnitude, -Double.leastNonzeroMagnitude, 3), (Double.leastNonzeroMagnitude, 0.0, 1), (-Double.leastNonzeroMagnitude, -0.0, 1),
    (Double.greatestFiniteMagnitude, .infinity, 1), (Double.infinity, .infinity, 0), (Double.nan, -Double.nan, 0),
    (1.0, 2.0, 1 << 52),
  ] as [(Double, Double, UInt64)])
  func countsFloat64NumbersBetween(_ a: Double, _ b: Double, _ distance: UInt64) {
    #expect(Width.float64.ulps(a, b) == distance)
    #expect(Width.float64.ulps(b, a) == distance)
  }

  @Test func spansTheWholeRange() {
    #expect(Width.float64.ulps(-.infinity, .infinity) == UInt64(2) * 0x7FF0_0000_0000_0000 + 1)
    #expect(Width.float32.ulps(-.infinity, .infinity) == 2 * 0x7F80_0000 + 1)
  }

  @Test func hasNoWayToNaN() {
    #expect(Width.float64.ulps(.nan, 1) == nil)
    #expect(Width.float32.ulps(1, .nan) == nil)
  }

  @Test func countsFloat32NumbersWhereBothAreFloat32() {
    let one = Double(Float(1).nextUp)
    #expect(Width.float32.ulps(1, one) == 1)
    #expect(Width.float64.ulps(1, one) == 1 << 29)
    #expect(Width.float32.ulps(0, -0.0) == 1)
    // A number that is not float32 cannot be counted in float32 numbers.
    #expect(Width.float32.ulps(1, 1.0.nextUp) == 1)
  }
}
