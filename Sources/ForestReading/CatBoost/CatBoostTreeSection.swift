import ForestIR

/// The arrays in which a binary CatBoost file holds its trees.
///
/// Symmetric: `sizes[t]` splits from `splits[starts[t]]` on, one for each level; leaf values tree by tree.
/// Others: `sizes[t]` nodes from the same place on; each has a split, the distances to the nodes on its left and right side, 0 where
/// the way ends, and, if a way ends there, the place of its leaf values.
struct CatBoostTreeSection {
  let buffer: FlatBuffer
  let outputs: Int
  /// What each number of a split asks.
  let questions: [CatBoostTree.Question]
  let splits: FlatBuffer.Elements
  let sizes: FlatBuffer.Elements
  let starts: FlatBuffer.Elements
  let values: FlatBuffer.Elements
  let steps: FlatBuffer.Elements
  let leafPlaces: FlatBuffer.Elements

  /// The trees.
  ///
  /// - Complexity: O(bytes): trees follow each other without overlap, splits and leaf values alike.
  func trees() throws(ReadError) -> [CatBoostTree] {
    let isSymmetric = steps.count == 0 && leafPlaces.count == 0
    guard isSymmetric || (steps.count == splits.count && leafPlaces.count == splits.count) else {
      throw buffer.fault(
        .inconsistent, at: steps.start, "\(splits.count) nodes, but \(steps.count) steps and \(leafPlaces.count) places of leaves")
    }
    // Files of old releases may leave the starts out.
    guard starts.count == sizes.count || starts.count == 0 else {
      throw buffer.fault(.inconsistent, at: starts.start, "\(starts.count) starts of \(sizes.count) trees")
    }
    var trees: [CatBoostTree] = []
    trees.reserveCapacity(sizes.count)
    var nextSplit = 0
    var nextValue = 0
    for index in 0..<sizes.count {
      let place = sizes.start + 4 * index
      let size = Int(try buffer.int32(at: place))
      guard size >= 0, size <= splits.count - nextSplit else {
        throw buffer.fault(.outOfRange, at: place, "tree \(index) has \(size) splits; \(splits.count - nextSplit) are left")
      }
      if starts.count > 0 {
        let start = Int(try buffer.int32(at: starts.start + 4 * index))
        guard start == nextSplit else {
          throw buffer.fault(.inconsistent, at: starts.start + 4 * index, "tree \(index) starts at \(start), not at \(nextSplit)")
        }
      }
      let mark = SourceMark(file: buffer.file, byte: splits.start + 4 * nextSplit, path: "trees[\(index)]")
      let tree = try isSymmetric
        ? symmetricTree(nextSplit, levels: size, nextValue, mark) : otherTree(nextSplit..<nextSplit + size, nextValue, mark)
      nextSplit += size
      nextValue += tree.leaves.count
      trees.append(tree)
    }
    guard nextSplit == splits.count, nextValue == values.count else {
      throw buffer.fault(
        .inconsistent, at: values.start,
        "the trees have \(nextSplit) splits and \(nextValue) leaf values, the file \(splits.count) and \(values.count)")
    }
    return trees
  }

  private func question(_ index: Int) throws(ReadError) -> CatBoostTree.Question {
    let place = splits.start + 4 * index
    let number = Int(try buffer.int32(at: place))
    guard questions.indices.contains(number) else {
      throw buffer.fault(.outOfRange, at: place, "a split asks for border \(number) of \(questions.count)")
    }
    return questions[number]
  }

  private func leafValues(_ range: Range<Int>) throws(ReadError) -> [Double] {
    var leaves: [Double] = []
    leaves.reserveCapacity(range.count)
    for index in range {
      let value = try buffer.float64(at: values.start + 8 * index)
      guard value.isFinite else { throw buffer.fault(.notFinite, at: values.start + 8 * index, "a leaf value is not finite") }
      leaves.append(value)
    }
    return leaves
  }

