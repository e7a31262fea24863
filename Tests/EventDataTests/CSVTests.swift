import EventData
import FileBytes
import Foundation
import Testing

@Suite struct CSVTests {
  private func bits(_ text: String, _ inputs: [String], byPosition: Bool = false) throws(DataError) -> [UInt64] {
    try EventTable.read(bytes: Array(text.utf8), name: "t.csv", inputs: inputs, byPosition: byPosition)
      .values.map(\.bitPattern)
  }

  private func pattern(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }

  @Test(arguments: [
    "x,y,z\n1,2,3\n4,5,6\n", "x,y,z\r\n1,2,3\r\n4,5,6", "\u{feff}z,x,y\n3,1,2\n6,4,5\n\n\n",
    "\"x\",skip,\"y\"\n1,\"a,\"\"b\n\",2\n\"4\",,5\n", "x , y\n 1,2 \n4,\t5", "x,y,skip,skip\r1,2,,\r".replacing("\r", with: "\r\n") + "4,5,,\r\n",
  ])
  func sameTable(_ text: String) throws {
    #expect(try bits(text, ["x", "y"]) == pattern([1, 2, 4, 5]))
  }

  @Test func orderAndRepetition() throws {
    #expect(try bits("a,b\n1,2\n", ["b", "a", "b"]) == pattern([2, 1, 2]))
    #expect(try bits("a,b\n", ["b"]) == [])
    #expect(try bits("log(mjj),\"f(a,b)\"\n1,2\n", ["f(a,b)", "log(mjj)"]) == pattern([2, 1]))
    #expect(try bits("p,q\n1,2\n", ["x0", "x1"], byPosition: true) == pattern([1, 2]))
  }

  @Test func specialValues() throws {
    let text = "x\nnan\nNaN\n\"\"\ninf\n-INF\nInfinity\n-0\n1e400\n0.1\n"
    let values = try bits(text, ["x"])
    #expect(values == pattern([.nan, .nan, .nan, .infinity, -.infinity, .infinity, -0.0, .infinity, 0.1]))
    #expect(try bits("x,y\n,\n1,", ["x", "y"]) == pattern([.nan, .nan, 1, .nan]))
  }

  @Test(arguments: [
    ("", "1:1: error: the table has no header"),
    ("\nx\n", "1:1: error: the table has no header"),
    ("x\n1,2\n", "2:3: error: the row has more fields than the header, which has 1"),
    ("x,y\n1,2\n3\n", "3:2: error: the row has 1 fields, the header has 2"),
    ("x,y\n1,2\nabc,3\n", "3:1: error: 'abc' is not a number"),
    ("x\n0x10\n", "2:1: error: '0x10' is not a number"),
    ("y,x\n1,2\n3,1;5", "3:3: error: '1;5' is not a number"),
    ("x\n1\n\n2\n", "3:1: error: a blank line inside the table"),
    ("x\n\"1\n2\n", "2:1: error: the quote is never closed"),
    ("x\n1\"2\n", "2:2: error: a quote inside a field that does not begin with one"),
    ("x\n\"1\"2\n", "2:4: error: text behind a closing quote"),
    ("x\r1\r2\r", "1:2: error: a carriage return without a line feed"),
    ("x,x\n1,2\n", "1:1: error: the column 'x', which the model reads, occurs 2 times"),
    ("y,\"a\nb\"\n1,oops", "1:1: error: the column 'x', which the model reads, is missing"),
    ("x,\"a\nb\"\n1,\"\n\"\n?,2", "5:1: error: '?' is not a number"),
  ])
  func malformed(_ text: String, _ expected: String) {
    #expect { try bits(text, ["x"]) } throws: { "\($0)".hasPrefix("t.csv:\(expected)") && ($0 as? DataError)?.exitCode == 65 }
  }

