/// A number as it is written: `significand` × 10^`exponent`, with its sign.
///
/// The first 19 significant digits always fit into 64 bits. If any digit behind them is not zero, the written number
/// lies strictly between `significand` and `significand + 1` (times the power of ten).
struct DecimalNumber {
  private(set) var isNegative = false
  private(set) var significand: UInt64 = 0
  private(set) var exponent = 0
  private(set) var isTruncated = false

  /// Reads the whole of `text`; `nil` if it is anything but one number.
  ///
  /// Linear in the length of the text, without allocation.
  @inline(__always)
  init?(_ text: Span<UInt8>) {
    let count = text.count
    var index = 0
    if count > 0, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = text[0] == UInt8(ascii: "-")
      index = 1
    }
    let wholeStart = index
    while index < count, let digit = Self.digit(text[index]) {
      significand = significand &* 10 &+ digit
      index += 1
    }
    var digits = index - wholeStart
    var end = index
    if index < count, text[index] == UInt8(ascii: ".") {
      index += 1
      let fractionStart = index
      // Trainers write many digits behind the point: eight at a time while there are so many.
      while index <= count - 8, let digits = text.eightDigits(at: index) {
        significand = significand &* 100_000_000 &+ digits
        index += 8
      }
      while index < count, let digit = Self.digit(text[index]) {
        significand = significand &* 10 &+ digit
        index += 1
      }
      exponent = fractionStart - index
      digits += index - fractionStart
      end = index
    }
    guard digits > 0 else { return nil }
    if digits > 19 { keepLeadingDigits(text, wholeStart..<end) }
    if index < count {
      guard text[index] | 0x20 == UInt8(ascii: "e"), let power = Self.power(text, from: index + 1) else {
        return nil
      }
      exponent += power
    }
  }

  /// The quick way for `d.dddddddddddddddde±dd`, with or without a minus: 17 digits are what identifies a float64, so that
  /// nearly all numbers of large files look like this. `nil` for any other text.
  @inline(__always)
  init?(seventeenDigits text: Span<UInt8>) {
    let start = text.count - 22
    guard start == 0 || (start == 1 && text[0] == UInt8(ascii: "-")) else { return nil }
    guard text[start + 1] == UInt8(ascii: "."), text[start + 18] | 0x20 == UInt8(ascii: "e"),
      let whole = Self.digit(text[start]), let first = text.eightDigits(at: start + 2),
      let second = text.eightDigits(at: start + 10), let tens = Self.digit(text[start + 20]),
      let ones = Self.digit(text[start + 21])
    else { return nil }
    let power = Int(10 * tens + ones)
    switch text[start + 19] {
    case UInt8(ascii: "+"): exponent = power - 16
    case UInt8(ascii: "-"): exponent = -power - 16
    default: return nil
    }
    isNegative = start == 1
    significand = (whole * 100_000_000 + first) * 100_000_000 + second
  }

  @inline(__always)
  private static func digit(_ byte: UInt8) -> UInt64? {
    let digit = byte &- UInt8(ascii: "0")
    return digit <= 9 ? UInt64(digit) : nil
  }

  /// Long numbers a second time: leading zeros do not count, and only 19 digits are kept.
  private mutating func keepLeadingDigits(_ text: Span<UInt8>, _ range: Range<Int>) {
    significand = 0
    exponent = 0
    isTruncated = false
    var kept = 0
    var isFraction = false
    for index in range {
      guard let digit = Self.digit(text[index]) else {
        isFraction = true
        continue
      }
      if kept < 19 {
        significand = significand * 10 + digit
        if significand != 0 { kept += 1 }
        if isFraction { exponent -= 1 }
      } else {
        if digit != 0 { isTruncated = true }
        if !isFraction { exponent += 1 }
      }
    }
  }

  /// The exponent after the `e`; bounded, so that adding to it cannot overflow.
  private static func power(_ text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    var isNegative = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < text.count else { return nil }
    var power = 0
    while index < text.count {
      guard let digit = digit(text[index]) else { return nil }
      // 10^17 is beyond what any number of digits in memory could bring back into range.
      if power < 100_000_000_000_000_000 { power = power * 10 + Int(digit) }
      index += 1
    }
    return isNegative ? -power : power
  }
}

extension DecimalNumber {
  /// The nearest float64 to the magnitude; `nil` where the quick ways cannot tell.
  @inline(__always)
  func double() -> Double? {
    if !isTruncated {
      return PowersOfTen.double(significand, exponent)
    }
    // The written number lies between these two; if both round to one float, so does it.
    guard let low = PowersOfTen.nearestDouble(significand, exponent),
      let high = PowersOfTen.nearestDouble(significand + 1, exponent), low == high
    else { return nil }
    return low
  }

  /// The nearest float32 to the magnitude; `nil` where the quick ways cannot tell.
  func float() -> Float? {
    guard let double = double() else { return nil }
    if double == 0 && significand == 0 { return 0 }
    // Rounding twice differs from rounding once only if the first step lands on the middle between two floats:
    // bit 28 set, all below it clear. Where floats are subnormal the middle lies elsewhere.
    guard double >= Double(Float.leastNormalMagnitude), double.bitPattern & 0x1fff_ffff != 0x1000_0000 else {
      return nil
    }
    return Float(double)
  }

  /// The slow way: every digit that can matter is handed to the standard library, whose parsing is correctly rounded
  /// and knows no locale.
  ///
  /// A float64 or the middle of two has at most 767 significant digits, so of longer text only the first 800 digits
  /// matter, and whether anything but zeros follows them: that is one further digit.
  func exactly<Value: BinaryFloatingPoint>(_ text: Span<UInt8>, _ parse: (String) -> Value?) -> Value {
    var digits: [UInt8] = []
    var point = 0
    var isFraction = false
    var exponent = 0
    var isSticky = false
    scan: for index in 0..<text.count {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if digits.isEmpty && text[index] == UInt8(ascii: "0") {
          if isFraction { point -= 1 }
        } else if digits.count < 800 {
          digits.append(text[index])
          if isFraction { point -= 1 }
        } else {
          if text[index] != UInt8(ascii: "0") { isSticky = true }
          if !isFraction { point += 1 }
        }
      case UInt8(ascii: "."):
        isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        exponent = Self.power(text, from: index + 1) ?? 0
        break scan
      default:
        break
      }
    }
    if digits.isEmpty { return 0 }
    if isSticky {
      digits.append(UInt8(ascii: "1"))
      point -= 1
    }
    // Beyond ±5000 all is infinity or zero, whatever up to 801 digits say.
    let power = max(-5000, min(5000, exponent + point))
    let plain = String(decoding: digits, as: UTF8.self) + "e\(power)"
    guard let value = parse(plain) else { preconditionFailure("the standard library refuses \(plain)") }
    return value
  }
}
