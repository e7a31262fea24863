import ForestIR

/// All trees of a program, of all its models, numbered in the order in which the forest numbers them.
///
/// In the layout *tables* they share one set of arrays:
///
///     tree t has the leaves  first_leaf[t] ..< first_leaf[t + 1]  and the splits  first_leaf[t] − t ..< first_leaf[t + 1] − t − 1
///     (a tree has one split less than leaves); a child is a split's position in its tree, or the complement of a leaf's.
///     leaf f of an ensemble whose leaves hold K numbers has them at  f · K + shift  in leaf_value
final class TreePool {
  /// Where each ensemble's trees start, in the order of `Model.ensembles`, and how its leaf values are obtained.
  let ensembles: [TreeEnsemble]
  let firstTrees: [Int]
  /// What is added to K times a leaf's index to find its K numbers.
  let valueShifts: [Int]
  let layout: EmissionPlan.Trees
  /// The type of the table of leaf values: float32 if that loses nothing.
  let leafType: ScalarType

  init(ensembles: [TreeEnsemble], layout: EmissionPlan.Trees) {
    self.ensembles = ensembles
    self.layout = layout
    var firstTrees: [Int] = []
    var count = 0, leafCount = 0, valueCount = 0
    var valueShifts: [Int] = []
    var isNarrow = true
    for ensemble in ensembles {
      firstTrees.append(count)
      count += ensemble.trees.count
      valueShifts.append(valueCount - leafCount * ensemble.leafWidth)
      for tree in ensemble.trees {
        leafCount += tree.leafCount
        valueCount += tree.leaves.count
      }
      if isNarrow { isNarrow = ensemble.allLeafTermsAreFloat32 }
    }
    self.firstTrees = firstTrees
    self.valueShifts = valueShifts
    leafType = isNarrow ? .float32 : .float64
  }

  /// Whether every split is `x < threshold`, or every one `x <= threshold`, with NaN going one way throughout.
  lazy var uniformRule: (test: Split.Test, nanGoesLeft: Bool)? = {
    var rule: (test: Split.Test, nanGoesLeft: Bool)?
    for ensemble in ensembles {
      for tree in ensemble.trees {
        for split in tree.splits {
          if split.test == .linearLessOrEqual || split.test == .inSet { return nil }
          if let rule, rule != (split.test, split.nanGoesLeft) { return nil }
          rule = (split.test, split.nanGoesLeft)
        }
      }
    }
    return rule ?? (.less, false)
  }()

  lazy var hasLinearSplits: Bool = ensembles.contains { $0.trees.contains { !$0.linearForms.isEmpty } }
  lazy var hasCategorySets: Bool = ensembles.contains { $0.trees.contains { !$0.categorySets.isEmpty } }
  lazy var hasLeafForms: Bool = ensembles.contains { $0.trees.contains { $0.leafForms != nil } }
  lazy var hasSplits: Bool = ensembles.contains { $0.trees.contains { !$0.splits.isEmpty } }

  /// All linear forms in one list of numbers (an offset, then the coefficients), where each starts, and where each tree's are.
  lazy var linearForms: (numbers: [Double], places: [Int32], placesOfTree: [[Int]]) = {
    var numbers: [Double] = [], places: [Int32] = [], placesOfTree: [[Int]] = []
    for ensemble in ensembles {
      for tree in ensemble.trees {
        placesOfTree.append(tree.linearForms.map { form in
          let place = numbers.count
          places.append(Int32(place))
          numbers.append(form.offset)
          numbers += form.coefficients
          return place
        })
      }
    }
    return (numbers, places + [Int32(numbers.count)], placesOfTree)
  }()
}

extension TreeEnsemble {
  /// What a leaf of tree `tree` adds: its value, multiplied by the tree's weight in the ensemble's width, rounded once.
  ///
  /// The product does not depend on the event, so taking it beforehand changes no bit.
  func leafTerm(tree: Int, value: Double) -> Double {
    guard case .sum = fold, let weights else { return value }
    switch width {
    case .float64: return weights.elements[tree] * value
    case .float32: return Double(Float(weights.elements[tree]) * Float(value))
    }
  }

  func leafTerms(tree: Int) -> [Double] {
    trees[tree].leaves.map { leafTerm(tree: tree, value: $0) }
  }

  var allLeafTermsAreFloat32: Bool {
    trees.indices.allSatisfy { leafTerms(tree: $0).allSatisfy(Width.float32.holds) }
  }
}
