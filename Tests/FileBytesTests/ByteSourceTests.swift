import FileBytes
import Testing

/// `printf 'hello\n' | gzip -n`
let helloGzip: [UInt8] = [
  0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0, 0x20, 0x30, 0x3a, 0x36, 0x06, 0,
  0, 0,
]

@Suite struct ByteSourceTests {
  private func text(_ bytes: [UInt8], limit: Int = 1000, expands: Int = 1000) throws(FileError) -> String {
    var source = try ByteSource(bytes: bytes, name: "f.gz", decompressionLimit: expands)
    return String(decoding: try source.readAll(limit: limit), as: UTF8.self)
  }

  @Test func plainAndCompressed() throws {
    #expect(try text([]) == "")
    #expect(try text([0x1f]) == "\u{1f}")
    #expect(try text(Array("plain".utf8)) == "plain")
    #expect(try text(helloGzip) == "hello\n")
    #expect(try text(helloGzip + helloGzip + helloGzip) == "hello\nhello\nhello\n")
  }

  @Test(arguments: 2..<26)
  func cutShort(_ count: Int) {
    #expect { try text(Array(helloGzip[..<count])) } throws: { ($0 as? FileError)?.reason == .damaged }
  }

  @Test func damagedOrFollowedBySomething() {
    for extra in [[0], [0x1f], [0x1f, 0x8b], Array("tail".utf8)] as [[UInt8]] {
      #expect { try text(helloGzip + extra) } throws: { ($0 as? FileError)?.exitCode == 65 }
    }
    for place in 10..<26 {
      var bytes = helloGzip
      bytes[place] ^= 0x55
      #expect(throws: FileError.self) { try text(bytes) }
    }
  }

  @Test func limits() {
    #expect { try text(helloGzip, limit: 5) } throws: { ($0 as? FileError)?.reason == .tooLarge }
    #expect { try text(helloGzip, expands: 5) } throws: { ($0 as? FileError)?.reason == .tooLarge }
  }

  @Test func digestIsOfTheUncompressedBytes() throws {
    let expected = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    #expect(SHA256Digest(of: Array("hello\n".utf8)).hex == expected)
    var source = try ByteSource(bytes: helloGzip, name: "f")
    #expect(try source.peek(3) == Array("hel".utf8))
    #expect(try source.peek(100) == Array("hello\n".utf8))
    #expect(source.digest == nil)
    #expect(try source.next() == Array("hello\n".utf8))
    #expect(try source.next() == nil)
    #expect(source.digest?.hex == expected)
    #expect(source.position == 6)
  }

  /// Long enough to be hashed beside the reading.
  @Test(arguments: [1 << 20, 1 << 20 + 1, 5_000_001]) func digestOfManyBytes(_ count: Int) throws {
    // No piece that is read at once is like the next.
    var bytes = (0..<4099).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    while bytes.count < count { bytes += bytes }
    bytes.removeLast(bytes.count - count)
    var source = try ByteSource(bytes: bytes, name: "f")
    #expect(try source.readAll(limit: count) == bytes)
    #expect(source.digest == SHA256Digest(of: bytes))
    #expect(source.digest == SHA256Digest(of: bytes))
  }

  @Test func filesThatCannotBeRead() {
    for path in ["/nonexistent/file", "/", "a\0b"] {
      #expect { _ = try ByteSource.contents(of: path, limit: 10) } throws: { ($0 as? FileError)?.exitCode == 74 }
    }
    #expect { _ = try ByteSource.contents(of: "/nonexistent/file", limit: 10) } throws: {
      "\($0)" == "/nonexistent/file: error: cannot open the file: No such file or directory"
    }
  }
}
