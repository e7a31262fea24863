import FileBytes
import ForestVerification

/// Facts about this program, and what its command needs of it.
public enum PetrifyTool {
  /// The version of the library, of the command, and of everything they write: one place for all of them.
  public static let version = "0.1.0"

  /// Writes text to standard output, completely or with an error.
  public static func print(_ text: String) throws(PetrifyError) {
    do {
      var output = OutputFile.standardOutput()
      try output.write(Array(text.utf8))
      try output.finish()
    } catch {
      throw PetrifyError(error)
    }
  }

  /// Ends compilers and programs that a comparison is running and removes its temporary files, for a command that ends itself
  /// right afterwards: comparisons that are under way never return.
  public static func abandonTemporaryFiles() {
    ChildProcess.abandonAll()
    TemporaryDirectory.removeAll()
  }
}
