package import ForestIR

/// Numbers on which comparisons and conversions are got wrong.
package enum SpecialNumbers {
  /// Zeros, infinities, NaN, the ends of both widths' and of integers' ranges, denormals, halves, the neighbours of
  /// −1, and numbers that no float32 holds.
  package static let all: [Double] = [
    0, -0.0, .nan, .infinity, -.infinity, 1, -1, 0.5, -0.5, 0.1, -999,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
    Double(Float.leastNonzeroMagnitude), -Double(Float.leastNonzeroMagnitude), Double(Float.leastNormalMagnitude),
    Double(Float.leastNonzeroMagnitude) / 2,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, Double(Float.greatestFiniteMagnitude),
    -Double(Float.greatestFiniteMagnitude), Double(Float.greatestFiniteMagnitude).nextUp, 1e30, -1e30,
    9_007_199_254_740_992, 16_777_217, 1 + 0x1p-24, 1 + 0x1p-53, -1 + 0x1p-53, -1 - 0x1p-52,
    31, 32, 0x1p31, 0x1p32, 0x1p63, 0x1p64, -0x1p31, 1e300, -1e300,
  ]

  /// The number itself and its neighbours in both widths; the number alone if it has none.
  package static func around(_ number: Double) -> [Double] {
    guard number.isFinite else { return [number] }
    let narrow = Float(number)
    return [
      number, number.nextDown, number.nextUp, Double(narrow), Double(narrow.nextDown), Double(narrow.nextUp),
    ]
  }
}

extension CategorySet {
  /// Numbers that are members or nearly: the ends of the set and of its words and their neighbours, a few members,
  /// and what must not be taken for one.
  package var probes: [Double] {
    let members = self.members
    var categories: [Int] = [0, 31, words.count * 32 - 1]
    categories += members.prefix(3)
    categories += members.suffix(2)
    return categories.flatMap { category -> [Double] in
      let x = Double(category)
      return [x, x - 1, x + 1, x + 0.5, -x, x.nextDown, x.nextUp]
    }
  }
}

extension SplitMix64 {
  /// A number of `width`, mostly between −4 and 4 and often a multiple of 1/4, so that values meet
  /// thresholds.
  package mutating func number(_ width: Width) -> Double {
    let x = Double.random(in: -4...4, using: &self)
    return width.rounded(oneIn(2) ? (x * 4).rounded() / 4 : x)
  }

  /// As `number`, now and then a special one, NaN never.
  package mutating func wildNumber(_ width: Width) -> Double {
    guard oneIn(8) else { return number(width) }
    let special = width.rounded(pick(SpecialNumbers.all))
    return special.isNaN ? 0 : special
  }
}
