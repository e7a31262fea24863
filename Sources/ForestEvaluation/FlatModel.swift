import ForestIR

struct FlatModel: Sendable {
  /// Where the vector comes from that the model reads, where it is put, and the width it is rounded to on
  /// the way. Both are the same columns if nothing needs to be done.
  let argument: Columns
  let inputs: Columns
  let width: Width
  let steps: FlatSteps
  let result: Columns
}

struct FlatChoice: Sendable {
  /// The columns of the conditions, in the order of the models.
  let conditions: [Int]
  let models: [FlatModel]
  let otherwise: Columns
  let ambiguity: Choice.Ambiguity
}

/// The steps of a model, lent out without counting references, which would take longer than many a step of one event.
struct FlatSteps: Sendable {
  private let steps: [FlatStep]
  /// The same once more. They live as long as `steps` does.
  private let references: [Unmanaged<FlatStep>]

  init(_ steps: [FlatStep]) {
    self.steps = steps
    references = steps.map(Unmanaged.passUnretained)
  }

  var indices: Range<Int> { references.indices }

  @inline(__always)
  func withStep(at index: Int, _ body: (FlatStep) -> Void) { references[index]._withUnsafeGuaranteedRef(body) }
}

final class FlatStep: Sendable {
  /// Not copyable, so that its arrays are read where they are.
  enum Action: ~Copyable, Sendable {
    case constant([Double])
    case convert(Columns, Width)
    case unary(UnaryFunction, Columns, Width)
    case binary(BinaryFunction, Columns, Columns, Width)
    case compare(Comparison, Columns, Columns)
    case isNaN(Columns)
    case not(Columns)
    case and(Columns, Columns)
    case or(Columns, Columns)
    case any(Columns)
    case select(Columns, Columns, Columns)
    case gather([Int])
    case reduce(Reduction, Columns, Width)
    case indexOfMaximum(Columns)
    /// For each element the positions of the numbers that are known.
    case lookUp([[Double: Double]], Columns)
    case product(Matrix, Columns)
    case curve([HistogramCurve], Columns)
    case inverseCurve([HistogramCurve], Columns)
    case medianWindowMean(Columns, weights: [Double], halfWidth: Int)
    case weightedMedian(Columns, weights: [Double])
    case walkedTrees(FlatEnsemble)
    /// Trees that are asked by ranks, of bytes or of 16 bits.
    case rankedTrees(RankedTrees, firstTree: Int)
    case wideTrees(WideTrees, firstTree: Int)
    case members([FlatModel])
    case choose(FlatChoice)
  }

  let action: Action
  let result: Columns
  let need: Need

  init(_ action: consuming Action, result: Columns, need: Need) {
    self.action = action
    self.result = result
    self.need = need
  }
}

/// What the result of a step or of a model is for.
struct Need: Sendable {
  /// The forest's result depends on it. If not, it is skipped unless somebody asks for leaves, and no row is
  /// ambiguous because of it.
  let forResult: Bool
  /// Anything at all depends on it: the forest's result or the way through some tree. If not, it is there
  /// only for the leaves of its own trees.
  let isRead: Bool
}

/// Consecutive columns: a vector.
struct Columns: Sendable, Equatable {
  let start: Int
  let count: Int

  /// That of an element, a single one being repeated.
  func column(_ element: Int) -> Int { start + (count == 1 ? 0 : element) }
}

/// A column of one number.
struct FlatConstant: Sendable {
  let column: Int
  let value: Double
}
