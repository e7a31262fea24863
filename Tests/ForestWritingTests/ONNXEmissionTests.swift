#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ForestIR
import ForestTesting
import ONNXProto
import SwiftProtobuf
import Testing

@testable import ForestWriting

/// What stands in an ONNX file. What it computes is for onnxruntime to say (Tests/oracles/onnx_output.py).
@Suite struct ONNXEmissionTests {
  static func request(_ forest: Forest) -> EmissionRequest {
    EmissionRequest(
      forest: forest, name: "M", layout: .auto, withDriver: false, toolVersion: "1.2.3", meaningDigest: "00",
      referenceEvents: ReferenceEvents(events: [], origin: "none"))
  }

  static func model(_ forest: Forest) throws -> ONNXModel {
    let emission = try ONNXEmitter().emit(request(forest))
    #expect(emission.files.map(\.name) == ["M.onnx"])
    return try ONNXModel(serializedBytes: emission.files[0].bytes)
  }

  /// A sum over the given trees.
  static func forest(_ trees: [Tree], _ inputs: Width, _ width: Width, start: Double = 0) throws -> Forest {
    var builder = ModelBuilder(inputCount: 2, width: inputs)
    let sum = try builder.add(.trees(TreeEnsemble(trees: trees, width: width, fold: .sum(start: [start])), .inputs))
    return try SampleForests.forest(builder.model(result: sum))
  }

  private func attribute(_ name: String, _ model: ONNXModel) throws -> ONNXAttribute {
    let node = try #require(model.graph.node.first { $0.domain == "ai.onnx.ml" })
    return try #require(node.attribute.first { $0.name == name })
  }

  @Test func startIsTheFirstTree() throws {
    let model = try Self.model(Self.forest([SampleForests.stump()], .float32, .float32, start: 0.5))
    #expect(try attribute("nodes_treeids", model).ints == [0, 1, 1, 1])
    #expect(try attribute("target_weights", model).floats == [0.5, -1, 1])
    #expect(try attribute("post_transform", model).s == .init("NONE".utf8))
    #expect(model.opsetImport.map(\.version) == [3, 18])
    #expect(model.producerName == "petrify" && model.producerVersion == "1.2.3")
    #expect(model.graph.node.allSatisfy { $0.attribute.allSatisfy { $0.name != "base_values" } })
  }

  /// `x <= t` asks the same of the float32 number at or below t, `x < t` of that at or above.
  @Test func thresholdsKeepTheirWays() throws {
    let below = Double(Float(0.1).nextDown), above = Double(Float(0.1))
    #expect(0.1 > below && 0.1 < above)
    let trees = try [
      SampleForests.stump(0, 0.1), SampleForests.stump(0, 0.1, test: .less, nanGoesLeft: true), SampleForests.stump(1, .infinity),
    ]
    let model = try Self.model(Self.forest(trees, .float32, .float32))
    let values = try attribute("nodes_values", model).floats
    #expect([values[0], values[3], values[6]] == [Float(below), Float(above), .infinity])
    #expect(try attribute("nodes_missing_value_tracks_true", model).ints == [0, 0, 0, 1, 0, 0, 0, 0, 0])
    let modes = try attribute("nodes_modes", model).strings.map { String(decoding: $0, as: UTF8.self) }
    #expect(modes == ["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LT", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"])
  }

  @Test(arguments: [(Width.float32, Width.float64), (.float64, .float64), (.float64, .float32)])
  func float64NeedsVersion5(_ inputs: Width, _ width: Width) throws {
    let tree = try SampleForests.stump(0, 0.1, leaves: [-0.5, 0.25])
    let model = try Self.model(Self.forest([tree], inputs, width, start: 0.5))
    #expect(model.opsetImport.map(\.version) == [5, 21])
    #expect(try attribute("nodes_splits", model).t.doubleData.last == 0.1)
    #expect(try attribute("tree_roots", model).ints.count == (width == .float64 ? 2 : 1))
    #expect(model.graph.input[0].type.tensorType.elemType == (inputs == .float32 ? 1 : 11))
    #expect(model.graph.output[0].type.tensorType.elemType == (width == .float32 ? 1 : 11))
  }

  @Test func sameBytes() throws {
    let forest = try Self.forest([SampleForests.stump(), SampleForests.stump(1)], .float32, .float64, start: 1)
    let bytes = try (0..<3).map { _ in try ONNXEmitter().emit(Self.request(forest)).files[0].bytes }
    #expect(Set(bytes).count == 1)
  }

  @Test func wordsAboutInputs() throws {
    let model = try Self.model(SampleForests.described())
    let words = Dictionary(uniqueKeysWithValues: model.metadataProps.map { ($0.key, $0.value) })
    #expect(words["input.0.name"] == "jet_pt" && words["input.0.unit"] == "GeV" && words["input.0.expression"] == "jet.pt()/1000")
    #expect(words["output.0.role"] == "margin")
    #expect(model.graph.output.map(\.name) == ["margin", "score"])
  }

  @Test func refusals() throws {
    let linear = try SampleForests.stump(0, 1.5, test: .linearLessOrEqual, forms: [LinearForm(offset: 0, coefficients: [1, 1])])
    let leaves = try SampleForests.stump(
      leafForms: [LeafForm(offset: 0, features: [0], coefficients: [1]), LeafForm(offset: 0, features: [], coefficients: [])])
    let infinite = try SampleForests.stump(leaves: [.infinity, 0])
    for (tree, word) in [(linear, "linear form"), (leaves, "linear leaves"), (infinite, "infinite")] {
      let forest = try Self.forest([tree], .float64, .float64)
      let error = #expect(throws: EmissionError.self) { try ONNXEmitter().emit(Self.request(forest)) }
      #expect(error?.message.contains(word) == true)
    }
  }

  /// A quantity in whose last digits runtimes differ must not decide where an event goes.
  @Test func noTreesBehindApproximations() throws {
    var builder = ModelBuilder(inputCount: 2, width: .float64)
    let exponential = try builder.add(.unary(.exponential, .inputs))
    let ensemble = try TreeEnsemble(trees: [SampleForests.stump()], width: .float64, fold: .sum(start: [0]))
    let sum = try builder.add(.trees(ensemble, exponential))
    let forest = try SampleForests.forest(builder.model(result: sum))
    #expect(throws: EmissionError.self) { try ONNXEmitter().emit(Self.request(forest)) }
  }

  /// Whatever the model: a file, or a refusal.
  @Test func randomForests() throws {
    var generator = ForestGenerator(seed: 11)
    var written = 0
    for _ in 0..<60 {
      let forest = generator.forest()
      guard let emission = try? ONNXEmitter().emit(Self.request(forest)) else { continue }
      let model = try ONNXModel(serializedBytes: emission.files[0].bytes)
      var known = Set(model.graph.initializer.map(\.name) + ["X"])
      for node in model.graph.node {
        #expect(node.input.allSatisfy(known.contains))
        #expect(node.output.allSatisfy { known.insert($0).inserted })
      }
      #expect(model.graph.output.allSatisfy { known.contains($0.name) })
      written += 1
    }
    #expect(written > 5)
  }
}
