import ForestIR
import ForestReading
import ForestTesting
import Testing

@Suite struct JSONForestRefusalTests {
  static let text = """
    {"format":"petrify-forest","format_version":1,
    "inputs":[{"label":"x","unnamed":false,"expression":"","title":"","unit":"","kind":"real","role":"feature"}],
    "columns":[{"name":"y","role":"margin","width":"float64","printed":true,"meaning":""}],
    "model":{"inputs":{"count":1,"width":"float32"},"steps":[
    {"value":1,"operation":"trees","of":[0],"width":"float64","fold":"sum","start":[0.0],"trees":[
    {"splits":[],"leaves":[1.5]},
    {"splits":[[0,"<=",0.5,"right",-1,-2]],"leaves":[-1.0,1.0],"leaf_numbers":[3,4]}]},
    {"value":2,"operation":"unary","of":[1],"function":"negate"}],
    "result":2},
    "provenance":{"trainer":"","kind":"","format":"","source":{"file_name":"f","sha256":"\(String(repeating: "0", count: 64))"},"facts":[],"notes":[]}}
    """

  static func read(_ text: String) throws -> Forest { try ForestJSONReader.read(Array(text.utf8), file: "f.json") }

  @Test func theTextItselfIsFine() throws {
    #expect(try Self.read(Self.text).model.treeCount == 2)
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let old: String, new: String, code: ReadError.Code, line: Int, path: String?, message: String
    var testDescription: String { "\(old) → \(new)" }
    init(_ old: String, _ new: String, _ code: ReadError.Code, _ line: Int, _ path: String?, _ message: String) {
      (self.old, self.new, self.code, self.line, self.path, self.message) = (old, new, code, line, path, message)
    }
  }

  static let trees = "model.steps[0].trees"

