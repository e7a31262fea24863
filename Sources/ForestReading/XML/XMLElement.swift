/// An element of a small section of a document, held as a tree.
///
/// Sections are small by `XMLLimits`; what is large (the nodes of the trees) never becomes an `XMLElement`.
final class XMLElement {
  let name: String
  /// In document order; XML forbids repeated names.
  let attributes: [(name: String, value: String)]
  /// The line on which the start tag ends.
  let line: Int
  fileprivate(set) var text = ""
  fileprivate(set) var children: [XMLElement] = []
  /// The trees that stood directly in this element.
  fileprivate(set) var trees: RawForest?
  /// The element around this one; the whole tree is kept alive by whoever holds the root.
  private(set) weak var parent: XMLElement?
  /// How many children of the same name precede this one in its parent.
  private let position: Int

  init(name: String, attributes: [(name: String, value: String)], line: Int, parent: XMLElement? = nil, position: Int = 0) {
    self.name = name
    self.attributes = attributes
    self.line = line
    self.parent = parent
    self.position = position
  }

  func attribute(_ name: String) -> String? {
    attributes.first { $0.name == name }?.value
  }

  func children(named name: String) -> [XMLElement] {
    children.filter { $0.name == name }
  }

  /// The path from below the root to this element, with an index where the parent has several children of this name.
  var path: String {
    guard let parent else { return name }
    let alike = parent.children.count { $0.name == name }
    let own = alike > 1 ? "\(name)[\(position)]" : name
    return parent.parent == nil ? own : "\(parent.path)/\(own)"
  }
}

/// What a document may hold outside its trees; far above any real file, far below what would hurt.
struct XMLLimits {
  var depth = 64
  var elements = 1 << 18
  /// Names, values and text together.
  var bytes = 64 << 20
}

/// Builds the tree of small sections, element by element.
struct XMLElementBuilder {
  let file: String
  var limits = XMLLimits()
  private(set) var root: XMLElement?
  private var open: [XMLElement] = []
  private var text: [[UInt8]] = []
  /// How many children of each name every open element has had.
  private var positions: [[String: Int]] = []
  private var elements = 0
  private var bytes = 0

  init(file: String) { self.file = file }

  var current: XMLElement? { open.last }

  mutating func start(_ tag: borrowing XMLTag) throws(ReadError) {
    let name = tag.name
    var attributes: [(name: String, value: String)] = []
    attributes.reserveCapacity(tag.attributeCount)
    bytes += name.utf8.count
    for index in 0..<tag.attributeCount {
      let value = tag.attributeText(index)
      bytes += value.utf8.count + 16
      attributes.append((tag.attributeName(index), value))
    }
    elements += 1
    try checkLimits(line: tag.line)
    let position = positions.last?[name] ?? 0
    if !positions.isEmpty { positions[positions.count - 1][name] = position + 1 }
    let element = XMLElement(
      name: name, attributes: attributes, line: tag.line, parent: open.last, position: position)
    if let parent = open.last { parent.children.append(element) } else { root = element }
    open.append(element)
    text.append([])
    positions.append([:])
  }

  mutating func append(text span: Span<UInt8>, line: Int) throws(ReadError) {
    guard !text.isEmpty else { return }
    bytes += span.count
    try checkLimits(line: line)
    for index in span.indices { text[text.count - 1].append(span[index]) }
  }

  mutating func end() {
    guard let element = open.popLast(), let bytes = text.popLast() else { return }
    positions.removeLast()
    element.text = String(decoding: bytes, as: UTF8.self)
  }

  /// The forest of the innermost open element, made on first use.
  func forestOfCurrent() -> RawForest? {
    guard let current else { return nil }
    if let forest = current.trees { return forest }
    let forest = RawForest()
    current.trees = forest
    return forest
  }

  private func checkLimits(line: Int) throws(ReadError) {
    let excess: String
    if open.count >= limits.depth {
      excess = "elements are nested more than \(limits.depth) deep"
    } else if elements > limits.elements {
      excess = "the document has more than \(limits.elements) elements outside its trees"
    } else if bytes > limits.bytes {
      excess = "the document has more than \(limits.bytes) bytes of text outside its trees"
    } else {
      return
    }
    throw ReadError(
      .limit, at: SourceMark(file: file, line: line, path: current?.path), excess,
      hint: "no model file needs that; is this one?")
  }
}
