import ForestEvaluation
import ForestIR
import ForestTesting
import Foundation
import Testing

@testable import ForestWriting

@Suite("Emitted Swift", .serialized)
struct SwiftEmissionTests {
  /// Random forests that use the whole IR, in both layouts, and what is right for rows aimed at them.
  fileprivate static func cases() -> [(name: String, request: EmissionRequest, rows: [[Double]])] {
    var cases: [(String, EmissionRequest, [[Double]])] = []
    for seed in 0..<12 {
      for layout in [EmissionRequest.Layout.branches, .tables] {
        var generator = ForestGenerator(seed: UInt64(seed) + 100)
        generator.limits.onlyPlainTrees = layout == .branches
        let forest =
          switch seed {
          case 0: generator.plainForest(inputs: 3, trees: 5, groups: 2, linear: true)
          // More features than a small room holds, and rooms of several blocks.
          case 1: generator.plainForest(inputs: 300, trees: 3, inputWidth: .float32, width: .float32)
          // More than 1,000 numbers to a table.
          case 2: generator.plainForest(inputs: 4, trees: 40, depth: 5, inputWidth: .float64)
          // Trees of one height and of any shape, asked in blocks; leaves of several numbers.
          case 3: generator.plainForest(inputs: 3, trees: 9, depth: 3, width: .float32, leafWidth: layout == .tables ? 3 : 1)
          case 4: generator.plainForest(inputs: 5, trees: 6, depth: 7, inputWidth: .float64)
          case 5: generator.plainForest(inputs: 2, trees: 12, groups: 3, inputWidth: .float64)
          default: generator.forest()
          }
        let rows = ProbeRows(forest).rows(seed == 1 ? 20 : 90, seed: 5)
        let name = "f\(seed)_\(layout.rawValue)"
        cases.append((name, request(forest, name: name, layout: layout, rows: Array(rows.prefix(6))), rows))
      }
    }
    return cases
  }

  static func request(
    _ forest: Forest, name: String, layout: EmissionRequest.Layout, rows: [[Double]], withDriver: Bool = false
  ) -> EmissionRequest {
    let evaluator = ReferenceEvaluator(forest)
    let events = rows.map { row in
      let evaluation = evaluator.evaluate(row: row)
      return ReferenceEvents.Event(
        inputs: row, outputs: forest.printedColumns.map { evaluation.results[$0] },
        margins: forest.marginColumns.map { evaluation.results[$0] }, leaves: evaluation.leaves)
    }
    return EmissionRequest(
      forest: forest, name: name, layout: layout, withDriver: withDriver, toolVersion: "0.0.0", meaningDigest: "00ff",
      referenceEvents: ReferenceEvents(events: events, origin: "rows of a test"))
  }

  /// A program that prints the bits of all results: outputs, then leaves, one line a row.
  private static func harness(_ cases: [(name: String, request: EmissionRequest, rows: [[Double]])]) -> String {
    var text = "@main struct Harness {\n  static func main() {\n"
    for (name, _, _) in cases { text += "    \(name)_rows()\n" }
    text += "  }\n}\n"
    for (name, request, rows) in cases {
      let bits = rows.joined().map { String($0.bitPattern) }
      text += """
        let \(name)_bits: [UInt64] = [\(bits.joined(separator: ",\n"))]
        func \(name)_rows() {
          print("\(name)", \(name).selfTest())
          let n = \(name).inputCount
          var batch = [Double](repeating: 0, count: \(rows.count) * \(name).outputCount)
          let all = \(name)_bits.map { Double(bitPattern: $0) }
          \(name).evaluateBatch(rows: \(rows.count), all, &batch)
          for row in 0..<\(rows.count) {
            let x = Array(all[row * n..<(row + 1) * n])
            let out: [Double] = \(name).evaluate(x)
            for (i, number) in out.enumerated() {
              let other = batch[row * out.count + i]
              if other.bitPattern != number.bitPattern && !(other.isNaN && number.isNaN) { print("batch differs") }
            }
            print(out.map { $0.isNaN ? "nan" : String($0.bitPattern) }.joined(separator: " "), \(name).leaves(x).map(String.init).joined(separator: " "))
          }
        }

        """
      _ = request
    }
    return text
  }

