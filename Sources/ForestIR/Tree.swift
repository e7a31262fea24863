/// One decision tree.
///
/// Invariants, proved on the way in: every split and every leaf is reached exactly once from the root; children are
/// in range; no threshold and no leaf value is NaN; a linear test names a linear form, a test of membership a category
/// set. Split 0 is the root; a tree without splits is its leaf 0.
package struct Tree: Sendable, Hashable {
  package let splits: [Split]
  /// The values of the leaves: `leafWidth` numbers for each, leaf by leaf.
  package let leaves: [Double]
  /// How many numbers a leaf holds; 1 but for trees that answer with a vector.
  package let leafWidth: Int
  /// The trainer's own number of each leaf, where it has one; else nil, and a leaf's number is its index here, which
  /// then counts leaves from left to right.
  package let leafNumbers: [Int32]?
  /// What linear tests compare.
  package let linearForms: [LinearForm]
  /// What tests of membership ask.
  package let categorySets: [CategorySet]
  /// What each leaf computes, if the leaves are linear models; their values in `leaves` then stand in where a form has no
  /// answer. Only in trees whose leaves hold one number.
  package let leafForms: [LeafForm]?

  /// The smallest number of features that the tree needs.
  package let featureCount: Int
  /// The largest number of splits on a way from the root to a leaf.
  package let depth: Int

  /// More leaves than this are refused.
  package static let leafLimit = 1 << 28
  /// More words than this, in all category sets of a tree together, are refused.
  package static let categoryWordLimit = 1 << 20

  /// - Complexity: O(nodes), without recursion.
  /// - Throws: `ForestFault` naming the first node that breaks an invariant.
  package init(
    splits: [Split], leaves: [Double], leafWidth: Int = 1, leafNumbers: [Int32]? = nil, linearForms: [LinearForm] = [],
    categorySets: [CategorySet] = [], leafForms: [LeafForm]? = nil
  ) throws(ForestFault) {
    guard leaves.count <= Tree.leafLimit else { throw ForestFault(.limit, "a tree of \(leaves.count) leaves") }
    guard leafWidth > 0, leaves.count % leafWidth == 0 else {
      throw ForestFault(.shape, "\(leaves.count) numbers for leaves of \(leafWidth) each")
    }
    let leafCount = leaves.count / leafWidth
    guard leafCount == splits.count + 1 else {
      throw ForestFault(.structure, "a tree of \(splits.count) splits must have one leaf more, not \(leafCount)")
    }
    guard leafNumbers == nil || leafNumbers!.count == leafCount else {
      throw ForestFault(.shape, "\(leafNumbers!.count) leaf numbers for \(leafCount) leaves")
    }
    if let leaf = leaves.firstIndex(where: \.isNaN) {
      throw ForestFault(.number, "the value of leaf \(leaf / leafWidth) is NaN", node: leaf / leafWidth)
    }
    guard categorySets.reduce(0, { $0 + $1.words.count }) <= Tree.categoryWordLimit else {
      throw ForestFault(.limit, "category sets of more than \(Tree.categoryWordLimit) words in one tree")
    }
    for (index, form) in linearForms.enumerated() {
      guard form.offset.isFinite, form.coefficients.allSatisfy(\.isFinite) else {
        throw ForestFault(.number, "linear form \(index) has a coefficient that is not finite", node: index)
      }
    }
    var featureCount = try Tree.provenFeatureCount(leafForms, leafCount: leafCount, leafWidth: leafWidth)
    for (index, split) in splits.enumerated() {
      guard !split.threshold.isNaN else { throw ForestFault(.number, "the threshold of split \(index) is NaN", node: index) }
      guard split.feature >= 0 else { throw ForestFault(.index, "split \(index) asks for feature \(split.feature)", node: index) }
      switch split.test {
      case .less, .lessOrEqual:
        featureCount = max(featureCount, Int(split.feature) + 1)
      case .linearLessOrEqual:
        guard split.feature < linearForms.count else {
          throw ForestFault(.index, "split \(index) names linear form \(split.feature) of \(linearForms.count)", node: index)
        }
        featureCount = max(featureCount, linearForms[Int(split.feature)].coefficients.count)
      case .inSet:
        guard let set = Int(exactly: split.threshold), categorySets.indices.contains(set) else {
          throw ForestFault(.index, "split \(index) names category set \(split.threshold) of \(categorySets.count)", node: index)
        }
        featureCount = max(featureCount, Int(split.feature) + 1)
      }
    }
    self.depth = try Tree.provenDepth(splits: splits, leafCount: leafCount)
    self.splits = splits
    self.leaves = leaves
    self.leafWidth = leafWidth
    self.categorySets = categorySets
    self.leafForms = leafForms
    self.leafNumbers = leafNumbers
    self.linearForms = linearForms
    self.featureCount = featureCount
  }

  /// How many features the linear models of the leaves need.
  private static func provenFeatureCount(
    _ forms: [LeafForm]?, leafCount: Int, leafWidth: Int
  ) throws(ForestFault) -> Int {
    guard let forms else { return 0 }
    guard leafWidth == 1, forms.count == leafCount else {
      throw ForestFault(.shape, "\(forms.count) linear models for \(leafCount) leaves of \(leafWidth) numbers each")
    }
    var featureCount = 0
    for (leaf, form) in forms.enumerated() {
      guard form.features.count == form.coefficients.count else {
        throw ForestFault(
          .shape, "the linear model of leaf \(leaf) has \(form.coefficients.count) coefficients for \(form.features.count) features",
          node: leaf)
      }
      guard form.offset.isFinite, form.coefficients.allSatisfy(\.isFinite) else {
        throw ForestFault(.number, "the linear model of leaf \(leaf) has a coefficient that is not finite", node: leaf)
      }
      for feature in form.features {
        guard feature >= 0 else {
          throw ForestFault(.index, "the linear model of leaf \(leaf) asks for feature \(feature)", node: leaf)
        }
        featureCount = max(featureCount, Int(feature) + 1)
      }
    }
    return featureCount
  }

  /// Walks the tree from the root with a stack of its own and proves that it is one.
  private static func provenDepth(splits: [Split], leafCount: Int) throws(ForestFault) -> Int {
    guard !splits.isEmpty else { return 0 }
    var splitSeen = [Bool](repeating: false, count: splits.count)
    var leafSeen = [Bool](repeating: false, count: leafCount)
    var open: [(split: Int, depth: Int)] = []
    // Enough for usual trees, so that the stack is not moved several times for each of thousands of trees.
    open.reserveCapacity(32)
    open.append((0, 1))
    splitSeen[0] = true
    var deepest = 0
    while let (index, depth) = open.popLast() {
      deepest = max(deepest, depth)
      for side in 0..<2 {
        let child = side == 0 ? splits[index].right : splits[index].left
        let target = child.index
        guard target < (child.isLeaf ? leafCount : splits.count) else {
          throw ForestFault(.index, "split \(index) leads to \(child.isLeaf ? "leaf" : "split") \(target), which is not there", node: index)
        }
        if child.isLeaf {
          guard !leafSeen[target] else { throw ForestFault(.structure, "leaf \(target) is reached twice", node: index) }
          leafSeen[target] = true
        } else {
          guard !splitSeen[target] else { throw ForestFault(.structure, "split \(target) is reached twice", node: index) }
          splitSeen[target] = true
          open.append((target, depth + 1))
        }
      }
    }
    // One leaf more than splits, nothing reached twice: then nothing can be left over unless a part is cut off.
    guard !splitSeen.contains(false), !leafSeen.contains(false) else {
      throw ForestFault(.structure, "a part of the tree cannot be reached from its root")
    }
    return deepest
  }

  package var leafCount: Int { splits.count + 1 }

  /// The number by which the leaf at `index` is reported.
  @inlinable package func number(ofLeaf index: Int) -> Int32 { leafNumbers?[index] ?? Int32(index) }
}
