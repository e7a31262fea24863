import ForestIR
import ONNXProto

/// What a name of the graph stands for.
enum GraphValue {
  case tensor(GraphTensor)
  case constant(TensorContents)
  /// Labels that are texts, which no column of numbers holds.
  case texts
}

/// A tensor that has one row for each event.
struct GraphTensor {
  enum Element {
    /// Held in float32.
    case float
    /// Held in float64.
    case double
    /// Held in float64, and an integer.
    case integer
    /// Not a number but a truth value.
    case truth
  }

  /// The numbers of one row.
  var value: Value
  /// How many numbers a row has.
  let count: Int
  var element: Element
  /// One dimension (then a row has one number) or two.
  var rank = 2

  var width: Width { element == .float ? .float32 : .float64 }
}

/// Follows the graph from its inputs, node by node, in the order of the file: each tensor's name comes to stand for a value of
/// the IR. There is no recursion and nothing is evaluated twice.
final class GraphLowering {
  let context: ONNXContext
  let inputs: GraphInputs
  /// The version of the domain `ai.onnx.ml`, and of the standard operators.
  let treeVersion: Int64
  let standardVersion: Int64
  var builder: ModelBuilder
  private var values: [String: GraphValue] = [:]
  /// What the one tree operator gives, once it was met.
  var trees: (result: TreeResult, width: Width, treeCount: Int, kind: String)?

  init(_ model: ONNXModel, _ context: ONNXContext) throws(ReadError) {
    self.context = context
    (treeVersion, standardVersion) = try Self.versions(model, context)
    let graph = model.graph
    guard model.functions.isEmpty, graph.sparseInitializer.isEmpty else {
      throw context.fault(.unsupported, at: "", "the model holds functions or sparse tensors")
    }
    var constants: [String: GraphValue] = [:]
    for (index, tensor) in graph.initializer.enumerated() {
      let path = "graph/initializer[\(index)]"
      // Text: class labels. Nothing is computed with them.
      let isText = tensor.dataType == 8
      let constant: GraphValue = isText ? .texts : .constant(try TensorContents(tensor, at: path, context))
      guard constants.updateValue(constant, forKey: tensor.name) == nil else {
        throw context.fault(.duplicate, at: path, "two constants are called \"\(JSONCursor.clipped(tensor.name))\"")
      }
    }
    inputs = try GraphInputs(graph, constants: Set(constants.keys), context)
    builder = ModelBuilder(inputCount: inputs.inputs.count, width: inputs.width)
    values = constants
    for (name, tensor) in try inputs.tensors(&builder, context) { values[name] = .tensor(tensor) }
    for (index, node) in graph.node.enumerated() {
      try lower(OperatorAttributes(node, at: index, context))
    }
  }

  private static func versions(_ model: ONNXModel, _ context: ONNXContext) throws(ReadError) -> (tree: Int64, standard: Int64) {
    var versions: [String: Int64] = [:]
    for entry in model.opsetImport {
      let domain = entry.domain == "ai.onnx" ? "" : entry.domain
      if let known = versions.updateValue(entry.version, forKey: domain), known != entry.version {
        throw context.fault(.duplicate, at: "opset_import", "two versions of the domain \"\(JSONCursor.clipped(domain))\"")
      }
    }
    guard let tree = versions["ai.onnx.ml"] else {
      throw context.fault(
        .unsupported, at: "opset_import", "the model does not use the operators of ai.onnx.ml, among which are those for trees",
        hint: "petrify reads decision trees; networks and linear models are of another kind")
    }
    guard (1...5).contains(tree) else {
      throw context.fault(.unsupported, at: "opset_import", "version \(tree) of ai.onnx.ml; versions 1 to 5 are read")
    }
    return (tree, versions[""] ?? 1)
  }

  // MARK: Names

  func set(_ name: String, _ value: GraphValue, _ node: OperatorAttributes) throws(ReadError) {
    guard values.updateValue(value, forKey: name) == nil else {
      throw node.fault(.duplicate, "", "a second tensor is called \"\(JSONCursor.clipped(name))\"")
    }
  }

  func value(_ name: String, at path: String) throws(ReadError) -> GraphValue {
    guard let value = values[name] else {
      throw context.fault(.inconsistent, at: path, "no input, constant or earlier node gives the tensor \"\(JSONCursor.clipped(name))\"")
    }
    return value
  }

  /// The node's operand number `index`.
  func operand(_ index: Int, _ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    guard node.inputs.indices.contains(index) else {
      throw node.fault(.missing, "", "the node has \(node.inputs.count) inputs")
    }
    return try value(node.inputs[index], at: node.path)
  }

  func tensor(_ index: Int, _ node: OperatorAttributes) throws(ReadError) -> GraphTensor {
    guard case .tensor(let tensor) = try operand(index, node) else {
      throw node.fault(.unsupported, "", "input \(index) is not computed from the event")
    }
    return tensor
  }

  func constant(_ index: Int, _ node: OperatorAttributes) throws(ReadError) -> TensorContents {
    guard case .constant(let constant) = try operand(index, node) else {
      throw node.fault(.unsupported, "", "input \(index) is not a constant")
    }
    return constant
  }

  /// Appends a step of the IR.
  func add(_ step: Operation, _ node: OperatorAttributes) throws(ReadError) -> Value {
    do { return try builder.add(step) } catch { throw context.refusal(error, at: node.path) }
  }

  /// Appends several steps.
  func lower<Result>(
    _ node: OperatorAttributes, _ body: (inout ModelBuilder) throws(ForestFault) -> Result
  ) throws(ReadError) -> Result {
    do { return try body(&builder) } catch { throw context.refusal(error, at: node.path) }
  }

  // MARK: Nodes

  private func lower(_ attributes: OperatorAttributes) throws(ReadError) {
    var node = attributes
    let domain = node.node.domain == "ai.onnx" ? "" : node.node.domain
    var results: [GraphValue]
    switch (domain, node.operatorName) {
    case ("ai.onnx.ml", "TreeEnsembleRegressor"): results = try regressor(&node)
    case ("ai.onnx.ml", "TreeEnsembleClassifier"): results = try classifier(&node)
    case ("ai.onnx.ml", "TreeEnsemble"): results = try ensemble(&node)
    case ("ai.onnx.ml", let name): results = [try trainedStep(name, &node)]
    case ("", let name): results = [try standardStep(name, &node)]
    default:
      throw node.fault(.unsupported, "", "an operator of the domain \"\(JSONCursor.clipped(domain))\"", hint: ONNXDescription.operatorsHint)
    }
    try node.finish()
    guard node.node.output.count <= results.count else {
      throw node.fault(.inconsistent, "", "the node names \(node.node.output.count) results")
    }
    for (name, result) in zip(node.node.output, results) where !name.isEmpty { try set(name, result, node) }
  }

  /// The names of the graph's results.
  func outputs(_ graph: ONNXGraph) throws(ReadError) -> [(name: String, value: GraphValue)] {
    var seen: Set<String> = []
    return try graph.output.enumerated().map { index, output throws(ReadError) in
      guard seen.insert(output.name).inserted else {
        throw context.fault(.duplicate, at: "graph/output[\(index)]", "two outputs are called \"\(JSONCursor.clipped(output.name))\"")
      }
      return (output.name, try value(output.name, at: "graph/output[\(index)]"))
    }
  }
}
