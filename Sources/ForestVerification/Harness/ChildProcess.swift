import Foundation
import Synchronization

/// Runs another program, without a shell, and waits for it.
package struct ChildProcess: Sendable {
  /// The absolute path of the program.
  let executable: String
  var arguments: [String]
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
  private static let isAbandoned = Mutex(false)

  /// Ends all children, for a program that is about to be ended itself. Whoever waits for one of them waits for that end.
  package static func abandonAll() {
    isAbandoned.withLock { $0 = true }
    for child in running.withLock({ $0 }) { end(child) }
  }

  /// Ends a child and what it started, and returns when it is gone.
  ///
  /// Foundation puts a child into a process group of its own, but compilers put their helpers into further groups. So the child
  /// is first asked to end, which makes it end those; only one that does not is ended by force.
  private static func end(_ child: Int32) {
    kill(-child, SIGINT)
    for _ in 0..<20 where running.withLock({ $0.contains(child) }) { usleep(100_000) }
    if running.withLock({ $0.contains(child) }) { kill(-child, SIGKILL) }
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
    process.terminationHandler = { process in
      Self.running.withLock { _ = $0.remove(process.processIdentifier) }
      ended.signal()
    }
    do {
      // Under the lock, so that a child that ends at once is entered before it is struck off.
      try Self.running.withLock {
        try process.run()
        $0.insert(process.processIdentifier)
      }
    } catch {
      throw HarnessError(.environment, "\(name) could not be started: \(error.localizedDescription)")
    }
    let child = process.processIdentifier
    let limit = DispatchTime.now() + .milliseconds(Int(timeLimit.components.seconds * 1000))
    let isLate = ended.wait(timeout: limit) == .timedOut
    if isLate {
      Self.end(child)
      ended.wait()
    }
    while Self.isAbandoned.withLock({ $0 }) { sleep(1) }
    if isLate { return (.timedOut, Self.tail(of: complaints)) }
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
