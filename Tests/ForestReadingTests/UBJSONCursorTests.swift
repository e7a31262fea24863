import FileBytes
import Testing

@testable import ForestReading

/// Text for itself, numbers as bytes.
private func ubjson(_ parts: any Sendable...) -> [UInt8] {
  parts.flatMap { part -> [UInt8] in
    if let text = part as? String { return Array(text.utf8) }
    if let byte = part as? Int { return [UInt8(truncatingIfNeeded: byte)] }
    return []
  }
}

/// The UBJSON cursor by itself, and the models that are written in it.
@Suite struct UBJSONCursorTests {
  static func cursor(_ bytes: [UInt8]) throws -> UBJSONCursor {
    UBJSONCursor(JSONStream(try ByteSource(bytes: bytes, name: "x.ubj", hashing: false)), file: "x.ubj")
  }

  @Test(arguments: [
    (ubjson("i", 0xFF), -1), (ubjson("U", 0xFF), 255), (ubjson("I", 0xFF, 0xFE), -2), (ubjson("l", 0, 1, 0, 0), 65536),
    (ubjson("L", 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFD), -3), (ubjson("N", "N", "i", 7), 7),
  ])
  func integers(_ bytes: [UInt8], _ value: Int) throws {
    var cursor = try Self.cursor(bytes)
    #expect(try cursor.integer() == value)
    try cursor.end()
  }

  @Test(arguments: [
    (ubjson("d", 0x3F, 0xC0, 0, 0), 1.5), (ubjson("D", 0x3F, 0xF8, 0, 0, 0, 0, 0, 0), 1.5), (ubjson("i", 3), 3),
    (ubjson("D", 0x3F, 0xF0, 0, 0, 0x10, 0, 0, 1), Float(1).nextUp),
  ] as [([UInt8], Float)])
  func floats(_ bytes: [UInt8], _ value: Float) throws {
    var cursor = try Self.cursor(bytes)
    #expect(try cursor.float32() == value)
  }

  static let arrayForms: [[UInt8]] = [
    ubjson("[", "i", 1, "U", 2, "I", 0, 3, "]"), ubjson("[", "#", "i", 3, "i", 1, "i", 2, "l", 0, 0, 0, 3),
    ubjson("[", "$", "i", "#", "U", 3, 1, 2, 3), ubjson("[", "$", "I", "#", "i", 3, 0, 1, 0, 2, 0, 3),
    ubjson("[", "$", "L", "#", "i", 3) + [1, 2, 3].flatMap { [0, 0, 0, 0, 0, 0, 0, $0] },
  ]

  @Test(arguments: arrayForms) func arrays(_ bytes: [UInt8]) throws {
    var cursor = try Self.cursor(bytes)
    #expect(try cursor.integerArray(in: 0...10, "a number") == [1, 2, 3])
    try cursor.end()
    var counting = try Self.cursor(bytes)
    #expect(try counting.elementCount() == 3)
    var skipping = try Self.cursor(bytes)
    try skipping.end()
    var narrow = try Self.cursor(bytes)
    let error = try #require(throws: ReadError.self) { try narrow.integerArray(in: 0...2, "a number") }
    #expect(error.code == .outOfRange && error.message.contains("a number is 3"))
  }

  @Test func signedArrays() throws {
    var cursor = try Self.cursor(ubjson("[", "$", "l", "#", "i", 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 5))
    #expect(try cursor.integerArray(in: -1...10, "a number") == [-1, 5])
  }

  @Test(arguments: [ubjson("[", "$", "U", "#", "i", 3, 1, 0, 1), ubjson("[", "T", "F", "T", "]"), ubjson("[", "i", 1, "F", "U", 1, "]")])
  func flags(_ bytes: [UInt8]) throws {
    var cursor = try Self.cursor(bytes)
    #expect(try cursor.flagArray() == [true, false, true])
  }

  @Test func objects() throws {
    var cursor = try Self.cursor(
      ubjson("{", "i", 1, "a", "S", "i", 2, "xy", "U", 1, "b", "{", "#", "i", 1, "i", 1, "c", "Z", "i", 1, "d", "C", "q", "}"))
    try cursor.beginObject()
    #expect(try cursor.nextKey() == "a")
    #expect(try cursor.string() == "xy")
    #expect(try cursor.nextKey() == "b")
    try cursor.beginObject()
    #expect(try cursor.nextKey() == "c")
    #expect(cursor.mark.path == "b.c")
    #expect(try cursor.nextKey() == nil)
    #expect(try cursor.nextKey() == "d")
    #expect(try cursor.string() == "q")
    #expect(try cursor.nextKey() == nil)
    try cursor.end()
  }

  @Test(arguments: [
    (ubjson("{", "i", 1, "a", "i", 1, "i", 1, "a", "i", 2, "}"), ReadError.Code.duplicate), (ubjson("[", "i", 1), .notWellFormed),
    (ubjson("[", "$", "Z", "#", "i", 3), .unsupported), (ubjson("[", "$", "i", 1), .notWellFormed), (ubjson("i", 1, "i", 2), .notWellFormed),
    (ubjson("[", "#", "i", 0xFF), .outOfRange), (ubjson("S", "i", 1, 0xFF), .notWellFormed), (ubjson("{", "S", "i", 1), .notWellFormed),
    (ubjson("S", "l", 0x7F, 0, 0, 0, "x"), .limit), (ubjson("[", "$", "d", "#", "l", 0x7F, 0, 0, 0, 1), .notWellFormed),
    (ubjson("x"), .notWellFormed), (ubjson("H", "i", 1, "5"), .notWellFormed), (ubjson(), .notWellFormed),
  ])
  func isRefused(_ bytes: [UInt8], _ code: ReadError.Code) throws {
    var cursor = try Self.cursor(bytes)
    let error = try #require(throws: ReadError.self) {
      switch try cursor.kind() {
      case .string: _ = try cursor.string()
      default: try cursor.end()
      }
    }
    #expect(error.code == code, "\(error)")
    #expect(error.mark.byte != nil)
  }

  @Test func depthIsBounded() throws {
    var cursor = try Self.cursor([UInt8](repeating: UInt8(ascii: "["), count: 100_000))
    let error = try #require(throws: ReadError.self) { try cursor.end() }
    #expect(error.code == .limit)
  }

  /// Longer than the window through which files are read.
  @Test func longArrays() throws {
    let count = 200_000
    var bytes = ubjson("[", "$", "l", "#", "l", count >> 24, count >> 16, count >> 8, count)
    for number in 0..<count { bytes += [0, UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)] }
    var cursor = try Self.cursor(bytes)
    #expect(try cursor.integerArray(in: 0...count, "a number") == (0..<Int32(count)).map { $0 })
    var counting = try Self.cursor(bytes)
    #expect(try counting.elementCount() == count)
    try counting.end()
  }
}
