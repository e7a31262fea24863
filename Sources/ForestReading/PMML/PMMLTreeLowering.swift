import ForestIR

/// Turns the nodes of a tree into a tree of the IR.
///
/// In PMML an event goes from a node to the first of its children whose predicate is true. In the IR's words that is a
/// chain of splits. A missing value (NaN here) makes a comparison unknown, and the strategy of the tree says what then:
///
/// | missingValueStrategy | unknown |
/// |---|---|
/// | none | is false |
/// | nullPrediction | there is no result |
/// | lastPrediction | the node's own score |
/// | defaultChild | the child that the node names |
///
/// Where no child is true there is no result, or, with `returnLastPrediction`, the node's own score. "No result" is a leaf
/// of +∞, which no sum of finite scores can reach; see `PMMLLowering`.
struct PMMLTreeLowering {
  enum MissingStrategy: String { case none, nullPrediction, lastPrediction, defaultChild }

  let tree: PMMLNodes
  /// The element `TreeModel`.
  let element: XMLElement
  let missing: MissingStrategy
  /// Where no child is true the node's own score counts.
  let returnsLast: Bool
  /// The classes by which leaves answer; empty for a score.
  let classes: [Int32]
  /// The position of each field (by its number) in the vector that the trees read, and whether it is float32.
  let fields: [Int32: (position: Int, isFloat: Bool)]
  let context: PMMLContext
  private var builder = CodeTreeBuilder()

  init(
    _ tree: PMMLNodes, _ element: XMLElement, classes: [Int32], fields: [Int32: (position: Int, isFloat: Bool)], _ context: PMMLContext
  ) throws(ReadError) {
    guard element.attribute("missingValueStrategy") == nil || MissingStrategy(rawValue: element.attribute("missingValueStrategy") ?? "") != nil
    else {
      throw context.error(
        .unsupported, element, attribute: "missingValueStrategy",
        "missingValueStrategy=\"\(element.attribute("missingValueStrategy") ?? "")\" is not read")
    }
    missing = MissingStrategy(rawValue: element.attribute("missingValueStrategy") ?? "none") ?? .none
    try context.expect("noTrueChildStrategy", of: element, in: ["returnNullPrediction", "returnLastPrediction"])
    returnsLast = element.attribute("noTrueChildStrategy") == "returnLastPrediction"
    self.tree = tree
    self.element = element
    self.classes = classes
    self.fields = fields
    self.context = context
  }

  private enum Task {
    /// The event has come to this node. `known` leads to the fields that are known to be present.
    case node(Int32, known: Int)
    /// It goes to the first true child from this one on.
    case children(of: Int32, from: Int32, known: Int)
    /// What counts when there is nowhere to go: the node's score, or nothing.
    case score(Int32)
    case nothing
    /// Both sides are built: the split between them.
    case split(position: Int, test: Split.Test, threshold: Double, nanGoesFirst: Bool, isSwapped: Bool)
  }

  /// Fields known to be present, as a list that shares its tail.
  private var present: [(field: Int32, next: Int)] = []

  /// - Complexity: O(nodes · depth), without recursion.
  mutating func lowered() throws(ReadError) -> Tree {
    guard let root = tree.nodes.first, root.predicate?.test == .always else {
      throw error(0, "the root Node's predicate is not True")
    }
    var tasks: [Task] = [.node(0, known: -1)]
    while let task = tasks.popLast() {
      switch task {
      case .node(let node, let known):
        let first = tree.nodes[Int(node)].firstChild
        tasks.append(first < 0 ? .score(node) : .children(of: node, from: first, known: known))
      case .score(let node): try pushScore(of: node)
      case .nothing: builder.pushLeaf([Double](repeating: .infinity, count: max(1, classes.count)))
      case .children(let node, let child, let known): try choose(node, child, known, &tasks)
      case .split(let position, let test, let threshold, let nanGoesFirst, let isSwapped):
        guard
          builder.pushSplit(
            variable: position, test: test, threshold: threshold, nanGoesFirst: nanGoesFirst, isSwapped: isSwapped)
        else { throw error(0, "a split without two sides") }
      }
    }
    do {
      return try builder.tree(leafWidth: max(1, classes.count))
    } catch {
      throw context.wrap(error, element)
    }
  }

