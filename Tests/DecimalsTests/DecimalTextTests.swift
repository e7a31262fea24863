import Decimals
import Glibc
import Testing

@Suite struct DecimalTextTests {
  /// What `strtod` of the C library says: a judge that shares nothing with the quick ways.
  private func judge(_ text: String) -> UInt64 { strtod(text, nil).bitPattern }

  @Test(arguments: [
    "0", "-0", "0.0", "1", "-1.5", "+7", ".5", "5.", "1e22", "1e23", "123456789012345678", "9007199254740993",
    "9007199254740992.999999999999999999999", "9007199254740993.00000000000000000000000001", "4.9e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1.7976931348623157e308",
    "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "1e-400", "1e400", "1E5", "0e999999999999999999999",
    "1e-999999999999999999999", "0.000000000000000000000000000000000000012345678901234567890123",
    "8.5070591730234615865843651857942052864e37", "6631236871469758276.78539618", "3.518437208883201171875e13",
  ])
  func hardCases(_ text: String) throws {
    #expect(try #require(DecimalText.double(text)).bitPattern == judge(text))
    #expect(try #require(DecimalText.float(text)).bitPattern == strtof(text, nil).bitPattern)
  }

  @Test(arguments: [
    "", "-", "+", ".", "e5", "1e", "1e+", "1 ", " 1", "0x10", "0x1p3", "1.2.3", "1,5", "--1", "1e5.5", "nan", "inf",
    "Infinity", "nan(1)", "1_000", "١",
  ])
  func refused(_ text: String) {
    #expect(DecimalText.double(text) == nil)
    #expect(DecimalText.float(text) == nil)
  }

