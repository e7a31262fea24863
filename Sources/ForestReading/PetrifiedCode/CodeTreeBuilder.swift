import ForestIR

/// Puts a tree together from its leaves upwards, as nested code ends: a split is known after both its children.
///
/// Leaves are numbered in the order in which they are pushed. Splits are numbered from the root in `tree()`.
struct CodeTreeBuilder {
  private enum Part {
    case nothing
    case child(Child)
  }

  private var parts: [Part] = []
  private var splits: [Split] = []
  private var leaves: [Double] = []
  private var leafCount = 0
  private var forms: [LinearForm] = []

  /// Forgets the tree before.
  mutating func removeAll() {
    parts.removeAll(keepingCapacity: true)
    splits.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    leafCount = 0
    forms.removeAll()
  }

  /// A child that is not there.
  mutating func pushNothing() { parts.append(.nothing) }

  /// Takes away the last `count` children if none of them is there.
  mutating func popNothing(_ count: Int) -> Bool {
    guard parts.count >= count, parts.suffix(count).allSatisfy({ if case .nothing = $0 { true } else { false } }) else {
      return false
    }
    parts.removeLast(count)
    return true
  }

  mutating func pushLeaf(_ value: Double) {
    parts.append(.child(.leaf(leafCount)))
    leaves.append(value)
    leafCount += 1
  }

  /// A leaf of several numbers, as many in all leaves of a tree.
  mutating func pushLeaf(_ values: [Double]) {
    parts.append(.child(.leaf(leafCount)))
    leaves += values
    leafCount += 1
  }

  /// Makes a split of the last two subtrees: where the test holds an event goes to the first of them, or, swapped, to the second.
  ///
  /// - Parameter nanGoesFirst: NaN goes where the test would lead if it held; otherwise to the other child.
  /// - Returns: false if there are no two subtrees.
  mutating func pushSplit(
    variable: Int, form: LinearForm? = nil, test: Split.Test, threshold: Double, nanGoesFirst: Bool, isSwapped: Bool
  ) -> Bool {
    guard parts.count >= 2, case .child(let first) = parts[parts.count - 2], case .child(let second) = parts[parts.count - 1]
    else { return false }
    parts.removeLast(2)
    var feature = variable
    if let form {
      feature = forms.count
      forms.append(form)
    }
    parts.append(.child(.split(splits.count)))
    splits.append(
      Split(
        feature: feature, test: test, threshold: threshold, nanGoesLeft: nanGoesFirst,
        left: isSwapped ? second : first, right: isSwapped ? first : second))
    return true
  }

  /// The tree, once a single subtree is left. The root was pushed last; in the tree it is the first split.
  func tree(leafWidth: Int = 1) throws(ForestFault) -> Tree {
    let last = splits.count - 1
    func renumbered(_ child: Child) -> Child { child.isLeaf ? child : .split(last - child.index) }
    return try Tree(
      splits: splits.reversed().map {
        Split(
          feature: Int($0.feature), test: $0.test, threshold: $0.threshold, nanGoesLeft: $0.nanGoesLeft,
          left: renumbered($0.left), right: renumbered($0.right))
      }, leaves: leaves, leafWidth: leafWidth, linearForms: forms)
  }
}

extension CodeTreeBuilder {
  /// Makes a split of the last two subtrees, the sides of `if (x >= cut) … else …` (or `x < cut`); NaN goes to the second.
  mutating func pushBranches(variable: Int, isUpper: Bool, cut: Double) -> Bool {
    // In the IR's words `x >= cut` is where `x < cut` does not hold, and NaN goes to the side where it does.
    pushSplit(variable: variable, test: .less, threshold: cut, nanGoesFirst: isUpper, isSwapped: isUpper)
  }
}
