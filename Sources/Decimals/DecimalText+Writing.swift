// Numbers as bytes in room that is there already: nothing is asked for and nothing grows.

extension DecimalText {
  /// The bytes of the longest number, `-2.2250738585072014e-308`.
  package static let longest = 24

  /// The room that has to be there for one number: digits are put down in eights, with zeros behind them.
  @inlinable package static var room: Int { 40 }

  /// Puts the text of `append(_:to:)` into `bytes`, from `start` on, and says where it ends. What stood in the room behind it
  /// is overwritten.
  ///
  /// - Precondition: there are `room` bytes from `start` on.
  package static func write(_ value: Double, to bytes: inout MutableRawSpan, at start: Int) -> Int {
    let magnitude = value.magnitude
    if magnitude < 100_000_000 {
      // Labels and counts are whole.
      let whole = Int64(magnitude)
      if Double(whole) == magnitude {
        return write(small: UInt64(whole), isNegative: value.sign == .minus, to: &bytes, at: start)
      }
    }
    if magnitude > 0, magnitude < .infinity {
      let isLarge = magnitude > 9_007_199_254_740_992
      return write(ShortestDecimal(magnitude), isLarge, isNegative: value < 0, to: &bytes, at: start)
    }
    return writeUnusual(value, to: &bytes, at: start)
  }

  /// The same for a float32, which is large from 2^24 on.
  package static func write(_ value: Float, to bytes: inout MutableRawSpan, at start: Int) -> Int {
    let magnitude = value.magnitude
    if magnitude > 0, magnitude < .infinity {
      return write(ShortestDecimal(magnitude), magnitude > 16_777_216, isNegative: value < 0, to: &bytes, at: start)
    }
    return writeUnusual(Double(value), to: &bytes, at: start)
  }

