import Decimals

/// Reads the nodes of one tree as the file streams by.
///
/// Of predicates those are understood that a split of numbers can be: one comparison, alone or together with the question
/// whether its field is missing. All others are refused by name.
struct PMMLNodeReader {
  /// More nodes than this in one tree are refused.
  static let mostNodes = 1 << 27
  static let mostLevels = 1 << 16

  let file: String
  /// Numbers of the tree are float32.
  let isFloat: Bool
  private var result = PMMLNodes()
  /// The open nodes, and the child of each that was read last.
  private var open: [(node: Int32, lastChild: Int32)] = []
  /// How many open elements inside nodes do not matter.
  private var skipped = 0
  /// Open elements that are no nodes and do matter.
  private var inner: [Inner] = []
  private(set) var finished: PMMLNodes?

  private enum Inner { case leaf, compound(or: Bool, [PMMLPredicate]) }

  init(file: String, isFloat: Bool) {
    self.file = file
    self.isFloat = isFloat
  }

  private func error(_ code: ReadError.Code, _ line: Int, _ message: String, hint: String? = nil) -> ReadError {
    ReadError(code, at: SourceMark(file: file, line: line, path: "Node"), message, hint: hint)
  }

  private func attribute(_ name: StaticString, of tag: borrowing XMLTag) -> String? {
    for index in 0..<tag.attributeCount where tag.attributeName(index) == "\(name)" { return tag.attributeText(index) }
    return nil
  }

  mutating func start(_ tag: borrowing XMLTag, _ names: inout PMMLNames) throws(ReadError) {
    if skipped > 0 {
      skipped += 1
      return
    }
    let name = tag.name
    if name == "Extension" {
      skipped = 1
      return
    }
    if name == "Node", inner.isEmpty {
      try startNode(tag, &names)
      return
    }
    if case .leaf? = inner.last { throw error(.unexpected, tag.line, "an element \(name) inside of a predicate") }
    switch name {
    case "True": try take(.always, tag.line)
    case "False": try take(.never, tag.line)
    case "SimplePredicate": try take(comparison(tag, &names), tag.line)
    case "ScoreDistribution":
      try takeShare(tag, &names)
      inner.append(.leaf)
    case "CompoundPredicate":
      guard inner.isEmpty else { throw error(.unsupported, tag.line, "a CompoundPredicate inside of another") }
      switch attribute("booleanOperator", of: tag) {
      case "or": inner.append(.compound(or: true, []))
      case "and": inner.append(.compound(or: false, []))
      case let other:
        throw error(.unsupported, tag.line, "a CompoundPredicate with the operator \(other ?? "(none)"), which is not read")
      }
    default:
      throw error(.unsupported, tag.line, "the element \(name) in a Node, which is not read")
    }
  }

  private mutating func startNode(_ tag: borrowing XMLTag, _ names: inout PMMLNames) throws(ReadError) {
    guard result.nodes.count < Self.mostNodes, open.count < Self.mostLevels else {
      throw error(.limit, tag.line, "a tree of more than \(Self.mostNodes) nodes or \(Self.mostLevels) levels")
    }
    var node = PMMLNodes.Node(predicate: nil, score: .nan, line: Int32(clamping: tag.line))
    for index in 0..<tag.attributeCount {
      let text = tag.attributeText(index)
      switch tag.attributeName(index) {
      case "score": node.score = number(text) ?? .nan
      case "id": node.id = names.number(of: text)
      case "defaultChild": node.defaultChild = names.number(of: text)
      default: break
      }
    }
    let number = Int32(clamping: result.nodes.count)
    if let parent = open.last {
      if parent.lastChild < 0 {
        result.nodes[Int(parent.node)].firstChild = number
      } else {
        result.nodes[Int(parent.lastChild)].nextSibling = number
      }
      open[open.count - 1].lastChild = number
    }
    result.nodes.append(node)
    open.append((number, -1))
  }

