import ForestIR
import ForestVerification
import Testing

@Suite struct VerdictTests {
  private static let columns: [(name: String, width: Width)] = [("a", .float64), ("b", .float32)]

  private func verdict(_ rows: [(expected: [Double], found: [Double])]) -> Verdict {
    var verdict = Verdict()
    for (index, row) in rows.enumerated() {
      verdict.compare(expected: row.expected, found: row.found, columns: Self.columns, inputs: [Double(index)])
    }
    return verdict
  }

  @Test func findsEqualBitsIdentical() {
    let verdict = verdict([([1, 2], [1, 2]), ([.nan, -0.0], [-.nan, -0.0]), ([.infinity, 0], [.infinity, 0])])
    #expect(verdict.rows == 3)
    #expect(verdict.identicalRows == 3)
    #expect(verdict.isIdentical)
    #expect(verdict.holds(within: 0))
    #expect(verdict.first == nil)
  }

  @Test func comparesNothing() {
    #expect(Verdict().isIdentical)
    #expect(Verdict().rows == 0)
  }

  @Test func tellsZerosApart() {
    let verdict = verdict([([0, 0], [-0.0, 0])])
    #expect(!verdict.isIdentical)
    #expect(verdict.worstULP == 1)
    #expect(verdict.worstDelta == 0)
    #expect(!verdict.holds(within: 0))
    #expect(verdict.holds(within: 1))
  }

  @Test func keepsTheWorstAndTheFirst() {
    let near = Double(Float(2).nextUp)
    let verdict = verdict([([1, 2], [1, 2]), ([1, 2], [(1.0).nextUp, near]), ([1, 2], [1.5, 2])])
    #expect(verdict.identicalRows == 1)
    #expect(verdict.worstULP == 1 << 51)
    #expect(verdict.worstDelta == 0.5)
    #expect(verdict.first == Difference(row: 1, column: "a", expected: 1, found: 1.0.nextUp, inputs: [1.0]))
  }

  @Test func neverAcceptsNaNForANumber() {
    let verdict = verdict([([1, .nan], [.nan, 1])])
    #expect(verdict.nanDisagreements == 2)
    #expect(verdict.worstULP == 0)
    #expect(!verdict.holds(within: .max))
    #expect(verdict.first?.column == "a")
  }

  @Test func countsAMissedInfinityAsInfinitelyFar() {
    #expect(verdict([([.infinity, 0], [1, 0])]).worstDelta == .infinity)
  }

  @Test(arguments: [
    (3.0, "0x1.8p+1"), (-0.0, "-0x0p+0"), (0.1, "0x1.999999999999ap-4"), (Double.leastNonzeroMagnitude, "0x0.0000000000001p-1022"),
    (1, "0x1p+0"), (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (-0.15625, "-0x1.4p-3"),
  ] as [(Double, String)])
  func spellsBits(_ value: Double, _ spelling: String) {
    #expect(HexFloat.spelling(value) == spelling)
    if value.isFinite { #expect(Double(spelling)?.bitPattern == value.bitPattern) }
  }
}
