/// A view of the bytes of a FlatBuffer, in which every access is checked.
///
/// The format (flatbuffers.dev, "Internals"): little-endian numbers; a *table* begins with a signed 32-bit distance back to
/// its *vtable*, which begins with two 16-bit numbers, its own size and that of the table, and goes on with the distance of
/// each field from the table's beginning, 0 for a field that is not there. Tables, vectors and strings are
/// referred to by an unsigned 32-bit distance forward. A vector is a 32-bit count and the elements.
///
/// The offsets come from an untrusted file. Nothing here follows more than one of them, allocates, or reads outside the view.
struct FlatBuffer {
  let bytes: [UInt8]
  /// Where the buffer lies in the bytes.
  let range: Range<Int>
  /// The name of the file, for messages.
  let file: String

  /// An error at a byte of the file.
  func fault(_ code: ReadError.Code = .malformed, at byte: Int, _ what: String, hint: String? = nil) -> ReadError {
    ReadError(code, at: SourceMark(file: file, byte: byte), what, hint: hint)
  }

  /// A table: where it begins, and its vtable.
  struct Table {
    let start: Int
    fileprivate let vtable: Int
    fileprivate let fieldCount: Int
    fileprivate let size: Int
  }

  /// A vector: where its elements are, all of them within the buffer.
  struct Elements {
    let start: Int
    let count: Int
    static let none = Elements(start: 0, count: 0)
  }

  // MARK: Numbers

  /// The little-endian number of `count` bytes at a place; `count` is at most 8.
  @inline(__always)
  func integer(at byte: Int, bytes count: Int) throws(ReadError) -> UInt64 {
    guard byte >= range.lowerBound, byte <= range.upperBound - count else {
      throw fault(at: byte, "a number outside the data")
    }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[byte + index]) << UInt64(8 * index) }
    return value
  }

  func int32(at byte: Int) throws(ReadError) -> Int32 { Int32(truncatingIfNeeded: try integer(at: byte, bytes: 4)) }
  func float32(at byte: Int) throws(ReadError) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: try integer(at: byte, bytes: 4))) }
  func float64(at byte: Int) throws(ReadError) -> Double { Double(bitPattern: try integer(at: byte, bytes: 8)) }

  /// Where the reference at a place leads.
  private func target(of byte: Int) throws(ReadError) -> Int {
    let distance = Int(try integer(at: byte, bytes: 4))
    guard distance > 0, distance < range.upperBound - byte else {
      throw fault(at: byte, "a reference that leads out of the data")
    }
    return byte + distance
  }

  // MARK: Tables

  /// The root table.
  func root() throws(ReadError) -> Table { try table(at: range.lowerBound) }

  /// The table that the reference at a place leads to.
  func table(at reference: Int) throws(ReadError) -> Table {
    let start = try target(of: reference)
    let vtable = start - Int(try int32(at: start))
    let vtableSize = Int(try integer(at: vtable, bytes: 2))
    let size = Int(try integer(at: vtable + 2, bytes: 2))
    guard vtableSize >= 4, vtableSize.isMultiple(of: 2), vtableSize <= range.upperBound - vtable, size >= 4,
      size <= range.upperBound - start
    else {
      throw fault(at: start, "a table whose description is damaged")
    }
    return Table(start: start, vtable: vtable, fieldCount: (vtableSize - 4) / 2, size: size)
  }

  /// Where field `slot` of a table is, if the table has it.
  ///
  /// - Parameter count: how many bytes the field has in the table.
  func field(_ slot: Int, of table: Table, bytes count: Int) throws(ReadError) -> Int? {
    guard slot < table.fieldCount else { return nil }
    let entry = table.vtable + 4 + 2 * slot
    let distance = Int(try integer(at: entry, bytes: 2))
    if distance == 0 { return nil }
    guard distance >= 4, distance <= table.size - count else { throw fault(at: entry, "a field outside its table") }
    return table.start + distance
  }

  func int32(_ slot: Int, of table: Table, default value: Int32) throws(ReadError) -> Int32 {
    guard let place = try field(slot, of: table, bytes: 4) else { return value }
    return try int32(at: place)
  }

  func byte(_ slot: Int, of table: Table, default value: UInt8) throws(ReadError) -> UInt8 {
    guard let place = try field(slot, of: table, bytes: 1) else { return value }
    return UInt8(truncatingIfNeeded: try integer(at: place, bytes: 1))
  }

  func float64(_ slot: Int, of table: Table, default value: Double) throws(ReadError) -> Double {
    guard let place = try field(slot, of: table, bytes: 8) else { return value }
    return try float64(at: place)
  }

  func table(_ slot: Int, of table: Table) throws(ReadError) -> Table? {
    guard let place = try field(slot, of: table, bytes: 4) else { return nil }
    return try self.table(at: place)
  }

  /// The elements of a vector; none if the table does not have it.
  ///
  /// - Parameter size: how many bytes an element has.
  func elements(_ slot: Int, of table: Table, size: Int) throws(ReadError) -> Elements {
    guard let place = try field(slot, of: table, bytes: 4) else { return .none }
    let start = try target(of: place)
    let count = Int(try integer(at: start, bytes: 4))
    guard count <= (range.upperBound - start - 4) / size else {
      throw fault(at: start, "a list of \(count) elements, more than there are bytes")
    }
    return Elements(start: start + 4, count: count)
  }

  /// The bytes of a string; nil if the table does not have it.
  func string(_ slot: Int, of table: Table) throws(ReadError) -> ArraySlice<UInt8>? {
    guard try field(slot, of: table, bytes: 4) != nil else { return nil }
    let characters = try elements(slot, of: table, size: 1)
    return bytes[characters.start..<characters.start + characters.count]
  }
}
