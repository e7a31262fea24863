/// Facts about this program.
public enum PetrifyTool {
  /// The version of the library, of the command, and of everything they write: one place for all of them.
  public static let version = "0.1.0"
}
