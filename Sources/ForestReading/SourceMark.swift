/// Where in a model file something stands.
///
/// A mark names as much as is known: text formats give a line and a column, binary formats a byte offset, structured
/// documents the path inside the document (`Weights/BinaryTree[17]/Node/Node[0]@Cut`; indices count from 0).
package struct SourceMark: Sendable, Equatable {
  /// The file as the caller named it.
  package var file: String
  /// The line, counted from 1.
  package var line: Int?
  /// The column in characters of the line, counted from 1; only ever set together with `line`.
  package var column: Int?
  /// The byte, counted from 0, of a format without lines.
  package var byte: Int?
  /// The place inside the document, in the document's own terms.
  package var path: String?

  package init(
    file: String, line: Int? = nil, column: Int? = nil, byte: Int? = nil, path: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.byte = byte
    self.path = path
  }
}
