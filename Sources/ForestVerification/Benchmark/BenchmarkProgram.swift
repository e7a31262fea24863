import EventData
import FileBytes
import Foundation
package import ForestWriting

/// An emitted program that times itself: built once, run once a round.
package final class BenchmarkProgram {
  /// What one run measured, in nanoseconds an event of processor time.
  package struct Times: Sendable {
    /// For one call an event.
    package let single: Double
    /// For one call for all events.
    package let batch: Double
  }

  private let harness: Harness
  private let folder: TemporaryDirectory
  private let program: ChildProcess
  private let outputCount: Int
  /// How many of the events it is asked: interpreters get fewer.
  package let rowCount: Int
  /// How long the compiler took; nil where nothing is compiled.
  package let compileTime: Duration?
  /// The bytes of the program; nil where nothing is compiled.
  package let programSize: Int?

  /// Builds the program.
  ///
  /// - Parameters:
  ///   - files: what was emitted; no driver is needed.
  ///   - name: the base name of the files.
  package init(
    _ harness: Harness, files: [EmittedFile], name: String, events: BenchmarkEvents, outputCount: Int
  ) throws(HarnessError) {
    self.harness = harness
    self.outputCount = outputCount
    rowCount = min(events.table.rowCount, harness.language.benchmarkRowLimit)
    folder = try TemporaryDirectory()
    let main = BenchmarkSource(language: harness.language, name: name, width: events.width)
    try harness.write(files + [main.file], into: folder.path)
    try harness.write([EmittedFile(name: "events", bytes: events.bytes)], into: folder.path)
    let clock = ContinuousClock()
    let start = clock.now
    program = try harness.build(name, main: main.stem, folder.path)
    let isCompiled = harness.language != .python
    compileTime = isCompiled ? clock.now - start : nil
    let size = try? FileManager.default.attributesOfItem(atPath: program.executable)[.size] as? Int
    programSize = isCompiled ? size : nil
  }

  /// The results of the first `rowCount` events, row by row: those of one call an event, and those of one call for all.
  package func results() throws(HarnessError) -> (single: [Double], batch: [Double]) {
    let output = folder.path + "/results"
    try run(["check", folder.path + "/events", String(rowCount), output], "/.log")
    let bytes = FileManager.default.contents(atPath: output) ?? Data()
    let count = rowCount * outputCount
    guard bytes.count == 2 * count * MemoryLayout<Double>.size else {
      throw HarnessError(.program, "the emitted \(harness.language.title) program wrote \(bytes.count) bytes of results")
    }
    let numbers = bytes.withUnsafeBytes { raw in
      (0..<2 * count).map { raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Double>.size, as: Double.self) }
    }
    return (Array(numbers[..<count]), Array(numbers[count...]))
  }

  /// Times one round.
  ///
  /// - Parameters:
  ///   - first: the event to begin with, modulo their number.
  ///   - budget: how long each of the two measurements takes at least.
  package func times(from first: Int, budget: Duration) throws(HarnessError) -> Times {
    let milliseconds = budget.components.seconds * 1000 + budget.components.attoseconds / 1_000_000_000_000_000
    try run(
      ["time", folder.path + "/events", String(rowCount), String(first % rowCount), String(max(1, milliseconds))], "/times")
    let text = FileManager.default.contents(atPath: folder.path + "/times").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let words = text.split { $0 == " " || $0 == "\n" }
    guard words.count == 3, let single = Double(words[0]), let batch = Double(words[1]), single > 0, batch > 0 else {
      throw HarnessError(.program, "the emitted \(harness.language.title) program told no times")
    }
    return Times(single: single, batch: batch)
  }

  private func run(_ arguments: [String], _ output: String) throws(HarnessError) {
    var child = program
    child.arguments += arguments
    child.output = folder.path + output
    try harness.finish(child, doing: "the emitted \(harness.language.title) program")
  }
}

extension Harness.Language {
  /// More events than this are a waste of time: an interpreter takes a thousand times as long, and no branch predictor helps it.
  fileprivate var benchmarkRowLimit: Int { self == .python ? 1000 : .max }
}
