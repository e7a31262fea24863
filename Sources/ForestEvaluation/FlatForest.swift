import ForestIR

/// A forest laid out for speed: all nodes of all trees in one array, and vectors of a block of rows side by
/// side.
///
/// **Trees.** Splits and leaves are nodes alike, 16 bytes each; the two children of a split are neighbours,
/// a leaf is its own child:
///
///     nodes   … │ 5 │ 6 │ 7 │ 8 │ 9 │ …          split 5: x >= threshold goes right
///                 │   └───┼───┘   left 8, right 9   child = 8: next = child + (x >= threshold ? 1 : 0)
///                 └─ child 7 … a leaf: child = 7,  threshold = NaN: x >= NaN never holds, so next = 7 for ever
///
/// One comparison serves every split. `x < t` goes left where `x >= t` does not hold; `x <= t` is `x < t⁺`,
/// t⁺ being the next float64 number, whatever the width of x, since the widths' numbers are all float64
/// numbers. NaN goes left of itself; where it must go right, the split reads a copy of the column in which
/// NaN became +∞ (see `NaNTreatment`). Splits on linear forms and on category sets ask otherwise; only trees
/// that have some pay for looking which it is (see `FlatTree.Walk`).
///
/// **Leaves.** A leaf of one number has it in `leafValues`, under its node's index. A leaf of K numbers has
/// them in `leafVectors`, side by side, from its node's `vectorPlaces` on. A leaf that is a linear model has its value
/// there too, and its node's `leafFormPlaces` names its form.
///
/// Trees that can be asked by ranks are not laid out so but as `RankedTrees` or `WideTrees`.
///
/// **Vectors.** A block of `stride` rows has one column of `stride` numbers for each element of each vector.
/// Element e of a vector that starts at column s is, for row r, `cells[(s + e) · stride + r]`. Truth values
/// are 0 and 1.
/// Not copyable, since copying counts references to all of its arrays, which takes longer than a small forest takes for an event.
struct FlatForest: ~Copyable, Sendable {
  var nodes: [FlatNode] = []
  /// For each node that is a leaf of one number: the number, times the tree's weight where there is one.
  var leafValues: [Double] = []
  /// For each node that is a leaf of several numbers: where they start in `leafVectors`. No longer than up to
  /// the last tree that has such leaves.
  var vectorPlaces: [UInt32] = []
  /// The numbers of those leaves, times the tree's weight where there is one.
  var leafVectors: [Double] = []
  /// For each node that is a leaf with a linear model: its position in `leafForms`, else `none`. No longer than up to the last tree that
  /// has such leaves.
  var leafFormPlaces: [UInt32] = []
  var leafForms: [FlatLeafForm] = []
  /// The features and coefficients of those, side by side.
  var leafFormTerms: [FlatLeafForm.Term] = []
  /// For each node that is a leaf: the number by which it is reported.
  var leafNumbers: [Int32] = []
  /// What splits on linear forms compute, and the coefficients of all of them.
  var forms: [FlatForm] = []
  var coefficients: [Double] = []
  /// The words of all category sets.
  var setWords: [UInt32] = []

  var model: FlatModel
  let inputCount: Int
  let resultCount: Int
  let treeCount: Int
  /// Columns of the working storage.
  var columnCount = 0
  /// Rows of a block.
  var stride = 1
  /// Choices within choices.
  var levelCount = 1
  /// What stays the same for all events: filled in once.
  var constants: [FlatConstant] = []
  /// The longest vector that is sorted.
  var sortedCount = 0
  /// The most columns of ranks, sums and features that an ensemble needs at once, where trees are asked by ranks.
  var room = RankedRoomSize()
  /// From how many rows on they are asked for many rows at once.
  var fewestRankedRows = 1
  var fewestWideRows = 1
}

/// A split or a leaf, see `FlatForest`.
struct FlatNode: Sendable {
  /// What a number is compared with; in a split on a category set the bits of a `WordRange`.
  var threshold: Double
  /// Where the tested column starts in the cells of a block, below 2²⁹; an index into `forms` with `formBit`.
  var column: UInt32
  var child: UInt32

