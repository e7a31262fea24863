import FileBytes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ReadError {
  /// How much of a line is shown.
  private static let shownWidth = 110
  /// How much of a line is looked at.
  private static let longestLine = 64 * 1024

  /// The error with the line it points at, read again from the file, and with a column if the path names an attribute
  /// that stands on that line.
  ///
  /// Looking the line up only now keeps positions out of the parser's fast path. If the file cannot be read a second
  /// time, the error stays as it is.
  ///
  /// - Complexity: O(bytes before the line).
  func quoting(_ open: () throws(FileError) -> ByteSource?) -> ReadError {
    guard let line = mark.line, quote == nil, let source = try? open() else { return self }
    guard let bytes = try? Self.line(line, of: source) else { return self }
    let text = Array(String(decoding: bytes, as: UTF8.self))
    var error = self
    if error.mark.column == nil { error.mark.column = Self.column(of: mark.path, in: text) }
    let caret = (error.mark.column ?? 1) - 1
    // The window around the caret; the beginning of the line where the caret is near it.
    let start = caret < Self.shownWidth - 20 ? 0 : min(caret - 40, max(0, text.count - Self.shownWidth))
    let end = min(text.count, start + Self.shownWidth)
    guard start < end else { return error }
    var shown = String(text[start..<end]).replacing("\t", with: " ")
    if start > 0 { shown = "…" + shown.dropFirst() }
    if end < text.count { shown = shown.dropLast() + "…" }
    let place = error.mark.column == nil || caret >= end ? nil : caret - start
    error.quote = Quote(text: Self.printable(shown), caret: place)
    return error
  }

  private static func line(_ number: Int, of source: consuming ByteSource) throws(FileError) -> [UInt8] {
    var current = 1
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: ByteSource.chunkSize)
    while true {
      let count = try source.read(into: &buffer)
      if count == 0 { return line }
      for byte in buffer[..<count] {
        if byte == UInt8(ascii: "\n") {
          if current == number { return line }
          current += 1
        } else if current == number, line.count < longestLine, byte != UInt8(ascii: "\r") {
          line.append(byte)
        }
      }
    }
  }

  /// The column of the value of the attribute that the path ends with (`…@Cut`), or of the tag it is about.
  private static func column(of path: String?, in line: [Character]) -> Int? {
    guard let path, let name = path.split(separator: "@", omittingEmptySubsequences: false).last else { return nil }
    if path.contains("@") {
      let pattern = Array(" \(name)=\"")
      guard let start = line.firstRange(of: pattern) else { return nil }
      return start.upperBound + 1
    }
    let element = path.split(separator: "/").last.map { $0.prefix { $0 != "[" } } ?? ""
    guard let start = line.firstRange(of: Array("<\(element)")) else { return nil }
    return start.lowerBound + 1
  }
}

/// Whether a path leads to a file that can be read again, unlike a pipe.
enum RegularFile {
  static func exists(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