  private mutating func choose(_ node: Int32, _ child: Int32, _ known: Int, _ tasks: inout [Task]) throws(ReadError) {
    guard child >= 0 else {
      // Without a score of its own a node cannot stand in for its children.
      tasks.append(returnsLast && !tree.nodes[Int(node)].score.isNaN ? .score(node) : .nothing)
      return
    }
    let next = tree.nodes[Int(child)].nextSibling
    guard let predicate = tree.nodes[Int(child)].predicate else { throw error(child, "a Node without a predicate") }
    switch predicate.test {
    case .always:
      tasks.append(.node(child, known: known))
      return
    case .never:
      tasks.append(.children(of: node, from: next, known: known))
      return
    default: break
    }
    guard let (position, isFloat) = fields[predicate.field] else {
      throw error(child, "a predicate on \"\(context.names.texts[Int(predicate.field)])\", which is no active field of the model")
    }
    let isKnown = isPresent(predicate.field, known)
    let knownThen = isKnown ? known : remember(predicate.field, known)
    let threshold = isFloat ? Double(predicate.narrow) : predicate.wide

    if predicate.test == .isMissing || predicate.test == .isNotMissing {
      // x <= ∞ holds for every number but NaN.
      let isSwapped = predicate.test == .isMissing
      tasks.append(.split(position: position, test: .lessOrEqual, threshold: .infinity, nanGoesFirst: false, isSwapped: isSwapped))
      tasks.append(.children(of: node, from: next, known: isSwapped ? knownThen : known))
      tasks.append(.node(child, known: isSwapped ? known : knownThen))
      return
    }

    let isSwapped = predicate.test == .greater || predicate.test == .greaterOrEqual
    let test: Split.Test = predicate.test == .less || predicate.test == .greaterOrEqual ? .less : .lessOrEqual
    // The second of two children that complete each other needs no question.
    let isCompleted = next >= 0 && tree.nodes[Int(next)].predicate?.complements(predicate) == true
    func otherwise(_ known: Int, isPresent: Bool) -> Task {
      isPresent && isCompleted ? .node(next, known: known) : .children(of: node, from: next, known: known)
    }
    func split(missingIsTrue: Bool) -> Task {
      .split(position: position, test: test, threshold: threshold, nanGoesFirst: missingIsTrue != isSwapped, isSwapped: isSwapped)
    }

    if isKnown {
      tasks += [split(missingIsTrue: false), otherwise(known, isPresent: true), .node(child, known: known)]
      return
    }
    let unknown: Unknown = if let missing = predicate.missing { missing ? .isTrue : .isFalse } else { try self.unknown(node, child) }
    switch unknown {
    case .isFalse:
      tasks += [split(missingIsTrue: false), otherwise(known, isPresent: false), .node(child, known: knownThen)]
    case .isTrue:
      tasks += [split(missingIsTrue: true), otherwise(knownThen, isPresent: true), .node(child, known: known)]
    case .ends(let end):
      tasks.append(.split(position: position, test: .lessOrEqual, threshold: .infinity, nanGoesFirst: false, isSwapped: false))
      tasks.append(end)
      tasks += [split(missingIsTrue: false), otherwise(knownThen, isPresent: true), .node(child, known: knownThen)]
    case .leadsTo(let other):
      // Every question on the way to the named child is on the same field, so that NaN comes there by being false.
      var between = next
      while between >= 0 && between != other {
        guard let question = tree.nodes[Int(between)].predicate, question.field == predicate.field, question.missing == nil,
          question.test.rawValue <= PMMLPredicate.Operator.greaterOrEqual.rawValue
        else { throw unreachableDefault(node) }
        between = tree.nodes[Int(between)].nextSibling
      }
      guard between == other else { throw unreachableDefault(node) }
      if isCompleted && next == other {
        tasks += [split(missingIsTrue: false), .node(next, known: known), .node(child, known: knownThen)]
      } else {
        tasks += [split(missingIsTrue: false), otherwise(known, isPresent: false), .node(child, known: knownThen)]
      }
    }
  }

  /// What becomes of an event whose field is missing.
  private enum Unknown {
    case isFalse
    case isTrue
    case ends(Task)
    case leadsTo(Int32)
  }

  private func unknown(_ node: Int32, _ child: Int32) throws(ReadError) -> Unknown {
    switch missing {
    case .none: return .isFalse
    case .nullPrediction: return .ends(.nothing)
    case .lastPrediction:
      guard !tree.nodes[Int(node)].score.isNaN || !classes.isEmpty else { throw error(node, "a Node without a score, which its strategy for missing values needs") }
      return .ends(.score(node))
    case .defaultChild:
      let name = tree.nodes[Int(node)].defaultChild
      var candidate = tree.nodes[Int(node)].firstChild
      while candidate >= 0, name < 0 || tree.nodes[Int(candidate)].id != name { candidate = tree.nodes[Int(candidate)].nextSibling }
      guard candidate >= 0 else { throw error(node, "a Node whose defaultChild names none of its children") }
      return candidate == child ? .isTrue : .leadsTo(candidate)
    }
  }

  private func unreachableDefault(_ node: Int32) -> ReadError {
    error(node, "a defaultChild that stands before the question that is unknown, or behind a question on another field")
  }

  private func isPresent(_ field: Int32, _ known: Int) -> Bool {
    var place = known
    while place >= 0 {
      if present[place].field == field { return true }
      place = present[place].next
    }
    return false
  }

  private mutating func remember(_ field: Int32, _ known: Int) -> Int {
    present.append((field, known))
    return present.count - 1
  }

  private mutating func pushScore(of node: Int32) throws(ReadError) {
    let raw = tree.nodes[Int(node)]
    guard !classes.isEmpty else {
      guard raw.score.isFinite else { throw error(node, "a Node that can be the result has no score that is a finite number") }
      builder.pushLeaf([raw.score])
      return
    }
    builder.pushLeaf(try probabilities(raw, node))
  }

  /// The shares of the classes: each count divided by the sum of the counts, in their order.
  private func probabilities(_ raw: PMMLNodes.Node, _ node: Int32) throws(ReadError) -> [Double] {
    let shares = tree.shares[Int(raw.distribution)..<Int(raw.distribution) + Int(raw.distributionCount)]
    var total = 0.0
    for share in shares {
      // A producer that gives both gives the same twice; one that does not is ambiguous.
      guard share.probability.isNaN else { throw error(node, "a ScoreDistribution with an attribute probability, which is not read") }
      total += share.recordCount
    }
    guard total > 0, total.isFinite else { throw error(node, "a Node that can be the result has no ScoreDistribution with counts") }
    return try classes.map { label throws(ReadError) in
      let own = shares.filter { $0.label == label }
      guard own.count <= 1 else { throw error(node, "a class comes twice in a ScoreDistribution") }
      return (own.first?.recordCount ?? 0) / total
    }
  }

  private func error(_ node: Int32, _ message: String) -> ReadError {
    let line = tree.nodes.indices.contains(Int(node)) ? Int(tree.nodes[Int(node)].line) : element.line
    return ReadError(.unsupported, at: SourceMark(file: context.file, line: line, path: element.path + "/Node"), ReadError.printable(message))
  }
}
