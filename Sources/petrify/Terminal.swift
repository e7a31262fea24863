import ArgumentParser
import Foundation
import PetrifyKit

/// What goes to people rather than to files.
enum Terminal {
  /// Whether text on standard output may be made bold.
  static var isStyled: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Whether progress is shown: only where somebody is looking.
  static let showsProgress = isatty(STDERR_FILENO) == 1

  /// Makes text on a terminal bold.
  static func bold(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// Shows what is being done, on one line of standard error that the next call overwrites.
  static func progress(_ step: String) {
    guard showsProgress else { return }
    write("\r\u{1B}[K\(step)")
  }

  /// Takes the progress line away.
  static func endProgress() { if showsProgress { write("\r\u{1B}[K") } }

  /// Tells on standard error what a user should know though all went well.
  static func note(_ sentence: String) {
    endProgress()
    write("note: \(sentence)\n")
  }

  private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Runs a command; what goes wrong is told on standard error, and becomes the exit code.
  static func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
      endProgress()
    } catch let error as PetrifyError {
      endProgress()
      write(error.description + "\n")
      throw ExitCode(error.exitCode)
    }
  }

  /// Prints a text that ends with a line end of its own.
  static func show(_ text: String) throws(PetrifyError) { try PetrifyTool.print(text) }
}
