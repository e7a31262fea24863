import FileBytes

/// The bytes of one member of a zip archive, decompressed; size and checksum are checked at its end.
final class ZipMemberStream: ByteStream {
  let path: String
  private let bytes: RandomAccessBytes
  private let member: ZipArchive.Member
  private var inflater: InflateStream?
  /// Where the next stored bytes stand in the file, and where they end.
  private var next: Int
  private let end: Int
  private var stored: [UInt8] = []
  private var storedRange = 0..<0
  private var produced = 0
  private var checksum = CRC32()
  private var hasEnded = false

  /// - Precondition: the stored bytes from `start` on lie within the file, and the method is 0 or 8.
  init(_ bytes: RandomAccessBytes, _ member: ZipArchive.Member, start: Int) throws(DataError) {
    path = bytes.path
    self.bytes = bytes
    self.member = member
    next = start
    end = start + member.storedSize
    do {
      inflater = member.method == 8 ? try InflateStream(.rawDeflate) : nil
    } catch {
      throw DataError(path: bytes.path, what: error.what)
    }
  }

  func read(into buffer: inout [UInt8], from offset: Int) throws(DataError) -> Int {
    while !hasEnded {
      if storedRange.isEmpty { try refill() }
      let count = try step(into: &buffer, from: offset)
      checksum.update(buffer, offset..<offset + count)
      produced += count
      if produced > member.size { throw damaged("is larger than the directory says") }
      if hasEnded, produced != member.size || checksum.value != member.checksum {
        throw damaged("does not have the size and the checksum that the directory says")
      }
      if count > 0 { return count }
    }
    return 0
  }

  private func step(into buffer: inout [UInt8], from offset: Int) throws(DataError) -> Int {
    guard inflater != nil else {
      let count = min(storedRange.count, buffer.count - offset)
      buffer.replaceSubrange(
        offset..<offset + count, with: stored[storedRange.lowerBound..<storedRange.lowerBound + count])
      storedRange = storedRange.lowerBound + count..<storedRange.upperBound
      hasEnded = storedRange.isEmpty && next == end
      return count
    }
    do {
      let step = try inflater!.step(stored, storedRange, into: &buffer, offset..<buffer.count)
      storedRange = storedRange.lowerBound + step.consumed..<storedRange.upperBound
      hasEnded = step.ended
      if step.ended && (!storedRange.isEmpty || next < end) { throw damaged("is followed by something") }
      if step.consumed == 0 && step.produced == 0 && !step.ended { throw damaged("is cut short") }
      return step.produced
    } catch let error as InflateStream.Fault {
      throw damaged("is damaged: \(error.what)")
    } catch let error as DataError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown here")
    }
  }

  private func refill() throws(DataError) {
    let count = min(ByteSource.chunkSize, end - next)
    if count == 0 { return }
    do {
      guard let more = try bytes.bytes(at: next, count: count) else { throw damaged("is cut short") }
      stored = more
    } catch let error as FileError {
      throw DataError(error)
    } catch let error as DataError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown here")
    }
    storedRange = 0..<count
    next += count
  }

  private func damaged(_ what: String) -> DataError {
    DataError(
      path: path, place: .byte(next - storedRange.count), what: "\(quoted(member.name)) \(what)",
      hint: "the archive is damaged: copy the file again, or save it anew")
  }
}
