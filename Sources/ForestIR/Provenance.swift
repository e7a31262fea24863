/// Where a forest came from. For people and metadata; never needed to compute.
package struct Provenance: Sendable, Hashable {
  /// A name and a value worth keeping: versions, training options, the method's title.
  package struct Fact: Sendable, Hashable {
    package let name: String
    package let value: String
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Something that a user should know about how the file was read.
  package struct Note: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
      /// A decision the file left open: which rule was taken, and why.
      case choice
      /// Legal, but odd enough to be looked at.
      case oddity
    }
    package let kind: Kind
    package let text: String
    /// The place in the file, such as `Weights/BinaryTree[3]`; empty if it concerns all of it.
    package let place: String
    package init(_ kind: Kind, _ text: String, place: String = "") {
      self.kind = kind
      self.text = text
      self.place = place
    }
  }

  /// The file itself.
  package struct Source: Sendable, Hashable {
    /// Without folder and without `.gz`.
    package let fileName: String
    /// Lower-case hexadecimal SHA-256 of the uncompressed bytes.
    package let sha256: String
    package init(fileName: String, sha256: String) {
      self.fileName = fileName
      self.sha256 = sha256
    }
  }

  /// The program that trained the forest, with its version as the file states it: `TRAINER 1.2.3`.
  package let trainer: String
  /// What kind of forest it is, in the trainer's words: `gradient boosting, classification`.
  package let kind: String
  /// The name of the file format.
  package let format: String
  package let source: Source?
  package let facts: [Fact]
  package let notes: [Note]

  package init(
    trainer: String, kind: String, format: String, source: Source? = nil, facts: [Fact] = [], notes: [Note] = []
  ) {
    self.trainer = trainer
    self.kind = kind
    self.format = format
    self.source = source
    self.facts = facts
    self.notes = notes
  }
}
