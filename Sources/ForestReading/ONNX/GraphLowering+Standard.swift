import ForestIR

/// The operators of the standard domain that stand around forests.
extension GraphLowering {
  func standardStep(_ name: String, _ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    switch name {
    case "Identity": return try operand(0, node)
    case "Constant": return try constantNode(&node)
    case "Cast": return try cast(&node)
    case "Add": return try arithmetic(.add, node)
    case "Sub": return try arithmetic(.subtract, node)
    case "Mul": return try arithmetic(.multiply, node)
    case "Div": return try arithmetic(.divide, node)
    case "Sum": return try sum(node)
    case "Neg": return try function(.negate, node)
    case "Abs": return try function(.absolute, node)
    case "Sqrt": return try function(.squareRoot, node)
    case "Exp", "Sigmoid", "Softmax": return try exponential(name, &node)
    case "Reshape", "Flatten": return try reshape(name, &node)
    case "Concat": return try concatenation(&node)
    case "Gather": return try gather(&node)
    case "Slice": return try slice(&node)
    case "ArgMax": return try indexOfMaximum(&node)
    default:
      if let result = try truthStep(name, node) { return result }
      throw node.fault(
        .unsupported, "", "the operator \(JSONCursor.clipped(name)) is not read", hint: ONNXDescription.operatorsHint)
    }
  }

  private func constantNode(_ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    guard let tensor = try node.tensor("value") else { throw node.fault(.unsupported, "", "a constant that is no tensor") }
    return .constant(tensor)
  }

  private func cast(_ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    let type = try node.integer("to")
    node.ignore("saturate")
    if case .texts = try operand(0, node) {
      guard type == 8 else { throw node.fault(.unsupported, "to", "texts become numbers") }
      return .texts
    }
    var tensor = try tensor(0, node)
    switch type {
    case 1:
      tensor.value = try add(.convert(tensor.value, to: .float32), node)
      tensor.element = .float
    case 11:
      tensor.value = try add(.convert(tensor.value, to: .float64), node)
      tensor.element = .double
    case 7 where tensor.element == .integer: break
    case 8 where tensor.element == .integer:
      return .texts
    default: throw node.fault(.unsupported, "to", "a conversion to element type \(type) is not read")
    }
    return .tensor(tensor)
  }

  // MARK: Arithmetic, one rounding each

  private func arithmetic(_ function: BinaryFunction, _ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    guard node.inputs.count == 2 else { throw node.fault(.inconsistent, "", "the node has \(node.inputs.count) inputs") }
    return .tensor(try combine(function, operand(0, node), operand(1, node), node))
  }

  private func sum(_ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    guard !node.inputs.isEmpty else { throw node.fault(.inconsistent, "", "a sum of nothing") }
    var sum = try operand(0, node)
    for index in node.inputs.indices.dropFirst() { sum = .tensor(try combine(.add, sum, operand(index, node), node)) }
    return sum
  }

  private func combine(
    _ function: BinaryFunction, _ a: GraphValue, _ b: GraphValue, _ node: OperatorAttributes
  ) throws(ReadError) -> GraphTensor {
    let (left, right, shape) = try numbers(a, b, node)
    let value = try add(.binary(function, left, right), node)
    return GraphTensor(value: value, count: builder.shape(of: value).count, element: shape.element, rank: shape.rank)
  }

  /// Two operands, a constant of which is repeated for each row, and the tensor whose shape and element type both have.
  func numbers(
    _ first: Int, _ second: Int, _ node: OperatorAttributes
  ) throws(ReadError) -> (Value, Value, shape: GraphTensor) {
    try numbers(operand(first, node), operand(second, node), node)
  }