  @Test(arguments: [
    Change("petrify-forest", "petrify", .malformed, 1, "format", "\"petrify\" where \"petrify-forest\" must stand"),
    Change("\"format_version\":1", "\"format_version\":2", .unsupported, 1, "format_version", "version 2 of the format; this program reads version 1"),
    Change("\"format_version\":1,", "", .missing, 1, nil, "the member \"format_version\" is missing"),
    Change("\"label\":\"x\",", "", .missing, 2, "inputs[0]", "the member \"label\" is missing"),
    Change("\"label\":\"x\"", "\"label\":1", .malformed, 2, "inputs[0].label", "a string is needed here, not a number"),
    Change("\"label\"", "\"lable\"", .unexpected, 2, "inputs[0].lable", "no member \"lable\" belongs here"),
    Change("\"kind\":\"real\"", "\"kind\":\"complex\"", .malformed, 2, "inputs[0].kind", "\"complex\" is none of: real, integer"),
    Change("\"role\":\"feature\"", "\"role\":\"feature\",\"training_range\":[1]", .inconsistent, 2, "inputs[0].training_range", "a training range has two ends, not 1"),
    Change("\"printed\":true", "\"printed\":false", .inconsistent, 1, nil, "no column is printed"),
    Change("\"name\":\"y\",", "\"name\":\"y\",\"name\":\"y\",", .duplicate, 3, "columns[0].name", "the name \"name\" comes twice in one object"),
    Change("\"count\":1", "\"count\":0", .outOfRange, 4, "model.inputs.count", "the number of inputs is 0, not in 1…67108864"),
    Change("\"count\":1", "\"count\":2", .inconsistent, 1, nil, "1 inputs are described, the model reads 2"),
    Change("\"count\":1", "\"count\":1e0", .malformed, 4, "model.inputs.count", "an integer is needed here, without point or exponent"),
    Change("\"operation\":\"trees\"", "\"operation\":\"tree\"", .unsupported, 5, "model.steps[0].operation", "no operation is called \"tree\""),
    Change("\"operation\":\"trees\",", "", .missing, 5, "model.steps[0]", "the member \"operation\" is missing"),
    Change("\"value\":2", "\"value\":3", .inconsistent, 8, "model.steps[1]", "step 1 defines value 2, not 3"),
    Change("\"of\":[1]", "\"of\":[2]", .outOfRange, 8, "model.steps[1]", "a step reads value 2 of 2"),
    Change("\"of\":[1]", "\"of\":[1,1]", .inconsistent, 8, "model.steps[1].of", "a step \"unary\" reads 1 values, not 2"),
    Change("\"of\":[1]", "\"of\":[-1]", .outOfRange, 8, "model.steps[1].of[0]", "a value is -1, not in 0…2147483647"),
    Change("\"function\":\"negate\"", "\"function\":\"negate\",\"count\":1", .unexpected, 8, "model.steps[1]", "no member \"count\" belongs to a step \"unary\""),
    Change("\"width\":\"float64\",\"fold\"", "\"width\":\"float16\",\"fold\"", .malformed, 5, "model.steps[0].width", "\"float16\" is none of: float32, float64"),
    Change("\"fold\":\"sum\"", "\"fold\":\"each\"", .unexpected, 5, "model.steps[0]", "no member \"start\" belongs to a step \"trees\""),
    Change("\"fold\":\"sum\"", "\"fold\":\"mean\"", .malformed, 5, "model.steps[0].fold", "\"mean\" is none of: sum, each"),
    Change("\"start\":[0.0]", "\"start\":[]", .outOfRange, 5, "model.steps[0]", "the start of the sums is not a list of float64 numbers"),
    Change("\"width\":\"float64\",\"fold\"", "\"weights\":[1],\"width\":\"float64\",\"fold\"", .inconsistent, 5, "model.steps[0]", "1 weights for 2 trees"),
    Change("\"width\":\"float64\",\"fold\"", "\"groups\":[0,1],\"width\":\"float64\",\"fold\"", .outOfRange, 7, "\(trees)[1]", "tree 1 adds to output 1 of 1"),
    Change("\"splits\":[],", "", .missing, 6, "\(trees)[0]", "the member \"splits\" is missing"),
    Change("\"leaves\":[1.5]", "\"leaves\":[\"NaN\"]", .outOfRange, 6, "\(trees)[0]", "the value of leaf 0 is NaN"),
    Change("\"leaves\":[1.5]", "\"leaves\":[\"nan\"]", .malformed, 6, "\(trees)[0].leaves[0]", "\"nan\" is not a number"),
    Change("\"leaves\":[1.5]", "\"leaves\":[NaN]", .notWellFormed, 6, "\(trees)[0].leaves[0]", "a value must stand here, not \"N\""),
    Change("\"leaves\":[1.5]", "\"leaves\":[1e309]", .outOfRange, 6, "\(trees)[0].leaves[0]", "a number too large for a float64"),
    Change("\"leaves\":[1.5]", "\"leaves\":[1.5,2]", .inconsistent, 6, "\(trees)[0]", "a tree of 0 splits must have one leaf more, not 2"),
    Change("\"leaves\":[1.5]", "\"leaves\":[1.5],\"leaf_width\":2", .inconsistent, 6, "\(trees)[0]", "1 numbers for leaves of 2 each"),
    Change("\"leaves\":[1.5]", "\"leaves\":[1.5],\"leaf_width\":0", .outOfRange, 6, "\(trees)[0].leaf_width", "the width of a leaf is 0, not in 1…268435456"),
    Change("\"leaves\":[1.5]", "\"leaves\":[1.5,2],\"leaf_width\":2", .inconsistent, 7, "\(trees)[1]", "the leaves of tree 1 hold 1 numbers, those of the first tree 2"),
    Change("\"leaves\":[1.5]", "\"leaves\":[1.5],\"category_sets\":[[],[0,-1]]", .outOfRange, 6, "\(trees)[0].category_sets[1][1]", "a word of a category set is -1, not in 0…4294967295"),
    Change("\"<=\",0.5", "\"in\",0", .outOfRange, 7, "\(trees)[1]", "split 0 names category set 0.0 of 0"),
    Change("0.5,\"right\"", "\"NaN\",\"right\"", .notFinite, 7, "\(trees)[1].splits[0][2]", "a threshold that is NaN"),
    Change("[0,\"<=\"", "[-1,\"<=\"", .outOfRange, 7, "\(trees)[1].splits[0][0]", "the feature of a split is -1, not in 0…2147483647"),
    Change("[0,\"<=\"", "[1,\"<=\"", .outOfRange, 5, "model.steps[0]", "the trees ask for feature 1 of 1"),
    Change("\"<=\"", "\">\"", .malformed, 7, "\(trees)[1].splits[0][1]", "\">\" is none of: <, <=, linear<=, in"),
    Change("\"right\"", "\"both\"", .malformed, 7, "\(trees)[1].splits[0][3]", "\"both\" is none of: left, right"),
    Change("-1,-2]", "-1,-2,0]", .inconsistent, 7, "\(trees)[1].splits[0][6]", "a split has six parts, here is a seventh"),
    Change("-1,-2]", "-1]", .inconsistent, 7, "\(trees)[1].splits[0]", "a split ends where a right child is needed"),
    Change("-1,-2]", "-1,-3]", .outOfRange, 7, "\(trees)[1]", "split 0 leads to leaf 2, which is not there"),
    Change("-1,-2]", "-1,0]", .inconsistent, 7, "\(trees)[1]", "split 0 is reached twice"),
    Change("-1,-2]", "-1,99999999999]", .outOfRange, 7, "\(trees)[1].splits[0][5]", "the child of a split is 99999999999, not in -2147483648…2147483647"),
    Change("\"leaf_numbers\":[3,4]", "\"leaf_numbers\":[3]", .inconsistent, 7, "\(trees)[1]", "1 leaf numbers for 2 leaves"),
    Change("\"result\":2", "\"result\":3", .outOfRange, 4, "model", "the result is value 3 of 3"),
    Change("\"sha256\":\"00", "\"sha256\":\"0", .malformed, 10, "provenance.source.sha256", "a SHA-256 is written as 64 lower-case hexadecimal digits"),
    Change("\"notes\":[]}}", "\"notes\":[]}}{", .notWellFormed, 10, nil, "something follows the end of the document: \"{\""),
    Change("\"notes\":[]}}", "\"notes\":[]}", .notWellFormed, 10, "provenance", "the file ends inside an object"),
  ]) func refuses(_ change: Change) throws {
    let parts = Self.text.split(separator: change.old, omittingEmptySubsequences: false)
    try #require(parts.count > 1)
    let changed = parts[0] + change.new + parts.dropFirst().joined(separator: change.old)
    let error = try #require(throws: ReadError.self) { try Self.read(String(changed)) }
    #expect(error.message == change.message)
    #expect(error.code == change.code)
    #expect(error.mark.line == change.line)
    #expect(error.mark.path == change.path)
    #expect(error.mark.file == "f.json")
  }

