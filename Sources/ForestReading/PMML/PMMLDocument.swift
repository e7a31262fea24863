import FileBytes

/// A PMML document: everything but the nodes of trees as elements, the nodes in compact form.
struct PMMLDocument {
  let root: XMLElement
  /// The nodes of the TreeModel elements.
  let trees: [ObjectIdentifier: PMMLNodes]
  let names: PMMLNames

  /// Listens to the parser and builds the document.
  final class Listener: XMLEvents {
    private let file: String
    private var builder: XMLElementBuilder
    private var trees: [ObjectIdentifier: PMMLNodes] = [:]
    private var names = PMMLNames()
    private var tree: PMMLNodeReader?

    init(file: String) {
      self.file = file
      builder = XMLElementBuilder(file: file)
    }

    func start(_ tag: borrowing XMLTag) throws(ReadError) {
      if tree != nil {
        try tree?.start(tag, &names)
        return
      }
      if tag.isNamed("Node"), let model = builder.current, model.name == "TreeModel" {
        guard trees[ObjectIdentifier(model)] == nil else {
          throw ReadError(.duplicate, at: SourceMark(file: file, line: tag.line, path: model.path), "a second root Node in a TreeModel")
        }
        var reader = PMMLNodeReader(file: file, isFloat: model.attribute("x-mathContext") == "float")
        try reader.start(tag, &names)
        tree = reader
        return
      }
      try builder.start(tag)
    }

    func text(_ bytes: Span<UInt8>, line: Int) throws(ReadError) {
      if tree == nil { try builder.append(text: bytes, line: line) }
    }

    func end(line: Int) throws(ReadError) {
      guard tree != nil else { return builder.end() }
      try tree?.end(line: line)
      if let finished = tree?.finished, let model = builder.current {
        trees[ObjectIdentifier(model)] = finished
        tree = nil
      }
    }

    func document() throws(ReadError) -> PMMLDocument {
      guard let root = builder.root else {
        throw ReadError(.notWellFormed, at: SourceMark(file: file), "the document has no element")
      }
      return PMMLDocument(root: root, trees: trees, names: names)
    }
  }
}
