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
  }

  /// An index into the vector that the trees read; for a linear test, into the tree's `linearForms`.
  package let feature: Int32
  package let test: Test
  /// Where NaN goes: NaN in the feature, or a sum that comes out as NaN.
  package let nanGoesLeft: Bool
  /// Never NaN; an infinity is allowed. Kept as the trainer wrote it, so that a reader finds it again in published code.
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
