/// Decimals that readers get right which compute `digits · 10^exponent` in float64: one multiplication or division.
///
/// Such a reader (RapidJSON's default, for one) is exact where the digits are a float64 number and the power of 10 is one too, up to
/// 10²²: then there is one rounding. The shortest decimal of a number often has 16 or 17 digits, too many for that. But among the
/// ways to write a number as a whole number of at most 53 bits times a power of 10 there is nearly always one that comes out right.
package enum FastPathDecimal {
  /// `0.5`, `-7205759403792794e-17`: read as `value` by a reader that rounds once, and by one that computes as above. Always with a
  /// point or an exponent.
  ///
  /// - Precondition: `value` is finite.
  /// - Returns: nil where no such text was found, which happens for very small and very large numbers only.
  package static func spelling(_ value: Double) -> String? {
    precondition(value.isFinite, "only finite numbers have digits")
    let shortest = value.description
    if value == 0 || isShort(shortest) { return shortest }
    let magnitude = value.magnitude
    // Powers for which the digits lie between 2⁵² and 2⁶³; log10(2) = 0.30103.
    let exponent = Double(magnitude.exponent)
    let first = Int(((51 - exponent) * 0.30103).rounded(.down)), last = Int(((63 - exponent) * 0.30103).rounded(.up))
    for power in first...last {
      guard power.magnitude <= 308, let scale = Double("1e\(power.magnitude)") else { continue }
      var digits = power >= 0 ? magnitude * scale : magnitude / scale
      for _ in 0..<3 { digits = digits.nextDown }
      for _ in 0..<7 {
        defer { digits = digits.nextUp }
        guard digits >= 1, digits < 0x1p63, digits == digits.rounded(.towardZero) else { continue }
        guard (power >= 0 ? digits / scale : digits * scale) == magnitude else { continue }
        let text = "\(Int64(digits))e\(-power)"
        if Double(text) == magnitude { return (value < 0 ? "-" : "") + text }
      }
    }
    return nil
  }

  /// Whether the digits of a description are at most 15, so a float64 number, and its power of 10 exact.
  private static func isShort(_ text: String) -> Bool {
    var digits = 0, fraction = 0, isFraction = false, isLeading = true
    var rest = Substring(text)
    while let character = rest.unicodeScalars.first, character != "e" {
      rest.unicodeScalars.removeFirst()
      if character == "." { isFraction = true }
      guard ("0"..."9").contains(character) else { continue }
      if character != "0" { isLeading = false }
      if !isLeading { digits += 1 }
      if isFraction { fraction += 1 }
    }
    let exponent = rest.isEmpty ? 0 : Int(rest.dropFirst()) ?? 1000
    return digits <= 15 && (exponent - fraction).magnitude <= 22
  }
}
