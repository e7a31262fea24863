import ForestIR

extension SingleExponential {
  private static let powers = PowersOfTwo.table(steps: steps)

  /// e^x for a float32 number x, as a float32 number.
  static func value(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > highest { return .infinity }
    if x < lowest { return 0 }
    for exception in exceptions where exception.argument == x { return exception.result }
    let z = x * scale
    let n = z.rounded(.toNearestOrEven)
    let r = z - n
    let i = Int(n) & (steps - 1)
    let s = Double(sign: .plus, exponent: (Int(n) - i) / steps, significand: powers[i])
    let p = c0 * r + c1
    let q = c2 * r + 1
    return Double(Float((p * (r * r) + q) * s))
  }
}

extension FastExponential {
  private static let powers = PowersOfTwo.table(steps: steps)

  static func value(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x <= lowest { return 0 }
    if x >= highest { return .infinity }
    let n = (x * scale).rounded(.toNearestOrEven)
    let t = n * inverseScale - x
    let i = Int(n) & (steps - 1)
    let power = Double(sign: .plus, exponent: (Int(n) - i) / steps, significand: powers[i])
    let y = (c0 - t) * (t * t) * c1 - t + 1
    return y * power
  }
}
