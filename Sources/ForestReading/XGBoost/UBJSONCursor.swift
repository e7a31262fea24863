import FileBytes

/// Reads a UBJSON document (ubjson.org, draft 12) piece by piece, as `JSONCursor` reads JSON.
///
/// Numbers are big-endian. Containers may announce their number of elements and, with it, one type for all of them; such
/// arrays of numbers are taken without a step for each element. High-precision numbers (`H`) are not read: nobody writes them
/// into models. The document is untrusted: lengths are never believed before the bytes are there, and an announced type without
/// any bytes (`Z`, `T`, `F`, `N`), with which a few bytes could stand for endless elements, is refused.
struct UBJSONCursor: ModelCursor {
  struct Frame {
    let isObject: Bool
    /// How many members or elements are still to come, where that was announced.
    var remaining: Int?
    /// The announced type of all values; 0 if each has its own.
    let type: UInt8
    /// How many were begun.
    var count = 0
    /// Objects: where their keys start in `keys`.
    let firstKey: Int
  }

  var window: ByteWindow
  var frames: [Frame] = []
  var keys: [String] = []
  /// The keys of open objects that have many, by depth.
  private var keySets: [Int: Set<String>] = [:]
  /// A value stands next and was not taken yet.
  var isPending = true
  /// Its type, once that was read.
  var pendingType: UInt8 = 0

  static let depthLimit = 64
  static let stringLimit = 1 << 24

  init(_ stream: JSONStream, file: String) { window = ByteWindow(stream, file: file) }

  // MARK: Objects and arrays

  mutating func beginObject() throws(ReadError) { try begin(UInt8(ascii: "{"), "an object") }
  mutating func beginArray() throws(ReadError) { try begin(UInt8(ascii: "["), "an array") }

  private mutating func begin(_ opening: UInt8, _ expected: StaticString) throws(ReadError) {
    guard try type() == opening else { throw wrongType(expected) }
    guard frames.count < Self.depthLimit else {
      throw refusal(.limit, "more than \(Self.depthLimit) objects and arrays within each other")
    }
    taken()
    var elementType: UInt8 = 0
    var count: Int?
    if try window.peekByte() == UInt8(ascii: "$") {
      try window.advance(1)
      elementType = try window.byte()
      guard Self.width(of: elementType) != nil || "SC[{".utf8.contains(elementType) else {
        throw refusal(.unsupported, "a container of elements of the type \(Self.shown(elementType))")
      }
      guard try window.peekByte() == UInt8(ascii: "#") else {
        throw refusal(.notWellFormed, "a container with a type must announce its number of elements")
      }
    }
    if try window.peekByte() == UInt8(ascii: "#") {
      try window.advance(1)
      count = try length(of: "a container")
    }
    frames.append(
      Frame(isObject: opening == UInt8(ascii: "{"), remaining: count, type: elementType, firstKey: keys.count))
  }

  mutating func nextKey() throws(ReadError) -> String? {
    guard try advance(isObject: true) else { return nil }
    let start = window.position
    let key = try text(length(of: "a name"))
    let top = frames.count - 1
    let first = frames[top].firstKey
    let isNew: Bool
    if keys.count - first < 16 {
      isNew = !keys[first...].contains(key)
    } else {
      isNew = keySets[top, default: Set(keys[first...])].insert(key).inserted
    }
    guard isNew else {
      throw ReadError(
        .duplicate, at: mark(start), "the name \"\(JSONCursor.clipped(key))\" comes twice in one object")
    }
    keys.append(key)
    frames[top].count += 1
    isPending = true
    return key
  }

  mutating func nextElement() throws(ReadError) -> Bool {
    guard try advance(isObject: false) else { return false }
    frames[frames.count - 1].count += 1
    isPending = true
    return true
  }

  /// Goes to the next part of the innermost container, or leaves it.
  private mutating func advance(isObject: Bool) throws(ReadError) -> Bool {
    if isPending { try skip() }
    let top = frames.count - 1
    precondition(top >= 0 && frames[top].isObject == isObject, "the caller lost track of its object or array")
    if let remaining = frames[top].remaining {
      guard remaining == 0 else {
        frames[top].remaining = remaining - 1
        return true
      }
    } else {
      while try window.peekByte() == UInt8(ascii: "N") { try window.advance(1) }
      guard try window.peekByte() == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return true }
      try window.advance(1)
    }
    if isObject {
      keys.removeSubrange(frames[top].firstKey...)
      if !keySets.isEmpty { keySets[top] = nil }
    }
    frames.removeLast()
    return false
  }

  mutating func skip() throws(ReadError) {
    let base = frames.count
    while true {
      switch try kind() {
      case .object: try beginObject()
      case .array: try beginArray()
      case .string: try passString()
      case .number:
        let width = Self.width(of: pendingType) ?? 0
        taken()
        try window.advance(width)
      case .bool, .null: taken()
      }
      repeat {
        if frames.count == base { return }
      } while try !nextPart()
    }
  }

  private mutating func nextPart() throws(ReadError) -> Bool {
    if frames[frames.count - 1].isObject { return try nextKey() != nil }
    _ = passNumbers()
    return try nextElement()
  }

  mutating func end() throws(ReadError) {
    if isPending { try skip() }
    precondition(frames.isEmpty, "the caller left an object or array open")
    guard try window.isAtEnd() else { throw refusal(.notWellFormed, "something follows the end of the document") }
  }
}
