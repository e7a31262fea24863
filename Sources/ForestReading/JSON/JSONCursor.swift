/// Reads a JSON document (RFC 8259) piece by piece, as the caller asks for it.
///
///     var cursor = JSONCursor(bytes, file: "model.json")
///     try cursor.beginObject()
///     while let key = try cursor.nextKey() {
///       switch key {
///       case "name": name = try cursor.string()
///       case "weights":
///         try cursor.beginArray()
///         while try cursor.nextElement() { weights.append(try cursor.number()) }
///       default: break  // what is not asked for is skipped, and checked on the way
///       }
///     }
///     try cursor.end()
///
/// The document is untrusted. Every syntax error, wrong type or limit is an error with its line, column and path; nothing
/// traps, nothing recurses, and memory is held only for the keys of open objects and the string that is asked for; a
/// document that is read from a stream is never held as a whole.
/// A name that comes twice in one object is refused, in skipped parts too.
///
/// After an error the cursor stays where it is, and is of no further use.
package struct JSONCursor {
  /// What deviates from RFC 8259, and what is refused for its size.
  package struct Options: Sendable {
    /// The bare words `NaN`, `Infinity` and `-Infinity`, as Python writes them, are numbers.
    package var acceptsNonFiniteWords: Bool
    /// The strings `"NaN"`, `"Infinity"` and `"-Infinity"` are numbers where a number is asked for.
    package var acceptsNonFiniteStrings: Bool
    /// How many objects and arrays may be open at once.
    package var depthLimit: Int
    /// How many bytes a key, or a string that is asked for, may have in the file. Skipped strings may be longer.
    package var stringLimit: Int

    package init(
      acceptsNonFiniteWords: Bool = false, acceptsNonFiniteStrings: Bool = false, depthLimit: Int = 256,
      stringLimit: Int = 1 << 20
    ) {
      self.acceptsNonFiniteWords = acceptsNonFiniteWords
      self.acceptsNonFiniteStrings = acceptsNonFiniteStrings
      self.depthLimit = depthLimit
      self.stringLimit = stringLimit
    }
  }

  /// What a value is, by its first byte.
  package enum Kind: Sendable {
    case object, array, string, number, bool, null
  }

  /// An object or array that is open.
  struct Frame: Sendable {
    let isObject: Bool
    /// How many members or elements were begun.
    var count = 0
    /// Objects: where their keys start in `keys`.
    let firstKey: Int
  }

  /// The document, or the window of it that is being read.
  var bytes: [UInt8]
  /// Where in the document the window begins.
  var base = 0
  /// Where the rest of the document comes from; nil if it is held as a whole.
  let stream: JSONStream?
  /// There may be bytes behind the window.
  var hasMore = false
  package let file: String
  package let options: Options
  /// The byte of the window that is read next.
  package internal(set) var offset = 0
  var frames: [Frame] = []
  /// The keys read so far of all open objects, the outermost's first.
  var keys: [String] = []
  /// The keys of open objects that have many, by depth, for looking them up. Not in the frames: these stay plain
  /// numbers, which costs less at every element.
  private var keySets: [Int: Set<String>] = [:]
  /// A value stands next and was not taken yet.
  var isPending = true

  /// - Parameters:
  ///   - bytes: the whole document, UTF-8, possibly after a byte order mark.
  ///   - file: the name of the file, for messages.
  package init(_ bytes: [UInt8], file: String, options: Options = Options()) {
    self.bytes = bytes
    self.file = file
    self.options = options
    stream = nil
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  /// A cursor over a document that is read as it is parsed, in memory that does not depend on its length.
  package init(_ stream: JSONStream, file: String, options: Options = Options()) {
    bytes = []
    self.file = file
    self.options = options
    self.stream = stream
    hasMore = stream.fill(&bytes, to: JSONCursor.windowSize)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  // MARK: Objects and arrays

  /// Enters the object that stands next. All its members must be asked for with `nextKey()`.
  package mutating func beginObject() throws(ReadError) {
    try begin(UInt8(ascii: "{"), "an object")
  }

  /// Enters the array that stands next. All its elements must be asked for with `nextElement()`.
  package mutating func beginArray() throws(ReadError) {
    try begin(UInt8(ascii: "["), "an array")
  }

  private mutating func begin(_ opening: UInt8, _ expected: StaticString) throws(ReadError) {
    try expectValue()
    guard bytes[offset] == opening else { throw wrongType(expected: "\(expected)") }
    guard frames.count < options.depthLimit else {
      throw fault(.limit, "more than \(options.depthLimit) objects and arrays within each other")
    }
    frames.append(Frame(isObject: opening == UInt8(ascii: "{"), firstKey: keys.count))
    offset += 1
    isPending = false
  }

  /// The name of the next member, whose value then stands next; `nil` at the end of the object, which is thereby left.
  ///
  /// A value that was not taken is skipped first. O(1) but for the name's own length.
  package mutating func nextKey() throws(ReadError) -> String? {
    guard try advance(isObject: true) else { return nil }
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
      throw fault(.notWellFormed, at("}") ? "a comma before \"}\"" : "a member must start with its name in quotes")
    }
    let start = offset
    let key = try takeString()
    try rememberKey(key, at: start)
    skipSpace()
    guard at(":") else { throw fault(.notWellFormed, "a colon must follow the name of a member") }
    offset += 1
    isPending = true
    return key
  }

  /// Whether there is another element, which then stands next; at the end of the array it is left.
  ///
  /// A value that was not taken is skipped first.
  package mutating func nextElement() throws(ReadError) -> Bool {
    guard try advance(isObject: false) else { return false }
    guard !at("]") else { throw fault(.notWellFormed, "a comma before \"]\"") }
    frames[frames.count - 1].count += 1
    isPending = true
    return true
  }

  /// Goes past the comma to the next part of the innermost container, or leaves it.
  @inline(__always)
  private mutating func advance(isObject: Bool) throws(ReadError) -> Bool {
    if isPending { try skip() }
    let top = frames.count - 1
    precondition(top >= 0 && frames[top].isObject == isObject, "the caller lost track of its object or array")
    skipSpace()
    let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    guard offset < bytes.count else { throw fault(.notWellFormed, "the file ends inside an \(isObject ? "object" : "array")") }
    if bytes[offset] == closing {
      offset += 1
      if isObject {
        keys.removeSubrange(frames[top].firstKey...)
        if !keySets.isEmpty { keySets[top] = nil }
      }
      frames.removeLast()
      return false
    }
    if frames[top].count > 0 {
      guard bytes[offset] == UInt8(ascii: ",") else {
        throw fault(.notWellFormed, "a comma or \"\(isObject ? "}" : "]")\" must follow, not \(shown(offset))")
      }
      offset += 1
      skipSpace()
    }
    return true
  }

  /// Few keys are compared one by one; from then on they are looked up.
  private mutating func rememberKey(_ key: String, at start: Int) throws(ReadError) {
    let few = 16
    let top = frames.count - 1
    let first = frames[top].firstKey
    let isNew: Bool
    if keys.count - first < few {
      isNew = !keys[first...].contains(key)
    } else {
      isNew = keySets[top, default: Set(keys[first...])].insert(key).inserted
    }
    guard isNew else {
      throw fault(.duplicate, at: base + start, "the name \"\(JSONCursor.clipped(key))\" comes twice in one object")
    }
    keys.append(key)
    frames[top].count += 1
  }

  // MARK: Any value

  /// What stands next. It is not taken.
  package mutating func kind() throws(ReadError) -> Kind {
    try expectValue()
    switch bytes[offset] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "N"), UInt8(ascii: "I"): if options.acceptsNonFiniteWords, isAtNonFiniteWord { return .number }
    default: break
    }
    throw fault(.notWellFormed, "a value must stand here, not \(shown(offset))")
  }

  /// Passes over the value that stands next, checking all of it.
  package mutating func skip() throws(ReadError) {
    let base = frames.count
    while true {
      switch try kind() {
      case .object: try beginObject()
      case .array: try beginArray()
      case .string:
        isPending = false
        _ = try scanString()
      case .number:
        isPending = false
        _ = try scanNumber()
      case .bool: _ = try bool()
      case .null: try null()
      }
      repeat {
        if frames.count == base { return }
      } while try !nextPart()
    }
  }

  private mutating func nextPart() throws(ReadError) -> Bool {
    if frames[frames.count - 1].isObject { return try nextKey() != nil }
    passNumbers()
    return try nextElement()
  }

  /// Proves that nothing but white space follows the document's one value.
  package mutating func end() throws(ReadError) {
    if isPending { try skip() }
    precondition(frames.isEmpty, "the caller left an object or array open")
    skipSpace()
    guard offset == bytes.count else { throw fault(.notWellFormed, "something follows the end of the document: \(shown(offset))") }
  }

  /// Goes to the first byte of the value that stands next.
  @inline(__always)
  mutating func expectValue() throws(ReadError) {
    precondition(isPending, "no value stands next: ask for a key or an element first")
    skipSpace()
    guard offset < bytes.count else { throw fault(.notWellFormed, "the file ends where a value must stand") }
  }

  @inline(__always)
  mutating func skipSpace() {
    while true {
      while offset < bytes.count {
        switch bytes[offset] {
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): offset += 1
        default:
          if hasMore, bytes.count - offset < JSONCursor.lookAhead { refill() }
          return
        }
      }
      guard hasMore else { return }
      refill()
    }
  }

  /// How many bytes of a stream are held at once, but for longer strings.
  private static let windowSize = 1 << 18
  /// So many bytes from where a value begins are in the window, unless the document ends before. Numbers are shorter.
  static let lookAhead = 1 << 12
  /// No string of a stream may be longer.
  private static let longestString = 1 << 26

  /// Lets the window begin at the byte that is read next.
  @inline(never)
  private mutating func refill() {
    guard let stream else { return }
    stream.leave(bytes, base: base, at: base + offset)
    bytes.removeSubrange(..<offset)
    base += offset
    offset = 0
    hasMore = stream.fill(&bytes, to: JSONCursor.windowSize)
  }

  /// Adds to the window, which stays where it begins, because a string goes beyond its end.
  mutating func extend() throws(ReadError) {
    guard bytes.count - offset < JSONCursor.longestString, let stream else {
      throw fault(.limit, "a string of more than \(JSONCursor.longestString) bytes")
    }
    hasMore = stream.fill(&bytes, to: bytes.count * 2)
  }

  @inline(__always)
  func at(_ character: Unicode.Scalar) -> Bool {
    offset < bytes.count && bytes[offset] == UInt8(ascii: character)
  }
}
