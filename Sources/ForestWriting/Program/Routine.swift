package import ForestIR

/// A function of an emitted program.
package struct Routine: Sendable {
  package struct Parameter: Sendable {
    package enum Kind: Sendable, Hashable {
      case scalar(ScalarType)
      /// Read only.
      case input(ScalarType)
      /// Written by the routine (and readable).
      case output(ScalarType)
    }
    package let name: String
    package let kind: Kind
    package init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  package enum Result: Sendable, Hashable {
    case nothing
    case scalar(ScalarType)
    /// A leaf: its value, of the given type, and its number.
    case leaf(ScalarType)
  }

  package enum Body: Sendable {
    case statements([Statement])
    /// One tree as nested conditions over the array parameter `x`; returns a leaf.
    case tree(TreeCode)
    /// Something about the program's ranked trees for the feature vector `x`.
    case ranked(RankedQuestion)
  }

  package enum RankedQuestion: Sendable {
    /// The sums: returned if there is one, else written to `out`.
    case sums
    /// The number of the leaf of each tree, written to `leaf`.
    case leaves
  }

  package let name: String
  /// A sentence for readers, printed above the routine.
  package let comment: String
  package let parameters: [Parameter]
  package let result: Result
  package let body: Body

  package init(_ name: String, comment: String, parameters: [Parameter], result: Result, body: Body) {
    self.name = name
    self.comment = comment
    self.parameters = parameters
    self.result = result
    self.body = body
  }
}

/// A tree to be printed as nested conditions. It is walked with a stack, never by recursion.
package struct TreeCode: Sendable {
  package let tree: Tree
  /// The type of the vector `x` that the tree reads. Thresholds that fit are spelled in this type, the others in float64.
  package let inputType: ScalarType
  /// The type in which leaf values are spelled.
  package let leafType: ScalarType
  /// What each leaf gives: the value (already multiplied by the tree's weight, rounded once), in the order of the tree's leaves.
  package let leafValues: [Double]
  /// The routine that computes linear forms in float64: called with the array `x`, the form's place and the number of its
  /// coefficients (without the offset).
  package let linearRoutine: String?
  /// For each linear form of the tree, its place in the coefficient table: the offset stands there, then the coefficients.
  package let linearOffsets: [Int]
}
