import ForestIR

/// A forest as petrify-bdt and petrifyML write it, in either language: a function for each tree, and one that combines them.
struct PetrifiedFunctions {
  /// What is made of the trees' values. Sums go from left to right, without a zero before them.
  enum Formula {
    /// The value of the only tree.
    case single
    /// `(Σ weight · tree) / norm`
    case weightedMean(norm: Double)
    /// `scale · Σ tree`
    case scaledSum(scale: Double)
    /// `2 / (1 + exp(−2 · Σ tree)) − 1`
    case gradient
    /// `1 / (1 + exp(−(scale · Σ tree)))`
    case sigmoid(scale: Double)
    /// `exp(Σ tree)` for each class, the trees dealt out in turn; then `1 / (1 + Σ e[j] / e[i])`.
    case multiclass(Int)
  }

  /// The language the file is in, its tokens, and who may have written it.
  enum Writer: String {
    case petrifyBDT = "petrify-bdt"
    case petrifyML = "petrifyML"
  }

  var writer = Writer.petrifyBDT
  /// The version of petrifyML, from its first line; empty if unknown.
  var version = ""
  /// The name of the function that combines the trees.
  var name = ""
  var trees: [Tree] = []
  var weights: [Double] = []
  var formula = Formula.single
  /// The number of inputs, where a main function states it.
  var statedInputs: Int?
  var cuts = PrintedDigits(.none)
  var values = PrintedDigits(.none)

  /// Names that would mean something else in the code that calls the functions.
  static let reservedNames: Set = [
    "args", "exp", "sigmoid", "std", "range", "result", "vals", "norm", "ic", "jc", "main", "print", "x", "C", "inode", "values",
    "abs", "float", "int", "double",
  ]

  /// The name of tree `index`: `NAME_007`.
  static func treeName(_ name: String, _ index: Int) -> String {
    let digits = "\(index)"
    return name + "_" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// The common name of all functions, from that of the first tree (`NAME_000`, or `NAME_000_000` from scikit-learn models).
  static func baseName(ofFirst tree: String, suffix: String) -> String? {
    let ending = "_000" + suffix
    guard tree.hasSuffix(ending), tree.count > ending.count else { return nil }
    let name = String(tree.dropLast(ending.count))
    return reservedNames.contains(name) ? nil : name
  }
}
