import ForestVerification
import ForestWriting

/// Something that a model is turned into, or computed by.
///
///     let targets = try Target.list("cpp,python")
///     let files = try model.emit(targets)
public struct Target: Sendable, Hashable, CustomStringConvertible {
  /// The name by which it is asked for, such as `cpp`.
  public let name: String
  /// Its name for people, such as `C++`.
  public let title: String

  /// Programming languages: `emit` writes source code, and `compare` can build and run it.
  public static let sources: [Target] = backEnds.map { Target($0.emitter.target, $0.language.title) }
  /// Files for other programs. `emit` writes them; they compute nothing by themselves.
  public static let documents: [Target] = documentEmitters.map { Target($0.emitter.target, $0.title) }
  /// Everything that `emit` can write.
  public static var writable: [Target] { sources + documents }
  /// The evaluator inside this program. It computes, but there is nothing to write.
  public static let evaluator = Target("evaluator", "the evaluator")
  /// Everything that gives numbers on this machine.
  public static var computing: [Target] { [evaluator] + sources }

  private init(_ name: String, _ title: String) {
    self.name = name
    self.title = title
  }

  public var description: String { name }

  /// The targets of a comma-separated list, in its order.
  ///
  /// - Parameter computing: whether targets are wanted that compute, the evaluator among them; else those that can be written.
  /// - Throws: `PetrifyError` of the kind `usage` for an unknown name, one that comes twice, one that cannot do what is
  ///   wanted, or an empty list.
  public static func list(_ names: String, computing: Bool = false) throws(PetrifyError) -> [Target] {
    let known = computing ? Self.computing : writable
    var targets: [Target] = []
    for part in names.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.drop { $0 == " " }
      guard let target = known.first(where: { $0.name == name }) else {
        if name.isEmpty { throw unavailable("\"\(names)\" is not a list of targets", known, "available") }
        if let document = documents.first(where: { $0.name == name }) { throw document.cannotCompute }
        throw unavailable(
          name == evaluator.name ? "the evaluator is no language to write" : "there is no target \"\(name)\"", known, "available")
      }
      guard !targets.contains(target) else { throw PetrifyError(.usage, nil, "the target \(name) is named twice") }
      targets.append(target)
    }
    return targets
  }

  /// Why nothing can be run for a document.
  var cannotCompute: PetrifyError {
    Self.unavailable("the target \(name) is a file for other programs; it computes nothing here", Self.computing, "targets that compute")
  }

  private static func unavailable(_ what: String, _ known: [Target], _ words: String) -> PetrifyError {
    PetrifyError(.usage, nil, what, hint: "\(words): \(known.map(\.name).joined(separator: ", "))")
  }
}

extension Target {
  /// What can be written as source code, and how it is built and run. A new language is a line here.
  static let backEnds: [(emitter: any Emitter, language: Harness.Language)] = [
    (CppEmitter(), .cpp), (CEmitter(), .c), (PythonEmitter(), .python), (SwiftEmitter(), .swift),
  ]

  /// What can be written for other programs, and what it is called in a sentence. A new format is a line here.
  static let documentEmitters: [(emitter: any Emitter, title: String)] = [
    (ForestJSONEmitter(), "forest JSON"), (ONNXEmitter(), "ONNX"), (XGBoostEmitter(), "XGBoost JSON"), (LightGBMEmitter(), "LightGBM text"),
    (SQLEmitter(), "SQL"), (CorrectionlibEmitter(), "correctionlib JSON"),
  ]

  /// How to build and run what is written; nil for what does not run, or is not written.
  var backEnd: (emitter: any Emitter, language: Harness.Language)? {
    Self.backEnds.first { $0.emitter.target == name }
  }

  /// Who writes it; nil for the evaluator.
  var emitter: (any Emitter)? {
    backEnd?.emitter ?? Self.documentEmitters.first { $0.emitter.target == name }?.emitter
  }
}
