#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ForestIR
import ONNXProto
import SwiftProtobuf

/// Writes a forest as an ONNX model.
///
/// Where everything is float32 the trees are a `TreeEnsembleRegressor` of version 3, else a `TreeEnsemble` of version 5, which computes in
/// float64. Either way a runtime that adds in the order of the trees (onnxruntime with one thread) gives the sums to the last bit. What
/// comes behind the sums is one node for each operation, never a `post_transform`, whose meaning differs between runtimes.
package struct ONNXEmitter: Emitter {
  package init() {}

  package var target: String { "onnx" }

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let forest = request.forest
    let model = forest.model
    let usesVersion5 = model.readsTreesInFloat64
    var lowering = ONNXLowering(input: ONNXGraphBuilder.Tensor(name: "X", isConstant: false), usesVersion5: usesVersion5)
    let values = try lowering.lower(
      model, for: forest.columns.indices.map { model.source(of: $0).0 }, lowering.input, model.inputWidth)
    let outputs = try outputs(forest, values, &lowering)
    let notes = notes(lowering)
    let input = ONNXValueInfo.tensor(
      "X", model.inputWidth, columns: forest.inputs.count,
      description: "the inputs of one event in each row: " + forest.inputs.map(\.label).joined(separator: ", "))
    let graph = lowering.graph.finish(
      name: request.name, description: "a decision forest", inputs: [input], outputs: outputs)
    let message = ONNXModel.with {
      $0.irVersion = usesVersion5 ? 10 : 8
      $0.opsetImport = [
        .with { $0.domain = "ai.onnx.ml"; $0.version = usesVersion5 ? 5 : 3 },
        .with { $0.domain = ""; $0.version = usesVersion5 ? 21 : 18 },
      ]
      $0.producerName = "petrify"
      $0.producerVersion = request.toolVersion
      $0.docString = (["A decision forest (\(forest.provenance.kind)), trained by \(forest.provenance.trainer)"] + notes)
        .map { $0 + "." }.joined(separator: "\n")
      $0.metadataProps = metadata(request)
      $0.graph = graph
    }
    do {
      let bytes: [UInt8] = try message.serializedBytes()
      return Emission([EmittedFile(name: request.name + ".onnx", bytes: bytes)], notes: notes)
    } catch {
      throw EmissionError("the model is larger than a protocol buffer can be (2 GB)", hint: ONNXLowering.hint)
    }
  }

  // MARK: Outputs

  /// One tensor of one column for each column of the forest, those included that are not printed: sums are worth having.
  private func outputs(
    _ forest: Forest, _ values: [ONNXGraphBuilder.Tensor?], _ lowering: inout ONNXLowering
  ) throws(EmissionError) -> [ONNXValueInfo] {
    var names: Set<String> = ["X"]
    var outputs: [ONNXValueInfo] = []
    let model = forest.model
    for (index, column) in forest.columns.enumerated() {
      var name = column.name.isEmpty ? "output" : column.name
      while !names.insert(name).inserted || Self.isTaken(name) { name += "_" }
      let (value, position) = model.source(of: index)
      guard let tensor = values[value.index] else { throw ONNXLowering.refusal("a column that nothing computes") }
      var result = lowering.graph.expanded(tensor, columns: model.shape(of: value).count, lowering.input)
      if model.shape(of: value).count > 1 { result = lowering.graph.columns(result, [position]) }
      if case .number(let width) = model.shape(of: value).kind { result = lowering.convert(result, width, column.width) }
      _ = lowering.graph.node("Identity", [result], result: name)
      outputs.append(.tensor(name, column.width, columns: 1, description: column.meaning))
    }
    return outputs
  }

  /// Names that the graph gives its own tensors: a letter and a number.
  private static func isTaken(_ name: String) -> Bool {
    (name.first == "t" || name.first == "c") && !name.dropFirst().isEmpty && name.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
  }

  // MARK: Words

  private func notes(_ lowering: ONNXLowering) -> [String] {
    var notes = ["the sums over the trees are equal to the last bit in a runtime that adds in the order of the trees (onnxruntime: intra_op_num_threads=1)"]
    if !lowering.inexactFunctions.isEmpty {
      let names = lowering.inexactFunctions.sorted().joined(separator: ", ")
      notes.append("what is behind \(names) may differ in its last digits, since runtimes have their own approximations")
    }
    return notes
  }

  private func metadata(_ request: EmissionRequest) -> [ONNXStringEntry] {
    let forest = request.forest
    var entries: [(String, String)] = []
    for (index, input) in forest.inputs.enumerated() {
      entries.append(("input.\(index).name", input.label))
      if !input.unit.isEmpty { entries.append(("input.\(index).unit", input.unit)) }
      if !input.title.isEmpty { entries.append(("input.\(index).title", input.title)) }
      if !input.expression.isEmpty { entries.append(("input.\(index).expression", input.expression)) }
    }
    for (index, column) in forest.columns.enumerated() {
      entries.append(("output.\(index).name", column.name))
      entries.append(("output.\(index).role", column.role.rawValue))
    }
    entries.append(("trained by", forest.provenance.trainer))
    entries.append(("kind", forest.provenance.kind))
    if let source = forest.provenance.source {
      entries.append(("source file", source.fileName))
      entries.append(("source SHA-256", source.sha256))
    }
    entries.append(("meaning SHA-256", request.meaningDigest))
    return entries.map { entry in .with { $0.key = entry.0; $0.value = entry.1 } }
  }
}

extension Model {
  /// Whether some trees compare or add in float64.
  fileprivate var readsTreesInFloat64: Bool {
    steps.contains { step in
      if case .trees(let ensemble, let argument) = step {
        return ensemble.width == .float64 || shape(of: argument).kind == .number(.float64)
      }
      return step.models.contains(where: \.readsTreesInFloat64)
    }
  }

  /// The value, and the position in it, that an element of the result is a copy of.
  fileprivate func source(of column: Int) -> (Value, Int) {
    var value = result, position = column
    while value.index > 0 {
      switch steps[value.index - 1] {
      case .concatenate(let parts):
        var rest = position
        guard let part = parts.first(where: { part in
          if rest < shape(of: part).count { return true }
          rest -= shape(of: part).count
          return false
        }) else { return (value, position) }
        (value, position) = (part, rest)
      case .gather(let inner, let positions): (value, position) = (inner, Int(positions[position]))
      default: return (value, position)
      }
    }
    return (value, position)
  }
}
