#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file of the system, closed when it goes out of scope.
///
/// The unsafe pointers of this file are those of `read`, `pread` and `write`; each is used only inside the call, and
/// always with the bounds of the array it points into.
struct FileDescriptor: ~Copyable {
  /// A failed system call.
  struct Failure: Error {
    /// The value of `errno` after the call.
    let code: Int32
  }

  /// The number the system knows the file by.
  let raw: Int32
  /// Standard streams stay open.
  let closesAtEnd: Bool

  init(raw: Int32, closesAtEnd: Bool) {
    self.raw = raw
    self.closesAtEnd = closesAtEnd
  }

  /// Opens a file; `mode` counts only where the flags create one.
  init(path: String, flags: Int32, mode: mode_t = 0o666) throws(Failure) {
    // The system takes a C string: a path with a zero byte would silently name another file.
    guard !path.utf8.contains(0) else { throw Failure(code: EINVAL) }
    var descriptor: Int32
    repeat { descriptor = open(path, flags | O_CLOEXEC, mode) } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw Failure(code: errno) }
    self.raw = descriptor
    self.closesAtEnd = true
  }

  /// Opens a file for reading; the error is ready for the user.
  static func forReading(_ path: String) throws(FileError) -> FileDescriptor {
    do {
      return try FileDescriptor(path: path, flags: O_RDONLY)
    } catch {
      throw FileError.reading(path, "open the file", error.code)
    }
  }

  deinit {
    if closesAtEnd { _ = close(raw) }
  }

  /// Whether this is a plain file (not a pipe, a directory or a device), and its size in bytes.
  func regularSize() -> Int? {
    var status = stat()
    guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Reads up to the end of `buffer`, starting at `offset`; 0 means the end of the file.
  func read(into buffer: inout [UInt8], from offset: Int) throws(Failure) -> Int {
    let count = buffer.withUnsafeMutableBytes { bytes -> Int in
      let room = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
      while true {
        let count = systemRead(raw, room.baseAddress, room.count)
        if count >= 0 || errno != EINTR { return count }
      }
    }
    guard count >= 0 else { throw Failure(code: errno) }
    return count
  }

  /// Reads up to the end of `buffer` from the byte at `position` of the file; 0 means the end of the file.
  func read(into buffer: inout [UInt8], at position: Int) throws(Failure) -> Int {
    let count = buffer.withUnsafeMutableBytes { bytes -> Int in
      while true {
        let count = pread(raw, bytes.baseAddress, bytes.count, off_t(position))
        if count >= 0 || errno != EINTR { return count }
      }
    }
    guard count >= 0 else { throw Failure(code: errno) }
    return count
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(Failure) {
    let done = bytes.withUnsafeBytes { all -> Bool in
      var rest = all[...]
      while !rest.isEmpty {
        let room = UnsafeRawBufferPointer(rebasing: rest)
        let count = systemWrite(raw, room.baseAddress, room.count)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
    guard done else { throw Failure(code: errno) }
  }
}

// Inside `FileDescriptor` the plain names would mean its own methods.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, bytes, count)
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
