package import ForestIR

/// What an emitter is asked for: the forest, and everything that its file says beside the arithmetic.
package struct EmissionRequest: Sendable {
  package let forest: Forest
  /// The base name of the files and of what they declare: a valid identifier in every target language, made by `IdentifierNamer`.
  package let name: String
  package let layout: Layout
  /// Whether a small program that reads and writes CSV is wanted too.
  package let withDriver: Bool
  /// The version of this program: `1.2.3`.
  package let toolVersion: String
  /// Identifies what is computed: lower-case hexadecimal SHA-256 of the forest's canonical bytes without provenance.
  package var meaningDigest: String { digest() }
  private let digest: @Sendable () -> String
  /// Events whose scores the file carries to test itself with.
  package let referenceEvents: ReferenceEvents
  /// Whether a format that adds in another width than the forest may be written all the same.
  package let allowsRounding: Bool

  package enum Layout: String, Sendable, CaseIterable { case auto, branches, tables }

  package init(
    forest: Forest, name: String, layout: Layout, withDriver: Bool, toolVersion: String,
    meaningDigest: @autoclosure @escaping @Sendable () -> String,
    referenceEvents: ReferenceEvents, allowsRounding: Bool = false
  ) {
    self.forest = forest
    self.name = name
    self.layout = layout
    self.withDriver = withDriver
    self.toolVersion = toolVersion
    digest = meaningDigest
    self.referenceEvents = referenceEvents
    self.allowsRounding = allowsRounding
  }
}

/// Events with what a right program makes of them, computed by the reference evaluator.
package struct ReferenceEvents: Sendable {
  package struct Event: Sendable {
    /// One number for each input, as a caller would hand it in.
    package let inputs: [Double]
    /// The printed columns.
    package let outputs: [Double]
    package let margins: [Double]
    /// The leaf number for each tree, −1 where it was not asked.
    package let leaves: [Int32]
    package init(inputs: [Double], outputs: [Double], margins: [Double], leaves: [Int32]) {
      self.inputs = inputs
      self.outputs = outputs
      self.margins = margins
      self.leaves = leaves
    }
  }
  package let events: [Event]
  /// Where they come from, for a comment: `16 generated events` or the name of a file.
  package let origin: String
  package init(events: [Event], origin: String) {
    self.events = events
    self.origin = origin
  }
}

/// One file to be written.
package struct EmittedFile: Sendable {
  /// Without folder.
  package let name: String
  package let bytes: [UInt8]
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// What an emitter gives.
package struct Emission: Sendable {
  package let files: [EmittedFile]
  /// What a user should know before the files are put to use: what the format cannot say, and what became of it. One
  /// sentence each, without a full stop; text of the model may stand in it as it is.
  package let notes: [String]
  package init(_ files: [EmittedFile], notes: [String] = []) {
    self.files = files
    self.notes = notes
  }
}

/// A back-end: from a forest to files in one language, or to one that other programs read.
package protocol Emitter: Sendable {
  /// The name by which it is asked for, such as `cpp`.
  var target: String { get }
  func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission
}

/// Why a forest cannot be emitted in the wanted form.
package struct EmissionError: Error, Sendable, Hashable {
  package let message: String
  package let hint: String
  package init(_ message: String, hint: String) {
    self.message = message
    self.hint = hint
  }
}