  @Test func wordsWhereAccepted() {
    for text in ["nan", "NaN", "-nan", "+NAN"] { #expect(DecimalText.double(text, words: .accepted)?.isNaN == true) }
    for text in ["inf", "+Inf", "INFINITY"] { #expect(DecimalText.double(text, words: .accepted) == .infinity) }
    for text in ["-inf", "-Infinity"] { #expect(DecimalText.float(text, words: .accepted) == -.infinity) }
    for text in ["infin", "na", "nano", "-", "in\u{0E}"] { #expect(DecimalText.double(text, words: .accepted) == nil) }
  }

  @Test func randomBitPatternsThereAndBack() {
    var random = SplitMix(state: 1)
    var text: [UInt8] = []
    for _ in 0..<40_000 {
      let value = Double(bitPattern: random.next())
      if !value.isFinite { continue }
      text.removeAll(keepingCapacity: true)
      DecimalText.append(value, to: &text)
      #expect(DecimalText.double(text.span)?.bitPattern == value.bitPattern)
      let narrow = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if !narrow.isFinite { continue }
      text.removeAll(keepingCapacity: true)
      DecimalText.append(narrow, to: &text)
      #expect(DecimalText.float(text.span)?.bitPattern == narrow.bitPattern)
    }
  }

  /// The fixed shape that trainers write, and texts of the same length that only nearly have it.
  @Test func seventeenDigitsAgainstTheCLibrary() {
    var random = SplitMix(state: 3)
    for _ in 0..<20_000 {
      var text = random.next() % 2 == 0 ? "-" : ""
      text += "\(random.next() % 10)."
      for _ in 0..<16 { text += "\(random.next() % 10)" }
      text += random.next() % 2 == 0 ? "e+" : "e-"
      text += "\(random.next() % 10)\(random.next() % 10)"
      #expect(DecimalText.double(text)?.bitPattern == judge(text), "\(text)")
      #expect(DecimalText.float(text)?.bitPattern == strtof(text, nil).bitPattern, "\(text)")
    }
  }

  @Test func everyByteOfTheFixedShapeCounts() {
    for shape in ["1.2345678901234567e-05", "-9.8765432109876543e+17"] {
      let bytes = Array(shape.utf8)
      for index in bytes.indices {
        for byte in UInt8(0x20)...0x7E where byte != bytes[index] {
          var changed = bytes
          changed[index] = byte
          let text = String(decoding: changed, as: UTF8.self)
          // `strtod` takes a valid beginning, and blanks before the number.
          var end: UnsafeMutablePointer<CChar>?
          let isNumber = text.withCString { start in
            _ = strtod(start, &end)
            return end == UnsafeMutablePointer(mutating: start + changed.count)
          }
          let found = DecimalText.double(changed.span)
          if found == nil {
            #expect(!isNumber || text.hasPrefix(" "), "\(text)")
          } else {
            #expect(found?.bitPattern == judge(text), "\(text)")
          }
          #expect(found == nil || isNumber, "\(text)")
        }
      }
    }
  }

  /// A number at the head of a longer text: where it ends, and that it is the one which the whole text's reader finds.
  private func leading(_ number: String, _ rest: String = ",") -> (value: Double, rest: String)? {
    let text = Array(("[" + number + rest + String(repeating: " ", count: 64)).utf8)
    var index = 1
    guard let value = DecimalText.leadingDouble(text.span, from: &index) else {
      #expect(index == 1)
      return nil
    }
    return (value, String(decoding: text[index...], as: UTF8.self).trimmingTail())
  }

  @Test(arguments: [
    "0", "-0", "-0.0", "7", "-2.0", "0.1", "0.8444218515250481", "-1.2039728043259361", "12345.678", "1e5", "1E+05", "-1.5e-300", "1e22",
    "1234567890123456789", "0.1234567890123456789", "0.0000000", "0.00000000", "0.000000001", "12345678.12345678", "1e-400", "5e-324",
    "1.7976931348623157e308",
  ], [",", "]", " ]", "\n,", "x", ".", "-"]) func leadingNumbers(number: String, rest: String) throws {
    // A second point belongs to no number; behind whole digits it would be the first.
    guard rest != "." || number.contains(where: { ".eE".contains($0) }) else {
      #expect(leading(number, rest) == nil)
      return
    }
    // Subnormal numbers may take the slow way.
    guard let found = leading(number, rest) else {
      #expect(number == "5e-324")
      return
    }
    #expect(found.value.bitPattern == judge(number))
    #expect(found.rest == rest.trimmingTail())
  }

  @Test(arguments: [
    "", "-", "+1", ".5", "5.", "5.e1", "01", "00", "-01", "1e", "1e+", "1e1234", "NaN", "Infinity", "-Infinity", "\"1\"", "[1]", "1e309",
    "12345678901234567890", "0.12345678901234567890", "1.1234567890123456789", "1.123456789012345678901234567890", "\u{B1}",
  ]) func noLeadingNumber(text: String) { #expect(leading(text) == nil) }

  @Test func leadingNumbersNeedText() {
    for count in [0, 1, 63] {
      var index = 0
      #expect(DecimalText.leadingDouble([UInt8](repeating: UInt8(ascii: "1"), count: count).span, from: &index) == nil)
      index = 64
      #expect(DecimalText.leadingDouble([UInt8](repeating: UInt8(ascii: "1"), count: count).span, from: &index) == nil)
    }
  }

  @Test func randomLeadingNumbersAgainstTheCLibrary() {
    var random = SplitMix(state: 5)
    for _ in 0..<20_000 {
      let unit = Double(random.next() >> 11) * 0x1p-53
      for text in ["\(unit)", "\(-unit * 1e3)", "\(1 - unit)", "\(Float(unit))", "\(random.next() >> 44)"] {
        let found = leading(text)
        #expect(found == nil || found!.value.bitPattern == judge(text) && found!.rest == ",", "\(text)")
        #expect(found != nil || text.utf8.count > 19, "\(text)")
      }
    }
  }

  @Test func randomDigitsAgainstTheCLibrary() {
    var random = SplitMix(state: 2)
    for _ in 0..<40_000 {
      let digits = 1 + Int(random.next() % 30)
      var text = ""
      for _ in 0..<digits { text += String(random.next() % 10) }
      if random.next() % 2 == 0 {
        text.insert(".", at: text.index(text.startIndex, offsetBy: Int(random.next() % UInt64(digits + 1))))
      }
      text += "e\(Int(random.next() % 680) - 350)"
      #expect(DecimalText.double(text)?.bitPattern == judge(text), "\(text)")
      #expect(DecimalText.float(text)?.bitPattern == strtof(text, nil).bitPattern, "\(text)")
    }
  }

  /// The middle between two neighbours, exactly, and a hair above and below.
  @Test func middlesOfNeighbours() {
    var random = SplitMix(state: 3)
    for _ in 0..<300 {
      let value = Double(bitPattern: random.next() & ~(0x7ff << 52) | (UInt64(1023 - 60) + random.next() % 120) << 52)
      let middle = "\(exactMiddle(abs(value)))"
      for text in [middle, middle + "000000000000000000000000001", middle + "0e0", justBelow(middle)] {
        #expect(DecimalText.double(text)?.bitPattern == judge(text), "\(text)")
      }
    }
    // Subnormal numbers have up to 767 digits.
    var longest = [CChar](repeating: 0, count: 1200)
    _ = withVaList([Double.leastNormalMagnitude.nextDown]) { vsnprintf(&longest, 1200, "%.1100f", $0) }
    let text = String(decoding: longest.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(DecimalText.double(text) == Double.leastNormalMagnitude.nextDown)
    #expect(DecimalText.double(text + String(repeating: "9", count: 100_000)) == Double.leastNormalMagnitude.nextDown)
  }

  /// The middle between `value` and the next float, with every decimal digit and a point.
  private func exactMiddle(_ value: Double) -> String {
    var bits = value.significandBitPattern | 1 << 52
    bits = bits << 1 | 1
    // bits × 2^(exponent - 53), written out by doubling or halving decimal digits.
    var digits = String(bits).compactMap(\.wholeNumberValue)
    let power = Int(value.exponent) - 53
    var point = 0
    for _ in 0..<abs(power) {
      if power > 0 { times(2, &digits) } else { times(5, &digits); point -= 1 }
    }
    if digits.count < -point { digits.insert(contentsOf: Array(repeating: 0, count: -point - digits.count), at: 0) }
    let text = digits.map(String.init)
    return text.dropLast(-point).joined() + "." + text.suffix(-point).joined()
  }

  /// The same number with its last digit that is not zero made one less, and nines behind it.
  private func justBelow(_ text: String) -> String {
    var digits = Array(text.utf8)
    let last = digits.lastIndex { $0 != UInt8(ascii: "0") && $0 != UInt8(ascii: ".") }!
    digits[last] -= 1
    return String(decoding: digits, as: UTF8.self) + "9999"
  }

  private func times(_ factor: Int, _ digits: inout [Int]) {
    var carry = 0
    for index in digits.indices.reversed() {
      let product = digits[index] * factor + carry
      digits[index] = product % 10
      carry = product / 10
    }
    if carry > 0 { digits.insert(carry, at: 0) }
  }

  @Test func integers() {
    #expect(DecimalText.integer("0") == 0)
    #expect(DecimalText.integer("-9223372036854775808") == Int64.min)
    #expect(DecimalText.integer("9223372036854775807") == Int64.max)
    #expect(DecimalText.integer("18446744073709551615") == UInt64.max)
    #expect(DecimalText.integer("+007") == 7)
    for text in ["", "-", "1.0", "9223372036854775808", "-9223372036854775809", "99999999999999999999999", "1e3", " 1"] {
      #expect(DecimalText.integer(text, as: Int64.self) == nil, "\(text)")
    }
    #expect(DecimalText.integer("128", as: Int8.self) == nil)
    #expect(DecimalText.integer("-1", as: UInt8.self) == nil)
    #expect(DecimalText.integer("-128", as: Int8.self) == -128)
  }

  @Test(arguments: [
    (3.0, "3.0"), (-0.0, "-0.0"), (0.0, "0.0"), (0.1, "0.1"), (-12.0, "-12.0"), (1e16, "1e+16"),
    (.leastNonzeroMagnitude, "5e-324"),
    (.nan, "nan"), (-.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"), (Double(Float(0.1)), "0.10000000149011612"),
    (9007199254740991, "9007199254740991.0"),
  ])
  func spelling(_ value: Double, _ expected: String) {
    var text: [UInt8] = []
    DecimalText.append(value, to: &text)
    #expect(String(decoding: text, as: UTF8.self) == expected)
  }
}

/// A small generator with a seed, so that a failure happens again (S. Vigna's SplitMix64).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension String {
  /// Without the white space at its end.
  fileprivate func trimmingTail() -> String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
