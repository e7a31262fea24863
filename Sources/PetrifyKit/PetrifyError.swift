import EventData
import FileBytes
import ForestIR
import ForestReading
import ForestVerification
import ForestWriting

/// Why something could not be done: a message ready to be shown, and the exit code of a command that ends with it.
///
///     do {
///       let model = try PetrifiedModel(reading: "TMVAClassification_BDT.weights.xml")
///     } catch {
///       print(error)       // TMVAClassification_BDT.weights.xml:31:44: error: …
///     }
///
/// Text that comes from a file has been made harmless: no control characters reach a terminal.
public struct PetrifyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Whose fault it is. More kinds may come.
  public struct Kind: Sendable, Hashable {
    /// What a command exits with.
    public let exitCode: Int32

    /// Something was asked for that does not exist: 64.
    public static let usage = Kind(exitCode: 64)
    /// The model or the data cannot be used as they are: 65.
    public static let badInput = Kind(exitCode: 65)
    /// A fault of this program: 70.
    public static let ourFault = Kind(exitCode: 70)
    /// A file could not be read or written, or a compiler is missing: 74.
    public static let unavailable = Kind(exitCode: 74)
  }

  public let kind: Kind
  /// The whole message: `FILE:LINE:COLUMN: error: what`, the source line with a caret where there is one, `hint: what to do`.
  public let description: String

  /// The exit code of a command that ends with this error.
  public var exitCode: Int32 { kind.exitCode }

  /// - Parameters:
  ///   - place: what the message is about, such as a file; nil for the command as a whole.
  ///   - what: one sentence without a full stop.
  init(_ kind: Kind, _ place: String? = nil, _ what: String, hint: String? = nil) {
    self.init(kind, rendered: "\(place ?? "petrify"): error: \(what)" + (hint.map { "\nhint: \($0)" } ?? ""))
  }

  private init(_ kind: Kind, rendered: String) {
    self.kind = kind
    description = rendered.split(separator: "\n", omittingEmptySubsequences: false).map { PrintableText.line($0) }
      .joined(separator: "\n")
  }
}

// MARK: - From the errors of the stages

extension PetrifyError {
  init(_ error: ReadError) {
    let kind: Kind =
      switch error.exitCode {
      case 74: .unavailable
      case 64: .usage
      default: .badInput
      }
    self.init(kind, rendered: error.description)
  }

  init(_ error: DataError) {
    self.init(error.exitCode == 74 ? .unavailable : .badInput, rendered: error.description)
  }

  init(_ error: FileError) {
    self.init(error.exitCode == 74 ? .unavailable : .badInput, rendered: error.description)
  }

  /// - Parameter model: the model's file.
  init(_ error: EmissionError, target: String, model: String) {
    self.init(.badInput, model, "no \(target) can be written for this model: \(error.message)", hint: error.hint)
  }

  /// What the builder refuses in something that we made ourselves.
  init(_ fault: ForestFault, model: String) {
    self.init(
      fault.code == .limit ? .badInput : .ourFault, model, "the model cannot be represented: \(fault.message)")
  }

  init(_ error: HarnessError, target: String) {
    self.init(error.code == .environment ? .unavailable : .ourFault, target, error.message, hint: error.hint)
  }
}
