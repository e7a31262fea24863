import Foundation
import Synchronization

/// A directory of our own that goes away with everything in it when this value does.
///
/// `removeAll` takes away those of the whole process, for a program that is about to be ended by a signal.
package struct TemporaryDirectory: ~Copyable {
  package let path: String

  private static let open = Mutex<Set<String>>([])

  /// Makes the directory where the system keeps such things (`TMPDIR`, else `/tmp`), readable by nobody else.
  package init() throws(HarnessError) {
    var base = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
    if base.isEmpty { base = "/tmp" }
    var template = Array("\(base)/petrify-XXXXXX".utf8CString)
    // `mkdtemp` fills in the name in place; the pointer is used within the call only.
    guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
      throw HarnessError(
        .environment, "no temporary directory can be made in \(base): \(String(cString: strerror(errno)))",
        hint: "set TMPDIR to a directory that can be written to")
    }
    let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = made
    Self.open.withLock { _ = $0.insert(made) }
  }

  deinit {
    let path = path
    try? FileManager.default.removeItem(atPath: path)
    Self.open.withLock { _ = $0.remove(path) }
  }

  /// Removes all temporary directories of this process.
  package static func removeAll() {
    for path in open.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
