#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that could not be read or written, or whose gzip wrapping is damaged.
///
/// What the *content* of a file means is not judged here; readers of models and tables have errors of their own.
package struct FileError: Error, Equatable, Sendable {
  /// Why the file was given up.
  package enum Reason: Equatable, Sendable {
    /// The system refused to open or read it; the associated value is `errno`.
    case unreadable(Int32)
    /// The system refused to create, write or rename it; the associated value is `errno`.
    case unwritable(Int32)
    /// Its compressed data is damaged, cut short, or followed by something else.
    case damaged
    /// It holds more bytes than the caller is ready to take.
    case tooLarge
  }

  /// The path as the user gave it.
  package var path: String
  /// Why the file was given up.
  package var reason: Reason
  /// One sentence without the path and without a full stop.
  package var what: String
  /// Where in the file as stored (compressed, if it is), counted from 0; `nil` where no place is meant.
  package var byte: Int?
  /// What the user can do about it.
  package var hint: String?

  package init(path: String, reason: Reason, what: String, byte: Int? = nil, hint: String? = nil) {
    self.path = path
    self.reason = reason
    self.what = what
    self.byte = byte
    self.hint = hint
  }

  /// The exit code of a command that ends with this error: 74 where the system refused, 65 where the bytes are bad.
  package var exitCode: Int32 {
    switch reason {
    case .unreadable, .unwritable: 74
    case .damaged, .tooLarge: 65
    }
  }
}

extension FileError: CustomStringConvertible {
  /// `FILE: error: what` (with `BYTE n` where there is a place) and the hint on a line of its own.
  package var description: String {
    let place = byte.map { " BYTE \($0):" } ?? ""
    let advice = hint.map { "\nhint: \($0)" } ?? ""
    return "\(path):\(place) error: \(what)\(advice)"
  }
}

extension FileError {
  /// The error for a system call that failed while reading.
  static func reading(_ path: String, _ action: String, _ code: Int32) -> FileError {
    FileError(path: path, reason: .unreadable(code), what: "cannot \(action): \(systemText(code))")
  }

  /// The error for a system call that failed while writing.
  static func writing(_ path: String, _ action: String, _ code: Int32) -> FileError {
    FileError(path: path, reason: .unwritable(code), what: "cannot \(action): \(systemText(code))")
  }

  /// The system's words for an `errno`.
  private static func systemText(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
