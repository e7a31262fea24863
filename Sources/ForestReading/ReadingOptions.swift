/// What the caller decides where a model file leaves something open.
package struct ReadingOptions: Sendable, Equatable {
  /// A way of reading that a file does not record; spelled as on the command line.
  package enum Dialect: String, Sendable, CaseIterable {
    /// TMVA: a node test is `x > cut`, as in ROOT up to 5.34/19 and 6.00. Without it the test is `x >= cut`.
    case strictGreater = "strict-greater"
    /// TMVA multiclass: `exp(t_i) / Σ exp(t_j)`, as in recent ROOT.
    case multiclassSoftmax = "multiclass-softmax"
    /// TMVA multiclass: `1 / (1 + Σ exp(t_j - t_i))`, as in ROOT up to 6.13.
    case multiclassPairwise = "multiclass-pairwise"
  }

  /// Which of the iterations of boosting are used; spelled as on the command line.
  package enum Iterations: String, Sendable, CaseIterable {
    /// All that are in the file.
    case all
    /// Up to the one that the file names as the best, after early stopping; all if it names none.
    case best
  }

  package var dialects: Set<Dialect>
  package var iterations: Iterations

  package init(dialects: Set<Dialect> = [], iterations: Iterations = .all) {
    self.dialects = dialects
    self.iterations = iterations
  }
}
