import Foundation

/// A compiler or an interpreter of this machine.
package struct Toolchain: Sendable, Equatable {
  /// The absolute path of the program.
  package let executable: String
  /// Arguments that come before all others, where the environment names some (`CXX="ccache g++"`).
  package let leadingArguments: [String]

  /// Finds the program that the environment variable names, else the usual one.
  ///
  /// - Throws: `HarnessError` naming both where it is not there.
  static func find(variable: String, usual: String, hint: String) throws(HarnessError) -> Toolchain {
    let environment = ProcessInfo.processInfo.environment
    let wanted = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? usual
    let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    if let executable = locate(wanted, path) { return Toolchain(executable: executable, leadingArguments: []) }
    let words = wanted.split(separator: " ").map(String.init)
    if words.count > 1, let executable = locate(words[0], path) {
      return Toolchain(executable: executable, leadingArguments: Array(words.dropFirst()))
    }
    throw HarnessError(.environment, "\(wanted) is not on this machine, or not in PATH", hint: hint)
  }

  private static func locate(_ name: String, _ path: String) -> String? {
    if name.contains("/") {
      return isProgram(name) ? URL(fileURLWithPath: name).path : nil
    }
    for folder in path.split(separator: ":") where isProgram("\(folder)/\(name)") {
      return URL(fileURLWithPath: "\(folder)/\(name)").path
    }
    return nil
  }

  private static func isProgram(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
      && FileManager.default.isExecutableFile(atPath: path)
  }
}