  @Test("computes what the reference computes, to the last bit", arguments: [
    ["-Onone", "-swift-version", "5"], ["-O", "-wmo", "-swift-version", "6", "-Xcc", "-march=native"],
  ])
  func bits(options: [String]) throws {
    let toolchain = try SwiftToolchain()
    let cases = Self.cases()
    var files: [String] = []
    for (_, request, _) in cases {
      for file in try SwiftEmitter().emit(request).files {
        try toolchain.write(file.name, file.bytes)
        files.append(file.name)
      }
    }
    try toolchain.write("harness.swift", Array(Self.harness(cases).utf8))
    try toolchain.compile(options, files + ["harness.swift"], to: "harness")
    let outcome = try toolchain.run(["./harness"])
    try #require(outcome.status == 0, "\(outcome.complaints)")
    var lines = outcome.output.split(separator: "\n").map(String.init)[...]
    for (name, request, rows) in cases {
      #expect(lines.popFirst() == "\(name) 0")
      let evaluator = ReferenceEvaluator(request.forest)
      for row in rows {
        let evaluation = evaluator.evaluate(row: row)
        let numbers = request.forest.printedColumns.map { evaluation.results[$0] }
          .map { $0.isNaN ? "nan" : String($0.bitPattern) }.joined(separator: " ")
        let leaves = evaluation.leaves.map(String.init).joined(separator: " ")
        #expect(lines.popFirst() == "\(numbers) \(leaves)", "\(name), row \(row)")
      }
    }
    #expect(lines.isEmpty)
  }
}

/// What a file of untrusted origin and a table of events can do to the emitted text and the driver.
@Suite("Emitted Swift: text and driver")
struct SwiftDriverTests {
  private static let hostile = [
    "a\"); fatalError(); (\"", "\\(exit(1))", "line\nexit(2)", "*/ exit(3) /*", "\"\"\"", "\u{202E}bidi\u{2066}", "trail\\",
    "pt1,pt2", "\u{2028}exit(4)", "init", "self", "Double",
  ]

  private static func forest() throws -> Forest {
    var builder = ModelBuilder(inputCount: hostile.count, width: .float64)
    let sum = try builder.add(.reduce(.sum, .inputs, count: 1))
    let response = try builder.add(.unary(.exponential, sum))
    let both = try builder.add(.concatenate([sum, response]))
    return try Forest(
      inputs: hostile.map { Input(label: $0, expression: $0, title: $0, unit: $0) },
      model: builder.model(result: both),
      columns: [
        Column(name: "raw,\"\n\\(1)", role: .margin, meaning: hostile.joined(), width: .float64),
        Column(name: "score", role: .response, meaning: hostile.joined(), width: .float64),
      ],
      provenance: Provenance(
        trainer: hostile.joined(separator: " "), kind: hostile.joined(), format: hostile.joined(),
        source: .init(fileName: hostile.joined(), sha256: hostile.joined()),
        notes: hostile.map { .init(.oddity, $0, place: $0) }))
  }

