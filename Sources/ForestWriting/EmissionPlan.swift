package import ForestIR

/// What a language's compilers can bear; each back-end states its own.
package struct TargetTraits: Sendable {
  /// `auto` prints trees as branches up to this many splits in the whole forest, and as tables above.
  package let branchSplitLimit: Int
  /// Trees deeper than this cannot be printed as branches at all.
  package let maximumBranchDepth: Int

  package init(branchSplitLimit: Int, maximumBranchDepth: Int) {
    self.branchSplitLimit = branchSplitLimit
    self.maximumBranchDepth = maximumBranchDepth
  }
}

/// What is decided before a character is printed: how trees become source text.
package struct EmissionPlan: Sendable {
  package enum Trees: Sendable, Hashable {
    /// Nested conditions, one routine a tree.
    case branches
    /// Constant arrays and a loop that walks them.
    case tables
  }

  package let trees: Trees

  /// - Throws: `EmissionError` when branches are demanded of trees that are too deep for the language.
  package init(
    forest: Forest, layout: EmissionRequest.Layout, traits: TargetTraits
  ) throws(EmissionError) {
    let statistics = forest.statistics
    let fits = statistics.depth <= traits.maximumBranchDepth
    // Leaves that are vectors and sets of categories are data by nature.
    let isPlain = forest.model.ensembles.allSatisfy { ensemble in
      ensemble.leafWidth == 1 && ensemble.trees.allSatisfy(\.categorySets.isEmpty)
    }
    switch layout {
    case .tables: trees = .tables
    case .branches:
      guard fits else {
        throw EmissionError(
          "a tree is \(statistics.depth) splits deep; this language's compilers take nested conditions up to \(traits.maximumBranchDepth)",
          hint: "use --layout tables (or auto)")
      }
      guard isPlain else {
        throw EmissionError(
          "trees with vectors for leaves or with sets of categories are not written as nested conditions",
          hint: "use --layout tables (or auto)")
      }
      trees = .branches
    case .auto:
      trees = fits && isPlain && statistics.nodes - statistics.leaves <= traits.branchSplitLimit ? .branches : .tables
    }
  }
}
