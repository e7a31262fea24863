package import ForestRanking

/// The trees of a program that are asked by ranks, and how many events are computed together.
///
/// What comes before the trees and what is made of their sums are ordinary routines, once more for a block of events: the first
/// fills the vector of features that the trees read, the others go on from sums.
package struct RankedProgram: Sendable {
  package let ensemble: RankedEnsemble
  package let featureType: ScalarType
  package let sumType: ScalarType
  package let featureCount: Int
  /// For each leaf as kernels count it, its number; nil where that is the same.
  package let leafNumbers: [Int32]?
  /// The routine `(x, out)` that computes the features; nil where they are the inputs.
  package let featuresEntry: String?
  /// `(x, sums, out)`: goes on from the sums to the printed columns, or to the raw margins.
  package let outputs: Continuation
  package let margins: Continuation?

  package struct Continuation: Sendable {
    package let entry: String
    /// Whether it reads the inputs; if not, anything may be handed in.
    package let readsInputs: Bool
  }
}
