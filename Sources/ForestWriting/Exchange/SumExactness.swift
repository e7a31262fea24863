import ForestIR

/// How a sum changes when it is added up in another width.
enum SumExactness: Sendable, Hashable {
  /// The same numbers are added in the same order and width.
  case sameArithmetic
  /// All terms are multiples of one power of 2, and no sum of them needs more digits than both widths have.
  case noRounding
  /// Rounding differs: by at most this much in any output, whatever the event; ∞ where float32 might overflow.
  case rounded(bound: Double)

  var isExact: Bool {
    if case .rounded = self { false } else { true }
  }

  var isBounded: Bool { self != .rounded(bound: .infinity) }
}

extension AdditiveForest {
  /// What becomes of the sums where leaves are held and added in `other`, from 0, start value and trees in order.
  ///
  /// - Complexity: O(leaves).
  func exactness(inSumsOf other: Width) -> SumExactness {
    if other == width { return .sameArithmetic }
    var worst = 0.0
    var isExact = true
    for output in 0..<outputCount {
      let terms = largestTerms(of: output)
      var magnitude = start[output].magnitude, error = 0.0
      // Half a unit in the last place of a number of the magnitude m is m · 2⁻²⁴ at most.
      if !Width.float32.holds(start[output]) { error += magnitude * 0x1p-24 }
      for term in terms {
        magnitude += term.largest
        error += magnitude * 0x1p-24 + (term.isFloat32 ? 0 : term.largest * 0x1p-24)
      }
      let finest = terms.reduce(Self.finestBit(of: start[output])) { min($0, $1.finestBit) }
      // float32 has 24 digits, and none below 2⁻¹⁴⁹; float64 has more of both.
      let limit = Double(sign: .plus, exponent: min(finest, 100) + 24, significand: 1)
      if finest < -149 || !(magnitude <= limit) { isExact = false }
      worst = max(worst, magnitude < 0x1p127 ? error : .infinity)
    }
    // The rounding errors of float64, on either side and in the bound itself, are far smaller than this.
    return isExact ? .noRounding : .rounded(bound: worst * (1 + 0x1p-20))
  }

  private struct Term {
    var largest: Double
    var finestBit: Int
    var isFloat32: Bool
  }

  private func largestTerms(of output: Int) -> [Term] {
    trees.compactMap { tree in
      guard tree.leafWidth > 1 || tree.group == output else { return nil }
      var term = Term(largest: 0, finestBit: Int.max, isFloat32: true)
      for place in stride(from: tree.leafWidth > 1 ? output : 0, to: tree.leaves.count, by: tree.leafWidth) {
        let value = tree.leaves[place]
        term.largest = max(term.largest, value.magnitude)
        term.finestBit = min(term.finestBit, Self.finestBit(of: value))
        term.isFloat32 = term.isFloat32 && Width.float32.holds(value)
      }
      return term
    }
  }

  /// The exponent of the lowest digit that is set; 0 has none.
  private static func finestBit(of value: Double) -> Int {
    guard value != 0 else { return Int.max }
    let bits = value.bitPattern & 0x000F_FFFF_FFFF_FFFF
    let exponent = Int(value.bitPattern >> 52 & 0x7FF)
    let significand = exponent == 0 ? bits : bits | 1 << 52
    return max(exponent, 1) - 1075 + significand.trailingZeroBitCount
  }
}
