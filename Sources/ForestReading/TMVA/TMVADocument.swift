/// A weight file as it was found: its small sections as elements, its trees in compact form.
///
/// Sections may come in any order, and what the numbers in a node mean depends on sections that may follow; hence
/// nothing is interpreted here.
struct TMVADocument {
  let root: XMLElement

  /// Deals the document's elements out to the sections and the trees.
  final class Listener: XMLEvents {
    var sections: XMLElementBuilder
    /// Not checked for overlapping accesses at run time, which would cost as much as reading two numbers, twice a node:
    /// the builder knows nothing of the listener, so a call of one of its methods cannot lead to a second.
    @exclusivity(unchecked) private var trees: TreeBuilder
    /// Whether a tree is open: asked at every event, and cheaper to ask than the builder.
    private var isInTree = false

    init(file: String) {
      sections = XMLElementBuilder(file: file)
      trees = TreeBuilder(file: file)
    }

    func start(_ tag: borrowing XMLTag) throws(ReadError) {
      if isInTree { return try trees.startElement(tag) }
      if tag.isNamed("BinaryTree"), let parent = sections.current, let forest = sections.forestOfCurrent() {
        try trees.start(tag, in: forest, of: parent)
        isInTree = true
      } else {
        // The root is judged at once: nobody wants to wait for the end of a large file of another kind.
        if sections.current == nil && !tag.isNamed("MethodSetup") {
          throw ReadError(
            .malformed, at: SourceMark(file: sections.file, line: tag.line, path: tag.name),
            "the root element is \(tag.name); a TMVA weight file has MethodSetup")
        }
        try sections.start(tag)
      }
    }

    func text(_ bytes: Span<UInt8>, line: Int) throws(ReadError) {
      if !isInTree { try sections.append(text: bytes, line: line) }
    }

    func end(line: Int) throws(ReadError) {
      if isInTree {
        isInTree = try trees.end()
      } else {
        sections.end()
      }
    }

    /// What was found, once the parse has ended.
    func document() throws(ReadError) -> TMVADocument {
      guard let root = sections.root else {
        throw ReadError(.notWellFormed, at: SourceMark(file: sections.file), "the document is empty")
      }
      return TMVADocument(root: root)
    }
  }
}
