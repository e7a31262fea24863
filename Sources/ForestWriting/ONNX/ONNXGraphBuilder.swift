#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ForestIR
import ONNXProto
import SwiftProtobuf

/// Builds an ONNX graph node by node. Names count upwards, so that the same calls give the same bytes.
struct ONNXGraphBuilder {
  /// A tensor of the graph: rows × columns, of one row if it is constant.
  struct Tensor {
    let name: String
    let isConstant: Bool
    /// Whether a runtime's own approximation went into it, so that its last bits are not ours.
    var isInexact = false
  }

  private(set) var graph = ONNXGraph()
  private var count = 0
  private var constants: [ONNXTensor: String] = [:]

  /// Element types by their number in the standard.
  static func elementType(_ width: Width) -> Int32 { width == .float32 ? 1 : 11 }

  private mutating func newName(_ prefix: String) -> String {
    count += 1
    return "\(prefix)\(count)"
  }

  /// Appends a node with one result.
  mutating func node(
    _ operatorName: String, _ inputs: [Tensor], _ attributes: [ONNXAttribute] = [], domain: String = "", result: String? = nil
  ) -> Tensor {
    let name = result ?? newName("t")
    graph.node.append(
      .with {
        $0.opType = operatorName
        if !domain.isEmpty { $0.domain = domain }
        $0.input = inputs.map(\.name)
        $0.output = [name]
        $0.attribute = attributes
      })
    return Tensor(name: name, isConstant: inputs.allSatisfy(\.isConstant), isInexact: inputs.contains(where: \.isInexact))
  }

  // MARK: Constants

  private mutating func constant(_ tensor: ONNXTensor) -> Tensor {
    if let name = constants[tensor] { return Tensor(name: name, isConstant: true) }
    let name = newName("c")
    constants[tensor] = name
    var named = tensor
    named.name = name
    graph.initializer.append(named)
    return Tensor(name: name, isConstant: true)
  }

  /// Numbers in rows of equal length.
  mutating func constant(_ numbers: [Double], rows: Int = 1, _ width: Width) -> Tensor {
    constant(.numbers(numbers, dimensions: [rows, numbers.count / rows], width))
  }

  /// A list of whole numbers: positions, axes, shapes.
  mutating func integers(_ numbers: [Int]) -> Tensor {
    constant(
      .with {
        $0.dataType = 7
        $0.dims = [Int64(numbers.count)]
        $0.int64Data = numbers.map { Int64($0) }
      })
  }

  /// An axis, as a tensor of no dimensions.
  mutating func axis(_ axis: Int) -> Tensor {
    constant(
      .with {
        $0.dataType = 7
        $0.int64Data = [Int64(axis)]
      })
  }

  // MARK: Small steps

  mutating func cast(_ tensor: Tensor, to type: Int32) -> Tensor { node("Cast", [tensor], [.integer("to", Int64(type))]) }

  /// Columns by position.
  mutating func columns(_ tensor: Tensor, _ positions: [Int]) -> Tensor {
    node("Gather", [tensor, integers(positions)], [.integer("axis", 1)])
  }

  /// The first where the condition holds, else the second.
  mutating func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor { node("Where", [condition, a, b]) }

  /// As many rows as there are events, of a tensor that may be constant.
  mutating func expanded(_ tensor: Tensor, columns: Int, _ input: Tensor) -> Tensor {
    guard tensor.isConstant else { return tensor }
    let rows = node("Gather", [node("Shape", [input]), integers([0])], [.integer("axis", 0)])
    let shape = node("Concat", [rows, integers([columns])], [.integer("axis", 0)])
    let wide = node("Expand", [tensor, shape])
    return Tensor(name: wide.name, isConstant: false, isInexact: tensor.isInexact)
  }

  mutating func finish(name: String, description: String, inputs: [ONNXValueInfo], outputs: [ONNXValueInfo]) -> ONNXGraph {
    graph.name = name
    graph.docString = description
    graph.input = inputs
    graph.output = outputs
    return graph
  }
}

extension ONNXAttribute {
  static func integer(_ name: String, _ value: Int64) -> Self { .with { $0.name = name; $0.type = 2; $0.i = value } }
  static func integers(_ name: String, _ values: [Int]) -> Self {
    .with { $0.name = name; $0.type = 7; $0.ints = values.map { Int64($0) } }
  }
  static func numbers(_ name: String, _ values: [Double]) -> Self {
    .with { $0.name = name; $0.type = 6; $0.floats = values.map { Float($0) } }
  }
  static func text(_ name: String, _ value: String) -> Self {
    .with { $0.name = name; $0.type = 3; $0.s = Data(value.utf8) }
  }
  static func texts(_ name: String, _ values: [String]) -> Self {
    .with { $0.name = name; $0.type = 8; $0.strings = values.map { Data($0.utf8) } }
  }
  static func tensor(_ name: String, _ value: ONNXTensor) -> Self { .with { $0.name = name; $0.type = 4; $0.t = value } }
}

extension ONNXTensor {
  static func numbers(_ numbers: [Double], dimensions: [Int]? = nil, _ width: Width) -> Self {
    .with {
      $0.dataType = ONNXGraphBuilder.elementType(width)
      $0.dims = (dimensions ?? [numbers.count]).map { Int64($0) }
      if width == .float32 { $0.floatData = numbers.map { Float($0) } } else { $0.doubleData = numbers }
    }
  }
  static func bytes(_ values: [UInt8]) -> Self {
    .with {
      $0.dataType = 2
      $0.dims = [Int64(values.count)]
      $0.rawData = Data(values)
    }
  }
}

extension ONNXValueInfo {
  static func tensor(_ name: String, _ width: Width, columns: Int, description: String) -> Self {
    .with {
      $0.name = name
      $0.docString = description
      $0.type.tensorType.elemType = ONNXGraphBuilder.elementType(width)
      $0.type.tensorType.shape.dim = [.with { $0.dimParam = "N" }, .with { $0.dimValue = Int64(columns) }]
    }
  }
}
