/// The bytes of a file, one piece after the other, decompressed on the way where the file is gzip.
///
/// A gzip file is known by its first two bytes, never by its name. Several members in a row are one stream; a
/// member that is cut short, a wrong checksum, or anything after the last member is an error. Memory is constant:
/// one buffer for compressed data, and what the caller brings.
package struct ByteSource: ~Copyable {
  /// How many bytes are asked of the system at once.
  package static let chunkSize = 256 * 1024
  /// How far decompression goes unless the caller says otherwise: 64 GiB.
  package static let usualLimit = 64 << 30

  enum Origin: Sendable {
    case file(SharedFile)
    case memory([UInt8], next: Int)
    /// A file that does not open; the first attempt to read says so.
    case refused(FileError)

    init(opening path: String) {
      do {
        self = .file(SharedFile(try FileDescriptor.forReading(path)))
      } catch {
        self = .refused(error)
      }
    }
  }

  /// The path as the user gave it, for messages.
  package let path: String
  /// Whether the file is gzip.
  package private(set) var isCompressed = false
  /// How many uncompressed bytes were handed out so far.
  package private(set) var position = 0

  private var origin: Origin
  /// Bytes that are decompressed and not yet handed out: `ahead[aheadStart...]`.
  private var ahead: [UInt8] = []
  private var aheadStart = 0
  /// Bytes of the file as stored that are not yet decompressed: `stored[storedRange]`.
  private var stored: [UInt8] = []
  private var storedRange = 0..<0
  /// Where `storedRange` ends in the file.
  private var storedPosition = 0
  private var inflater: InflateStream?
  private var betweenMembers = false
  private var decompressed = 0
  private let decompressionLimit: Int
  private var hasher: BackgroundSHA256?
  private var ended = false

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - decompressionLimit: how many bytes a gzip file may expand to; files that are not compressed have no limit.
  ///   - hashing: whether `digest` is wanted.
  package init(
    path: String, decompressionLimit: Int = usualLimit, hashing: Bool = true
  ) throws(FileError) {
    self.init(Origin(opening: path), path, decompressionLimit, hashing)
    try begin()
  }

  /// The same over bytes in memory; `name` stands for the path in messages.
  package init(
    bytes: [UInt8], name: String, decompressionLimit: Int = usualLimit, hashing: Bool = true
  ) throws(FileError) {
    self.init(.memory(bytes, next: 0), name, decompressionLimit, hashing)
    try begin()
  }

  private init(_ origin: Origin, _ path: String, _ decompressionLimit: Int, _ hashing: Bool) {
    self.origin = origin
    self.path = path
    self.decompressionLimit = decompressionLimit
    hasher = hashing ? BackgroundSHA256() : nil
  }

  /// Reads the first piece and sees whether it is gzip.
  private mutating func begin() throws(FileError) {
    var start = [UInt8](repeating: 0, count: Self.chunkSize)
    var count = 0
    while count < 2 {
      let more = try Self.pull(&origin, path, into: &start, from: count)
      if more == 0 { break }
      count += more
    }
    storedPosition = count
    isCompressed = count >= 2 && Self.isGzip(start, at: 0)
    if isCompressed {
      stored = start
      storedRange = 0..<count
      do {
        inflater = try InflateStream(.gzip)
      } catch {
        throw FileError(path: path, reason: .damaged, what: error.what)
      }
    } else {
      start.removeLast(start.count - count)
      ahead = start
    }
  }

  /// Whether the bytes come from a file of the system, and not from memory.
  package var isFile: Bool {
    switch origin {
    case .memory: false
    default: true
    }
  }

  /// The size of the file if its bytes can be read at any place: a plain file, or memory, and not compressed.
  package var seekableSize: Int? {
    if isCompressed { return nil }
    switch origin {
    case .file(let file): return file.descriptor.regularSize()
    case .memory(let bytes, _): return bytes.count
    case .refused: return nil
    }
  }

  /// The digest of all uncompressed bytes; `nil` before the end was reached, or if it was not asked for.
  package var digest: SHA256Digest? {
    ended ? hasher?.finish() : nil
  }

  /// Puts the next bytes into `buffer[offset...]` and says how many; 0 only at the end of the data.
  ///
  /// - Precondition: `offset < buffer.count`.
  package mutating func read(into buffer: inout [UInt8], from offset: Int = 0) throws(FileError) -> Int {
    precondition(offset >= 0 && offset < buffer.count)
    var count = min(ahead.count - aheadStart, buffer.count - offset)
    if count > 0 {
      buffer.replaceSubrange(offset..<offset + count, with: ahead[aheadStart..<aheadStart + count])
      aheadStart += count
      if aheadStart == ahead.count {
        ahead = []
        aheadStart = 0
      }
    } else {
      count = try produce(into: &buffer, from: offset)
    }
    hasher?.update(buffer, offset..<offset + count)
    position += count
    if count == 0 { ended = true }
    return count
  }

  /// The next piece in an array of its own; `nil` at the end.
  package mutating func next() throws(FileError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: Self.chunkSize)
    let count = try read(into: &buffer)
    if count == 0 { return nil }
    buffer.removeLast(buffer.count - count)
    return buffer
  }

  /// Up to `count` bytes that come next, without taking them; fewer only at the end of the data.
  package mutating func peek(_ count: Int) throws(FileError) -> [UInt8] {
    if ahead.count - aheadStart < count {
      var gathered = Array(ahead[aheadStart...])
      var filled = gathered.count
      gathered.append(contentsOf: repeatElement(0, count: count - filled))
      while filled < count {
        let more = try produce(into: &gathered, from: filled)
        if more == 0 { break }
        filled += more
      }
      gathered.removeLast(gathered.count - filled)
      ahead = gathered
      aheadStart = 0
    }
    return Array(ahead[aheadStart..<min(ahead.count, aheadStart + count)])
  }

  /// All bytes that are left; an error if there are more than `limit`.
  package mutating func readAll(limit: Int) throws(FileError) -> [UInt8] {
    var all = [UInt8](repeating: 0, count: Self.chunkSize)
    var filled = 0
    while true {
      // The array doubles as bytes really arrive; no count from the file is trusted.
      if filled == all.count { all.append(contentsOf: repeatElement(0, count: filled)) }
      let count = try read(into: &all, from: filled)
      if count == 0 { break }
      filled += count
      if filled > limit {
        throw FileError(path: path, reason: .tooLarge, what: "the file holds more than \(limit) bytes")
      }
    }
    all.removeLast(all.count - filled)
    return all
  }

  /// Reads a whole file, decompressed, and its digest.
  package static func contents(
    of path: String, limit: Int
  ) throws(FileError) -> (bytes: [UInt8], digest: SHA256Digest) {
    var source = try ByteSource(path: path)
    let bytes = try source.readAll(limit: limit)
    guard let digest = source.digest else { preconditionFailure("all was read") }
    return (bytes, digest)
  }
}

