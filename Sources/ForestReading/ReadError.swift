/// Why a model file was refused: a stable code, the place, a sentence, and what the user can do about it.
///
/// This is the only error the reading stage throws. How it is shown is written in `ReadError+Rendering.swift`.
package struct ReadError: Error, Sendable, Equatable {
  /// What kind of refusal this is. Codes are stable: tests and programs may compare them; sentences may improve.
  package struct Code: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }

    /// The system refused to open or read the file.
    package static let unreadable = Code(rawValue: "unreadable")
    /// The file's compression is damaged, or it expands to more than is reasonable.
    package static let damaged = Code(rawValue: "damaged")
    /// The content is of no format known here.
    package static let unknownFormat = Code(rawValue: "unknown-format")
    /// The format is recognised, but this build does not read it.
    package static let unsupportedFormat = Code(rawValue: "unsupported-format")
    /// The document breaks the rules of its syntax, or ends early.
    package static let notWellFormed = Code(rawValue: "not-well-formed")
    /// Markup that no model file needs and that could be used for an attack (document types, entities).
    package static let forbiddenMarkup = Code(rawValue: "forbidden-markup")
    /// Larger or deeper than any model: one of the reader's limits.
    package static let limit = Code(rawValue: "limit")
    /// A part that is needed is absent.
    package static let missing = Code(rawValue: "missing")
    /// A part occurs twice that may occur once.
    package static let duplicate = Code(rawValue: "duplicate")
    /// A part that has no place where it stands.
    package static let unexpected = Code(rawValue: "unexpected")
    /// Text that does not say what its place requires (a number, a truth value, a name).
    package static let malformed = Code(rawValue: "malformed")
    /// A number that must be finite is not.
    package static let notFinite = Code(rawValue: "not-finite")
    /// A number or an index outside its range.
    package static let outOfRange = Code(rawValue: "out-of-range")
    /// Two parts of the file contradict each other.
    package static let inconsistent = Code(rawValue: "inconsistent")
    /// The caller chose a way of reading that the format does not have.
    package static let wrongChoice = Code(rawValue: "wrong-choice")
    /// Understood, but this tool cannot compute it.
    package static let unsupported = Code(rawValue: "unsupported")
  }

  /// A line of the file, shown under the message.
  package struct Quote: Sendable, Equatable {
    /// The line's text, possibly clipped around the caret; control characters are already replaced.
    package var text: String
    /// Where the caret stands, in characters of `text`, counted from 0.
    package var caret: Int?

    package init(text: String, caret: Int?) {
      self.text = text
      self.caret = caret
    }
  }

  package var code: Code
  package var mark: SourceMark
  /// What is wrong, as a sentence without a full stop.
  package var message: String
  /// What the user can do.
  package var hint: String?
  package var quote: Quote?

  package init(
    _ code: Code, at mark: SourceMark, _ message: String, hint: String? = nil, quote: Quote? = nil
  ) {
    self.code = code
    self.mark = mark
    self.message = message
    self.hint = hint
    self.quote = quote
  }
}
