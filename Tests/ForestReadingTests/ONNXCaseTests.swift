import EventData
import FileBytes
import ForestEvaluation
import ForestIR
import ForestReading
import Testing

/// ONNX models, compared with what onnxruntime makes of the same events on one thread: every bit of every column.
@Suite struct ONNXCaseTests {
  static let cases: [(name: String, inputs: Width, leaves: Width)] = [
    ("hand_cls_binary_logistic_id0", .float32, .float32), ("hand_reg_max_K2", .float32, .float32),
    ("hand_reg_softmax_K3", .float32, .float32), ("hand_v3_double", .float64, .float64),
    ("hand_v5_K1", .float32, .float32), ("hand_v5_all_modes_K3", .float32, .float32),
    ("lgb_binary", .float32, .float32), ("skl_dt_regressor_multioutput", .float32, .float32),
  ]

  static func folder(_ name: String) -> String {
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Fixtures/onnx/" + name
  }

  @Test(arguments: cases) func bits(of name: String, inputs: Width, leaves: Width) throws {
    let folder = Self.folder(name)
    let forest = try ModelReading.forest(path: folder + "/model.onnx.gz")
    #expect(forest.model.inputWidth == inputs)
    #expect(forest.model.ensembles.allSatisfy { $0.width == leaves })
    #expect(forest.inputs.allSatisfy { $0.isUnnamed })
    let events = try EventTable.read(path: folder + "/events.csv.gz", inputs: forest.inputs.map(\.label), byPosition: true)
    let scores = try ReferenceTable.read(path: folder + "/scores.csv.gz")
    #expect(scores.columns.map(\.name) == forest.printedColumns.map { forest.columns[$0].name })
    #expect(scores.rowCount == events.rowCount && events.rowCount >= 90)
    let columns = try scores.columns.map { column -> [Double] in
      guard case .numbers(let numbers) = column.values else { throw WrongColumn() }
      return numbers
    }
    let evaluator = ReferenceEvaluator(forest)
    for row in 0..<events.rowCount {
      let results = evaluator.evaluate(row: Array(events.row(row))).results
      let printed = forest.printedColumns.map { results[$0] }
      let expected = columns.map { $0[row] }
      #expect(printed.map(\.bitPattern) == expected.map(\.bitPattern), "row \(row): \(printed), not \(expected)")
    }
  }

  private struct WrongColumn: Error {}

  /// Leaves are reported by the ids of their nodes.
  @Test func leafNumbers() throws {
    let forest = try ModelReading.forest(path: Self.folder("skl_dt_regressor_multioutput") + "/model.onnx.gz")
    let numbers = try #require(forest.model.ensembles[0].trees[0].leafNumbers)
    #expect(numbers.count == 64 && numbers.prefix(3) == [6, 7, 9] && Set(numbers).count == 64)
  }

  @Test func descriptions() throws {
    let forest = try ModelReading.forest(path: Self.folder("lgb_binary") + "/model.onnx.gz")
    #expect(forest.provenance.trainer == "OnnxMLTools 1.16.0")
    #expect(forest.provenance.source?.fileName == "model.onnx")
    #expect(forest.columns.map(\.role) == [.label, .response, .response, .margin])
    #expect(forest.columns.map(\.isPrinted) == [true, true, true, false])
  }
}
