#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ForestIR
import ForestReading
import ForestTesting
import ONNXProto
import SwiftProtobuf
import Testing

/// What no runtime should accept is refused, with the place and the reason.
@Suite struct ONNXRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ReadError.Code
    let file: ONNXFile

    init(_ what: String, _ code: ReadError.Code, _ file: ONNXFile = ONNXFile(), _ change: (inout ONNXFile) -> Void) {
      testDescription = what
      self.code = code
      var file = file
      change(&file)
      self.file = file
    }
  }

  /// The files that the cases change are good ones.
  @Test func unchanged() throws {
    for file in [ONNXFile(), .version5] {
      let forest = try file.forest()
      #expect(score(forest, [0.5, 2, 0]) == [2.25])
      #expect(score(forest, [.nan, 2, 0]) == [4.25])
    }
    let classifier = try Self.classifier.forest()
    #expect(score(classifier, [0.5, 1, 0]) == [1, -0.25, 1.25])
  }

  static let classifier = ONNXFile("TreeEnsembleClassifier")

  static let cases: [Case] = [
    // Tables
    Case("tables of unequal length", .inconsistent) { $0["nodes_values"] = .floats([0.5, 2]) },
    Case("features of unequal length", .inconsistent) { $0["nodes_featureids"] = .ints([0]) },
    Case("weights of unequal length", .inconsistent) { $0["target_ids"] = .ints([0]) },
    Case("missing table", .missing) { $0["nodes_modes"] = nil },
    Case("missing weights", .missing) { $0["target_weights"] = nil },
    Case("both forms", .duplicate) { $0["nodes_values_as_tensor"] = .tensor(.floats([0.5, 2, 0, 0, 0, 0])) },
    Case("tensor of doubles for floats", .inconsistent) {
      $0["nodes_values"] = nil
      $0["nodes_values_as_tensor"] = .tensor(.doubles([0.5, 2, 0, 0, 0, 0]))
    },
    Case("tensor of two dimensions", .inconsistent) {
      $0["nodes_values"] = nil
      var tensor = ONNXTensor.floats([0.5, 2, 0, 0, 0, 0])
      tensor.dims = [2, 3]
      $0["nodes_values_as_tensor"] = .tensor(tensor)
    },
    Case("tensor of fewer numbers than its dimensions say", .inconsistent) {
      $0["nodes_values"] = nil
      var tensor = ONNXTensor.floats([0.5, 2, 0])
      tensor.dims = [6]
      $0["nodes_values_as_tensor"] = .tensor(tensor)
    },
    Case("dimensions that overflow", .outOfRange) {
      $0["nodes_values"] = nil
      var tensor = ONNXTensor.floats([])
      tensor.dims = [1 << 40, 1 << 40]
      $0["nodes_values_as_tensor"] = .tensor(tensor)
    },
    Case("tensors in version 1", .unexpected) {
      $0.model.opsetImport[0].version = 1
      $0["nodes_values"] = nil
      $0["nodes_values_as_tensor"] = .tensor(.floats([0.5, 2, 0, 0, 0, 0]))
    },
    Case("external data", .unsupported) {
      $0["nodes_values"] = nil
      var tensor = ONNXTensor.floats([0.5, 2, 0, 0, 0, 0])
      tensor.dataLocation = 1
      tensor.externalData = [.with { $0.key = "location"; $0.value = "../secret" }]
      $0["nodes_values_as_tensor"] = .tensor(tensor)
    },
    Case("attribute of the wrong kind", .malformed) { $0["nodes_treeids"] = .floats([0, 0, 0, 0, 0, 1]) },
    Case("unknown attribute", .unsupported) { $0["nodes_colour"] = .int(1) },

    // Trees
    Case("node id twice", .duplicate) { $0["nodes_nodeids"] = .ints([0, 1, 2, 3, 3, 0]) },
    Case("tree that comes back", .duplicate) { $0["nodes_treeids"] = .ints([0, 0, 0, 1, 0, 1]) },
    Case("child that is not there", .outOfRange) { $0["nodes_truenodeids"] = .ints([9, 2, 0, 0, 0, 0]) },
    Case("child of itself", .inconsistent) { $0["nodes_truenodeids"] = .ints([0, 2, 0, 0, 0, 0]) },
    Case("shared child", .inconsistent) { $0["nodes_truenodeids"] = .ints([4, 2, 0, 0, 0, 0]) },
    Case("cycle", .inconsistent) { $0["nodes_truenodeids"] = .ints([1, 0, 0, 0, 0, 0]) },
    Case("node out of reach", .inconsistent) { $0["nodes_modes"] = .strings(["LEAF", "LEAF", "LEAF", "LEAF", "LEAF", "LEAF"]) },
    Case("leaf without a weight", .missing) {
      for name in ["target_treeids", "target_nodeids", "target_ids"] { $0[name] = .ints([0]) }
      $0["target_nodeids"] = .ints([2])
      $0["target_weights"] = .floats([1])
    },
    Case("weight of no node", .inconsistent) { $0["target_nodeids"] = .ints([2, 3, 7, 0]) },
    Case("weight of no tree", .inconsistent) { $0["target_treeids"] = .ints([0, 0, 0, 5]) },
    Case("target out of range", .outOfRange) { $0["target_ids"] = .ints([0, 0, 1, 0]) },
    Case("negative target", .outOfRange) { $0["target_ids"] = .ints([0, 0, -1, 0]) },
    Case("two weights for a single target", .inconsistent) { $0["target_nodeids"] = .ints([2, 3, 4, 0]); $0.doubleWeight() },
    Case("NaN weight", .notFinite) { $0["target_weights"] = .floats([1, .nan, 4, 0]) },
    Case("NaN threshold", .notFinite) { $0["nodes_values"] = .floats([.nan, 2, 0, 0, 0, 0]) },
    Case("unknown mode", .unsupported) { $0["nodes_modes"] = .strings(["BRANCH_LEQ", "BRANCH_MEMBER", "LEAF", "LEAF", "LEAF", "LEAF"]) },
    Case("feature beyond the input", .outOfRange) { $0["nodes_featureids"] = .ints([0, 3, 0, 0, 0, 0]) },
    Case("negative feature", .outOfRange) { $0["nodes_featureids"] = .ints([-1, 1, 0, 0, 0, 0]) },
    Case("missing goes half way", .outOfRange) { $0["nodes_missing_value_tracks_true"] = .ints([2, 0, 0, 0, 0, 0]) },

    // Folds and transforms
    Case("unknown fold", .unsupported) { $0["aggregate_function"] = .string("MEDIAN") },
    Case("unknown transform", .unsupported) { $0["post_transform"] = .string("RELU") },
    Case("PROBIT", .unsupported) { $0["post_transform"] = .string("PROBIT") },
    Case("no targets", .outOfRange) { $0["n_targets"] = .int(0) },
    Case("too many targets", .outOfRange) { $0["n_targets"] = .int(1 << 40) },
    Case("n_targets missing", .missing) { $0["n_targets"] = nil },
    Case("NaN base value", .notFinite) { $0["base_values"] = .floats([.nan]) },
    Case("both kinds of labels", .inconsistent, classifier) { $0["classlabels_strings"] = .strings(["a", "b"]) },
    Case("no labels", .inconsistent, classifier) { $0["classlabels_int64s"] = nil },
    Case("one class", .unsupported, classifier) { $0["classlabels_int64s"] = .ints([0]) },
    Case("three base values for two classes", .inconsistent, classifier) { $0["base_values"] = .floats([1, 2, 3]) },
    Case("second column unset", .inconsistent, classifier) { $0["class_ids"] = .ints([0, 1, 0, 0]) },

    // Version 5
    Case("root out of range", .outOfRange, .version5) { $0["tree_roots"] = .ints([3]) },
    Case("node out of range", .outOfRange, .version5) { $0["nodes_truenodeids"] = .ints([5, 0, 3]) },
    Case("leaf out of range", .outOfRange, .version5) { $0["nodes_falsenodeids"] = .ints([4, 1, 3]) },
    Case("negative leaf", .outOfRange, .version5) { $0["nodes_falsenodeids"] = .ints([-1, 1, 3]) },
    Case("shared node", .inconsistent, .version5) { $0["tree_roots"] = .ints([0, 0]) },
    Case("fewer sets than nodes", .inconsistent, .version5) { $0["nodes_modes"] = .tensor(.bytes([6, 1, 0])) },
    Case("more sets than nodes", .inconsistent, .version5) { $0["membership_values"] = .tensor(.floats([1, .nan])) },
    Case("set of fractions", .unsupported, .version5) {
      $0["nodes_modes"] = .tensor(.bytes([6, 1, 0]))
      $0["membership_values"] = .tensor(.floats([1.5, .nan]))
    },
    Case("mode of no meaning", .unsupported, .version5) { $0["nodes_modes"] = .tensor(.bytes([7, 1, 0])) },
    Case("modes that are no bytes", .inconsistent, .version5) { $0["nodes_modes"] = .tensor(.floats([0, 1, 0])) },
    Case("transform of two meanings", .unsupported, .version5) { $0["post_transform"] = .int(1) },
    Case("fold of no meaning", .unsupported, .version5) { $0["aggregate_function"] = .int(4) },
    Case("version 5 in version 3", .unsupported, .version5) { $0.model.opsetImport[0].version = 3 },

    // Graph
    Case("version 6", .unsupported) { $0.model.opsetImport[0].version = 6 },
    Case("no trees imported", .unsupported) { $0.model.opsetImport.removeFirst() },
    Case("two versions", .duplicate) { $0.model.opsetImport.append(.with { $0.domain = "ai.onnx.ml"; $0.version = 1 }) },
    Case("two tree operators", .unsupported) {
      $0.model.graph.node.append($0.model.graph.node[0])
      $0.model.graph.node[1].output = ["Z"]
    },
    Case("unknown domain", .unsupported) { $0.model.graph.node[0].domain = "com.microsoft" },
    Case("no tree operator", .unsupported) {
      $0.model.graph.node = [.with { $0.opType = "Identity"; $0.input = ["X"]; $0.output = ["Y"] }]
    },
    Case("unknown operator", .unsupported) { $0.follow("Erf", ["Y"]) },
    Case("tensor of no origin", .inconsistent) { $0.model.graph.node[0].input = ["Z"] },
    Case("tensor of two origins", .duplicate) { $0.model.graph.node[0].output = ["X"] },
    Case("output of no origin", .inconsistent) { $0.model.graph.output[0].name = "Q" },
    Case("input of texts", .unsupported) { $0.model.graph.input[0].type.tensorType.elemType = 8 },
    Case("input of three dimensions", .unsupported) { $0.model.graph.input[0].type.tensorType.shape.dim.append(.init()) },
    Case("input of too many features", .outOfRange) { $0.model.graph.input[0].type.tensorType.shape.dim[1].dimValue = 1 << 50 },
    Case("integers for a regressor", .unsupported) { $0.model.graph.input[0].type.tensorType.elemType = 7 },
    Case("no graph", .missing) { $0.model.clearGraph() },
    Case("functions", .unsupported) { $0.model.functions = [.init()] },
  ]

  @Test(arguments: cases) func refused(_ example: Case) throws {
    let error = #expect(throws: ReadError.self) { try example.file.forest() }
    #expect(error?.code == example.code, "\(String(describing: error))")
  }
}

extension ONNXFile {
  /// Gives leaf 2 a second weight.
  mutating func doubleWeight() {
    self["target_treeids"] = .ints([0, 0, 0, 1, 0])
    self["target_nodeids"] = .ints([2, 3, 4, 0, 2])
    self["target_ids"] = .ints([0, 0, 0, 0, 0])
    self["target_weights"] = .floats([1, 2, 4, 0.25, 8])
  }

  /// Puts a node behind the trees; the graph's output becomes its result.
  mutating func follow(_ name: String, _ inputs: [String], domain: String = "", _ change: (inout ONNXNode) -> Void = { _ in }) {
    var node = ONNXNode.with {
      $0.opType = name
      $0.domain = domain
      $0.input = inputs
      $0.output = ["after"]
    }
    change(&node)
    model.graph.node.append(node)
    model.graph.output[0].name = "after"
  }
}
