#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file being written, complete or absent: bytes go to a temporary file next to it, which takes its name in
/// `finish()`. Without `finish()` nothing is left behind, and a file that was there before stays as it was.
///
/// Standard output, pipes and devices cannot be replaced; they are written directly.
package struct OutputFile: ~Copyable {
  /// How many bytes are gathered before the system is called.
  private static let bufferSize = 256 * 1024

  /// The path as the user gave it, for messages.
  package let path: String
  private let file: FileDescriptor
  private let temporary: String?
  private let target: String
  private var buffer: [UInt8] = []
  private var finished = false

  /// Standard output.
  package static func standardOutput() -> OutputFile {
    OutputFile(file: FileDescriptor(raw: STDOUT_FILENO, closesAtEnd: false), path: "standard output")
  }

  private init(file: consuming FileDescriptor, path: String) {
    self.file = file
    self.path = path
    self.target = path
    self.temporary = nil
  }

  /// Begins the file at `path`; its directory must be there.
  package init(path: String) throws(FileError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    do throws(FileDescriptor.Failure) {
      if exists, status.st_mode & S_IFMT == S_IFDIR { throw FileDescriptor.Failure(code: EISDIR) }
      if exists, status.st_mode & S_IFMT != S_IFREG {
        self.init(file: try FileDescriptor(path: path, flags: O_WRONLY), path: path)
        return
      }
      // Through a symbolic link the file it points at is replaced, and the link stays.
      try self.init(path: path, target: exists ? Self.resolved(path) : path)
    } catch {
      throw FileError.writing(path, "create the file", error.code)
    }
  }

  private init(path: String, target: String) throws(FileDescriptor.Failure) {
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(target[...$0]) } ?? ""
    var attempt = 0
    while true {
      // A short name of its own: the target's name may already be as long as the system allows.
      let candidate = "\(folder).petrify-\(getpid())-\(attempt).tmp"
      do {
        file = try FileDescriptor(path: candidate, flags: O_WRONLY | O_CREAT | O_EXCL)
        temporary = candidate
        break
      } catch {
        guard error.code == EEXIST, attempt < 10_000 else { throw error }
        attempt += 1
      }
    }
    self.path = path
    self.target = target
  }

  deinit {
    if let temporary, !finished { unlink(temporary) }
  }

  /// Adds bytes at the end.
  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize {
      try put(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Hands everything written so far to the system.
  package mutating func flush() throws(FileError) {
    if buffer.isEmpty { return }
    try put(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Completes the file and gives it its name.
  package mutating func finish() throws(FileError) {
    try flush()
    if let temporary, !finished, rename(temporary, target) != 0 {
      throw FileError.writing(path, "put the file in place", errno)
    }
    finished = true
  }

  private func put(_ bytes: [UInt8]) throws(FileError) {
    do {
      try file.write(bytes)
    } catch {
      throw FileError.writing(path, "write the file", error.code)
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