  @Test("hostile text stays text, and the driver reads and writes tables exactly")
  func driver() throws {
    let toolchain = try SwiftToolchain()
    let forest = try Self.forest()
    let count = forest.inputs.count
    let rows = [[Double]](repeating: [Double](repeating: 0.25, count: count), count: 2)
    for file in try SwiftEmitter().emit(
      SwiftEmissionTests.request(forest, name: "hostile", layout: .auto, rows: rows, withDriver: true)
    ).files {
      try toolchain.write(file.name, file.bytes)
    }
    try toolchain.compile(["-O", "-swift-version", "6"], ["hostile.swift", "hostile_driver.swift"], to: "driver")
    #expect(try toolchain.run(["./driver", "--selftest"]).status == 0)

    func quoted(_ text: String) -> String {
      var result = "\""
      for scalar in text.unicodeScalars { result += scalar == "\"" ? "\"\"" : String(scalar) }
      return result + "\""
    }
    // Columns backwards, one that is not asked for, a byte order mark, CR LF.
    let header = "\u{FEFF}other," + Self.hostile.reversed().map(quoted).joined(separator: ",") + "\r\n"
    let texts = [
      "0.1", "1e-300", "2.2250738585072014e-308", "9007199254740993", "1.00000000000000011102230246251565404", "-1E2", "+.5",
      " 7 ", "\"-8\"", "0.30000000000000004", "123456789012345678901234567890", "4.9e-324", "1e-400",
    ]
    var table = header
    for text in texts + ["nan", "", "-INF", "inf", "1e999"] {
      table += "x," + text + String(repeating: ",0", count: count - 1) + "\r\n"
    }
    try toolchain.write("in.csv", Array(table.utf8))
    let outcome = try toolchain.run(["./driver"], input: "in.csv")
    #expect(outcome.status == 0, "\(outcome.complaints)")
    let numbers = texts.map { text in
      Double(text.filter { $0 != "\"" && $0 != " " })!
    }
    let expected = (numbers + [.nan, .nan, -.infinity, .infinity, .infinity]).map { number in
      [number, exp(number)].map { $0.isNaN ? "nan" : $0.description }.joined(separator: ",")
    }
    #expect(outcome.output == "\"raw,\"\"\n\\(1)\",score\n" + expected.joined(separator: "\n") + "\n")

    for (bad, words) in [
      ("x,y\n1,2\n", "is missing"), (header + "x" + String(repeating: ",0", count: count - 1) + ",0x10\n", "is not a number"),
      (header + "1,2\n", "fields"), (header + "\"1", "never closed"), ("", "no header"), (header + "\n1\n", "blank line"),
    ] {
      try toolchain.write("bad.csv", Array(bad.utf8))
      let outcome = try toolchain.run(["./driver"], input: "bad.csv")
      #expect(outcome.status == 65)
      #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
    }

    // Without a C library the file still compiles; what needs `exp` is not there.
    let embedded = try toolchain.run([
      "swiftc", "-enable-experimental-feature", "Embedded", "-wmo", "-O", "-parse-as-library", "-c", "-o", "e.o", "hostile.swift",
    ])
    #expect(embedded.status == 0, "\(embedded.complaints)")
  }

  @Test("a name that would hide what the file needs is refused")
  func name() throws {
    let request = SwiftEmissionTests.request(try Self.forest(), name: "exp", layout: .auto, rows: [])
    #expect(throws: EmissionError.self) { try SwiftEmitter().emit(request) }
  }
}

@Suite("Numbers as Swift literals")
struct SwiftNumbersTests {
  @Test("are exact, also when read by way of a wider format")
  func literals() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<200_000 {
      let bits = random.next()
      let number = Double(bitPattern: bits & 1 == 0 ? bits : bits & 0x800F_FFFF_FFFF_FFFF | (0x3E0 + bits % 0x40) << 52)
      guard number.isFinite else { continue }
      let text = SwiftNumbers.float64(number), narrow = SwiftNumbers.float32(Float(number))
      try #require(Double(text) == number, "\(text)")
      try #require(Float(narrow) == Float(number) || Float(number).isInfinite, "\(narrow)")
      #if arch(x86_64)
        try #require(Double(Float80(text)!) == number, "\(text)")
        try #require(Float(number).isInfinite || Float(Float80(narrow)!) == Float(number), "\(narrow)")
      #endif
    }
    #expect(SwiftNumbers.float64(0.1) == "0.1")
    #expect(SwiftNumbers.float64(-0.0) == "-0.0")
    #expect(SwiftNumbers.float64(.leastNonzeroMagnitude) == "0x1p-1074")
    #expect(SwiftNumbers.float64(-0x1.8p-1060) == "-0x1.8p-1060")
    #expect(SwiftNumbers.float32(.leastNonzeroMagnitude) == "0x1p-149")
  }
}