  @Test func modelsTooDeep() throws {
    let depth = 33
    let open = "{\"inputs\":{\"count\":1,\"width\":\"float64\"},\"steps\":[{\"value\":1,\"operation\":\"members\",\"of\":[0],\"models\":["
    let text = "{\"model\":" + String(repeating: open, count: depth)
    let error = try #require(throws: ReadError.self) { try Self.read(text) }
    #expect(error.code == .limit)
    #expect(error.message == "more than 32 models within each other")
  }

  // MARK: Damaged files

  /// A forest or an error, never anything else; and whatever is read can be written and read again.
  static func probe(_ bytes: [UInt8]) throws -> Bool {
    do throws(ReadError) {
      let forest = try ForestJSONReader.read(bytes, file: "f.json")
      #expect(try ForestJSONReader.read(forest.canonicalJSON, file: "g.json").canonicalJSON == forest.canonicalJSON)
      return true
    } catch {
      #expect(error.mark.line != nil && error.mark.column != nil)
      return false
    }
  }

  @Test func everyTruncation() throws {
    let bytes = try SampleForests.everyOperation().canonicalJSON
    // The final newline may go.
    for count in 0..<bytes.count - 1 where count < 600 || count % 17 == 0 || count > bytes.count - 600 {
      #expect(try !Self.probe(Array(bytes[..<count])))
    }
    let whole = try Self.probe(Array(bytes.dropLast()))
    #expect(whole)
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func randomDamage(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let original = try seed % 2 == 0 ? SampleForests.everyOperation().canonicalJSON : Array(Self.text.utf8)
    let alphabet = Array("{}[]\",:-+.eE0123456789\\u tfn\u{0}\n".utf8) + [0x80, 0xC3, 0xFF]
    var readable = 0
    for _ in 0..<150 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = alphabet.randomElement(using: &random)!
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(alphabet.randomElement(using: &random)!, at: at)
        default:
          // A piece comes twice, or moves elsewhere.
          let piece = bytes[at..<min(bytes.count, at + Int.random(in: 1...40, using: &random))]
          bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
        }
      }
      if try Self.probe(bytes) { readable += 1 }
    }
    // Most damage is noticed; some only changes a number or a name.
    #expect(readable < 120)
  }
}
