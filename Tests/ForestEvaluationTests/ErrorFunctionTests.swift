import ForestEvaluation
import ForestIR
import Testing

/// The error functions against published values (Abramowitz and Stegun, table 7.1) and laws.
@Suite struct ErrorFunctionTests {
  private func erf(_ x: Double) -> Double { UnaryFunction.errorFunction.value(x, in: .float64) }
  private func erfc(_ x: Double) -> Double { UnaryFunction.complementaryErrorFunction.value(x, in: .float64) }
  private func inverse(_ x: Double) -> Double { UnaryFunction.inverseErrorFunction.value(x, in: .float64) }

  @Test(arguments: [
    (0.0, 0.0), (0.1, 0.1124629160182849), (0.5, 0.5204998778130465), (1, 0.8427007929497149), (1.5, 0.9661051464753108),
    (2, 0.9953222650189527), (3, 0.9999779095030014), (6, 1), (.infinity, 1),
  ] as [(Double, Double)])
  func knownValues(x: Double, expected: Double) {
    #expect(abs(erf(x) - expected) <= 4e-16)
    #expect(abs(erf(-x) + expected) <= 4e-16)
    #expect(abs(erfc(x) - (1 - expected)) <= 4e-16)
    #expect(abs(erfc(-x) - (1 + expected)) <= 4e-16)
  }

  @Test(arguments: [
    (0.9, 0.203091787577168), (2.0, 4.677734981047266e-3), (5, 1.5374597944280349e-12), (8, 1.1224297172982928e-29),
    (10, 2.088487583762545e-45), (20, 5.395865611607901e-176), (26, 5.663192408856143e-296),
  ])
  func tailsKeepTheirDigits(x: Double, expected: Double) {
    #expect(abs(erfc(x) / expected - 1) < 1e-14)
  }

  @Test func ends() {
    #expect(erfc(27) == 0 && erfc(-27) == 2)
    #expect(erfc(.infinity) == 0 && erfc(-.infinity) == 2)
    #expect(erf(.nan).isNaN && erfc(.nan).isNaN)
    #expect(inverse(.nan) == 0)
    #expect(inverse(2) == 0 && inverse(-2) == 0)
    #expect(inverse(1e-15) == 0.8862269254527579 * 1e-15)
    #expect(inverse(-1e-15) == -0.8862269254527579 * 1e-15)
    #expect(inverse(0) == 0)
  }

  @Test(arguments: [1e-10, 1e-3, 0.1, 0.3, 0.5, 0.9, 0.99, 0.999999, 0.99999999])
  func inverseUndoesIt(x: Double) {
    #expect(abs(erf(inverse(x)) - x) < 3e-14)
    #expect(inverse(-x) == -inverse(x))
  }

  @Test func inverseAtAHalf() {
    #expect(abs(inverse(0.5) - 0.4769362762044699) < 1e-14)
  }
}
