import ForestIR
import Testing

@Suite struct WidthTests {
  /// 2⁻¹⁴⁹, the smallest float32, and the largest; 2⁻¹⁵⁰ and 2¹²⁸ − 2¹⁰³ are the middles beyond them.
  @Test(arguments: [
    (0, 0), (-0.0, -0.0), (1, 1), (0.1, 0.100000001490116119384765625), (16_777_217, 16_777_216), (16_777_219, 16_777_220),
    (0x1p-149, 0x1p-149), (0x1p-150, 0), (-0x1p-150, -0.0), (0x1.000001p-150, 0x1p-149), (0x1.8p-149, 0x1p-148),
    (0x1.fffffep127, 0x1.fffffep127), (0x1.fffffefp127, 0x1.fffffep127), (0x1.ffffffp127, .infinity), (1e300, .infinity),
    (-1e300, -.infinity), (.infinity, .infinity), (-.infinity, -.infinity), (0x1p-126, 0x1p-126),
    (1 + 0x1p-24, 1), (1 + 0x1p-23 + 0x1p-24, 1 + 0x1p-22),
  ] as [(Double, Double)]) func roundsToFloat32(value: Double, expected: Double) {
    let rounded = Width.float32.rounded(value)
    #expect(rounded.bitPattern == expected.bitPattern)
    #expect(Width.float32.holds(value) == (value == expected))
    #expect(Width.float32.holds(expected))
  }

  @Test(arguments: [0, -0.0, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity] as [Double])
  func float64HoldsAll(value: Double) {
    #expect(Width.float64.rounded(value).bitPattern == value.bitPattern)
    #expect(Width.float64.holds(value))
  }

  @Test(arguments: Width.allCases) func nanStays(width: Width) {
    #expect(width.rounded(.nan).isNaN)
    #expect(width.holds(.nan))
    #expect(width.holds(-.nan))
  }
}
