import FileBytes
import ForestIR
import ForestReading
import ForestTesting
import ONNXProto
import SwiftProtobuf
import Testing

/// No bytes make the reader trap, hang or grow without measure.
@Suite struct ONNXRobustnessTests {
  static func files() throws -> [[UInt8]] {
    let path = ONNXCaseTests.folder("skl_dt_regressor_multioutput") + "/model.onnx.gz"
    var classifier = ONNXFile("TreeEnsembleClassifier")
    classifier["post_transform"] = .string("SOFTMAX_ZERO")
    // A file that ends between two parts of its outermost message is whole; so the version that is needed comes last here.
    var version5 = ONNXFile.version5
    version5.model.opsetImport.swapAt(0, 1)
    classifier.model.opsetImport.swapAt(0, 1)
    return [try ByteSource.contents(of: path, limit: 1 << 20).bytes, try version5.bytes, try classifier.bytes]
  }

  private func read(_ bytes: [UInt8]) throws(ReadError) -> Forest {
    try ModelReading.forest(bytes: bytes, name: "part", format: .onnx)
  }

  @Test func truncations() throws {
    for bytes in try Self.files() {
      _ = try read(bytes)
      var readLengths: [Int] = []
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
        if (try? read(Array(bytes[..<length]))) != nil { readLengths.append(length) }
      }
      #expect(readLengths.isEmpty)
    }
  }

  @Test(arguments: 0..<3) func mutations(_ index: Int) throws {
    let original = try Self.files()[index]
    var random = SplitMix64(seed: UInt64(index) + 7)
    var readCount = 0
    for _ in 0..<(index == 0 ? 150 : 400) {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(random.pick([0, 1, 2, 0x7F, 0x80, 0xFF]), at: place)
        default:
          let end = min(bytes.count, place + Int.random(in: 1..<40, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      guard let forest = try? read(bytes) else { continue }
      readCount += 1
      guard forest.inputs.count < 100 else { continue }
      #expect(score(forest, (0..<forest.inputs.count).map { Double($0) - 0.5 }).count == forest.printedColumns.count)
    }
    #expect(readCount > 3)
  }

  @Test func manyEmptyMessages() {
    // A graph of two million nodes of nothing: 4 MB that would become hundreds.
    var bytes: [UInt8] = [0x08, 0x08, 0x3A, 0x80, 0x92, 0xF4, 0x01]
    for _ in 0..<2_000_000 { bytes += [0x0A, 0x00] }
    let error = #expect(throws: ReadError.self) { try read(bytes) }
    #expect(error?.code == .limit)
  }

  @Test func breakHasItsByte() throws {
    let bytes = try ONNXFile().bytes
    let error = #expect(throws: ReadError.self) { try read(Array(bytes.dropLast(9))) }
    #expect(error?.mark.byte != nil && error?.code == .notWellFormed)
  }
}
