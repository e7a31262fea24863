import ForestIR

/// Operators that move numbers without changing them.
extension GraphLowering {
  /// A new shape is read where a row stays a row: the same numbers, in two dimensions, or a single one in one dimension.
  func reshape(_ name: String, _ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    if case .texts = try operand(0, node) {
      node.ignore("allowzero")
      return .texts
    }
    var tensor = try tensor(0, node)
    if name == "Flatten" {
      guard try node.integer("axis", default: 1) == 1 else { throw node.fault(.unsupported, "axis", "Flatten along another axis than 1") }
      tensor.rank = 2
      return .tensor(tensor)
    }
    let shape: [Int64]
    if let old = try node.integers("shape") {
      shape = old
    } else {
      shape = try constant(1, node).numbers.map { Int64($0) }
    }
    guard try node.integer("allowzero", default: 0) == 0 else { throw node.fault(.unsupported, "allowzero", "a shape with empty dimensions") }
    switch shape {
    case [-1] where tensor.count == 1: tensor.rank = 1
    case [-1, Int64(tensor.count)], [0, Int64(tensor.count)]: tensor.rank = 2
    case [0, -1] where tensor.rank == 2: break
    default:
      let words = shape.prefix(8).map { "\($0)" }.joined(separator: ", ")
      throw node.fault(.unsupported, "", "rows of \(tensor.count) numbers are given the shape [\(words)]")
    }
    return .tensor(tensor)
  }

  func concatenation(_ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    let axis = try node.integer("axis")
    let tensors = try node.inputs.indices.map { index throws(ReadError) in try tensor(index, node) }
    guard axis == 1 || axis == -1, let first = tensors.first,
      tensors.allSatisfy({ $0.rank == 2 && $0.element == first.element })
    else { throw node.fault(.unsupported, "", "Concat of anything but columns of one element type") }
    let value = try add(.concatenate(tensors.map(\.value)), node)
    return .tensor(GraphTensor(value: value, count: builder.shape(of: value).count, element: first.element))
  }

  /// Some columns of a tensor, by position.
  func columns(_ tensor: GraphTensor, _ positions: [Int], _ node: OperatorAttributes) throws(ReadError) -> GraphTensor {
    guard !positions.isEmpty, positions.allSatisfy({ $0 >= 0 && $0 < tensor.count }) else {
      throw node.fault(.outOfRange, "", "columns are taken that rows of \(tensor.count) numbers do not have")
    }
    let value = try add(.gather(tensor.value, positions.map { Int32($0) }), node)
    return GraphTensor(value: value, count: positions.count, element: tensor.element)
  }

  func gather(_ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    let axis = try node.integer("axis", default: 0)
    let tensor = try tensor(0, node)
    let indices = try constant(1, node)
    guard axis == 1 || axis == -1, tensor.rank == 2, indices.dimensions.count == 1 else {
      throw node.fault(.unsupported, "axis", "Gather of anything but columns")
    }
    return .tensor(try columns(tensor, indices.numbers.map { position($0, in: tensor.count) }, node))
  }

  private func position(_ index: Double, in count: Int) -> Int {
    guard let index = Int(exactly: index) else { return -1 }
    return index < 0 ? index + count : index
  }

  func slice(_ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    let tensor = try tensor(0, node)
    func list(_ name: String, _ index: Int) throws(ReadError) -> [Double]? {
      if let old = try node.integers(name) { return old.map(Double.init) }
      guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
      return try constant(index, node).numbers
    }
    let starts = try list("starts", 1), ends = try list("ends", 2), axes = try list("axes", 3)
    let steps = try list("steps", 4) ?? [1]
    guard tensor.rank == 2, axes == [1] || axes == [-1], steps == [1], let start = starts?.first, starts?.count == 1, let end = ends?.first,
      ends?.count == 1
    else { throw node.fault(.unsupported, "", "Slice of anything but columns") }
    let size = Double(tensor.count)
    let first = min(max(start < 0 ? start + size : start, 0), size), last = min(max(end < 0 ? end + size : end, 0), size)
    guard first < last else { throw node.fault(.outOfRange, "", "a slice without columns") }
    return .tensor(try columns(tensor, Array(Int(first)..<Int(last)), node))
  }
}