  @Test func messagesInFull() {
    #expect { try bits("pt,eta\n1,2\n3,\u{1b}[31mx\n", ["pt", "eta"]) } throws: {
      "\($0)" == """
        t.csv:3:3: error: ' [31mx' is not a number
        3, [31mx
          ^
        hint: numbers are written like -1.5e3, with a decimal point; nan, inf, -inf and nothing are read, too
        """
    }
    #expect { try bits("Pt1,eta\n1,2\n", ["eta", "pt1"]) } throws: { "\($0)".hasSuffix("hint: did you mean 'Pt1'?") }
    #expect { try bits("a;x\n1;2\n", ["pseudorapidity"]) } throws: { "\($0)".hasSuffix("not by semicolons") }
    #expect { try bits("a,b\n1,2\n", ["x0"], byPosition: true) } throws: {
      "\($0)".hasPrefix("t.csv:1:1: error: the table has 2 columns, the model has 1 inputs")
    }
  }

  @Test func namesAreComparedByteByByte() {
    // Composed and decomposed: equal to Swift's String, but not the same name.
    #expect(throws: DataError.self) { try bits("\u{e9}\n1\n", ["e\u{301}"]) }
  }

  @Test(arguments: [("root\0\0", "ROOT"), ("PAR1\0", "Parquet"), ("\0\0", "tables are CSV")])
  func otherKinds(_ start: String, _ word: String) {
    #expect { try bits(start, ["x"]) } throws: { "\($0)".contains(word) }
  }

  /// Records across the ends of the window, in blocks of an odd size, plain and longer than the window.
  @Test func manyRowsInBlocks() throws {
    var text = "id,\"a \"\"name\"\"\",x\n"
    for row in 0..<30_000 { text += "\(row),\"\(row % 7 == 0 ? "\"\"\n" : "")t\",\(Double(row) / 8)\r\n" }
    text += "30000,\"\(String(repeating: "long,\n", count: 100_000))\",7.5\n"
    var reader = try EventTableReader(bytes: Array(text.utf8), name: "t", inputs: ["x", "id"], byPosition: false)
    var block: [Double] = []
    var row = 0
    while case let count = try reader.read(rows: 997, into: &block), count > 0 {
      #expect(block.count == 2 * count)
      for index in 0..<count where row < 30_000 {
        #expect(block[2 * index] == Double(row) / 8 && block[2 * index + 1] == Double(row))
        row += 1
      }
    }
    #expect(row == 30_000)
    #expect(block == [] || block.suffix(2) == [7.5, 30_000])
  }

  @Test func hostileBytesNeverTrap() {
    var state: UInt64 = 7
    let alphabet = Array("x,\"\n\r1.e-\0PK\u{1}".utf8)
    for _ in 0..<3000 {
      var bytes = Array("x,y\n".utf8)
      for _ in 0..<Int.random(in: 0..<40) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      _ = try? EventTable.read(bytes: bytes, name: "t", inputs: ["x"], byPosition: false)
      _ = try? ReferenceTable(bytes: bytes, name: "t")
    }
  }

  @Test func referenceKeepsLabels() throws {
    let table = try ReferenceTable(bytes: Array("score,class\n0.5,1\n,b\n2,\n".utf8), name: "r.csv")
    #expect(table.rowCount == 3)
    guard case .numbers(let scores)? = table.column("score")?.values,
      case .labels(let labels)? = table.column("class")?.values
    else { Issue.record("wrong kinds"); return }
    #expect(pattern(scores) == pattern([0.5, .nan, 2]))
    #expect(labels == ["1", "b", ""])
    #expect(table.column("other") == nil)
    #expect(throws: DataError.self) { try ReferenceTable(bytes: Array("a,b\n1\n".utf8), name: "r.csv") }
  }

  @Test func writerAndBack() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("petrify-writer-\(UInt64.random(in: 0 ... .max)).csv").path
    var writer = try CSVWriter(OutputFile(path: path), header: ["a,b", "say \"x\"", " c"])
    try writer.write(rows: ([0.1, .nan, -0.0, 1e300, 3, -.infinity] as [Double]).span)
    writer.append(5.5)
    writer.append(whole: -7)
    writer.append(label: "two\nlines")
    try writer.endRow()
    try writer.finish()
    let text = try ByteSource.contents(of: path, limit: 1000).bytes
    #expect(
      String(decoding: text, as: UTF8.self) == """
        "a,b","say ""x""\"," c"
        0.1,nan,-0.0
        1e+300,3.0,-inf
        5.5,-7,"two
        lines"

        """)
    let table = try EventTable.read(
      bytes: text, name: path, inputs: ["say \"x\"", "a,b"], byPosition: false)
    #expect(table.values.map(\.bitPattern) == pattern([.nan, 0.1, 3, 1e300, -7, 5.5]))
  }
}
