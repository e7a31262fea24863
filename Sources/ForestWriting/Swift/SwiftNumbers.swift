/// Numbers as Swift literals.
///
/// Compilers for x86 read a literal in the 80-bit format first and round that to the wanted type: twice rounded, a decimal
/// that lies very near the middle between two numbers can come out as the wrong neighbour (one float64 number in some
/// ten thousand, in its shortest spelling, does). Such numbers are written in hexadecimal, which every format holds exactly;
/// so are subnormal numbers, whose decimals the compiler warns of.
enum SwiftNumbers {
  static func literal(_ value: Double, _ type: ScalarType) -> String {
    switch type {
    case .float32: float32(Float(value))
    case .float64: float64(value)
    case .int32, .truth: String(Int32(value))
    }
  }

  static func float64(_ value: Double) -> String {
    guard value.isFinite, !value.isZero else { return NumberSpelling.swift.float64(value) }
    return isSafeInDecimal(value) ? value.description : hexadecimal(value)
  }

  static func float32(_ value: Float) -> String {
    guard value.isFinite, !value.isZero else { return NumberSpelling.swift.float32(value) }
    // The middle between two float32 numbers is a float64 number, so a decimal that any format between the two could
    // mistake for it becomes that very number when read as float64.
    let text = value.description
    guard value.isNormal, let wide = Double(text), wide.bitPattern & 0x1FFF_FFFF != 0x1000_0000 else {
      return hexadecimal(Double(value))
    }
    return text
  }

  /// Whether the shortest decimal of a number is read right by way of a wider format, which it surely is when it lies
  /// within 0.49 units in the last place. False where that is not easily shown.
  private static func isSafeInDecimal(_ value: Double) -> Bool {
    // At powers of two the number's neighbours are not equally far away.
    let size = value.magnitude
    guard size.isNormal else { return false }
    if size < 0x1p53, size == size.rounded(.towardZero) { return true }
    guard size.significand != 1 || size >= 0x1p-10 && size <= 1, let (digits, scale) = decimal(size.description), scale <= 22 else {
      return false
    }
    // The decimal is digits / 10^scale. Its distance to the number, times 10^scale, is digits − size · 10^scale, the
    // product being taken exactly as a sum of two numbers, and so are the digits.
    var power = 1.0
    for _ in 0..<scale { power *= 10 }
    let product = size * power
    let rest = (-product).addingProduct(size, power)
    let high = Double(digits)
    let low = Double(Int64(digits) - Int64(high))
    let distance = ((high - product) + (low - rest)).magnitude
    return distance < 0.49 * size.ulp * power
  }

  /// The digits of a decimal as one whole number, and how many of them stand behind the point; nil if the number is
  /// written as a multiple of a positive power of ten.
  private static func decimal(_ text: String) -> (digits: UInt64, scale: Int)? {
    var digits: UInt64 = 0
    var scale = 0
    var isBehindPoint = false
    var bytes = text.utf8[...]
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "."): isBehindPoint = true
      case UInt8(ascii: "e"):
        guard let exponent = Int(String(bytes) ?? "") else { return nil }
        scale -= exponent
        return scale < 0 ? nil : (digits, scale)
      default:
        digits = digits * 10 + UInt64(byte - 0x30)
        if isBehindPoint { scale += 1 }
      }
    }
    return (digits, scale)
  }

  /// `-0x1.8p-3`: exact, of a finite number other than zero.
  static func hexadecimal(_ value: Double) -> String {
    let size = value.magnitude
    var bits = size.significandBitPattern
    var exponent = Int(size.exponent)
    if !size.isNormal {
      // Shifted until the first bit stands before the point.
      bits <<= UInt64(bits.leadingZeroBitCount - 11)
      bits &= (1 << 52) - 1
      exponent = Int(size.exponent)
    }
    var digits = String(bits, radix: 16)
    digits = String(repeating: "0", count: 13 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return (value < 0 ? "-" : "") + "0x1" + (digits.isEmpty ? "" : "." + digits) + "p\(exponent)"
  }
}
