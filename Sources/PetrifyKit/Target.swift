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

  /// Everything that `emit` can write.
  public static let sources: [Target] = backEnds.map { Target($0.emitter.target, $0.language.title) }
  /// The evaluator inside this program. It computes, but there is nothing to write.
  public static let evaluator = Target("evaluator", "the evaluator")

  private init(_ name: String, _ title: String) {
    self.name = name
    self.title = title
  }

  public var description: String { name }

  /// The targets of a comma-separated list, in its order.
  ///
  /// - Parameter computing: whether the list may name the evaluator too.
  /// - Throws: `PetrifyError` of the kind `usage` for an unknown name, one that comes twice, or an empty list.
  public static func list(_ names: String, computing: Bool = false) throws(PetrifyError) -> [Target] {
    let known = (computing ? [evaluator] : []) + sources
    let hint = "available: \(known.map(\.name).joined(separator: ", "))"
    var targets: [Target] = []
    for part in names.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.drop { $0 == " " }
      guard let target = known.first(where: { $0.name == name }) else {
        let what =
          name.isEmpty
          ? "\"\(names)\" is not a list of targets"
          : name == evaluator.name ? "the evaluator is no language to write" : "there is no target \"\(name)\""
        throw PetrifyError(.usage, nil, what, hint: hint)
      }
      guard !targets.contains(target) else { throw PetrifyError(.usage, nil, "the target \(name) is named twice") }
      targets.append(target)
    }
    return targets
  }
}

extension Target {
  /// What can be written, and how it is built and run. A new back-end is a line here.
  static let backEnds: [(emitter: any Emitter, language: Harness.Language)] = [
    (CppEmitter(), .cpp), (PythonEmitter(), .python), (SwiftEmitter(), .swift),
  ]

  var backEnd: (emitter: any Emitter, language: Harness.Language)? {
    Self.backEnds.first { $0.emitter.target == name }
  }
}
