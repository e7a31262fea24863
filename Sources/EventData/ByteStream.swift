import FileBytes

/// Bytes in their order, from a file or from a member of an archive.
protocol ByteStream: AnyObject {
  /// The file they come from, for messages.
  var path: String { get }
  /// Puts the next bytes into `buffer[offset...]` and says how many; 0 only at the end.
  func read(into buffer: inout [UInt8], from offset: Int) throws(DataError) -> Int
}

/// The bytes of a whole file.
final class SourceStream: ByteStream {
  let path: String
  private var source: ByteSource

  init(_ source: consuming ByteSource) {
    path = source.path
    self.source = source
  }

  func read(into buffer: inout [UInt8], from offset: Int) throws(DataError) -> Int {
    do {
      return try source.read(into: &buffer, from: offset)
    } catch {
      throw DataError(error)
    }
  }
}
