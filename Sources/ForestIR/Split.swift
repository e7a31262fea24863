/// An inner node of a tree: one question, and where each answer leads.
///
/// 24 bytes; a tree holds its splits in one array.
package struct Split: Sendable, Hashable {
  /// The question. Its truth leads to the left child. Numbers are compared exactly, whatever their widths:
  /// widening float32 to float64 changes nothing.
  package enum Test: UInt8, Sendable, CaseIterable {
    /// `x[feature] < threshold`
    case less
    /// `x[feature] <= threshold`
    case lessOrEqual
    /// `s <= threshold`, s being the linear form number `feature` of the tree, summed in float64.
    case linearLessOrEqual
    /// `x[feature]` is a member of the tree's category set number `threshold`.
    case inSet
  }

  /// An index into the vector that the trees read; for a linear test, into the tree's `linearForms`.
  package let feature: Int32
  package let test: Test
  /// Where NaN goes: NaN in the feature, or a sum that comes out as NaN.
  package let nanGoesLeft: Bool
  /// Never NaN; an infinity is allowed. Kept as the trainer wrote it, so that a reader finds it again in published code.
  /// For a test of membership, an index into the tree's `categorySets`.
  package let threshold: Double
  package let left: Child
  package let right: Child

  package init(feature: Int, test: Test, threshold: Double, nanGoesLeft: Bool, left: Child, right: Child) {
    self.feature = Int32(clamping: feature)
    self.test = test
    self.nanGoesLeft = nanGoesLeft
    self.threshold = threshold
    self.left = left
    self.right = right
  }
}

/// Where a branch leads: to another split or to a leaf of the same tree.
///
/// One 32-bit number: a split's index, or the bitwise complement of a leaf's index.
package struct Child: Sendable, Hashable {
  package let code: Int32

  @inlinable package init(code: Int32) { self.code = code }
  package static func split(_ index: Int) -> Child { Child(code: Int32(clamping: index)) }
  package static func leaf(_ index: Int) -> Child { Child(code: ~Int32(clamping: index)) }

  @inlinable package var isLeaf: Bool { code < 0 }
  /// The split's or the leaf's index.
  @inlinable package var index: Int { Int(code < 0 ? ~code : code) }
}

/// `offset + Σ coefficients[i] · x[i]` over the first features, i ascending: float64 throughout, the sum started
/// with the offset, one rounding for each product and each addition (no fused multiply-add).
///
/// A coefficient of 0 still takes part: 0 · ∞ is NaN.
package struct LinearForm: Sendable, Hashable {
  package let offset: Double
  package let coefficients: [Double]

  package init(offset: Double, coefficients: [Double]) {
    self.offset = offset
    self.coefficients = coefficients
  }
}

/// A leaf that is a linear model of a few features: `offset + Σ coefficients[i] · x[features[i]]`, i ascending, float64
/// throughout, the sum started with the offset, one rounding for each product and each addition.
///
/// If any of its features is NaN, the leaf answers with its plain value instead. Infinities follow IEEE 754: 0 · ∞ is NaN.
package struct LeafForm: Sendable, Hashable {
  package let offset: Double
  package let features: [Int32]
  package let coefficients: [Double]

  package init(offset: Double, features: [Int32], coefficients: [Double]) {
    self.offset = offset
    self.features = features
    self.coefficients = coefficients
  }
}

/// Some of the categories 0, 1, 2, …, as bits.
///
/// A number is a member if it is a category (an integer that is not negative; −0 is 0) and its bit is set: bit c mod 32 of
/// word c / 32. Fractions, negative numbers, numbers beyond the last word, infinities and NaN are not members.
package struct CategorySet: Sendable, Hashable {
  package let words: [UInt32]

  package init(words: [UInt32]) { self.words = words }

  package init(_ members: some Sequence<Int>) {
    var words: [UInt32] = []
    for member in members {
      while words.count <= member / 32 { words.append(0) }
      words[member / 32] |= 1 << UInt32(member % 32)
    }
    self.words = words
  }

  package func contains(_ x: Double) -> Bool {
    guard x >= 0, x < Double(words.count * 32), x == x.rounded(.towardZero) else { return false }
    let category = Int(x)
    return words[category / 32] >> UInt32(category % 32) & 1 == 1
  }

  /// The members, ascending.
  package var members: [Int] {
    (0..<words.count * 32).filter { words[$0 / 32] >> UInt32($0 % 32) & 1 == 1 }
  }
}
