import ForestEvaluation
import ForestIR
import ForestTesting
import Foundation
import Testing

@testable import ForestWriting

@Suite("Emitted Swift")
struct SwiftEmissionTests {
  /// Random forests that use the whole IR, in both layouts, and what is right for rows aimed at them.
  private static func cases() -> [(name: String, request: EmissionRequest, rows: [[Double]])] {
    var cases: [(String, EmissionRequest, [[Double]])] = []
    for seed in 0..<10 {
      for layout in [EmissionRequest.Layout.branches, .tables] {
        var generator = ForestGenerator(seed: UInt64(seed) + 100)
        generator.limits.onlyPlainTrees = layout == .branches
        let forest =
          switch seed {
          case 0: generator.plainForest(inputs: 3, trees: 5, groups: 2, linear: true)
          // More features than a small room holds, and rooms of several blocks.
          case 1: generator.plainForest(inputs: 600, trees: 3, inputWidth: .float32, width: .float32)
          // More than 1,000 numbers to a table.
          case 2: generator.plainForest(inputs: 4, trees: 40, depth: 5, inputWidth: .float64)
          default: generator.forest()
          }
        let rows = ProbeRows(forest).rows(24, seed: 5)
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
    ["-O", "-swift-version", "6"], ["-Onone", "-swift-version", "5"],
    ["-O", "-swift-version", "5", "-Xcc", "-march=native", "-target-cpu-native"],
  ])
  func bits(options: [String]) throws {
    #if arch(x86_64)
      let native = ["-Xcc", "-march=haswell", "-Xcc", "-mfma"]
    #else
      let native: [String] = []
    #endif
    let options = options.last == "-target-cpu-native" ? ["-O", "-swift-version", "5"] + native : options
    let toolchain = try SwiftToolchain()
    let cases = Self.cases()
    var files: [String] = []
    for (_, request, _) in cases {
      for file in try SwiftEmitter().emit(request) {
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