  /// The split tests a linear form.
  static let formBit: UInt32 = 1 << 31
  /// The split tests membership of a category set, members going left.
  static let setBit: UInt32 = 1 << 30
  /// Of a split on a category set: NaN goes left too.
  static let nanLeftBit: UInt32 = 1 << 29
  /// What remains of `column` without the last two.
  static let columnMask: UInt32 = nanLeftBit - 1

  /// Where a split on a category set leads. A leaf and a split that compares must not be asked.
  @inline(__always) func next(_ x: Double, words: Span<UInt32>) -> UInt32 {
    let range = WordRange(bits: threshold.bitPattern)
    let goesLeft = x.isNaN ? column & FlatNode.nanLeftBit != 0 : range.contains(x, in: words)
    return child &+ (goesLeft ? 0 : 1)
  }
}

/// The words of one category set among those of all.
struct WordRange: Sendable {
  let first: UInt32
  let count: UInt32

  init(first: Int, count: Int) {
    self.first = UInt32(first)
    self.count = UInt32(count)
  }

  init(bits: UInt64) {
    first = UInt32(truncatingIfNeeded: bits)
    count = UInt32(truncatingIfNeeded: bits >> 32)
  }

  var bits: UInt64 { UInt64(count) << 32 | UInt64(first) }

  /// `CategorySet.contains`.
  @inline(__always) func contains(_ x: Double, in words: Span<UInt32>) -> Bool {
    guard x >= 0, x < Double(count) * 32 else { return false }
    let category = Int(x)
    guard Double(category) == x else { return false }
    return words[Int(first) + category >> 5] >> UInt32(category & 31) & 1 == 1
  }
}

/// What is compared instead of NaN. The comparison `x >= threshold` sends NaN to the left.
enum NaNTreatment: Sendable, Hashable {
  case unchanged
  /// NaN becomes +∞, which goes right of every threshold.
  case infinite
  /// 1 for NaN, 0 for every number: for the one question that sends all numbers left and NaN right.
  case mark

  @inline(__always) func applied(to x: Double) -> Double {
    switch self {
    case .unchanged: x
    case .infinite: x.isNaN ? .infinity : x
    case .mark: x.isNaN ? 1 : 0
    }
  }
}

/// A linear form with what is to be done about a sum that is NaN.
struct FlatForm: Sendable {
  let offset: Double
  /// The position of its coefficients in the list of all.
  let first: Int
  let count: Int
  let treatment: NaNTreatment
}

/// The linear model of a leaf.
struct FlatLeafForm: Sendable {
  /// A coefficient and the feature that it multiplies, counted from the first that the trees read.
  struct Term: Sendable {
    let coefficient: Double
    let feature: Int32
  }
  /// The position of a node that has none.
  static let none = UInt32.max

  let offset: Double
  /// The position of its terms in the list of all.
  let first: Int
  let count: Int
}

struct FlatTree: Sendable {
  let root: UInt32
  /// The smallest and the largest number of splits on a way to a leaf.
  let shallowest: Int
  let deepest: Int
  let walk: Walk
  /// The column of the result, counted from the result's first, to which the leaf's value (the first of its
  /// numbers) is added.
  let output: Int

  /// Which kinds of splits the way through a tree has to reckon with, each including those before it.
  enum Walk: Int, Sendable, Comparable {
    case comparisons, sets, forms

    static func < (a: Walk, b: Walk) -> Bool { a.rawValue < b.rawValue }
  }
}

struct FlatEnsemble: Sendable {
  /// A column made before the trees are asked.
  struct Copy: Sendable {
    let source: Int
    let treatment: NaNTreatment
    let target: Int
  }
  let trees: [FlatTree]
  /// What has to be reckoned with in any of the trees.
  let walk: FlatTree.Walk
  /// How many numbers each leaf has.
  let leafWidth: Int
  /// Whether leaves are linear models in any of the trees.
  let hasLeafForms: Bool
  /// Nil: leaf values are not added up but set side by side.
  let start: [Double]?
  let width: Width
  let copies: [Copy]
  /// The first column of the vector that the trees read.
  let firstFeature: Int
  let firstTree: Int
}
