import ForestTesting
import ForestWriting
import Testing

struct DecimalSpellingTests {
  /// Numbers of every kind, a thousand for each seed.
  private static func numbers(_ seed: Int) -> [Double] {
    var random = SplitMix64(seed: UInt64(seed))
    return (0..<1000).map { index in
      switch index % 4 {
      case 0: return Double.random(in: -200...200, using: &random)
      case 1: return Double(Float.random(in: -1...1, using: &random))
      case 2: return Double.random(in: -1...1, using: &random) * Double("1e\(Int.random(in: -30...30, using: &random))")!
      default:
        let any = Double(bitPattern: random.next())
        return any.isFinite ? any : 0
      }
    }
  }

  @Test(arguments: 1...4) func eighteenDigitsReadBack(seed: Int) {
    for number in Self.numbers(seed) + [0, -0.0, 0.1, 1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 9.999999999999999e22] {
      let text = DecimalSpelling.scientific(number)
      #expect(Double(text)?.bitPattern == number.bitPattern, "\(text)")
      #expect(text.contains("e"))
      #expect(text.prefix { $0 != "e" }.count(where: \.isNumber) <= DecimalSpelling.digitCount)
    }
  }

  @Test(arguments: [
    (0.0, "0e0"), (-0.0, "-0e0"), (1, "1e0"), (-1.5, "-1.5e0"), (1024, "1.024e3"), (0.1, "1.00000000000000006e-1"),
    (Double.leastNonzeroMagnitude, "4.94065645841246544e-324"), (1e23, "9.99999999999999916e22"), (0x1p70, "1.1805916207174113e21"),
  ]) func knownDigits(number: Double, text: String) { #expect(DecimalSpelling.scientific(number) == text) }

  /// A reader that takes digits as an integer, then as float64, and multiplies or divides by a power of 10 in float64.
  private static func fastRead(_ text: String) -> Double {
    var body = Substring(text)
    let isNegative = body.first == "-"
    if isNegative { body = body.dropFirst() }
    let halves = body.split(separator: "e")
    var exponent = halves.count > 1 ? Int(halves[1])! : 0
    var integer: UInt64 = 0, value = 0.0, isInteger = true, isFraction = false
    let limit: UInt64 = isNegative ? 0x0CCC_CCCC_CCCC_CCCC : 0x1999_9999_9999_9999
    for byte in halves[0].utf8 {
      if byte == UInt8(ascii: ".") {
        isFraction = true
        continue
      }
      if isFraction { exponent -= 1 }
      let digit = UInt64(byte & 0xF)
      if isInteger, integer < limit {
        integer = integer * 10 + digit
        value = Double(integer)
      } else {
        isInteger = false
        value = value * 10 + Double(digit)
      }
    }
    while exponent != 0 {
      let step = min(308, abs(exponent)), power = Double("1e\(step)")!
      value = exponent > 0 ? value * power : value / power
      exponent += exponent > 0 ? -step : step
    }
    return isNegative ? -value : value
  }

  @Test(arguments: 1...4) func fastReadersGetTheNumber(seed: Int) throws {
    var missing = 0
    for number in Self.numbers(seed) + [0, -0.0, .leastNonzeroMagnitude, 0.9785714285714285, 1.7976931348623157e308] {
      guard let text = FastPathDecimal.spelling(number) else {
        missing += 1
        continue
      }
      #expect(Double(text)?.bitPattern == number.bitPattern, "\(text)")
      #expect(Self.fastRead(text).bitPattern == number.bitPattern, "\(text)")
      #expect(text.contains("e") || text.contains("."))
    }
    // Very small ones mostly.
    #expect(missing < 20)
  }
}
