import FileBytes

/// The list of members of a zip archive (PKWARE's APPNOTE.TXT 6.3), with the 64-bit extension.
///
/// Only the central directory at the end of the file is believed. Encryption, several disks, and methods other than
/// "stored" and "deflated" are refused where a member of that kind is wanted.
struct ZipArchive {
  /// One file in the archive.
  struct Member {
    /// Its name, as stored.
    var name: [UInt8]
    /// 0: stored, 8: deflated.
    var method: Int
    var isEncrypted: Bool
    /// The checksum of its bytes.
    var checksum: UInt32
    /// Its size in the archive.
    var storedSize: Int
    /// Its size.
    var size: Int
    /// Where its local header stands.
    var position: Int
    /// Where its entry stands in the central directory.
    var entry: Int
  }

  /// The largest directory that is read, in bytes: 100,000 arrays need about 10 MB.
  private static let directoryLimit = 64 << 20

  /// The file, for messages.
  var path: String { bytes.path }
  /// The members in the order of the directory.
  let members: [Member]
  let bytes: RandomAccessBytes

  /// Whether a file that begins like this is an archive (an empty one has nothing but its end).
  static func isArchive(_ start: [UInt8]) -> Bool {
    start.starts(with: [0x50, 0x4b, 0x03, 0x04]) || start.starts(with: [0x50, 0x4b, 0x05, 0x06])
  }

  /// Reads the directory.
  init(_ bytes: RandomAccessBytes) throws(DataError) {
    self.bytes = bytes
    let directory = try Self.locate(bytes)
    let table = try Self.read(bytes, directory.position, directory.size, "the directory of the archive")
    var members: [Member] = []
    var place = 0
    for _ in 0..<directory.count {
      guard let member = try Self.member(table, &place, bytes.path, directory.position) else {
        throw DataError(
          path: bytes.path, place: .byte(directory.position + place), what: "the directory of the archive is malformed",
          hint: Self.advice)
      }
      members.append(member)
    }
    self.members = members
  }

  /// The bytes of a member, one after the other.
  func open(_ member: Member) throws(DataError) -> ZipMemberStream {
    func refuse(_ what: String, _ hint: String?) -> DataError {
      DataError(path: path, place: .byte(member.entry), what: "\(quoted(member.name)) \(what)", hint: hint)
    }
    if member.isEncrypted { throw refuse("is encrypted", "write the archive with numpy.savez") }
    guard member.method == 0 || member.method == 8 else {
      throw refuse("is compressed by method \(member.method), which is not read", "use numpy.savez_compressed")
    }
    guard member.method == 8 || member.size == member.storedSize else {
      throw refuse("is stored, but its two sizes differ", Self.advice)
    }
    let header = try Self.read(bytes, member.position, 30, "the header of \(quoted(member.name))")
    guard header.starts(with: [0x50, 0x4b, 0x03, 0x04]) else { throw refuse("is not where it should be", Self.advice) }
    let (start, overflow) = member.position.addingReportingOverflow(30 + header.number16(26) + header.number16(28))
    guard !overflow, start <= bytes.size, member.storedSize <= bytes.size - start else {
      throw refuse("reaches beyond the end of the file", Self.advice)
    }
    return try ZipMemberStream(bytes, member, start: start)
  }

  // MARK: - Reading the directory

  private static let advice = "the archive is damaged: copy the file again, or save it anew"

