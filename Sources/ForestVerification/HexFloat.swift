/// Numbers spelled in base 16, so that every bit can be seen.
package enum HexFloat {
  /// The way C's `%a` spells it: `0x1.8p+1` for 3, `-0x0p+0`, `0x0.0000000000001p-1022`, `inf`, `nan`.
  package static func spelling(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    let sign = value.sign == .minus ? "-" : ""
    if value.isInfinite { return sign + "inf" }
    if value == 0 { return sign + "0x0p+0" }
    var digits = String(value.significandBitPattern, radix: 16)
    digits = String(repeating: "0", count: 13 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    let exponent = value.isNormal ? Int(value.exponentBitPattern) - 1023 : -1022
    return "\(sign)0x\(value.isNormal ? 1 : 0)\(digits.isEmpty ? "" : ".")\(digits)p\(exponent < 0 ? "" : "+")\(exponent)"
  }
}
