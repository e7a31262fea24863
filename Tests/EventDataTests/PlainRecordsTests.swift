import EventData
import FileBytes
import Testing

/// The quick way through plain records against the full one, which every record takes if quotes stand in it.
@Suite struct PlainRecordsTests {
  private func outcome(_ text: String, _ inputs: [String]) -> Result<[UInt64], DataError> {
    do throws(DataError) {
      return .success(
        try EventTable.read(bytes: Array(text.utf8), name: "t.csv", inputs: inputs, byPosition: false).values.map(\.bitPattern))
    } catch {
      return .failure(error)
    }
  }

  private static let fields = [
    "1", "-2.5", "0.1", "1e5", "-1.5E-07", "nan", "-inf", "", "+3", ".5", "5.", "007", " 4 ", "\t8", "1e400", "123456789012345678901234567890",
    "0.1234567890123456789012345", "1.7976931348623157e308", "5e-324", "9007199254740993", "-0",
  ]

  /// The same rows with and without a quoted field in each: the column that nobody reads.
  @Test(arguments: 1...8 as ClosedRange<UInt64>, ["\n", "\r\n"]) func quotesChangeNothing(_ seed: UInt64, _ lineEnd: String) throws {
    var random = SplitMix(seed)
    var plain = "a,skip,b,c\(lineEnd)", quoted = plain
    for _ in 0..<200 {
      let row = (0..<3).map { _ in Self.fields[Int(random.next() % UInt64(Self.fields.count))] }
      plain += "\(row[0]),s+ \u{e9}longer,\(row[1]),\(row[2])\(lineEnd)"
      quoted += "\(row[0]),\"s+ \u{e9}longer\",\(row[1]),\(row[2])\(lineEnd)"
    }
    let inputs = [["c", "a", "b"], ["b"], ["a", "c", "a"], []][Int(random.next() % 4)]
    let expected = try outcome(quoted, inputs).get()
    #expect(try outcome(plain, inputs).get() == expected)
    // In the last bytes of a file no record is taken the quick way.
    #expect(try outcome(plain + String(repeating: lineEnd, count: 100), inputs).get() == expected)
  }

  /// Errors behind many plain records stand where they stand.
  @Test(arguments: [
    ("1,2\n3,x\n4,5", "4002:3: error: 'x' is not a number"), ("1,2\n3\n", "4002:2: error: the row has 1 fields, the header has 2"),
    ("1,2,3\n", "4001:5: error: the row has more fields than the header, which has 2"), ("1,2\n\n3,4\n", "4002:1: error: a blank line"),
    ("1,2\r3,4\n", "4001:4: error: a carriage return without a line feed"), ("1\"2,3\n", "4001:2: error: a quote inside a field"),
    ("1,2\n-,3\n", "4002:1: error: '-' is not a number"), ("1.2.3,4\n", "4001:1: error: '1.2.3' is not a number"),
    ("1,2 3\n", "4001:3: error: '2 3' is not a number"), ("1e,2\n", "4001:1: error: '1e' is not a number"),
  ]) func errorsHaveTheirPlaces(_ end: String, _ expected: String) {
    let text = "x,y\n" + String(repeating: "1.5,-2.25\n", count: 3999) + end
    for tail in ["", String(repeating: "\n", count: 80), "\n" + String(repeating: "7,8\n", count: 40)] {
      #expect { try outcome(text + tail, ["y", "x"]).get() } throws: { "\($0)".hasPrefix("t.csv:\(expected)") }
    }
  }

  /// A blank line in a table of one column is no missing value.
  @Test func blankLinesOfOneColumn() throws {
    let rows = "x\n" + String(repeating: "1\n", count: 100)
    #expect(try outcome(rows + String(repeating: "\n", count: 100), ["x"]).get().count == 100)
    #expect { try outcome(rows + "\n2\n" + String(repeating: "3\n", count: 100), ["x"]).get() } throws: {
      "\($0)".hasPrefix("t.csv:102:1: error: a blank line inside the table")
    }
  }

  /// Every byte of a record changed into others that mean something or nothing: the quick way and the full one find the same, or complain alike.
  @Test func everyByteCounts() {
    let record = Array("-1.25e+10,abc,0.5,12\n".utf8), tail = String(repeating: "\n", count: 80)
    for index in record.indices {
      for byte in Array("\0\t\n\r \"+,-.09eEfx;".utf8) + [0x7F, 0x80, 0xFF] {
        var changed = record
        changed[index] = byte
        let head = Array("a,b,c,d\n".utf8)
        func read(_ bytes: [UInt8]) -> String {
          do {
            return "\(try EventTable.read(bytes: bytes, name: "t", inputs: ["a", "c", "d"], byPosition: false).values.map(\.bitPattern))"
          } catch {
            return "\(error)"
          }
        }
        #expect(read(head + changed) == read(head + changed + Array(tail.utf8)), "\(index) \(byte)")
      }
    }
  }

  @Test(arguments: [1, 3, 8]) func rowsInSmallBlocks(_ limit: Int) throws {
    var text = "x,y\n"
    for row in 0..<1000 { text += row % 37 == 0 ? "\"\(row)\",1\n" : "\(row),0.5\n" }
    var reader = try EventTableReader(bytes: Array(text.utf8), name: "t", inputs: ["x"], byPosition: false)
    var block: [Double] = [], all: [Double] = []
    while case let count = try reader.read(rows: limit, into: &block), count > 0 {
      #expect(count <= limit && block.count == count)
      all += block
    }
    #expect(all == (0..<1000).map(Double.init))
  }
}

/// A small generator with a seed, so that a failure happens again (S. Vigna's SplitMix64).
private struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