  /// The number as the tree computes with it; nil for what is no finite number.
  private func number(_ text: String) -> Double? {
    let value = isFloat ? DecimalText.float(text.trimmed).map { Double($0) } : DecimalText.double(text.trimmed)
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  private func comparison(_ tag: borrowing XMLTag, _ names: inout PMMLNames) throws(ReadError) -> PMMLPredicate {
    guard let field = attribute("field", of: tag), let name = attribute("operator", of: tag) else {
      throw error(.missing, tag.line, "a SimplePredicate without field or operator")
    }
    let test: PMMLPredicate.Operator
    switch name {
    case "lessThan": test = .less
    case "lessOrEqual": test = .lessOrEqual
    case "greaterThan": test = .greater
    case "greaterOrEqual": test = .greaterOrEqual
    case "isMissing": test = .isMissing
    case "isNotMissing": test = .isNotMissing
    default: throw error(.unsupported, tag.line, "a SimplePredicate with the operator \(name), which is not read")
    }
    var predicate = PMMLPredicate(test: test, missing: nil, field: names.number(of: field), wide: 0, narrow: 0)
    if test != .isMissing && test != .isNotMissing {
      guard let text = attribute("value", of: tag)?.trimmed, let wide = DecimalText.double(text), let narrow = DecimalText.float(text),
        wide.isFinite
      else { throw error(.malformed, tag.line, "a SimplePredicate whose value is not a finite number") }
      (predicate.wide, predicate.narrow) = (wide, narrow)
    }
    return predicate
  }

  /// A predicate that stands in a node or in a compound one.
  private mutating func take(_ predicate: PMMLPredicate, _ line: Int) throws(ReadError) {
    if case .compound(let isOr, let parts)? = inner.last {
      inner[inner.count - 1] = .compound(or: isOr, parts + [predicate])
      guard parts.count < 2 else { throw error(.unsupported, line, "a CompoundPredicate of more than two parts") }
    } else {
      try settle(predicate, line)
    }
    inner.append(.leaf)
  }

  private mutating func settle(_ predicate: PMMLPredicate, _ line: Int) throws(ReadError) {
    guard let node = open.last?.node else { return }
    guard result.nodes[Int(node)].predicate == nil else { throw error(.duplicate, line, "a Node with two predicates") }
    guard open[open.count - 1].lastChild < 0 else { throw error(.unexpected, line, "a predicate behind a Node's children") }
    result.nodes[Int(node)].predicate = predicate
  }

  /// `x < v or isMissing(x)`, `x < v and isNotMissing(x)`: a comparison that says itself what a missing value makes of it.
  private func combined(or isOr: Bool, _ parts: [PMMLPredicate], _ line: Int) throws(ReadError) -> PMMLPredicate {
    let question: PMMLPredicate.Operator = isOr ? .isMissing : .isNotMissing
    guard parts.count == 2, parts[0].field == parts[1].field, parts.contains(where: { $0.test == question }),
      var comparison = parts.first(where: { $0.test.rawValue <= PMMLPredicate.Operator.greaterOrEqual.rawValue })
    else {
      throw error(.unsupported, line, "a CompoundPredicate that is not one comparison and the question whether its field is missing")
    }
    comparison.missing = isOr
    return comparison
  }

  private mutating func takeShare(_ tag: borrowing XMLTag, _ names: inout PMMLNames) throws(ReadError) {
    guard inner.isEmpty, let node = open.last?.node else { throw error(.unexpected, tag.line, "a ScoreDistribution that stands in no Node") }
    let probability = attribute("probability", of: tag)
    guard let label = attribute("value", of: tag), let text = attribute("recordCount", of: tag), let count = number(text), count >= 0,
      probability == nil || number(probability ?? "") != nil
    else { throw error(.malformed, tag.line, "a ScoreDistribution needs a value and a recordCount that is a number") }
    let index = Int(node)
    if result.nodes[index].distributionCount == 0 { result.nodes[index].distribution = Int32(clamping: result.shares.count) }
    guard Int(result.nodes[index].distribution) + Int(result.nodes[index].distributionCount) == result.shares.count else {
      throw error(.unexpected, tag.line, "a ScoreDistribution behind a Node's children")
    }
    result.nodes[index].distributionCount += 1
    result.shares.append(
      PMMLNodes.Share(
        label: names.number(of: label), recordCount: count, probability: probability.flatMap { number($0) } ?? .nan))
  }

  mutating func end(line: Int) throws(ReadError) {
    if skipped > 0 {
      skipped -= 1
      return
    }
    if let last = inner.popLast() {
      if case .compound(let isOr, let parts) = last { try settle(combined(or: isOr, parts, line), line) }
      return
    }
    guard let node = open.popLast() else { return }
    guard result.nodes[Int(node.node)].predicate != nil else { throw error(.missing, line, "a Node without a predicate") }
    if open.isEmpty { finished = result }
  }
}
