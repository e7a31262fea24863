package import FileBytes

/// A document that is read while it is parsed: the cursor holds a window of it, and this object what lies behind the window.
///
/// Copies of a cursor share it; only the cursor that reads on may refill its window.
package final class JSONStream {
  private var source: ByteSource
  /// Why reading stopped early. The cursor sees the end of the document then.
  package private(set) var failure: FileError?
  /// The line and column of the window's first byte, and of the byte that was asked for last.
  private var start = Mark()
  private var latest = Mark()

  private struct Mark {
    var byte = 0
    var place = TextPlace()

    /// Goes on to a later byte.
    mutating func advance(to byte: Int, _ window: [UInt8], base: Int) {
      guard byte > self.byte else { return }
      place.pass(window.span.extracting(self.byte - base..<byte - base))
      self.byte = byte
    }
  }

  /// - Parameter source: read from its current position to its end.
  package init(_ source: consuming ByteSource) { self.source = source }

  /// The digest of all bytes, once they were read.
  package var digest: SHA256Digest? { source.digest }

  /// Fills a window up to `count` bytes, and says whether there is more.
  func fill(_ window: inout [UInt8], to count: Int) -> Bool {
    var filled = window.count
    guard filled < count else { return true }
    window.append(contentsOf: repeatElement(0, count: count - filled))
    defer { window.removeSubrange(filled...) }
    while filled < count {
      let read: Int
      do {
        read = try source.read(into: &window, from: filled)
      } catch {
        failure = error
        return false
      }
      if read == 0 { return false }
      filled += read
    }
    return true
  }

  /// The window is about to begin at `byte`.
  func leave(_ window: [UInt8], base: Int, at byte: Int) {
    if latest.byte <= byte { start = latest }
    start.advance(to: byte, window, base: base)
    if latest.byte < byte { latest = start }
  }

  /// The line and column of a byte in the window. Asking for later and later bytes costs O(bytes) in all.
  func position(of byte: Int, _ window: [UInt8], base: Int) -> (line: Int, column: Int) {
    if latest.byte > byte { latest = start }
    latest.advance(to: min(byte, base + window.count), window, base: base)
    return (latest.place.line, latest.place.column)
  }
}
