import ForestIR
import ONNXProto

/// The words around the numbers: what comes out, where it came from.
enum ONNXDescription {
  static let operatorsHint =
    "read are the tree operators with Identity, Cast, ZipMap, Reshape, Flatten, Concat, Gather, Slice, ArrayFeatureExtractor, Add, Sub, Mul, Div, "
    + "Sum, Neg, Abs, Sqrt, Exp, Sigmoid, Softmax, comparisons, IsNaN, Not, And, Or, Where, ArgMax, Scaler, Normalizer and "
    + "Imputer"

  static func forest(
    _ model: ONNXModel, source: Provenance.Source?, _ context: ONNXContext
  ) throws(ReadError) -> Forest {
    guard model.hasGraph else { throw context.fault(.missing, at: "graph", "the file holds no graph") }
    let graph = try GraphLowering(model, context)
    guard let trees = graph.trees else {
      throw context.fault(
        .unsupported, at: "graph/node", "the model has no tree operator",
        hint: "petrify reads decision trees; networks and linear models are of another kind")
    }
    var columns: [Column] = []
    var values: [Value] = []
    for (name, output) in try graph.outputs(model.graph) {
      guard case .tensor(let tensor) = output else {
        context.remarks.note(
          .choice, "the output \"\(JSONCursor.clipped(name))\" has no column: its labels are texts, or it is a constant")
        continue
      }
      values.append(tensor.value)
      for index in 0..<tensor.count {
        columns.append(column(tensor.count == 1 ? name : "\(name)_\(index)", index, tensor))
      }
    }
    let printed = columns.count
    guard printed > 0 else { throw context.fault(.unsupported, at: "graph/output", "no output of the graph is a number") }
    let marginCount = graph.builder.shape(of: trees.result.margins).count
    values.append(trees.result.margins)
    for index in 0..<marginCount {
      columns.append(
        Column(
          name: marginCount == 1 ? "margin" : "margin_\(index)", role: .margin, meaning: "the sum over the trees, with its base value",
          width: trees.width, isPrinted: false))
    }
    return try finish(model, graph, trees, values, columns, source, context)
  }

  private static func column(_ name: String, _ index: Int, _ tensor: GraphTensor) -> Column {
    switch tensor.element {
    case .integer, .truth:
      Column(name: name, role: .label, meaning: "the label of the chosen class", width: .float64)
    case .float, .double:
      Column(
        name: name, role: .response,
        meaning: tensor.count == 1 ? "the model's result" : "number \(index) of the model's result", width: tensor.width)
    }
  }

  private static func finish(
    _ model: ONNXModel, _ graph: GraphLowering, _ trees: (result: TreeResult, width: Width, treeCount: Int, kind: String),
    _ values: [Value], _ columns: [Column], _ source: Provenance.Source?, _ context: ONNXContext
  ) throws(ReadError) -> Forest {
    do throws(ForestFault) {
      let wide = try values.map { value throws(ForestFault) in try graph.builder.add(.convert(value, to: .float64)) }
      let result = try graph.builder.add(.concatenate(wide))
      let lowered = try graph.builder.model(result: result)
      return try Forest(
        inputs: graph.inputs.inputs, model: lowered, columns: columns,
        provenance: provenance(model, graph, trees.kind, source, context))
    } catch {
      throw context.refusal(error, at: "graph/output")
    }
  }

  private static func provenance(
    _ model: ONNXModel, _ graph: GraphLowering, _ kind: String, _ source: Provenance.Source?, _ context: ONNXContext
  ) -> Provenance {
    func clean(_ text: String) -> String { ReadError.printable(text) }
    var facts: [Provenance.Fact] = []
    func fact(_ name: String, _ value: String) {
      if !value.isEmpty { facts.append(Provenance.Fact(clean(JSONCursor.clipped(name)), clean(value))) }
    }
    fact("producer", model.producerName)
    fact("producer version", model.producerVersion)
    fact("graph", model.graph.name)
    fact("ai.onnx.ml", "\(graph.treeVersion)")
    fact("operators", model.graph.node.prefix(32).map(\.opType).joined(separator: ", "))
    fact("description", model.docString)
    for entry in model.metadataProps.prefix(64) { fact(entry.key, entry.value) }
    let producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    return Provenance(
      trainer: producer.isEmpty ? "unknown (ONNX format)" : clean(JSONCursor.clipped(producer)), kind: kind, format: "ONNX", source: source,
      facts: facts, notes: context.remarks.notes)
  }
}