  /// Where the directory stands. Its end record is the last thing in the file but for a comment of up to 65535 bytes.
  private static func locate(
    _ bytes: RandomAccessBytes
  ) throws(DataError) -> (position: Int, size: Int, count: Int) {
    func refuse(_ what: String, at place: Int) -> DataError {
      DataError(path: bytes.path, place: .byte(place), what: what, hint: advice)
    }
    let tailSize = min(bytes.size, 22 + 65_535)
    let tailStart = bytes.size - tailSize
    let tail = try read(bytes, tailStart, tailSize, "the end of the archive")
    guard
      let end = stride(from: tailSize - 22, through: 0, by: -1).first(where: {
        tail[$0] == 0x50 && tail.number32($0) == 0x0605_4b50 && $0 + 22 + tail.number16($0 + 20) == tailSize
      })
    else { throw refuse("the end of the archive is missing", at: bytes.size) }
    var count = tail.number16(end + 10)
    var size = tail.number32(end + 12)
    var position = tail.number32(end + 16)
    guard tail.number16(end + 4) == tail.number16(end + 6), tail.number16(end + 8) == count else {
      throw refuse("the archive is spread over several disks", at: tailStart + end)
    }
    if count == 0xffff || size == 0xffff_ffff || position == 0xffff_ffff {
      // The numbers do not fit: a locator just before this record says where the 64-bit one stands.
      guard end >= 20, tail.number32(end - 20) == 0x0706_4b50, let place = tail.number64(end - 20 + 8) else {
        throw refuse("the 64-bit end of the archive is missing", at: tailStart + end)
      }
      let record = try read(bytes, place, 56, "the 64-bit end of the archive")
      guard record.number32(0) == 0x0606_4b50, let wideCount = record.number64(32),
        let wideSize = record.number64(40), let widePosition = record.number64(48)
      else { throw refuse("the 64-bit end of the archive is malformed", at: place) }
      (count, size, position) = (wideCount, wideSize, widePosition)
    }
    // Every entry takes at least 46 bytes, so a count beyond that is a lie.
    guard size <= directoryLimit, position <= bytes.size, size <= bytes.size - position, count <= size / 46 else {
      throw refuse("the directory of the archive does not fit into the file", at: tailStart + end)
    }
    return (position, size, count)
  }

  /// The entry at `place`, which moves on; `nil` if it is malformed.
  private static func member(
    _ table: [UInt8], _ place: inout Int, _ path: String, _ start: Int
  ) throws(DataError) -> Member? {
    let entry = place
    guard table.count - entry >= 46, table.number32(entry) == 0x0201_4b50 else { return nil }
    let nameSize = table.number16(entry + 28)
    let extraSize = table.number16(entry + 30)
    let end = entry + 46 + nameSize + extraSize + table.number16(entry + 32)
    guard end <= table.count else { return nil }
    let nameEnd = entry + 46 + nameSize
    var member = Member(
      name: Array(table[entry + 46..<nameEnd]), method: table.number16(entry + 10),
      isEncrypted: table.number16(entry + 8) & 1 == 1, checksum: UInt32(table.number32(entry + 16)),
      storedSize: table.number32(entry + 20), size: table.number32(entry + 24),
      position: table.number32(entry + 42), entry: start + entry)
    if member.storedSize == 0xffff_ffff || member.size == 0xffff_ffff || member.position == 0xffff_ffff {
      guard widen(&member, table, nameEnd..<nameEnd + extraSize) else { return nil }
    }
    place = end
    return member
  }

  /// Takes the 64-bit numbers from the extra field 1: in this order, those that did not fit.
  private static func widen(_ member: inout Member, _ table: [UInt8], _ extra: Range<Int>) -> Bool {
    var place = extra.lowerBound
    while extra.upperBound - place >= 4 {
      let end = place + 4 + table.number16(place + 2)
      guard end <= extra.upperBound else { return false }
      if table.number16(place) == 1 {
        var next = place + 4
        for path in [\Member.size, \Member.storedSize, \Member.position] where member[keyPath: path] == 0xffff_ffff {
          guard end - next >= 8, let wide = table.number64(next) else { return false }
          member[keyPath: path] = wide
          next += 8
        }
        return true
      }
      place = end
    }
    return false
  }

  fileprivate static func read(
    _ bytes: RandomAccessBytes, _ position: Int, _ count: Int, _ what: String
  ) throws(DataError) -> [UInt8] {
    do {
      if let found = try bytes.bytes(at: position, count: count) { return found }
    } catch {
      throw DataError(error)
    }
    throw DataError(
      path: bytes.path, place: .byte(max(position, 0)), what: "\(what) reaches beyond the end of the file", hint: advice)
  }
}

/// Numbers in a zip archive, least significant byte first.
extension [UInt8] {
  fileprivate func number16(_ place: Int) -> Int {
    Int(self[place]) | Int(self[place + 1]) << 8
  }

  fileprivate func number32(_ place: Int) -> Int {
    number16(place) | number16(place + 2) << 16
  }

  /// `nil` beyond what `Int` holds; no file is that large.
  fileprivate func number64(_ place: Int) -> Int? {
    let high = number32(place + 4)
    return high >> 31 == 0 ? number32(place) | high << 32 : nil
  }
}