  /// Puts down the digits of a whole number.
  ///
  /// - Precondition: there are `room` bytes from `start` on.
  package static func write(whole value: Int, to bytes: inout MutableRawSpan, at start: Int) -> Int {
    var rest = UInt64(value.magnitude)
    bytes.storeBytes(of: UInt8(ascii: "-"), toByteOffset: start, as: UInt8.self)
    let start = start &+ (value < 0 ? 1 : 0)
    if rest < 10 {
      bytes.storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest), toByteOffset: start, as: UInt8.self)
      return start &+ 1
    }
    // Eights of digits, the last first, put down where they belong once the first is known.
    var last: [2 of UInt64] = [0, 0]
    var eights = 0
    while rest >= 100_000_000 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 100_000_000)
      last[eights] = EightDigits.bytes(remainder)
      eights &+= 1
      rest = quotient
    }
    let first = EightDigits.bytes(rest)
    let skipped = first.trailingZeroBitCount >> 3
    bytes.store((first | EightDigits.zeros) >> UInt64(truncatingIfNeeded: skipped &* 8), at: start)
    var end = start &+ 8 &- skipped
    while eights > 0 {
      eights &-= 1
      bytes.store(last[eights] | EightDigits.zeros, at: end)
      end &+= 8
    }
    return end
  }

  /// Whole numbers below 10^8, with zero.
  @inline(__always)
  private static func write(
    small whole: UInt64, isNegative: Bool, to bytes: inout MutableRawSpan, at start: Int
  ) -> Int {
    bytes.storeBytes(of: UInt8(ascii: "-"), toByteOffset: start, as: UInt8.self)
    let start = start &+ (isNegative ? 1 : 0)
    let digits = EightDigits.bytes(whole)
    let skipped = min(digits.trailingZeroBitCount >> 3, 7)
    bytes.store((digits | EightDigits.zeros) >> UInt64(truncatingIfNeeded: skipped &* 8), at: start)
    let point = start &+ 8 &- skipped
    bytes.storeBytes(of: (0x302E as UInt16).littleEndian, toByteOffset: point, as: UInt16.self)
    return point &+ 2
  }

  /// Zeros, infinities and NaN.
  @inline(never)
  private static func writeUnusual(_ value: Double, to bytes: inout MutableRawSpan, at start: Int) -> Int {
    if value.isNaN { return write("nan", to: &bytes, at: start) }
    let next = value.sign == .minus ? write("-", to: &bytes, at: start) : start
    return write(value == 0 ? "0.0" : "inf", to: &bytes, at: next)
  }

  private static func write(_ word: StaticString, to bytes: inout MutableRawSpan, at start: Int) -> Int {
    word.withUTF8Buffer { letters in
      for (index, letter) in letters.enumerated() { bytes.storeBytes(of: letter, toByteOffset: start + index, as: UInt8.self) }
      return start + letters.count
    }
  }

  /// Spells as Swift's own descriptions do: an exponent below 10^-4 and for large numbers, else a point with a digit on
  /// both of its sides.
  @inline(__always)
  private static func write(
    _ decimal: ShortestDecimal, _ isLarge: Bool, isNegative: Bool, to bytes: inout MutableRawSpan, at start: Int
  ) -> Int {
    // Overwritten if there is no sign.
    bytes.storeBytes(of: UInt8(ascii: "-"), toByteOffset: start, as: UInt8.self)
    let start = start &+ (isNegative ? 1 : 0)
    let digits = SeventeenDigits(decimal)
    let power = digits.exponent
    if power < -4 || isLarge { return writeScientific(digits, to: &bytes, at: start) }
    if power < 0 {
      bytes.store(0x3030_3030_3030_2E30, at: start)
      let first = start &+ 1 &- power
      bytes.store(digits, at: first)
      return first &+ digits.count
    }
    // All digits, the point, and once more the digits that belong behind it.
    bytes.store(digits, at: start)
    let point = start &+ power &+ 1
    let shift = UInt64(truncatingIfNeeded: power & 7) &* 8
    if power < 8 {
      let next = power == 0 ? digits.middle : digits.middle >> shift | digits.last << (64 &- shift)
      bytes.store(next, at: point &+ 1)
      bytes.store(digits.last >> shift, at: point &+ 9)
    } else {
      bytes.store(digits.last >> shift, at: point &+ 1)
    }
    bytes.storeBytes(of: UInt8(ascii: "."), toByteOffset: point, as: UInt8.self)
    if digits.count > power &+ 1 { return start &+ digits.count &+ 1 }
    bytes.storeBytes(of: UInt8(ascii: "0"), toByteOffset: point &+ 1, as: UInt8.self)
    return point &+ 2
  }

  @inline(never)
  private static func writeScientific(_ digits: SeventeenDigits, to bytes: inout MutableRawSpan, at start: Int) -> Int {
    bytes.store(digits, at: start &+ 1)
    bytes.storeBytes(of: digits.first, toByteOffset: start, as: UInt8.self)
    bytes.storeBytes(of: UInt8(ascii: "."), toByteOffset: start &+ 1, as: UInt8.self)
    var next = start &+ (digits.count == 1 ? 1 : digits.count &+ 1)
    func put(_ byte: UInt8) {
      bytes.storeBytes(of: byte, toByteOffset: next, as: UInt8.self)
      next &+= 1
    }
    put(UInt8(ascii: "e"))
    put(digits.exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    // Two digits at least.
    let power = digits.exponent.magnitude
    if power >= 100 { put(UInt8(ascii: "0") + UInt8(power / 100)) }
    put(UInt8(ascii: "0") + UInt8(power / 10 % 10))
    put(UInt8(ascii: "0") + UInt8(power % 10))
    return next
  }
}

/// The digits of a decimal as text, with zeros behind them up to seventeen.
private struct SeventeenDigits {
  let first: UInt8
  let middle: UInt64
  let last: UInt64
  /// How many there are up to the last that is not zero.
  let count: Int
  /// The power of ten of the first.
  let exponent: Int

  @inline(__always)
  init(_ decimal: ShortestDecimal) {
    var digits = decimal.digits
    var power = decimal.exponent &+ 16
    // Only subnormal numbers need more than two rounds.
    while digits < 10_000_000_000_000_000 {
      digits &*= 10
      power &-= 1
    }
    let upper = digits / 100_000_000
    let lead = upper / 100_000_000
    let middle = EightDigits.bytes(upper &- lead &* 100_000_000)
    let last = EightDigits.bytes(digits &- upper &* 100_000_000)
    count = last != 0 ? 17 &- last.leadingZeroBitCount >> 3 : 9 &- middle.leadingZeroBitCount >> 3
    first = UInt8(truncatingIfNeeded: lead) | 0x30
    self.middle = middle | EightDigits.zeros
    self.last = last | EightDigits.zeros
    exponent = power
  }
}

extension MutableRawSpan {
  /// Eight bytes of text, the first in the lowest place.
  @inline(__always)
  fileprivate mutating func store(_ word: UInt64, at index: Int) {
    storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
  }

  @inline(__always)
  fileprivate mutating func store(_ digits: SeventeenDigits, at index: Int) {
    storeBytes(of: digits.first, toByteOffset: index, as: UInt8.self)
    store(digits.middle, at: index &+ 1)
    store(digits.last, at: index &+ 9)
  }
}
