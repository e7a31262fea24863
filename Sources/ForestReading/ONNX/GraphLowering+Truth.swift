import ForestIR

/// Comparisons, and what is chosen by them.
extension GraphLowering {
  /// Nil if the operator is none of these.
  func truthStep(_ name: String, _ node: OperatorAttributes) throws(ReadError) -> GraphValue? {
    switch name {
    case "Less": return try comparison(.less, node)
    case "LessOrEqual": return try comparison(.lessOrEqual, node)
    case "Greater": return try comparison(.greater, node)
    case "GreaterOrEqual": return try comparison(.greaterOrEqual, node)
    case "Equal": return try comparison(.equal, node)
    case "IsNaN":
      let tensor = try tensor(0, node)
      return truth(try add(.isNaN(tensor.value), node), rank: tensor.rank)
    case "Not":
      let tensor = try truths(0, node)
      return truth(try add(.not(tensor.value), node), rank: tensor.rank)
    case "And", "Or":
      let a = try truths(0, node), b = try truths(1, node)
      guard a.rank == b.rank else { throw node.fault(.unsupported, "", "tensors of different shapes") }
      return truth(try add(name == "And" ? .and(a.value, b.value) : .or(a.value, b.value), node), rank: a.rank)
    case "Where": return try selection(node)
    default: return nil
    }
  }

  private func comparison(_ comparison: Comparison, _ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    let (left, right, shape) = try numbers(0, 1, node)
    return truth(try add(.compare(comparison, left, right), node), rank: shape.rank)
  }

  private func selection(_ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    let condition = try truths(0, node)
    let (left, right, shape) = try numbers(1, 2, node)
    guard condition.rank == shape.rank else { throw node.fault(.unsupported, "", "tensors of different shapes") }
    let value = try add(.select(condition.value, left, right), node)
    return .tensor(GraphTensor(value: value, count: builder.shape(of: value).count, element: shape.element, rank: shape.rank))
  }

  private func truths(_ index: Int, _ node: OperatorAttributes) throws(ReadError) -> GraphTensor {
    let tensor = try tensor(index, node)
    guard tensor.element == .truth else { throw node.fault(.inconsistent, "", "input \(index) holds no truth values") }
    return tensor
  }

  private func truth(_ value: Value, rank: Int) -> GraphValue {
    .tensor(GraphTensor(value: value, count: builder.shape(of: value).count, element: .truth, rank: rank))
  }
}
