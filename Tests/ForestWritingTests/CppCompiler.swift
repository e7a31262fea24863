import Foundation
import ForestEvaluation
import ForestIR
import ForestTesting
import ForestWriting

/// A folder for a test's files, and compilers to be run in it.
final class CppWorkshop {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("petrify-cpp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let compilers = ["g++", "clang++"]
  static let warnings = [
    "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wold-style-cast", "-Werror",
  ]

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }
  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }
  func write(_ files: [EmittedFile]) throws {
    for file in files { try write(file.bytes, to: file.name) }
  }

  struct Outcome {
    let code: Int32
    let output: String
    let errors: String
  }

  /// Runs a program of the search path, or one of the folder if its name begins with `./`.
  func run(_ command: [String], input: String = "") throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    // Through files: no pipe can fill up.
    let paths = ["in", "out", "err"].map { folder.appendingPathComponent(".\(UUID().uuidString).\($0)") }
    try Data(input.utf8).write(to: paths[0])
    for path in paths[1...] { try Data().write(to: path) }
    process.standardInput = try FileHandle(forReadingFrom: paths[0])
    process.standardOutput = try FileHandle(forWritingTo: paths[1])
    process.standardError = try FileHandle(forWritingTo: paths[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: try Data(contentsOf: paths[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: paths[2]), as: UTF8.self))
  }
}

/// What a test hands to the emitter.
enum CppRequests {
  static func request(
    _ forest: Forest, name: String = "model", layout: EmissionRequest.Layout = .auto, rows: [[Double]] = [],
    withDriver: Bool = false
  ) -> EmissionRequest {
    EmissionRequest(
      forest: forest, name: name, layout: layout, withDriver: withDriver, toolVersion: "0.0.0",
      meaningDigest: String(repeating: "0", count: 64),
      referenceEvents: ReferenceEvents(events: rows.map { event(forest, $0) }, origin: "made for a test"))
  }

  static func event(_ forest: Forest, _ row: [Double]) -> ReferenceEvents.Event {
    let right = ReferenceEvaluator(forest).evaluate(row: row)
    return ReferenceEvents.Event(
      inputs: row, outputs: forest.printedColumns.map { right.results[$0] },
      margins: forest.marginColumns.map { right.results[$0] }, leaves: right.leaves)
  }

  /// The same forest with every column a margin.
  static func asMargins(_ forest: Forest) -> Forest {
    let columns = forest.columns.map {
      Column(name: $0.name, role: .margin, meaning: $0.meaning, width: $0.width, isPrinted: $0.isPrinted)
    }
    do {
      return try Forest(inputs: forest.inputs, model: forest.model, columns: columns, provenance: forest.provenance)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
