import EventData
import Testing

@Suite struct NumpyTests {
  private func bits(_ bytes: [UInt8], _ inputs: [String], byPosition: Bool = false) throws(DataError) -> [UInt64] {
    try EventTable.read(bytes: bytes, name: "t.npy", inputs: inputs, byPosition: byPosition).values.map(\.bitPattern)
  }

  private func pattern(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }

  /// An array file with this dictionary and these bytes behind it.
  private func array(_ dictionary: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let size = UInt8(dictionary.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + (version == 1 ? [size, 0] : [size, 0, 0, 0])
      + Array(dictionary.utf8) + data
  }

  private func header(_ descr: String, _ shape: String, fortran: String = "False") -> String {
    "{'descr': '\(descr)', 'fortran_order': \(fortran), 'shape': \(shape), }  \n"
  }

  private func bytes(_ value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func everyVersion(_ version: UInt8) throws {
    let data = [1.5, -0.0, .infinity, .leastNonzeroMagnitude].flatMap { bytes($0) }
    #expect(
      try bits(array(header("<f8", "(2, 2)"), data, version: version), ["x", "y"])
        == pattern([1.5, -0.0, .infinity, .leastNonzeroMagnitude]))
  }

  @Test func everyType() throws {
    #expect(try bits(array(header(">f8", "(1, 1)"), bytes(0.1).reversed()), ["x"]) == pattern([0.1]))
    #expect(try bits(array(header("<f4", "(1,)"), [0xcd, 0xcc, 0xcc, 0x3d]), ["x"]) == pattern([Double(Float(0.1))]))
    #expect(try bits(array(header(">f4", "(1L,)"), [0x3d, 0xcc, 0xcc, 0xcd]), ["x"]) == pattern([Double(Float(0.1))]))
    #expect(try bits(array(header("<f8", "(0, 3)"), []), ["x", "y", "z"]) == [])
  }

  @Test(arguments: [
    ("<f8", "(2, 1)", "False", "is cut short"), ("<f8", "(1, 2)", "False", "has 2 columns, the model has 1 inputs"),
    ("<i8", "(1, 1)", "False", "of type '<i8'"), ("<f8", "(1, 1)", "True", "in Fortran order"),
    ("<f8", "(1, 1, 1)", "False", "not rows × inputs"), ("<f8", "()", "False", "not rows × inputs"),
    ("<f8", "(0, 1)", "False", "something follows the end"),
    ("<f8", "(9223372036854775807, 1)", "False", "larger than any file"),
    ("<f8", "(1000000000000000, 1)", "False", "is cut short"), ("<f8", "(-1, 1)", "False", "malformed"),
    ("<f8", "(99999999999999999999, 1)", "False", "malformed"), ("<f8", "(1, 1", "False", "malformed"),
    ("<f8", "(1, 1)", "Maybe", "malformed"), ("<f8', 'descr': '<f8", "(1, 1)", "False", "malformed"),
  ])
  func refused(_ descr: String, _ shape: String, _ fortran: String, _ words: String) {
    let file = array(header(descr, shape, fortran: fortran), bytes(1))
    #expect { try bits(file, ["x"]) } throws: { "\($0)".contains(words) && ($0 as? DataError)?.exitCode == 65 }
  }

  /// More numbers than a buffer holds, and no multiple of what is converted at once.
  @Test(arguments: ["<f8", ">f8", "<f4", ">f4"]) func manyNumbers(_ descr: String) throws {
    let isBig = descr.hasPrefix(">"), isWide = descr.hasSuffix("8")
    var data: [UInt8] = [], expected: [Double] = []
    for index in 0..<3 * 33_333 {
      let value = index % 100 == 7 ? -.infinity : Double(index) * 0.1 - 5000
      let bits = isWide ? value.bitPattern : UInt64(Float(value).bitPattern)
      let bytes = (0..<(isWide ? 8 : 4)).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
      data += isBig ? bytes.reversed() : bytes
      expected.append(isWide ? value : Double(Float(value)))
    }
    let file = array(header(descr, "(33333, 3)"), data)
    #expect(try bits(file, ["x", "y", "z"]) == pattern(expected))
    #expect { try bits(file + [0], ["x", "y", "z"]) } throws: { "\($0)".contains("something follows the end") }
    #expect { try bits(file.dropLast(), ["x", "y", "z"]) } throws: { "\($0)".contains("is cut short") }
  }

  @Test func archives() throws {
    let table = [1.5, 2, .nan, -0.0, .infinity, .leastNonzeroMagnitude]
    #expect(try bits(NumpyArchives.stored2D, ["x", "y"]) == pattern(table))
    #expect(try bits(NumpyArchives.deflatedColumns, ["pt", "eta"]) == pattern([1, 0, 2, 1, 3, 2]))
    #expect(try bits(NumpyArchives.deflatedColumns, ["pt", "pt"]) == pattern([1, 1, 2, 2, 3, 3]))
    #expect(try bits(NumpyArchives.oneNamed, ["pt"]) == pattern([0, 1]))
    #expect(try bits(NumpyArchives.oneNamed, ["x0"], byPosition: true) == pattern([0, 1]))
    #expect { try bits(NumpyArchives.oneNamed, ["pt1"]) } throws: { "\($0)".hasSuffix("did you mean 'pt'?") }
  }

  /// Every file cut short and every byte changed: an error or other numbers, but never a trap, and no endless run.
  @Test(arguments: [NumpyArchives.stored2D, NumpyArchives.deflatedColumns])
  func hostileArchives(_ archive: [UInt8]) throws {
    for count in 4..<archive.count {
      #expect(throws: DataError.self) { try bits(Array(archive[..<count]), ["pt", "eta"]) }
    }
    for place in archive.indices.dropFirst(4) {
      for flip in [0xff, 0x80, 0x01] as [UInt8] {
        var bytes = archive
        bytes[place] ^= flip
        _ = try? bits(bytes, ["pt", "eta"])
      }
    }
  }

  /// The checksum of a member is believed.
  @Test func damagedNumbersAreNoticed() {
    var bytes = NumpyArchives.oneNamed
    let place = bytes.indices.first { bytes[$0...].starts(with: [0xf0, 0x3f]) }!
    bytes[place] ^= 1
    #expect { try bits(bytes, ["pt"]) } throws: { "\($0)".contains("checksum") }
  }
}
