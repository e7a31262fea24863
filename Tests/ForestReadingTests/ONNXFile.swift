#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ForestIR
import ForestReading
import ONNXProto
import SwiftProtobuf

/// A small ONNX model for tests to break: two trees over three features.
///
///     tree 0: x0 <= 0.5 ? (x1 < 2 ? 1 : 2) : 4        tree 1: 0.25
struct ONNXFile {
  var model = ONNXModel()

  /// A regressor, or a classifier with the labels 0 and 1, of version 3.
  init(_ operatorName: String = "TreeEnsembleRegressor") {
    let prefix = operatorName == "TreeEnsembleClassifier" ? "class" : "target"
    model.irVersion = 8
    model.opsetImport = [.with { $0.domain = "ai.onnx.ml"; $0.version = 3 }, .with { $0.version = 18 }]
    model.graph.name = "g"
    model.graph.input = [.tensor("X", 1, columns: 3)]
    let outputs = prefix == "class" ? ["label", "scores"] : ["Y"]
    model.graph.output = outputs.map { .tensor($0, 1, columns: 1) }
    var node = ONNXNode.with {
      $0.opType = operatorName
      $0.domain = "ai.onnx.ml"
      $0.input = ["X"]
      $0.output = outputs
    }
    node["nodes_treeids"] = .ints([0, 0, 0, 0, 0, 1])
    node["nodes_nodeids"] = .ints([0, 1, 2, 3, 4, 0])
    node["nodes_featureids"] = .ints([0, 1, 0, 0, 0, 0])
    node["nodes_modes"] = .strings(["BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "LEAF"])
    node["nodes_values"] = .floats([0.5, 2, 0, 0, 0, 0])
    node["nodes_truenodeids"] = .ints([1, 2, 0, 0, 0, 0])
    node["nodes_falsenodeids"] = .ints([4, 3, 0, 0, 0, 0])
    node[prefix + "_treeids"] = .ints([0, 0, 0, 1])
    node[prefix + "_nodeids"] = .ints([2, 3, 4, 0])
    node[prefix + "_ids"] = .ints([0, 0, 0, 0])
    node[prefix + "_weights"] = .floats([1, 2, 4, 0.25])
    if prefix == "class" {
      node["classlabels_int64s"] = .ints([0, 1])
    } else {
      node["n_targets"] = .int(1)
    }
    model.graph.node = [node]
  }

  /// The same trees as `TreeEnsemble` of version 5.
  static var version5: ONNXFile {
    var file = ONNXFile()
    file.model.opsetImport[0].version = 5
    var node = ONNXNode.with {
      $0.opType = "TreeEnsemble"
      $0.domain = "ai.onnx.ml"
      $0.input = ["X"]
      $0.output = ["Y"]
    }
    node["tree_roots"] = .ints([0, 2])
    node["nodes_featureids"] = .ints([0, 1, 0])
    node["nodes_modes"] = .tensor(.bytes([0, 1, 0]))
    node["nodes_splits"] = .tensor(.floats([0.5, 2, 0]))
    node["nodes_truenodeids"] = .ints([1, 0, 3])
    node["nodes_trueleafs"] = .ints([0, 1, 1])
    node["nodes_falsenodeids"] = .ints([2, 1, 3])
    node["nodes_falseleafs"] = .ints([1, 1, 1])
    node["leaf_targetids"] = .ints([0, 0, 0, 0])
    node["leaf_weights"] = .tensor(.floats([1, 2, 4, 0.25]))
    node["n_targets"] = .int(1)
    file.model.graph.node = [node]
    return file
  }

  /// The tree operator's attributes.
  subscript(_ name: String) -> ONNXAttribute? {
    get { model.graph.node[0][name] }
    set { model.graph.node[0][name] = newValue }
  }

  var bytes: [UInt8] {
    get throws { try model.serializedBytes() }
  }

  func forest() throws -> Forest { try ModelReading.forest(bytes: bytes, name: "model.onnx", format: .onnx) }
}

extension ONNXNode {
  subscript(_ name: String) -> ONNXAttribute? {
    get { attribute.first { $0.name == name } }
    set {
      attribute.removeAll { $0.name == name }
      if var value = newValue {
        value.name = name
        attribute.append(value)
      }
    }
  }
}

extension ONNXAttribute {
  static func int(_ value: Int64) -> Self { .with { $0.type = 2; $0.i = value } }
  static func ints(_ values: [Int64]) -> Self { .with { $0.type = 7; $0.ints = values } }
  static func floats(_ values: [Float]) -> Self { .with { $0.type = 6; $0.floats = values } }
  static func string(_ value: String) -> Self { .with { $0.type = 3; $0.s = .init(value.utf8) } }
  static func strings(_ values: [String]) -> Self { .with { $0.type = 8; $0.strings = values.map { .init($0.utf8) } } }
  static func tensor(_ value: ONNXTensor) -> Self { .with { $0.type = 4; $0.t = value } }
}

extension ONNXTensor {
  static func floats(_ values: [Float]) -> Self { .with { $0.dataType = 1; $0.dims = [Int64(values.count)]; $0.floatData = values } }
  static func doubles(_ values: [Double]) -> Self { .with { $0.dataType = 11; $0.dims = [Int64(values.count)]; $0.doubleData = values } }
  static func bytes(_ values: [UInt8]) -> Self { .with { $0.dataType = 2; $0.dims = [Int64(values.count)]; $0.rawData = .init(values) } }
}

extension ONNXValueInfo {
  static func tensor(_ name: String, _ element: Int32, columns: Int64) -> Self {
    .with {
      $0.name = name
      $0.type.tensorType.elemType = element
      $0.type.tensorType.shape.dim = [.with { $0.dimParam = "N" }, .with { $0.dimValue = columns }]
    }
  }
}
