import Foundation
import Testing

/// Compiles and runs emitted Swift in a folder of its own.
struct SwiftToolchain: ~Copyable {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("swift-emission-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  /// What a finished process leaves behind.
  struct Outcome {
    let status: Int32
    let output: String
    let complaints: String
  }

  /// Runs a command in the folder; standard input comes from a file of the folder, if any.
  func run(_ command: [String], input: String? = nil) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    let output = folder.appendingPathComponent("stdout.txt"), complaints = folder.appendingPathComponent("stderr.txt")
    // Files, not pipes: nothing can fill up while nobody reads.
    for file in [output, complaints] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: complaints)
    process.standardInput = try input.map { try FileHandle(forReadingFrom: folder.appendingPathComponent($0)) } ?? .nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      complaints: String(decoding: try Data(contentsOf: complaints), as: UTF8.self))
  }

  /// Compiles; any warning fails the test.
  func compile(_ options: [String], _ files: [String], to program: String) throws {
    let outcome = try run(["swiftc", "-warnings-as-errors", "-parse-as-library"] + options + ["-o", program] + files)
    #expect(outcome.complaints.isEmpty)
    try #require(outcome.status == 0, "\(outcome.complaints.prefix(4000))\(outcome.output.prefix(4000))")
  }
}
