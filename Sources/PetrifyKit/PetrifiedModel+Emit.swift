import FileBytes
import ForestWriting

/// How files are to be written.
public struct EmissionChoices: Sendable {
  /// How trees become source text.
  public enum Layout: String, Sendable, CaseIterable {
    /// By the size of the forest.
    case auto
    /// Nested conditions, one function for each tree: readable.
    case branches
    /// Constant arrays and a small loop: compact.
    case tables
  }

  /// The base name of the files and of what they declare; nil: made from the model's file name.
  public var name: String?
  public var layout = Layout.auto
  /// Whether a small program that scores a CSV table is written too, for each programming language.
  public var withDriver = false
  /// A table of events for the self-test that source files carry; nil: events made for the purpose.
  public var eventsTable: String?
  /// Whether a file for other programs may be written whose raw sums are rounded otherwise than the model's; else it is refused.
  public var allowsRounding = false

  public init() {}
}

/// A file that was emitted.
public struct EmittedSource: Sendable, Hashable {
  /// Its name, without a folder.
  public let name: String
  public let bytes: [UInt8]
}

extension PetrifiedModel {
  /// Writes the model in other forms, in memory. The same model and choices give the same bytes, on any machine, on any day.
  ///
  ///     for file in try model.emit(Target.sources) { print(file.name, file.bytes.count) }
  ///
  /// - Parameter note: told what a user should know before a file is put to use, such as what its format cannot say.
  public func emit(
    _ targets: [Target], _ choices: EmissionChoices = EmissionChoices(), note: (_ sentence: String) -> Void = { _ in }
  ) throws(PetrifyError) -> [EmittedSource] {
    let request = try request(choices)
    var files: [EmittedSource] = []
    for target in targets {
      let emission = try emit(target, request)
      files += emission.files.map { EmittedSource(name: $0.name, bytes: $0.bytes) }
      for sentence in emission.notes { note(PrintableText.line("\(target.name): \(sentence)")) }
    }
    return files
  }

  /// Writes the model in other forms into a directory, which is made if it is missing. Either all files are there afterwards
  /// and complete, or none.
  ///
  /// - Parameter note: told what a user should know before a file is put to use, once all files are there.
  /// - Returns: the names of the files, in the order of the targets.
  @discardableResult
  public func emit(
    _ targets: [Target], into directory: String, _ choices: EmissionChoices = EmissionChoices(),
    note: (_ sentence: String) -> Void = { _ in }
  ) throws(PetrifyError) -> [String] {
    var notes: [String] = []
    let files = try emit(targets, choices) { notes.append($0) }
    do {
      try AtomicFiles.write(files.map { AtomicFiles.File(name: $0.name, bytes: $0.bytes) }, into: directory)
    } catch {
      throw PetrifyError(error)
    }
    notes.forEach(note)
    return files.map(\.name)
  }

  func request(_ choices: EmissionChoices) throws(PetrifyError) -> EmissionRequest {
    // Of a large forest, the digest takes as long as planning what is printed; it is awaited where it is printed.
    let meaning = Background { digest }
    let name = try name(choices), events = try referenceEvents(table: choices.eventsTable)
    return EmissionRequest(
      forest: forest, name: name, layout: EmissionRequest.Layout(rawValue: choices.layout.rawValue) ?? .auto,
      withDriver: choices.withDriver, toolVersion: PetrifyTool.version, meaningDigest: meaning.value,
      referenceEvents: events, allowsRounding: choices.allowsRounding)
  }

  func emit(_ target: Target, _ request: EmissionRequest) throws(PetrifyError) -> Emission {
    guard let emitter = target.emitter else {
      throw PetrifyError(.usage, nil, "nothing can be written for the target \(target)")
    }
    do {
      return try emitter.emit(request)
    } catch {
      throw PetrifyError(error, target: target.title, model: path)
    }
  }

  private func name(_ choices: EmissionChoices) throws(PetrifyError) -> String {
    guard let wanted = choices.name else { return defaultName }
    var namer = IdentifierNamer()
    let usable = namer.name(for: wanted, fallback: "model")
    guard usable == wanted else {
      throw PetrifyError(
        .usage, nil, "\"\(wanted)\" is not an identifier in every target language",
        hint: "letters, digits and single underscores, for instance \(usable)")
    }
    return wanted
  }
}