// MARK: - Where the bytes come from

extension ByteSource {
  private static func isGzip(_ bytes: [UInt8], at index: Int) -> Bool {
    bytes[index] == 0x1f && bytes[index + 1] == 0x8b
  }

  /// Bytes as stored; 0 at the end of the file.
  private static func pull(
    _ origin: inout Origin, _ path: String, into buffer: inout [UInt8], from offset: Int
  ) throws(FileError) -> Int {
    switch origin {
    case .file(let file):
      do {
        return try file.descriptor.read(into: &buffer, from: offset)
      } catch {
        throw FileError.reading(path, "read the file", error.code)
      }
    case .memory(let bytes, let next):
      let count = min(bytes.count - next, buffer.count - offset)
      buffer.replaceSubrange(offset..<offset + count, with: bytes[next..<next + count])
      origin = .memory(bytes, next: next + count)
      return count
    case .refused(let error):
      throw error
    }
  }

  /// Uncompressed bytes, past those held in `ahead`; 0 at the end of the data.
  private mutating func produce(into buffer: inout [UInt8], from offset: Int) throws(FileError) -> Int {
    guard isCompressed else {
      let count = try Self.pull(&origin, path, into: &buffer, from: offset)
      storedPosition += count
      return count
    }
    while true {
      if betweenMembers {
        guard try openMember() else { return 0 }
      }
      if storedRange.isEmpty, try !refill() { throw damaged("the gzip data is cut short") }
      let step: InflateStream.Step
      do {
        step = try inflater!.step(stored, storedRange, into: &buffer, offset..<buffer.count)
      } catch {
        throw damaged("the gzip data is damaged: \(error.what)")
      }
      storedRange = storedRange.lowerBound + step.consumed..<storedRange.upperBound
      betweenMembers = step.ended
      decompressed += step.produced
      if decompressed > decompressionLimit {
        throw FileError(
          path: path, reason: .tooLarge, what: "the gzip data expands to more than \(decompressionLimit) bytes",
          hint: "decompress the file first if it really is that large")
      }
      if step.produced > 0 { return step.produced }
      // zlib always moves when it has input and room; should it ever not, do not wait for it.
      if step.consumed == 0 && !step.ended { throw damaged("the gzip data is damaged") }
    }
  }

  /// After the end of a member: makes ready for the next one, or says that there is none.
  private mutating func openMember() throws(FileError) -> Bool {
    while storedRange.count < 2, try refill() {}
    if storedRange.isEmpty { return false }
    guard storedRange.count >= 2, Self.isGzip(stored, at: storedRange.lowerBound) else {
      throw damaged("something follows the end of the gzip data")
    }
    inflater!.reset()
    betweenMembers = false
    return true
  }

  /// Reads more bytes as stored, keeping those that are left.
  private mutating func refill() throws(FileError) -> Bool {
    let left = storedRange.count
    if left > 0 { stored.replaceSubrange(0..<left, with: Array(stored[storedRange])) }
    let count = try Self.pull(&origin, path, into: &stored, from: left)
    storedRange = 0..<left + count
    storedPosition += count
    return count > 0
  }

  private func damaged(_ what: String) -> FileError {
    FileError(
      path: path, reason: .damaged, what: what, byte: storedPosition - storedRange.count,
      hint: "`gzip -t` checks a file; copy or download it again")
  }
}
