import ForestIR

/// What a CatBoost file says, whichever of the two forms it is in: the common ground of both readers.
struct CatBoostModel {
  /// The features, all of them numbers; models with others are refused.
  var features: [CatBoostFeature] = []
  var trees: [CatBoostTree] = []
  /// How many numbers a leaf holds; nil without trees.
  var outputs: Int?
  var scale = 1.0
  /// One for each output, or one for all.
  var biases: [Double] = []
  var info = CatBoostInfo()
  /// How many borders are not float32 numbers as they are written.
  var roundedBorders = 0
}

/// A numerical feature: a column of the input and what its missing values mean.
struct CatBoostFeature {
  /// The number by which splits name it; it counts numerical features only.
  let index: Int
  /// The position among the inputs, which need not be the same.
  let column: Int
  /// Empty if training knew no names.
  let name: String
  /// Where the trees may cut; ascending as a rule.
  let borders: [Float]
  let missing: Missing
  let hasMissing: Bool
  let mark: SourceMark

  /// What NaN counts as.
  enum Missing: String {
    /// There was none in training.
    case asIs = "AsIs"
    /// Smaller than every border.
    case asFalse = "AsFalse"
    /// Larger than every border.
    case asTrue = "AsTrue"
  }

  /// Whether NaN is taken for a number above every border.
  var missingIsAbove: Bool { hasMissing && missing == .asTrue }

  /// Larger numbers of features and of columns are refused: inputs are made for each column up to the largest.
  static let indexLimit = 1 << 18
}

/// A tree, its leaf values in the order of the leaves, `outputs` numbers each.
struct CatBoostTree {
  /// Whether a feature is above a border.
  struct Question {
    /// The feature's own number, which may be unknown yet.
    let feature: Int32
    let border: Float
  }

  /// Where the answers "no" and "yes" lead: to a question, or to the leaf that is its complement.
  struct Children {
    var no: Int32
    var yes: Int32
  }

  /// One for each level if the tree is symmetric, the first the lowest bit of a leaf's number; else in the order of a walk.
  let questions: [Question]
  /// Nil for a symmetric tree.
  let children: [Children]?
  let leaves: [Double]
  /// The trainer's numbers of the leaves, where they are not counted in order.
  let leafNumbers: [Int32]?
  let mark: SourceMark

  /// Symmetric trees of more levels are refused, as by the trainer.
  static let levelLimit = 16
}
