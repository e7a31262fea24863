/// Powers of ten in 128 bits, and the quick way from `significand` × 10^`exponent` to the nearest float64.
///
/// The idea is that of D. Lemire, "Number parsing at a gigabyte per second" (Software: Practice and Experience 51,
/// 2021) after M. Eisel; here with plain interval arithmetic, which needs no case by case proof: where the interval
/// does not decide, the caller takes the slow way.
enum PowersOfTen {
  /// The powers of ten that a float64 holds exactly.
  static let exactDoubles: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The first 128 bits of a power of ten, the first of them set; the rest is cut off.
  struct Leading128: Equatable {
    var high: UInt64
    var low: UInt64
  }

  /// The exponents in `leading`: reading needs those up to 308, writing the others.
  static let exponents = -342...324

  /// 10^q at index q + 342. Powers of two do not change leading bits, so these are powers of five.
  static let leading: [Leading128] = negativePowers(342).reversed() + nonnegativePowers(324)

  /// 10^q as in `leading`, but rounded up instead of cut off.
  @inline(__always)
  static func above(_ q: Int) -> Leading128 {
    let power = leading[q &- exponents.lowerBound]
    // 5^55 < 2^128 < 5^56
    if q >= 0 && q <= 55 { return power }
    let (low, carry) = power.low.addingReportingOverflow(1)
    return Leading128(high: power.high &+ (carry ? 1 : 0), low: low)
  }

  /// The exponent of the leading bit of 10^q: floor(q · log₂ 10), for |q| ≤ 400.
  @inline(__always)
  static func binaryExponent(_ q: Int) -> Int {
    (q * 217_706) >> 16
  }

  /// The float64 nearest to `significand` × 10^`exponent`; `nil` where the quick ways cannot tell.
  @inline(__always)
  static func double(_ significand: UInt64, _ exponent: Int) -> Double? {
    if significand == 0 { return 0 }
    // Both operands exact, so the one rounding is the right one (W. Clinger, "How to read floating point numbers
    // accurately", PLDI 1990).
    if significand <= 1 << 53, exponent >= -22, exponent <= 22 {
      return exponent < 0
        ? Double(significand) / exactDoubles[-exponent] : Double(significand) * exactDoubles[exponent]
    }
    return nearestDouble(significand, exponent)
  }

  /// The float64 nearest to `significand` × 10^`q`; `nil` if 128 bits do not decide, or the result is subnormal.
  static func nearestDouble(_ significand: UInt64, _ q: Int) -> Double? {
    // Below 2^64 · 10^-343 lies less than half the smallest subnormal number.
    if significand == 0 || q < -343 { return 0 }
    if q > 308 { return .infinity }
    if q < exponents.lowerBound { return nil }
    let shift = significand.leadingZeroBitCount
    let factor = significand << UInt64(shift)
    let power = leading[q - exponents.lowerBound]
    // The product of 64 and 128 bits, of which the lowest 64 are dropped. Dropping them loses less than one unit,
    // and so does the cut end of the power: the true value lies in [high:low, high:low + 2).
    let upper = factor.multipliedFullWidth(by: power.high)
    let lower = factor.multipliedFullWidth(by: power.low)
    let (low, carry) = upper.low.addingReportingOverflow(lower.high)
    let high = upper.high + (carry ? 1 : 0)
    // The leading bit of the product is bit 127 or 126.
    let top = Int(high >> 63)
    var exponent = 63 + top + binaryExponent(q) - shift
    if exponent < -1022 { return nil }
    let cut = UInt64(10 + top)
    var mantissa = high >> cut
    let rest = high & ((1 << cut) - 1)
    let half: UInt64 = 1 << (cut - 1)
    if rest > half || (rest == half && low > 0) {
      mantissa += 1
    } else if rest == half || (rest == half - 1 && low == .max) {
      return nil
    }
    if mantissa == 1 << 53 {
      mantissa = 1 << 52
      exponent += 1
    }
    if exponent > 1023 { return .infinity }
    return Double(bitPattern: UInt64(exponent + 1023) << 52 | mantissa & (1 << 52 - 1))
  }

  // MARK: - Making the table

  /// 10^0 … 10^`last`, by multiplying with five.
  private static func nonnegativePowers(_ last: Int) -> [Leading128] {
    var limbs: [UInt64] = [1]
    var powers = [leadingBits(limbs)]
    for _ in 0..<last {
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = limbs[index].multipliedFullWidth(by: 5)
        let (sum, overflow) = product.low.addingReportingOverflow(carry)
        limbs[index] = sum
        carry = product.high + (overflow ? 1 : 0)
      }
      if carry > 0 { limbs.append(carry) }
      powers.append(leadingBits(limbs))
    }
    return powers
  }

  /// 10^-1 … 10^-`last`, by dividing 2^1024 by five again and again: floors of floors are the floor of the whole, and
  /// 5^342 < 2^795 leaves more than 128 bits to the end.
  private static func negativePowers(_ last: Int) -> [Leading128] {
    var limbs = [UInt64](repeating: 0, count: 16) + [1]
    var powers: [Leading128] = []
    for _ in 0..<last {
      var remainder: UInt64 = 0
      for index in limbs.indices.reversed() {
        (limbs[index], remainder) = (5 as UInt64).dividingFullWidth((remainder, limbs[index]))
      }
      if limbs.last == 0 { limbs.removeLast() }
      powers.append(leadingBits(limbs))
    }
    return powers
  }

  /// The 128 bits from the leading one on; `limbs` are little endian, the last is not zero.
  private static func leadingBits(_ limbs: [UInt64]) -> Leading128 {
    func limb(_ fromTop: Int) -> UInt64 {
      fromTop < limbs.count ? limbs[limbs.count - 1 - fromTop] : 0
    }
    let shift = UInt64(limb(0).leadingZeroBitCount)
    if shift == 0 { return Leading128(high: limb(0), low: limb(1)) }
    return Leading128(
      high: limb(0) << shift | limb(1) >> (64 - shift), low: limb(1) << shift | limb(2) >> (64 - shift))
  }
}
