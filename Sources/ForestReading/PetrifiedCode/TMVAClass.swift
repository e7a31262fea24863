import ForestIR

/// A class that TMVA's `MakeClass` wrote for boosted decision trees, as read from its code.
struct TMVAClass {
  /// What the class computes from the leaves of its trees.
  enum Formula {
    /// `Σ weight · leaf / Σ weight`, the leaf's vote or purity.
    case weightedMean
    /// `2 / (1 + exp(−2 · Σ response)) − 1`
    case gradient
    /// One sum of responses for each class, then `1 / (1 + Σ exp(sum j) / exp(sum i))`.
    case multiclass(Int)
  }

  /// Which number of a node counts once the event has reached a leaf.
  enum Leaf {
    case nodeType
    case purity
    case response
  }

  /// A cut that answers before any tree is asked; the first that holds decides.
  struct Preselection {
    var variable: Int
    var comparison: Comparison
    var value: Double
    var answer: Double
  }

  var className = ""
  var nodeName = ""
  var labels: [String] = []
  var kinds: [Input.Kind] = []
  var ranges: [Input.TrainingRange?] = []
  /// Nodes have a list of Fisher coefficients.
  var hasFisherCuts = false
  /// Ordinary nodes ask `x > cut`; otherwise `x >= cut`.
  var isStrictGreater = true
  /// The class has functions that transform the variables first.
  var hasTransformations = false
  /// The arrays that hold the transformations' numbers, by name, with their sizes.
  var arrays: [TMVAClassArray] = []
  /// The numbers of the transformations that are declared, in order.
  var transformationNumbers: [Int] = []
  var formula = Formula.weightedMean
  var leaf = Leaf.nodeType
  var preselection: [Preselection] = []
  var weights: [Double] = []
  var trees: [Tree] = []
  var transformations: [TMVAClassTransformation] = []

  var cuts = PrintedDigits(.significant(6))
  var responses = PrintedDigits(.significant(6))

  var variableCount: Int { labels.count }
  var isMulticlass: Bool { if case .multiclass = formula { true } else { false } }
}

/// `double NAME[n][m]…;`
struct TMVAClassArray: Equatable {
  var name: String
  var sizes: [Int]
}
