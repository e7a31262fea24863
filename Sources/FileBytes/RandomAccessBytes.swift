/// The bytes of a file at any place: a plain file on disk, or what was read of anything else into memory.
///
/// A class, because several readers share one open file; it keeps no position, so they do not disturb one another.
package final class RandomAccessBytes: Sendable {
  private let file: SharedFile?
  private let memory: [UInt8]
  /// The path as the user gave it, for messages.
  package let path: String
  /// The number of bytes.
  package let size: Int

  /// Opens a plain file; `nil` if it is none (a pipe, a device).
  package init?(plainFile path: String) throws(FileError) {
    let file = try FileDescriptor.forReading(path)
    guard let size = file.regularSize() else { return nil }
    self.path = path
    self.size = size
    self.memory = []
    self.file = SharedFile(file)
  }

  /// Bytes in memory; `name` stands for the path in messages.
  package init(bytes: [UInt8], name: String) {
    path = name
    size = bytes.count
    memory = bytes
    file = nil
  }

  /// Fills `buffer` from the byte at `position` on, and says how many bytes there were; fewer only at the end.
  package func read(into buffer: inout [UInt8], at position: Int) throws(FileError) -> Int {
    guard position >= 0, position < size, !buffer.isEmpty else { return 0 }
    guard let file else {
      let count = min(buffer.count, size - position)
      buffer.replaceSubrange(0..<count, with: memory[position..<position + count])
      return count
    }
    do {
      return try file.descriptor.read(into: &buffer, at: position)
    } catch {
      throw FileError.reading(path, "read the file", error.code)
    }
  }

  /// Exactly the bytes of a range; `nil` where the file is shorter. The caller has bounded `count`.
  package func bytes(at position: Int, count: Int) throws(FileError) -> [UInt8]? {
    guard position >= 0, count >= 0, position <= size, count <= size - position else { return nil }
    var all = [UInt8](repeating: 0, count: count)
    var filled = count == 0 ? 0 : try read(into: &all, at: position)
    if count > 0, filled == 0 { return nil }
    // The system may hand out less than there is.
    while filled < count {
      var part = [UInt8](repeating: 0, count: count - filled)
      let more = try read(into: &part, at: position + filled)
      if more == 0 { return nil }
      all.replaceSubrange(filled..<filled + more, with: part[0..<more])
      filled += more
    }
    return all
  }
}

/// Owns a descriptor for values that can be copied.
final class SharedFile: Sendable {
  let descriptor: FileDescriptor

  init(_ descriptor: consuming FileDescriptor) {
    self.descriptor = descriptor
  }
}
