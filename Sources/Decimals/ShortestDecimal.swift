/// The shortest decimal that reads back to the same binary number, and of several the nearest: `digits` × 10^`exponent`.
///
/// The method is that of R. Giulietti, "The Schubfach way to render doubles" (2021): among the multiples of a power of
/// ten that is just small enough, at most two around the number have to be looked at, and one or none among the
/// multiples of ten times that power. Everything is decided by three products with a power of ten in 128 bits, of which
/// the last bit says whether anything was cut off.
struct ShortestDecimal {
  /// At most 17 digits; there may be zeros at its end.
  let digits: UInt64
  let exponent: Int

  /// The magnitude of a positive, finite number.
  @inline(__always)
  init(_ value: Double) {
    let bits = value.bitPattern & ((1 << 52) - 1)
    let field = Int(truncatingIfNeeded: value.bitPattern >> 52) & 0x7FF
    self.init(
      field == 0 ? bits : bits | 1 << 52, exponent: (field == 0 ? 1 : field) - 1075, isPower: bits == 0 && field > 1)
  }

  /// The same for a float32, whose neighbours are farther away.
  init(_ value: Float) {
    let bits = value.bitPattern & ((1 << 23) - 1)
    let field = Int(truncatingIfNeeded: value.bitPattern >> 23) & 0xFF
    self.init(
      UInt64(field == 0 ? bits : bits | 1 << 23), exponent: (field == 0 ? 1 : field) - 150,
      isPower: bits == 0 && field > 1)
  }

  /// `significand` × 2^`power`, whose neighbours are one unit away; the lower one half a unit if `isPower`, because below
  /// a power of two the numbers lie closer.
  @inline(__always)
  private init(_ significand: UInt64, exponent power: Int, isPower: Bool) {
    // The largest power of ten that is not larger than the distance of the two ends: floor(log₁₀ 2^power), or of ¾ of it.
    let scale = (power &* 315_653 &- (isPower ? 131_008 : 0)) >> 20
    let shift = UInt64(truncatingIfNeeded: power &+ PowersOfTen.binaryExponent(-scale) &+ 1)
    let ten = PowersOfTen.above(-scale)
    // Four times the number and the ends of what reads back to it, in units of 10^scale.
    let fourfold = significand << 2
    let number = Self.product(ten, fourfold << shift)
    var lower = Self.product(ten, (fourfold &- (isPower ? 1 : 2)) << shift)
    var upper = Self.product(ten, (fourfold &+ 2) << shift)
    // The ends themselves read back to the even one of their neighbours.
    lower &+= significand & 1
    upper &-= significand & 1
    let whole = number >> 2
    // One digit fewer, if one of the two candidates lies inside.
    let tenth = whole / 10
    let isDown = lower <= 40 &* tenth
    let isUp = 40 &* tenth &+ 40 <= upper
    if isDown != isUp {
      digits = tenth &+ (isUp ? 1 : 0)
      exponent = scale &+ 1
      return
    }
    let takesLower = lower <= 4 &* whole
    let takesUpper = 4 &* whole &+ 4 <= upper
    let middle = 4 &* whole &+ 2
    let isNearerUp = number > middle || (number == middle && whole & 1 == 1)
    digits = whole &+ (takesLower != takesUpper ? (takesUpper ? 1 : 0) : (isNearerUp ? 1 : 0))
    exponent = scale
  }

  /// The upper 64 bits of a product of 128 and 64 bits; the last bit is set, too, if anything but zeros lies below.
  @inline(__always)
  private static func product(_ power: PowersOfTen.Leading128, _ factor: UInt64) -> UInt64 {
    let upper = power.high.multipliedFullWidth(by: factor)
    let (low, carry) = upper.low.addingReportingOverflow(power.low.multipliedFullWidth(by: factor).high)
    // The power is rounded up by less than one unit: a single one down there may have come from that.
    return (upper.high &+ (carry ? 1 : 0)) | (low > 1 ? 1 : 0)
  }
}
