/// The nodes of a tree that is not symmetric, on their way from a file.
///
/// A code names a question by its index, or a leaf by the complement of its index.
struct CatBoostNodes {
  var questions: [CatBoostTree.Question] = []
  var children: [CatBoostTree.Children] = []
  var root: Int32 = -1
  /// Leaf by leaf, in the order of the leaves' indices.
  var values: [Double] = []

  /// The tree with its questions in the order of a walk that goes left first, and its leaves from left to right.
  ///
  /// - Parameters:
  ///   - numbers: the trainer's numbers of the leaves, by index.
  ///   - width: how many values a leaf holds.
  /// - Precondition: what was read is a tree: every question and every leaf is reached exactly once from the root.
  /// - Complexity: O(nodes), without recursion.
  func tree(numbers: [Int32], width: Int, mark: SourceMark) -> CatBoostTree {
    var ordered: [CatBoostTree.Question] = []
    var links: [CatBoostTree.Children] = []
    var leaves: [Double] = []
    var leafNumbers: [Int32] = []
    ordered.reserveCapacity(questions.count)
    links.reserveCapacity(questions.count)
    leaves.reserveCapacity(values.count)
    leafNumbers.reserveCapacity(numbers.count)
    var open: [(code: Int32, parent: Int, isYes: Bool)] = [(root, -1, false)]
    while let (code, parent, isYes) = open.popLast() {
      let new: Int32
      if code < 0 {
        let leaf = Int(~code)
        new = ~Int32(leafNumbers.count)
        leafNumbers.append(numbers[leaf])
        leaves.append(contentsOf: values[leaf * width..<(leaf + 1) * width])
      } else {
        new = Int32(ordered.count)
        ordered.append(questions[Int(code)])
        links.append(CatBoostTree.Children(no: 0, yes: 0))
        open.append((children[Int(code)].yes, Int(new), true))
        open.append((children[Int(code)].no, Int(new), false))
      }
      if parent >= 0 {
        if isYes { links[parent].yes = new } else { links[parent].no = new }
      }
    }
    let isCounted = leafNumbers.enumerated().allSatisfy { $0.offset == Int($0.element) }
    return CatBoostTree(
      questions: ordered, children: links, leaves: leaves, leafNumbers: isCounted ? nil : leafNumbers, mark: mark)
  }

  /// The numbers that the trainer gives to the leaves of such a tree when it builds it, by index.
  ///
  /// It counts them in the order in which it comes to them: of two leaves, or two questions, the left one goes first; but a
  /// leaf beside a question goes before all that is below the question.
  func trainerNumbers(count: Int) -> [Int32] {
    var numbers = [Int32](repeating: 0, count: count)
    var next: Int32 = 0
    var open = [root]
    while let code = open.popLast() {
      if code < 0 {
        numbers[Int(~code)] = next
        next += 1
        continue
      }
      let pair = children[Int(code)]
      if pair.yes < 0, pair.no >= 0 {
        open.append(pair.no)
        open.append(pair.yes)
      } else {
        open.append(pair.yes)
        open.append(pair.no)
      }
    }
    return numbers
  }
}
