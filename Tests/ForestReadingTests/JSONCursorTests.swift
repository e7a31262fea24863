import ForestReading
import ForestIR
import Testing

@Suite struct JSONCursorTests {
  static func check(_ bytes: [UInt8], _ options: JSONCursor.Options = .init()) throws(ReadError) {
    var cursor = JSONCursor(bytes, file: "t.json", options: options)
    try cursor.skip()
    try cursor.end()
  }

  static func fault(_ text: String, _ options: JSONCursor.Options = .init()) -> ReadError? {
    do throws(ReadError) {
      try check(Array(text.utf8), options)
      return nil
    } catch {
      return error
    }
  }

  /// Arrays of numbers are read in another way where much text follows.
  static let tail = String(repeating: " ", count: 100)

  @Test(arguments: [
    "null", "true", " false ", "0", "-0", "-0.0", "1e5", "1E+05", "1.5e-3", "123456789012345678901234567890", "1e999",
    "\"\"", "\"a\"", "\"\\u0000\"", "\"\\uD834\\udd1e\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"é€𝄞\"", "\"\u{7F}\"",
    "[]", "[ ]", "[1]", "[1,2]", "[[],[[]],{}]", "{}", "{ }", "{\"\":0}", "{\"a\":1,\"b\":[{\"a\":2}]}",
    "\t\r\n [ \n1\r,\t2 ] \n", "\u{FEFF}[1]", "{\"a\":{\"a\":{\"a\":1}}}",
  ]) func accepts(text: String) {
    #expect(Self.fault(text) == nil)
    #expect(Self.fault(text + Self.tail) == nil)
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[]]", "[1}", "{]", "{\"a\"}", "{\"a\":}",
    "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}", "{1:1}", "{'a':1}", "{\"a\" 1}", "{\"a\"::1}", "{,}", "{\"a\":1}}",
    "nul", "nulL", "tru", "True", "fals", "falsy", "nan", "NaN", "Infinity", "-Infinity", "inf",
    "01", "-01", "00", "+1", ".5", "5.", "1.e5", "1e", "1e+", "-", "--1", "0x10", "1_000", "1.5.5", "1e5e5", "1a", "-a", "٣",
    "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\u\"", "\"\\uD834\"", "\"\\uDD1E\"", "\"\\uD834\\n\"",
    "\"\\uD834\\uD834\"", "\"\n\"", "\"\t\"", "\"\u{0}\"", "'a'", "1 2", "[] []", "{} 1", "// c\n1", "/* c */1", "[1]#",
    "\u{FEFF}", "[\u{FEFF}1]", "\u{A0}1", "\u{C}1", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[{\"b\":{\"a\":[],\"a\":1}}]",
    "*", "[*]", "[\"a\":1]", "{\"a\",1}",
  ]) func refuses(text: String) {
    #expect(Self.fault(text) != nil)
    #expect(Self.fault(text + Self.tail) != nil)
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80],
    [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x8C], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
    [0xFF],
  ] as [[UInt8]]) func refusesWhatIsNotUTF8(content: [UInt8]) {
    #expect(throws: ReadError.self) { try Self.check([0x22] + content + [0x22]) }
    #expect(throws: ReadError.self) { try Self.check([0x22] + content) }
    #expect(throws: ReadError.self) { try Self.check(content) }
  }

  @Test func refusesUTF16() {
    #expect(throws: ReadError.self) { try Self.check([0xFF, 0xFE, 0x5B, 0, 0x5D, 0]) }
    #expect(throws: ReadError.self) { try Self.check([0x5B, 0, 0x5D, 0]) }
  }

  struct Sentence: Sendable, CustomTestStringConvertible {
    let text: String, code: ReadError.Code, line: Int, column: Int, path: String, message: String
    var testDescription: String { text }
    init(_ text: String, _ code: ReadError.Code, _ line: Int, _ column: Int, _ path: String, _ message: String) {
      (self.text, self.code, self.line, self.column, self.path, self.message) = (text, code, line, column, path, message)
    }
  }

  @Test(arguments: [
    Sentence("", .notWellFormed, 1, 1, "", "the file ends where a value must stand"),
    Sentence("[1,\n 2,\n é]", .notWellFormed, 3, 2, "[2]", "a value must stand here, not the byte 0xC3"),
    Sentence("{\"é\": 1, \"b\": [0, 1 2]}", .notWellFormed, 1, 21, "b[1]", "a comma or \"]\" must follow, not \"2\""),
    Sentence("{\"a b\": [", .notWellFormed, 1, 10, "[\"a b\"]", "the file ends inside an array"),
    Sentence("{\"a\": {\"b\": tru}}", .notWellFormed, 1, 13, "a.b", "\"true\" is misspelt"),
    Sentence("{\"a\": 1, \"a\": 2}", .duplicate, 1, 10, "a", "the name \"a\" comes twice in one object"),
    Sentence("[1,]", .notWellFormed, 1, 4, "[0]", "a comma before \"]\""),
    Sentence("{\"a\":1,}", .notWellFormed, 1, 8, "a", "a comma before \"}\""),
    Sentence("{a:1}", .notWellFormed, 1, 2, "", "a member must start with its name in quotes"),
    Sentence("[007]", .notWellFormed, 1, 2, "[0]", "a number with a leading zero"),
    Sentence("\"\\uD800x\"", .notWellFormed, 1, 2, "", "half of a surrogate pair"),
    Sentence("\"a\nb\"", .notWellFormed, 1, 3, "", "a control character (the byte 0xA) inside a string must be escaped"),
    Sentence("[1] x", .notWellFormed, 1, 5, "", "something follows the end of the document: \"x\""),
  ]) func sentences(_ expected: Sentence) throws {
    let fault = try #require(Self.fault(expected.text))
    #expect(fault.message == expected.message)
    #expect(fault.code == expected.code)
    #expect(fault.mark.line == expected.line)
    #expect(fault.mark.column == expected.column)
    #expect(fault.mark.path == (expected.path.isEmpty ? nil : expected.path))
  }

  /// Wherever the fault stands, it is found at the same place as in a text that ends right there.
  @Test(arguments: [
    "[1, 2, 3x]", "[1, 2,, 3]", "[1, 2 3]", "[1, 02]", "[1, 2., 3]", "[1.5.5]", "[1, 2e]", "[1, nul]", "[[1, 2], [3, +4]]", "[1,\n 2,\n 3 4]",
    "{\"a\": [0.5, 0.25, 1e5 7]}", "[1, 2}", "[1, 2,]", "[1, \u{1}2]",
  ]) func faultsInArraysOfNumbers(text: String) throws {
    let fault = try #require(Self.fault(text))
    #expect(Self.fault(text + Self.tail) == fault)
  }

  @Test func depthLimit() {
    let options = JSONCursor.Options(depthLimit: 10)
    let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(Self.fault(deep(10), options) == nil)
    #expect(Self.fault(deep(11), options)?.code == .limit)
    #expect(Self.fault(String(repeating: "[", count: 1_000_000))?.code == .limit)
    #expect(Self.fault(String(repeating: "{\"a\":", count: 1_000_000))?.code == .limit)
  }

  @Test func stringLimit() throws {
    let options = JSONCursor.Options(stringLimit: 4)
    var cursor = JSONCursor(Array(#"["1234", "12345", "12345"]"#.utf8), file: "t", options: options)
    try cursor.beginArray()
    #expect(try cursor.nextElement())
    #expect(try cursor.string() == "1234")
    #expect(try cursor.nextElement())
    try cursor.skip()
    #expect(try cursor.nextElement())
    let fault = #expect(throws: ReadError.self) { try cursor.string() }
    #expect(fault?.code == .limit)
    #expect(Self.fault(#"{"12345":1}"#, options)?.code == .limit)
  }

  @Test func manyKeys() {
    let members = (0..<1000).map { "\"k\($0)\":\($0)" }
    #expect(Self.fault("{" + members.joined(separator: ",") + "}") == nil)
    for twice in [0, 3, 15, 16, 17, 500, 999] {
      let fault = Self.fault("{" + (members + ["\"k\(twice)\":0"]).joined(separator: ",") + "}")
      #expect(fault?.code == .duplicate)
    }
  }

  // MARK: Values

  static func value<T>(_ text: String, _ options: JSONCursor.Options = .init(), _ take: (inout JSONCursor) throws -> T) throws -> T {
    var cursor = JSONCursor(Array(text.utf8), file: "t", options: options)
    let value = try take(&cursor)
    try cursor.end()
    return value
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("-0.0", -0.0), ("0.1", 0.1), ("1e-400", 0), ("4.9406564584124654e-324", .leastNonzeroMagnitude),
    ("9007199254740993", 9007199254740992), ("1.7976931348623157e308", .greatestFiniteMagnitude), ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
    ("1.00000000000000011102230246251565404236316680908203125", 1.0), ("1.00000000000000011102230246251565404236316680908203126", 1.0.nextUp),
    ("5E-1", 0.5), ("123e+2", 12300),
  ] as [(String, Double)]) func numbers(text: String, value: Double) throws {
    let read = try Self.value(text) { try $0.number() }
    #expect(read.bitPattern == value.bitPattern)
  }

  /// Nearest to the text, not to the float64 in between: 1 + 2⁻²⁴ + 2⁻⁶⁰ lies above the middle of two float32.
  @Test func float32IsRoundedOnce() throws {
    let text = "1.000000059604644776240"
    #expect(try Self.value(text) { try $0.float32() } == Float(1).nextUp)
    #expect(Float(try Self.value(text) { try $0.number() }) == Float(1))
  }

  @Test func numbersOutOfRange() {
    for text in ["1e309", "-1e309", "1.8e308"] {
      let fault = #expect(throws: ReadError.self) { try Self.value(text) { try $0.number() } }
      #expect(fault?.code == .outOfRange)
    }
    #expect(throws: ReadError.self) { try Self.value("1e39") { try $0.float32() } }
  }

  @Test func wordsAndStringsForNonFinite() throws {
    let words = JSONCursor.Options(acceptsNonFiniteWords: true)
    let strings = JSONCursor.Options(acceptsNonFiniteStrings: true)
    for (text, value) in [("Infinity", Double.infinity), ("-Infinity", -.infinity)] {
      #expect(try Self.value(text, words) { try $0.number() } == value)
      #expect(try Self.value("\"\(text)\"", strings) { try $0.number() } == value)
      #expect(throws: ReadError.self) { try Self.value(text, strings) { try $0.number() } }
      #expect(throws: ReadError.self) { try Self.value("\"\(text)\"", words) { try $0.number() } }
      #expect(throws: ReadError.self) { try Self.value(text, words) { try $0.integer() } }
    }
    #expect(try Self.value("NaN", words) { try $0.number() }.isNaN)
    #expect(try Self.value("\"NaN\"", strings) { try $0.number() }.isNaN)
    #expect(Self.fault("[NaN, -Infinity, {\"a\": Infinity}]", words) == nil)
    for text in ["[Nan]", "[-Inf]", "[Infinit]", "[NaNs]", "N", "I", "-I"] {
      #expect(Self.fault(text, words) != nil)
      #expect(throws: ReadError.self) { try Self.value(text, words) { try $0.number() } }
    }
  }

  @Test func integers() throws {
    for value in [0, 1, -1, 42, Int.max, Int.min] {
      #expect(try Self.value("\(value)") { try $0.integer() } == value)
    }
    for text in ["9223372036854775808", "-9223372036854775809", "1\(String(repeating: "0", count: 400))"] {
      let fault = #expect(throws: ReadError.self) { try Self.value(text) { try $0.integer() } }
      #expect(fault?.code == .outOfRange)
    }
    for text in ["1.0", "1e0", "\"1\"", "true", "null"] {
      let fault = #expect(throws: ReadError.self) { try Self.value(text) { try $0.integer() } }
      #expect(fault?.code == .malformed)
    }
    let fault = #expect(throws: ReadError.self) { try Self.value(" 7") { try $0.integer(in: 0...6, "a feature") } }
    #expect(fault?.message == "a feature is 7, not in 0…6")
    #expect(fault?.mark.column == 2)
  }

  @Test(arguments: [
    (#""""#, ""), (#""a\u0041\n\/\\""#, "aA\n/\\"), (#""\uD83C\uDF33""#, "🌳"), (#""π\u03C0""#, "ππ"), (#""\u0000""#, "\0"),
    (#""\uFFFF\b\f\r\t\"""#, "\u{FFFF}\u{8}\u{C}\r\t\""),
  ]) func strings(text: String, value: String) throws {
    let read = try Self.value(text) { try $0.string() }
    #expect(Array(read.utf8) == Array(value.utf8))
  }

  @Test func wrongTypes() {
    #expect(throws: ReadError.self) { try Self.value("1") { try $0.string() } }
    let fault = #expect(throws: ReadError.self) { try Self.value("{}") { try $0.beginArray() } }
    #expect(fault?.message == "an array is needed here, not an object")
    #expect(throws: ReadError.self) { try Self.value("[]") { try $0.beginObject() } }
    #expect(throws: ReadError.self) { try Self.value("0") { try $0.bool() } }
    #expect(throws: ReadError.self) { try Self.value("0") { try $0.null() } }
  }

  @Test func untakenValuesAreSkipped() throws {
    var cursor = JSONCursor(Array(#"{"a": [1, {"x": [2]}], "b": 3, "c": {"d": 4}}"#.utf8), file: "t")
    var keys: [String] = []
    try cursor.beginObject()
    while let key = try cursor.nextKey() {
      keys.append(key)
      if key == "b" { #expect(try cursor.integer() == 3) }
    }
    try cursor.end()
    #expect(keys == ["a", "b", "c"])
  }
}
