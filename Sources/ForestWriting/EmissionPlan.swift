package import ForestIR

/// What a language's compilers can bear; each back-end states its own.
package struct TargetTraits: Sendable {
  /// `auto` prints trees as branches up to this many splits in the whole forest, and as tables above.
  package let branchSplitLimit: Int
  /// Trees deeper than this cannot be printed as branches at all.
  package let maximumBranchDepth: Int
  /// Whether the back-end can print trees that are asked by ranks.
  package let takesRanks: Bool
  /// Whether it can also where trees have so many leaves that ranks need 16 bits.
  package let takesWideRanks: Bool

  package init(branchSplitLimit: Int, maximumBranchDepth: Int, takesRanks: Bool = false, takesWideRanks: Bool = false) {
    self.branchSplitLimit = branchSplitLimit
    self.maximumBranchDepth = maximumBranchDepth
    self.takesRanks = takesRanks
    self.takesWideRanks = takesWideRanks
  }
}

/// What is decided before a character is printed: how trees become source text.
///
/// Measured for C++ with trees of 16 leaves on 20 inputs (GCC 12.2 / Clang 21, -O2, one core of a busy machine, user
/// seconds to compile and ns an event, 50,000 random events):
///
/// | trees | splits | branches, compile | tables, compile | branches, ns | tables, ns |
/// |---|---|---|---|---|---|
/// | 100 | 1,500 | 1.2 / 0.8 | 0.4 / 0.4 | 1,531 / 1,308 | 2,790 / 2,832 |
/// | 300 | 4,500 | 2.4 / 1.8 | 0.4 / 0.3 | 5,362 / 4,592 | 8,475 / 8,598 |
/// | 600 | 9,000 | 4.6 / 3.7 | 0.4 / 0.4 | 12,302 / 10,408 | 17,434 / 17,608 |
/// | 1,200 | 18,000 | 8.0 / 11.1 | 0.4 / 0.5 | 30,000 / 22,704 | 33,421 / 34,707 |
///
/// Ranks (GCC 12.2, -O2, same machine, busier): 100 trees of 16 leaves 220 ns for one event and 44 ns in a batch; 500 trees of 64
/// leaves 1,370 and 370; 1,000 trees of 127 leaves, leaf by leaf, 12,800 and 2,290. A header costs 1.2 to 1.5 s to compile, nearly all
/// of it for the functions, and 3.8 s with 253,000 nodes. Complete trees of 64 leaves are 14 bytes of text a node, 1,000 trees of 127
/// leaves of any shape 35.5, 500 of 31 leaves 39.8. So where trees can be asked by ranks, branches remain for the smallest forests, which
/// people may want to read: the limit of `auto` is what is read on a few pages. (Where exactly ranks become faster was not measured.) Trees of
/// more than 256 leaves go by wide ranks: a random forest of 200 trees and 1.08 million nodes 8,840 ns and 3,790 ns, at 26 bytes a node. (Its
/// nodes are pairs of numbers of 32 bits: GCC's time grew with the square of a table of 64-bit ones.)
///
/// Python: literal branches cost 1.7 to 6 s to import for 2,000 trees of 16 leaves, tables 0.1 to 0.2 s; arrays of events go through tables
/// in any case. Swift: 850 trees of 8 leaves as branches cost 12 s to compile, 500 of 64 leaves as ranks 3 s, and ranks are faster.
package struct EmissionPlan: Sendable {
  package enum Trees: Sendable, Hashable {
    /// Nested conditions, one routine a tree.
    case branches
    /// Constant arrays and a loop that walks them.
    case tables
    /// Constant arrays of ranks, asked for one event or for many at once (`RankedEnsemble`).
    case ranks
  }

  package let trees: Trees
  /// The trees, where they are asked by ranks.
  let ranked: RankedTreesOfModel?

  /// - Throws: `EmissionError` when branches are demanded of trees that are too deep for the language.
  package init(
    forest: Forest, layout: EmissionRequest.Layout, traits: TargetTraits
  ) throws(EmissionError) {
    let statistics = forest.statistics
    let fits = statistics.depth <= traits.maximumBranchDepth
    // Leaves that are vectors or linear models and sets of categories are data by nature.
    let isPlain = forest.model.ensembles.allSatisfy { ensemble in
      ensemble.leafWidth == 1 && ensemble.trees.allSatisfy { $0.categorySets.isEmpty && $0.leafForms == nil }
    }
    let takesBranches: Bool
    switch layout {
    case .tables: takesBranches = false
    case .branches:
      guard fits else {
        throw EmissionError(
          "a tree is \(statistics.depth) splits deep; this language's compilers take nested conditions up to \(traits.maximumBranchDepth)",
          hint: "use --layout tables (or auto)")
      }
      guard isPlain else {
        throw EmissionError(
          "trees with vectors or linear models for leaves or with sets of categories are not written as nested conditions",
          hint: "use --layout tables (or auto)")
      }
      takesBranches = true
    case .auto: takesBranches = fits && isPlain && statistics.nodes - statistics.leaves <= traits.branchSplitLimit
    }
    ranked = takesBranches || !traits.takesRanks ? nil : forest.model.rankedTrees(wide: traits.takesWideRanks)
    trees = takesBranches ? .branches : ranked == nil ? .tables : .ranks
  }
}
