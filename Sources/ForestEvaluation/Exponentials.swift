import ForestIR

extension SingleExponential {
  /// What a value is computed from, at hand for many of them.
  static let table = Table()

  /// e^x for a float32 number x, as a float32 number.
  static func value(_ x: Double) -> Double { table.value(x) }

  struct Table: Sendable {
    private let powers = PowersOfTwo.table(steps: SingleExponential.steps)
    private let exceptions = InlineArray<2, (argument: Double, result: Double)> { SingleExponential.exceptions[$0] }

    @inline(__always)
    func value(_ x: Double) -> Double {
      // NaN fails both comparisons.
      guard x <= highest, x >= lowest else { return x.isNaN ? x : x > 0 ? .infinity : 0 }
      for index in exceptions.indices where exceptions[index].argument == x { return exceptions[index].result }
      let z = x * scale
      let (n, number) = roundedToInteger(z)
      let r = z - number
      let s = power(n, powers)
      let p = c0 * r + c1
      let q = c2 * r + 1
      return Double(Float((p * (r * r) + q) * s))
    }
  }
}

extension FastExponential {
  private static let powers = PowersOfTwo.table(steps: steps)

  static func value(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x <= lowest { return 0 }
    if x >= highest { return .infinity }
    let (n, number) = roundedToInteger(x * scale)
    let t = number * inverseScale - x
    let y = (c0 - t) * (t * t) * c1 - t + 1
    return y * power(n, powers)
  }
}

/// The integer nearest to x, ties to even, of a number below 2⁵¹, twice. A number so much larger is added that only the integer's bits are
/// left, which spares a call of the C library where there is no instruction for it.
@inline(__always)
private func roundedToInteger(_ x: Double) -> (integer: Int, number: Double) {
  let large = 0x1.8p52
  let sum = x + large
  return (Int(truncatingIfNeeded: sum.bitPattern &- large.bitPattern), sum - large)
}

/// 2^(n/steps) from the powers for 0 ..< steps, the rest of n being added to the exponent, which stays that of a normal number.
@inline(__always)
private func power(_ n: Int, _ powers: [Double]) -> Double {
  let steps = powers.count, shift = steps.trailingZeroBitCount
  let exponent = UInt64(truncatingIfNeeded: n >> shift)
  return Double(bitPattern: powers[n & (steps - 1)].bitPattern &+ exponent << 52)
}
