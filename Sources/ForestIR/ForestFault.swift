/// Why the builder refused something. A reader adds the place in its file and a remedy.
package struct ForestFault: Error, Sendable, Hashable {
  package enum Code: String, Sendable {
    /// Counts or kinds that do not fit together.
    case shape
    /// An index outside its table.
    case index
    /// A tree that is not a tree: a node reached twice, never, or by itself.
    case structure
    /// A number that may not stand where it stands.
    case number
    case duplicate
    /// More than this program is prepared to hold.
    case limit
  }

  package let code: Code
  /// One sentence in the vocabulary of the IR.
  package let message: String
  /// The position of the tree in its ensemble and of the split or leaf in its tree, where there is one.
  package var tree: Int?
  package var node: Int?

  package init(_ code: Code, _ message: String, tree: Int? = nil, node: Int? = nil) {
    self.code = code
    self.message = message
    self.tree = tree
    self.node = node
  }
}
