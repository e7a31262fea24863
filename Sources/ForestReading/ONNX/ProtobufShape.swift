/// A look over a protocol buffer before it is parsed: is it whole, and how many messages would it become?
///
/// A message of no content takes two bytes in a file and a hundred in memory, so their number is bounded here; and a file that is
/// cut short is refused with the byte where it breaks, which the parser does not tell. O(bytes), with a stack as deep as the format.
struct ProtobufShape {
  /// More messages than this are no forest: a node, an attribute or a tensor each.
  static let messageLimit = 1 << 20

  /// The messages that are parsed into objects of their own.
  private enum Kind {
    case model, graph, node, attribute, tensor, value, type, tensorType, shape, plain

    /// What the field with this number holds, if it is a message.
    func part(_ field: UInt64) -> Kind? {
      switch (self, field) {
      case (.model, 7): .graph
      case (.model, 8), (.model, 14), (.tensor, 13), (.shape, 1), (.type, 4): .plain
      case (.graph, 1): .node
      case (.graph, 5), (.attribute, 5): .tensor
      case (.graph, 11), (.graph, 12): .value
      case (.node, 5): .attribute
      case (.value, 2): .type
      case (.type, 1): .tensorType
      case (.tensorType, 2): .shape
      default: nil
      }
    }
  }

  private let bytes: [UInt8]
  private let file: String
  private var position = 0

  /// - Throws: where the bytes are no protocol buffer, or hold too many messages.
  static func check(_ bytes: [UInt8], file: String) throws(ReadError) {
    var shape = ProtobufShape(bytes: bytes, file: file)
    try shape.walk()
  }

  private init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private mutating func walk() throws(ReadError) {
    var open: [(kind: Kind, end: Int)] = [(.model, bytes.count)]
    var messages = 0
    while let (kind, end) = open.last {
      if position == end {
        open.removeLast()
        continue
      }
      let start = position
      let tag = try varint(end)
      guard tag >> 3 != 0, tag >> 3 < 1 << 29 else { throw broken("a field without a number", at: start) }
      switch tag & 7 {
      case 0: _ = try varint(end)
      case 1: try skip(8, end)
      case 5: try skip(4, end)
      case 2:
        let length = try varint(end)
        guard length <= UInt64(end - position) else { throw broken("the file is cut short or damaged: a part is longer than what holds it", at: start) }
        guard let part = kind.part(tag >> 3) else {
          position += Int(length)
          continue
        }
        messages += 1
        guard messages <= Self.messageLimit else {
          throw ReadError(.limit, at: SourceMark(file: file, byte: start), "more than \(Self.messageLimit) nodes, attributes and tensors")
        }
        open.append((part, position + Int(length)))
      default: throw broken("a field of no type that is in use", at: start)
      }
    }
  }

  private mutating func varint(_ end: Int) throws(ReadError) -> UInt64 {
    var value: UInt64 = 0
    let start = position
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw broken("the file is cut short or damaged: it ends within a number", at: start) }
      let byte = bytes[position]
      position += 1
      if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
      if byte < 0x80 { return value }
    }
    throw broken("a number of more than ten bytes", at: start)
  }

  private mutating func skip(_ count: Int, _ end: Int) throws(ReadError) {
    guard end - position >= count else { throw broken("the file is cut short or damaged: it ends within a number", at: position) }
    position += count
  }

  private func broken(_ what: String, at byte: Int) -> ReadError {
    ReadError(
      .notWellFormed, at: SourceMark(file: file, byte: byte), what,
      hint: "an ONNX file is one protocol buffer; was it copied completely?")
  }
}
