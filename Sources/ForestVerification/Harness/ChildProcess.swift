import Foundation
import Synchronization

/// Runs another program, without a shell, and waits for it.
package struct ChildProcess: Sendable {
  /// The absolute path of the program.
  let executable: String
  let arguments: [String]
  /// A file that is its standard input; nil: nothing to read.
  var input: String?
  /// A file that takes its standard output; nil: thrown away.
  var output: String?
  /// A directory of ours in which it may leave things.
  let scratch: String
  let timeLimit: Duration

  enum Outcome: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
  }

  private static let running = Mutex<Set<Int32>>([])

  /// Ends all children, for a program that is about to be ended itself.
  package static func killAll() {
    for child in running.withLock({ $0 }) { end(child) }
  }

  /// Ends a child and what it started: Foundation puts each child into a process group of its own.
  private static func end(_ child: Int32) {
    if kill(-child, SIGKILL) != 0 { kill(child, SIGKILL) }
  }

  /// Runs the program to its end or until time is up.
  ///
  /// - Returns: how it ended, and the last part of what it said on standard error.
  func run() throws(HarnessError) -> (outcome: Outcome, complaint: String) {
    let name = executable.split(separator: "/").last.map(String.init) ?? executable
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": scratch, "LC_ALL": "C"]) { $1 }
    let complaints = scratch + "/.complaints"
    process.standardInput = input == nil ? FileHandle.nullDevice : FileHandle(forReadingAtPath: input!)
    process.standardOutput = try output.map(Self.writable) ?? FileHandle.nullDevice
    process.standardError = try Self.writable(complaints)
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      throw HarnessError(.environment, "\(name) could not be started: \(error.localizedDescription)")
    }
    let child = process.processIdentifier
    Self.running.withLock { _ = $0.insert(child) }
    defer { Self.running.withLock { _ = $0.remove(child) } }
    let limit = DispatchTime.now() + .milliseconds(Int(timeLimit.components.seconds * 1000))
    if ended.wait(timeout: limit) == .timedOut {
      Self.end(child)
      ended.wait()
      return (.timedOut, Self.tail(of: complaints))
    }
    let status = process.terminationStatus
    return (process.terminationReason == .exit ? .exited(status) : .signalled(status), Self.tail(of: complaints))
  }

  private static func writable(_ path: String) throws(HarnessError) -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
      throw HarnessError(.environment, "cannot write \(path)", hint: "is the disk full?")
    }
    return file
  }

  /// The last 4 KiB of a file: a compiler may say much.
  private static func tail(of path: String) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size > 4096 ? size - 4096 : 0)
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
  }
}