  private func numbers(
    _ a: GraphValue, _ b: GraphValue, _ node: OperatorAttributes
  ) throws(ReadError) -> (Value, Value, shape: GraphTensor) {
    let shape: GraphTensor
    switch (a, b) {
    case (.tensor(let a), .tensor(let b)):
      guard a.rank == b.rank, a.width == b.width, a.count == b.count || a.count == 1 || b.count == 1 else {
        throw node.fault(.unsupported, "", "tensors of different shapes or element types")
      }
      guard (a.element == .integer) == (b.element == .integer) else { throw node.fault(.inconsistent, "", "tensors of different element types") }
      shape = a.count >= b.count ? a : b
    case (.tensor(let a), .constant), (.constant, .tensor(let a)): shape = a
    default: throw node.fault(.unsupported, "", "arithmetic on constants or texts")
    }
    guard shape.element == .float || shape.element == .double else {
      throw node.fault(.unsupported, "", "arithmetic on integers or truth values")
    }
    return (try number(a, like: shape, node), try number(b, like: shape, node), shape)
  }

  /// A tensor's value, or a constant for each number of a row.
  private func number(_ value: GraphValue, like shape: GraphTensor, _ node: OperatorAttributes) throws(ReadError) -> Value {
    switch value {
    case .tensor(let tensor): return tensor.value
    case .texts: throw node.fault(.unsupported, "", "arithmetic on texts")
    case .constant(let constant):
      guard constant.element == (shape.element == .float ? .float : .double) else {
        throw node.fault(.inconsistent, "", "the constant's element type is not that of the other operand")
      }
      let size = constant.numbers.count
      let isRow = constant.dimensions.count <= shape.rank && constant.dimensions.dropLast().allSatisfy { $0 == 1 }
      guard isRow, size == 1 || (shape.rank == 2 && size == shape.count) || (shape.rank == 2 && shape.count == 1 && size > 1) else {
        throw node.fault(.unsupported, "", "a constant of \(size) numbers beside rows of \(shape.count)")
      }
      return try add(.constant(Vector(constant.numbers), shape.width), node)
    }
  }

  private func function(_ function: UnaryFunction, _ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    var tensor = try tensor(0, node)
    guard tensor.element != .integer else { throw node.fault(.unsupported, "", "arithmetic on integers") }
    tensor.value = try add(.unary(function, tensor.value), node)
    return .tensor(tensor)
  }

  /// Runtimes have their own exponentials for these, whose last bits depend on the machine's vector unit.
  private func exponential(_ name: String, _ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    var tensor = try tensor(0, node)
    guard tensor.element != .integer else { throw node.fault(.unsupported, "", "arithmetic on integers") }
    let axis = name == "Softmax" ? try node.integer("axis", default: standardVersion < 13 ? 1 : -1) : 1
    guard name != "Softmax" || (tensor.rank == 2 && (axis == 1 || axis == -1)) else {
      throw node.fault(.unsupported, "axis", "Softmax along another axis than that of the classes")
    }
    let (value, width) = (tensor.value, tensor.width)
    tensor.value = try lower(node) { builder throws(ForestFault) in
      switch name {
      case "Exp": try builder.add(.unary(.exponential, value))
      case "Sigmoid": try ScoreTransform.logistic(value, width, &builder)
      default: try ScoreTransform.softmax(value, width, &builder)
      }
    }
    context.remarks.note(
      .choice, "\(name) is computed with the C library's exp; onnxruntime approximates it on its own, so that the last bits of what follows "
        + "may differ; the sums over the trees do not", place: node.path)
    return .tensor(tensor)
  }

  private func indexOfMaximum(_ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    let tensor = try tensor(0, node)
    let axis = try node.integer("axis", default: 0), keeps = try node.integer("keepdims", default: 1)
    guard tensor.rank == 2, axis == 1 || axis == -1, try node.integer("select_last_index", default: 0) == 0 else {
      throw node.fault(.unsupported, "axis", "ArgMax along another axis than that of the classes, or of the last of equals")
    }
    let value = try add(.indexOfMaximum(tensor.value), node)
    return .tensor(GraphTensor(value: value, count: 1, element: .integer, rank: keeps == 0 ? 1 : 2))
  }
}
