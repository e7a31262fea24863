package import ForestRanking

/// The trees of a program that are asked by ranks, and how many events are computed together.
///
/// What comes before the trees and what is made of their sums are ordinary routines, once more for a block of events: the first
/// fills the vector of features that the trees read, the others go on from sums.
package struct RankedProgram: Sendable {
  package enum Layout: Sendable {
    /// Ranks of a byte.
    case bytes(RankedEnsemble)
    /// Ranks of 16 bits, for trees of many leaves.
    case wide(WideEnsemble)
  }
  package let layout: Layout
  package let featureType: ScalarType
  package let sumType: ScalarType
  package let featureCount: Int
  /// For each leaf as kernels count it, its number; nil where that is the same. With wide ranks for each node, -1 where it is no leaf.
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

  /// The layout of a program that was planned for a back-end without wide ranks.
  package var ensemble: RankedEnsemble {
    guard case .bytes(let ensemble) = layout else { preconditionFailure("planned for back-ends that take wide ranks") }
    return ensemble
  }
  /// What each sum starts from.
  package var start: [Double] {
    switch layout {
    case .bytes(let ensemble): ensemble.start
    case .wide(let ensemble): ensemble.start
    }
  }
}
