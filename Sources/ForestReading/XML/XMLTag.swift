/// A name of at most eight ASCII characters packed into one word, so that comparing names is comparing numbers.
///
/// Longer names have the key 0, which no name of one to eight characters has.
struct XMLNameKey: Equatable {
  let bits: UInt64

  /// The bytes of the name as one big-endian number.
  init(bits: UInt64) { self.bits = bits }

  init(_ bytes: Span<UInt8>) {
    var bits: UInt64 = 0
    if bytes.count <= 8 {
      for index in bytes.indices { bits = bits << 8 | UInt64(bytes[index]) }
    }
    self.bits = bits
  }

  /// The key of a literal of at most eight ASCII characters.
  init(_ name: StaticString) {
    precondition(name.utf8CodeUnitCount <= 8, "a packed name has at most eight characters")
    self.bits = name.withUTF8Buffer { buffer in buffer.reduce(0) { $0 << 8 | UInt64($1) } }
  }

  static func ~= (pattern: XMLNameKey, value: XMLNameKey) -> Bool { pattern.bits == value.bits }
}

/// A name as the parser knows it: it keeps each name once, at one place, for as long as the document is being parsed.
///
/// Within one document equal identities mean equal names, and comparing them is comparing numbers.
struct XMLNameIdentity: Equatable {
  /// The address of the name; never followed.
  fileprivate let address: UInt
}

/// A start tag as the parser has it in its buffer: valid only during the call that hands it over.
///
/// This type and `XMLCursor` are the only places of the module that touch unsafe pointers. They are safe because the
/// parser keeps the tag's bytes in place while the call lasts, the tag cannot be copied, and every access here is
/// through a `Span` that cannot outlive the access.
struct XMLTag: ~Copyable {
  private let namePointer: UnsafePointer<UInt8>
  /// Five pointers an attribute: name, prefix, namespace, first byte of the value, end of the value.
  private let attributes: UnsafeBufferPointer<UnsafePointer<UInt8>?>
  /// The line on which the tag ends.
  let line: Int
  let attributeCount: Int

  init(
    name: UnsafePointer<UInt8>, attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int, line: Int
  ) {
    self.namePointer = name
    self.attributes = UnsafeBufferPointer(start: attributes, count: attributes == nil ? 0 : 5 * count)
    self.attributeCount = attributes == nil ? 0 : count
    self.line = line
  }

  var key: XMLNameKey { XMLNameKey(Self.terminated(namePointer).span) }
  var name: String { String(decoding: Self.terminated(namePointer), as: UTF8.self) }

  func isNamed(_ literal: StaticString) -> Bool {
    let bytes = Self.terminated(namePointer)
    return literal.withUTF8Buffer { $0.elementsEqual(bytes) }
  }

  func attributeKey(_ index: Int) -> XMLNameKey {
    guard let name = attributes[5 * index] else { return XMLNameKey("") }
    return XMLNameKey(Self.terminated(name).span)
  }

  var identity: XMLNameIdentity { XMLNameIdentity(address: UInt(bitPattern: namePointer)) }

  func attributeIdentity(_ index: Int) -> XMLNameIdentity {
    XMLNameIdentity(address: UInt(bitPattern: attributes[5 * index]))
  }

  /// Whether the tag's attributes have these names, in this order. O(attributes).
  @inline(__always)
  func hasAttributes(named names: Span<XMLNameIdentity>) -> Bool {
    guard names.count == attributeCount else { return false }
    for index in 0..<names.count where attributeIdentity(index) != names[index] { return false }
    return true
  }

  func attributeName(_ index: Int) -> String {
    attributes[5 * index].map { String(decoding: Self.terminated($0), as: UTF8.self) } ?? ""
  }

  func attributeText(_ index: Int) -> String {
    String(decoding: value(index), as: UTF8.self)
  }

  /// Calls `body` with the bytes of an attribute's value, entities already replaced.
  @inline(__always)
  func withValue<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    body(value(index).span)
  }

  @inline(__always)
  private func value(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    guard let start = attributes[5 * index + 3], let end = attributes[5 * index + 4] else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(start: start, count: max(0, end - start))
  }

  /// The bytes before the terminating zero.
  private static func terminated(_ start: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var count = 0
    while start[count] != 0 { count += 1 }
    return UnsafeBufferPointer(start: start, count: count)
  }
}
