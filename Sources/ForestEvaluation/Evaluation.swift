/// What a forest answers for one event.
package struct Evaluation: Sendable {
  /// The result vector: one number for each column of the forest.
  package let results: [Double]
  /// For each tree, in the order in which `Model` numbers them, the number of the leaf it answered with; −1
  /// where the tree was not asked.
  package let leaves: [Int32]
  /// Several conditions held of a choice that has no answer then, and the results depend on it: the row must
  /// be reported.
  package let isAmbiguous: Bool

  /// An evaluation from its parts.
  package init(results: [Double], leaves: [Int32], isAmbiguous: Bool) {
    self.results = results
    self.leaves = leaves
    self.isAmbiguous = isAmbiguous
  }
}
