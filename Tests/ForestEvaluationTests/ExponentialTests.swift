import ForestEvaluation
import ForestIR
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The exponentials that are defined by their operations.
@Suite struct ExponentialTests {
  private func single(_ x: Float) -> Float { Float(UnaryFunction.exponential.value(Double(x), in: .float32)) }
  private func fast(_ x: Double) -> Double { UnaryFunction.fastExponential.value(x, in: .float64) }

  /// glibc's own results, at the ends of the range, at the two arguments that fused operations round the other way, and in
  /// the subnormal numbers.
  @Test(arguments: [
    (0, 1), (-0.0, 1), (1, 0x1.5bf0a8p+1), (0x1.62e42ep6, 0x1.ffff08p+127), (0x1.62e43p6, .infinity), (-0x1.9fe368p6, 0x1p-149),
    (-0x1.9fe36ap6, 0), (0x1.04845ep+5, 0x1.f93e38p+46), (-0x1.f8cbb2p+5, 0x1.f45326p-92), (.infinity, .infinity), (-.infinity, 0),
    (0x1p-149, 1), (.nan, .nan),
  ] as [(Float, Float)])
  func singleExponential(_ x: Float, _ expected: Float) {
    let found = single(x)
    #expect(found.bitPattern == expected.bitPattern || found.isNaN && expected.isNaN, "\(found)")
  }

  #if canImport(Glibc)
    /// Every 4001st of all float32 numbers against the C library. (All 2³² were compared once, in C.)
    @Test func singleExponentialIsTheCLibrarys() {
      var differences = 0
      for bits in stride(from: UInt32(0), through: UInt32.max - 4001, by: 4001) {
        let x = Float(bitPattern: bits)
        if !x.isNaN, single(x).bitPattern != expf(x).bitPattern { differences += 1 }
      }
      #expect(differences == 0)
    }
  #endif

  /// Powers of two that can be checked by hand: the table's ends and middle, and the neighbours of √2.
  @Test func powersOfTwo() {
    let table = PowersOfTwo.table(steps: 2048)
    #expect(table[0] == 1 && table[1024] == 2.0.squareRoot() && table[512] == 2.0.squareRoot().squareRoot())
    #expect(table.indices.dropFirst().allSatisfy { table[$0] > table[$0 - 1] } && table[2047] < 2)
    // 2^(1/2048) and 2^(2047/2048), rounded from 60 decimal digits.
    #expect(table[1] == 0x1.00162f3904052p+0 && table[2047] == 0x1.ffd3a565efb65p+0)
    #expect(PowersOfTwo.table(steps: 32) == (0..<32).map { table[$0 * 64] })
  }

  @Test(arguments: [
    (0, 1), (-0.0, 1), (FastExponential.lowest, 0), (FastExponential.highest, .infinity), (-.infinity, 0), (.infinity, .infinity),
    (.nan, .nan),
  ] as [(Double, Double)])
  func fastExponential(_ x: Double, _ expected: Double) {
    let found = fast(x)
    #expect(found.bitPattern == expected.bitPattern || found.isNaN && expected.isNaN, "\(found)")
  }

  /// The reduced argument t carries the roundings of `inverseScale` and of its product with n: |x|·2⁻⁵² together, which is 2|x| units of
  /// the result; four more are for the polynomial's roundings and for the C library's own.
  @Test func fastExponentialIsNearTheExponential() {
    for step in -6900...6900 {
      let x = Double(step) * 0.1012345
      #expect(abs(fast(x) - UnaryFunction.exponential.value(x, in: .float64)) <= (2 * abs(x) + 4) * fast(x).ulp)
    }
  }
}
