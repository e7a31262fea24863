import Decimals
import Testing

/// Numbers as text against Swift's own descriptions: another method, by other people.
@Suite struct DecimalWritingTests {
  private func text(_ value: Double, _ bytes: inout [UInt8]) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    DecimalText.append(value, to: &bytes)
    return bytes.elementsEqual((value.isNaN ? "nan" : value.description).utf8)
  }

  private func text(_ value: Float, _ bytes: inout [UInt8]) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    DecimalText.append(value, to: &bytes)
    return bytes.elementsEqual((value.isNaN ? "nan" : value.description).utf8)
  }

  /// Kinds of numbers that take different ways.
  enum Kind: CaseIterable {
    case anyBits, unit, float, decimal, whole, power, subnormal, scaled

    func number(_ random: inout SplitMix) -> Double {
      let bits = random.next()
      switch self {
      case .anyBits: return Double(bitPattern: bits)
      case .unit: return Double(bits >> 11) * 0x1p-53
      case .float: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      case .decimal: return Double(Int64(bitPattern: bits) % 1_000_000) / 1000
      case .whole: return Double(Int64(bitPattern: bits) >> (random.next() % 64))
      case .power: return Double(bitPattern: (bits & 0xFFF << 52) &+ random.next() % 5 &- 2)
      case .subnormal: return Double(bitPattern: bits >> (12 + random.next() % 52))
      case .scaled: return Double(bits % 100_000) * (1...Int(random.next() % 30 + 1)).reduce(1) { scale, _ in scale * 0.1 }
      }
    }
  }

  @Test(arguments: Kind.allCases, 1...2 as ClosedRange<UInt64>) func asSwiftSpells(_ kind: Kind, _ seed: UInt64) {
    var random = SplitMix(state: seed)
    var bytes: [UInt8] = []
    var wrong: [Double] = []
    for _ in 0..<8000 {
      let value = kind.number(&random)
      if !text(value, &bytes) { wrong.append(value) }
    }
    #expect(wrong == [])
  }

  @Test func everyPowerOfTwoAndItsNeighbours() {
    var bytes: [UInt8] = []
    for exponent in 0..<2048 as Range<UInt64> {
      for step in 0..<5 as Range<UInt64> {
        let value = Double(bitPattern: exponent << 52 &+ step &- 2)
        if !text(value, &bytes) { Issue.record("\(value)") }
      }
    }
  }

  @Test func everyPowerOfTenAndItsNeighbours() throws {
    var bytes: [UInt8] = []
    for power in -324...308 {
      let value = try #require(Double("1e\(power)"))
      for number in [value, value.nextUp, value.nextDown, -value, 9 * value, value / 3] where !text(number, &bytes) {
        Issue.record("\(number)")
      }
    }
  }

  @Test func float32AsSwiftSpells() {
    var random = SplitMix(state: 6)
    var bytes: [UInt8] = []
    for exponent in 0..<512 as Range<UInt32> {
      for step in 0..<5 as Range<UInt32> {
        let value = Float(bitPattern: exponent << 23 &+ step &- 2)
        if !text(value, &bytes) { Issue.record("\(value)") }
      }
    }
    for _ in 0..<20_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if !text(value, &bytes) { Issue.record("\(value)") }
    }
  }

  /// Nothing is written outside of the room, and what stood in front of it stays.
  @Test(arguments: [-2.2250738585072014e-308, -1.7976931348623157e308, .leastNonzeroMagnitude, -0.00012345678901234567, -9007199254740991, .nan, -.infinity])
  func staysInItsRoom(_ value: Double) {
    var bytes = [UInt8](repeating: 0x2A, count: DecimalText.room + 14)
    var span = bytes.mutableSpan
    var room = span.mutableBytes
    let end = DecimalText.write(value, to: &room, at: 7)
    #expect(end - 7 <= DecimalText.longest)
    #expect(String(decoding: bytes[7..<end], as: UTF8.self) == (value.isNaN ? "nan" : "\(value)"))
    #expect((bytes[..<7] + bytes[(DecimalText.room + 7)...]).allSatisfy { $0 == 0x2A })
  }
}
