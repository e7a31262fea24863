import FileBytes
import Foundation
import Glibc
import Testing

@Suite struct AtomicFilesTests {
  /// A new directory for one test.
  private func scratch() throws -> String {
    var template = Array(FileManager.default.temporaryDirectory.appendingPathComponent("petrify-test-XXXXXX").path.utf8CString)
    return String(cString: try #require(mkdtemp(&template)))
  }

  private func names(_ folder: String) -> Set<String> {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: Set<String> = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
      if name != "." && name != ".." { names.insert(name) }
    }
    return names
  }

  @Test func writesAndReplaces() throws {
    let folder = try scratch() + "/a/b/"
    try AtomicFiles.write([.init(name: "x", text: "1"), .init(name: "y", text: "")], into: folder)
    try AtomicFiles.write([.init(name: "x", text: "22")], into: folder)
    #expect(names(folder) == ["x", "y"])
    #expect(try ByteSource.contents(of: folder + "x", limit: 10).bytes == Array("22".utf8))
  }

  @Test func leavesNothingBehind() throws {
    let folder = try scratch()
    let bad = AtomicFiles.File(name: String(repeating: "n", count: 300), text: "")
    #expect { try AtomicFiles.write([bad], into: folder + "/new/deep") } throws: {
      ($0 as? FileError)?.exitCode == 74
    }
    #expect(names(folder) == [])
    #expect(throws: FileError.self) { try AtomicFiles.write([.init(name: "a/b", text: "")], into: folder + "/new") }
    #expect(names(folder) == [])
    mkdir(folder + "/taken", 0o777)
    #expect(throws: FileError.self) {
      try AtomicFiles.write([.init(name: "ok", text: ""), .init(name: "taken", text: "")], into: folder)
    }
    #expect(names(folder) == ["taken"])
  }

  @Test func unfinishedOutputLeavesTheOldFile() throws {
    let folder = try scratch()
    try AtomicFiles.write([.init(name: "x", text: "old")], into: folder)
    do {
      var output = try OutputFile(path: folder + "/x")
      try output.write(Array("new".utf8))
      try output.flush()
    }
    #expect(names(folder) == ["x"])
    #expect(try ByteSource.contents(of: folder + "/x", limit: 10).bytes == Array("old".utf8))
    var device = try OutputFile(path: "/dev/null")
    try device.write([1, 2, 3])
    try device.finish()
  }
}