  private func symmetricTree(
    _ first: Int, levels: Int, _ firstValue: Int, _ mark: SourceMark
  ) throws(ReadError) -> CatBoostTree {
    guard levels <= CatBoostTree.levelLimit else {
      throw ReadError(.limit, at: mark, "a symmetric tree of \(levels) levels")
    }
    var asked: [CatBoostTree.Question] = []
    for index in first..<first + levels { asked.append(try question(index)) }
    let count = outputs << levels
    guard count <= values.count - firstValue else {
      throw ReadError(.inconsistent, at: mark, "the tree has \(count) leaf values; \(values.count - firstValue) are left")
    }
    return CatBoostTree(
      questions: asked, children: nil, leaves: try leafValues(firstValue..<firstValue + count), leafNumbers: nil, mark: mark)
  }

  // MARK: Trees that are not symmetric

  private func otherTree(_ nodes: Range<Int>, _ firstValue: Int, _ mark: SourceMark) throws(ReadError) -> CatBoostTree {
    guard !nodes.isEmpty else { throw ReadError(.inconsistent, at: mark, "a tree without nodes") }
    var gathered = CatBoostNodes()
    // The trainer's number of each leaf, in the order in which they are gathered.
    var numbers: [Int32] = []
    var isReached = [Bool](repeating: false, count: nodes.count)
    var hasNumber = isReached
    var open: [(node: Int, parent: Int, isYes: Bool)] = [(nodes.lowerBound, -1, false)]
    isReached[0] = true

    func leaf(of node: Int) throws(ReadError) -> Int32 {
      let place = leafPlaces.start + 4 * node
      let value = Int(try buffer.integer(at: place, bytes: 4))
      let (number, rest) = (value - firstValue).quotientAndRemainder(dividingBy: outputs)
      guard value >= firstValue, rest == 0, hasNumber.indices.contains(number), value <= values.count - outputs else {
        throw buffer.fault(.outOfRange, at: place, "the leaf values at \(value) do not belong to this tree")
      }
      guard !hasNumber[number] else {
        throw buffer.fault(.inconsistent, at: place, "two leaves have the same values, those at \(value)")
      }
      hasNumber[number] = true
      gathered.values += try leafValues(value..<value + outputs)
      numbers.append(Int32(number))
      return ~Int32(numbers.count - 1)
    }
    func link(_ code: Int32, _ parent: Int, _ isYes: Bool) {
      if parent < 0 {
        gathered.root = code
      } else if isYes {
        gathered.children[parent].yes = code
      } else {
        gathered.children[parent].no = code
      }
    }

    while let (node, parent, isYes) = open.popLast() {
      let place = steps.start + 4 * node
      let distances = [Int(try buffer.integer(at: place, bytes: 2)), Int(try buffer.integer(at: place + 2, bytes: 2))]
      if distances == [0, 0] {
        link(try leaf(of: node), parent, isYes)
        continue
      }
      let index = gathered.questions.count
      gathered.questions.append(try question(node))
      gathered.children.append(CatBoostTree.Children(no: 0, yes: 0))
      link(Int32(index), parent, isYes)
      for (distance, isYes) in zip(distances, [false, true]) {
        guard distance > 0 else {
          link(try leaf(of: node), index, isYes)
          continue
        }
        let child = node + distance
        guard nodes.contains(child), !isReached[child - nodes.lowerBound] else {
          throw buffer.fault(.inconsistent, at: place, "a node leads to another that is not in its tree or is reached twice")
        }
        isReached[child - nodes.lowerBound] = true
        open.append((child, index, isYes))
      }
    }
    // The numbers are those from 0 on, none left out: the next tree's values begin behind them.
    guard !isReached.contains(false), hasNumber.prefix(numbers.count).allSatisfy({ $0 }) else {
      throw ReadError(.inconsistent, at: mark, "the nodes or the leaf values of the tree are not all used")
    }
    return gathered.tree(numbers: numbers, width: outputs, mark: mark)
  }
}
