import FileBytes

/// An `.npy` array whose numbers are read one after the other.
final class NumpyArray {
  /// What the array is.
  let header: NumpyHeader
  /// What it is called in messages.
  let name: String
  /// How many numbers the shape speaks of. Nothing is allocated from it.
  let count: Int

  /// The file, for messages.
  let path: String

  private let stream: any ByteStream
  private var taken = 0
  /// Where the next byte stands in the array.
  private var position: Int
  /// Bytes that were read; those not yet taken are `buffer[unread]`.
  private var buffer = [UInt8](repeating: 0, count: ByteSource.chunkSize)
  private var unread = 0..<0

  /// Reads the header.
  ///
  /// - Parameter member: its name if it is the member of an archive.
  init(_ stream: any ByteStream, member: [UInt8]? = nil) throws(DataError) {
    self.stream = stream
    path = stream.path
    name = member.map { "the array \(quoted($0))" } ?? "the array"
    var start = [UInt8](repeating: 0, count: 8)
    guard try Self.fill(&start, stream), start.starts(with: NumpyHeader.magic) else {
      throw DataError(
        path: path, place: .byte(0), what: "\(name) does not begin like one", hint: "write the file with numpy.save")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw DataError(path: path, place: .byte(6), what: "\(name) has the unknown version \(start[6]).\(start[7])")
    }
    // Version 1.0 counts the header in two bytes, later ones in four, least significant first.
    var size = [UInt8](repeating: 0, count: start[6] == 1 ? 2 : 4)
    guard try Self.fill(&size, stream) else { throw Self.short(path, name, 8) }
    let length = size.reversed().reduce(0) { $0 << 8 | Int($1) }
    position = 8 + size.count
    guard length <= NumpyHeader.sizeLimit else {
      throw DataError(path: path, place: .byte(8), what: "the header of \(name) has \(length) bytes")
    }
    var text = [UInt8](repeating: 0, count: length)
    guard try Self.fill(&text, stream) else { throw Self.short(path, name, position) }
    do {
      header = try NumpyHeader(text)
    } catch {
      throw DataError(
        path: path, place: .byte(position), what: member == nil ? error.what : "\(name): \(error.what)",
        hint: error.hint)
    }
    position += length
    var count = header.width
    for axis in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis)
      guard !overflow else {
        throw DataError(path: path, place: .byte(8), what: "the shape of \(name) is larger than any file")
      }
      count = product
    }
    self.count = count / header.width
  }

  /// Puts the next `count` numbers to `values[start]`, `values[start + stride]` and so on.
  ///
  /// - Precondition: so many numbers are left, and the places exist.
  func read(_ count: Int, into values: inout [Double], from start: Int, stride: Int) throws(DataError) {
    precondition(count <= self.count - taken)
    var place = start
    var left = count
    while left > 0 {
      if unread.count < header.width { try refill() }
      let numbers = min(left, unread.count / header.width)
      // A span of a property of a class could outlive it; of a local constant it cannot.
      let held = buffer
      let end = unread.lowerBound + numbers * header.width
      header.decode(held.span.extracting(unread.lowerBound..<end).bytes, into: &values, from: place, stride: stride)
      unread = end..<unread.upperBound
      position += numbers * header.width
      place += numbers * stride
      left -= numbers
    }
    taken += count
  }

  /// After the last number: nothing may follow.
  func checkEnd() throws(DataError) {
    let more = unread.isEmpty ? try stream.read(into: &buffer, from: 0) : unread.count
    if more > 0 {
      throw DataError(
        path: path, place: .byte(position), what: "something follows the end of \(name)",
        hint: "a file holds one array; several go into an .npz")
    }
  }

  /// Reads on until there is at least one number; what is left of the last one moves to the front.
  private func refill() throws(DataError) {
    for (index, place) in unread.enumerated() { buffer[index] = buffer[place] }
    unread = 0..<unread.count
    while unread.count < header.width {
      let more = try stream.read(into: &buffer, from: unread.upperBound)
      if more == 0 { throw Self.short(path, name, position + unread.count) }
      unread = 0..<unread.upperBound + more
    }
  }

  private static func fill(_ bytes: inout [UInt8], _ stream: any ByteStream) throws(DataError) -> Bool {
    var filled = 0
    while filled < bytes.count {
      let more = try stream.read(into: &bytes, from: filled)
      if more == 0 { return false }
      filled += more
    }
    return true
  }

  private static func short(_ path: String, _ name: String, _ position: Int) -> DataError {
    DataError(
      path: path, place: .byte(position), what: "\(name) is cut short", hint: "copy the file again, or save it anew")
  }
}
