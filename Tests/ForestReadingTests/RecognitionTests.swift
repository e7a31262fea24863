import ForestIR
import Testing

@testable import ForestReading

/// Files are known by their content, and what cannot be read is refused with advice.
struct RecognitionTests {
  static let samples: [([UInt8], ModelFormat)] = [
    (Array("<?xml version=\"1.0\"?>\n<MethodSetup Method=\"BDT::x\">".utf8), .tmvaXML),
    (Array("\n\n   <?xml version=\"1.0\"?>\n<!-- <other> --><MethodSetup>".utf8), .tmvaXML),
    ([0xEF, 0xBB, 0xBF] + Array("<MethodSetup/>".utf8), .tmvaXML),
    (Array("<PMML version=\"4\">".utf8), .pmml),
    (Array("<?xml version=\"1.0\"?>\n<!-- x --><PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"/>".utf8), .pmml),
    (Array("#include <vector>\n\ntemplate <typename C=std::vector<double>>\n".utf8), .petrifiedCpp),
    (Array("#! /usr/bin/env python\n\ndef decision_000(args):\n".utf8), .petrifiedPython),
    (Array("<AdaBoostDecisionTree><Tree/></AdaBoostDecisionTree>".utf8), .otherXML),
    (Array("#GEN -*-*- general info\n\nMethod : BDT::BDT\n".utf8), .tmvaText),
    (Array("Method : BDT::BDT\n=== \n".utf8), .tmvaText),
    (Array("// Class: ReadBDT\n#include <vector>\nclass IClassifierReader {".utf8), .tmvaClass),
    ([0x80, 0x04, 0x95, 0x00], .pickle),
    (Array("ccopy_reg\n_reconstructor\np0\n(csklearn.ensemble\n".utf8), .pickle),
    ([0x78, 0x9C, 0x01, 0x02], .joblib),
    (Array("PK\u{3}\u{4}....model.bin".utf8), .zip),
    (Array("PK\u{3}\u{4}....schema.json".utf8), .skops),
    (Array("root\0\0\u{1}\0\0\0".utf8), .rootFile),
    ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), .hdf5),
    ([0x93] + Array("NUMPY\u{1}\0".utf8), .numpy),
    (Array("binf\0\0\0\0".utf8), .xgboostBinary),
    (Array("{L\0\0\0\0\0\0\0\u{7}learner".utf8), .xgboostUBJSON),
    (Array("{\"learner\": {\"attributes\": {}}}".utf8), .xgboostJSON),
    (Array("{\"features_info\": {}, \"model_info\": {}}".utf8), .catboostJSON),
    (Array("{\"ctr_data\": {}}".utf8), .catboostJSON),
    (Array("1\n200\n3\n2 8 8\n\n0.1\n0.5\n".utf8), .fastBDT),
    (Array("1\n200\n3\n2 8\n\n0.1\n0.5\n".utf8), .unknown),
    (Array("{\"format\": \"petrify-forest\", \"learner\": 1}".utf8), .forest),
    (Array("{\"a\": 1}".utf8), .otherJSON),
    (Array("CBM1\0\0\0\0".utf8), .catboostBinary),
    (Array("tree\nversion=v4\nnum_class=1\n".utf8), .lightgbmText),
    (Array("\u{FEFF}tree \r\nversion=v4\r\n".utf8), .lightgbmText),
    (Array("{\"name\": \"tree\", \"tree_info\": [{\"left_child\": 1}]}".utf8), .lightgbmJSON),
    (Array("trees\n".utf8), .unknown),
    ([0x08, 0x08, 0x12, 0x08] + Array("skl2onnx ai.onnx.ml TreeEnsembleClassifier".utf8), .onnx),
    ([], .empty),
    (Array("  \n".utf8), .empty),
    (Array("hello".utf8), .unknown),
  ]

  @Test(arguments: samples)
  func isRecognised(_ bytes: [UInt8], _ format: ModelFormat) {
    #expect(ModelFormat(recognising: bytes.span) == format)
  }

  @Test(arguments: samples.filter { $0.1 != .tmvaXML })
  func isRefusedWithAdvice(_ bytes: [UInt8], _ format: ModelFormat) throws {
    if format == .empty && bytes.isEmpty { return }
    let error = try #require(throws: ReadError.self) {
      _ = try ModelReading.forest(bytes: bytes, name: "model")
    }
    if ModelReading.formats.contains(format) { return }
    #expect(error.message.contains(format.phrase))
    #expect(error.hint == format.advice)
    #expect(error.exitCode == 65)
  }

  @Test func anEmptyFileIsRefused() throws {
    let error = try #require(throws: ReadError.self) { _ = try ModelReading.forest(bytes: [], name: "empty.xml") }
    #expect(error.description.contains("empty.xml: error: this is an empty file"))
  }

  @Test func aMissingFileIsTheSystemsFault() throws {
    let error = try #require(throws: ReadError.self) { _ = try ModelReading.forest(path: "no such file.xml") }
    #expect(error.code == .unreadable)
    #expect(error.exitCode == 74)
  }

  @Test func aFormatCanBeForced() throws {
    let error = try #require(throws: ReadError.self) {
      _ = try ModelReading.forest(bytes: Array("<PMML/>".utf8), name: "x", format: .tmvaXML)
    }
    #expect(error.message.contains("the root element is PMML"))
  }

  @Test(arguments: [("a/b/model.weights.xml.gz", "model.weights.xml"), ("model.xml", "model.xml"), ("/x/.gz", "")])
  func namesAreShortened(_ path: String, _ name: String) {
    #expect(ModelReading.shortName(path) == name)
  }
}
