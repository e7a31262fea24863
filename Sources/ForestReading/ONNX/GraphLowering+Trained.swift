import ForestIR

/// The other operators of `ai.onnx.ml` that stand around forests.
extension GraphLowering {
  func trainedStep(_ name: String, _ node: inout OperatorAttributes) throws(ReadError) -> GraphValue {
    switch name {
    case "ZipMap":
      // The same numbers under names; a table of scores has columns.
      node.ignore("classlabels_int64s", "classlabels_strings")
      return .tensor(try tensor(0, node))
    case "Scaler": return .tensor(try scaler(&node))
    case "Normalizer": return .tensor(try normalizer(&node))
    case "Imputer": return .tensor(try imputer(&node))
    case "ArrayFeatureExtractor": return try extractor(node)
    default:
      throw node.fault(
        .unsupported, "", "the operator \(JSONCursor.clipped(name)) is not read", hint: ONNXDescription.operatorsHint)
    }
  }

  /// `(x − offset) · scale`, in the input's width; the result is float32.
  private func scaler(_ node: inout OperatorAttributes) throws(ReadError) -> GraphTensor {
    let tensor = try tensor(0, node)
    let offset = try node.numbers("offset"), scale = try node.numbers("scale")
    guard let offset, let scale, offset.count == scale.count, offset.count == 1 || offset.count == tensor.count else {
      throw node.fault(.inconsistent, "offset", "offset and scale must be as many as features, or one each")
    }
    let width: Width = tensor.element == .double ? .float64 : .float32
    let value = try lower(node) { builder throws(ForestFault) in
      let x = try builder.add(.convert(tensor.value, to: width))
      let shifted = try builder.add(.binary(.subtract, x, builder.add(.constant(Vector(offset.map(Double.init)), width))))
      let scaled = try builder.add(.binary(.multiply, shifted, builder.add(.constant(Vector(scale.map(Double.init)), width))))
      return try builder.add(.convert(scaled, to: .float32))
    }
    return GraphTensor(value: value, count: tensor.count, element: .float)
  }

  /// Each row divided by its largest element, its sum of sizes or its length, in float32; a row of nothing stays.
  private func normalizer(_ node: inout OperatorAttributes) throws(ReadError) -> GraphTensor {
    let tensor = try tensor(0, node)
    let norm = try node.text("norm", default: "MAX")
    guard tensor.rank == 2, ["MAX", "L1", "L2"].contains(norm) else {
      throw node.fault(.unsupported, "norm", "the norm \"\(JSONCursor.clipped(norm))\" is not known")
    }
    guard tensor.element == .float else { throw node.fault(.unsupported, "", "Normalizer of anything but float32") }
    let value = try lower(node) { builder throws(ForestFault) in
      let x = tensor.value
      let zero = try builder.add(.constant([0], .float32))
      func total(_ elements: Value) throws(ForestFault) -> Value { try builder.add(.reduce(.sum, elements, count: 1)) }
      switch norm {
      case "MAX":
        // A NaN in front is passed over too.
        let lowest = try builder.add(.constant([-Double(Float.greatestFiniteMagnitude)], .float32))
        let largest = try builder.add(.reduce(.maximum, builder.add(.concatenate([lowest, x])), count: 1))
        let isNothing = try builder.add(.compare(.equal, largest, zero))
        return try builder.add(.select(isNothing, x, builder.add(.binary(.divide, x, largest))))
      case "L1":
        let sum = try total(builder.add(.unary(.absolute, x)))
        let isNothing = try builder.add(.compare(.equal, sum, zero))
        return try builder.add(.select(isNothing, x, builder.add(.binary(.divide, x, sum))))
      default:
        let squares = try builder.add(.binary(.multiply, x, x))
        let sum = try total(squares)
        let isNothing = try builder.add(.compare(.equal, sum, zero))
        let size = try builder.add(.unary(.squareRoot, builder.add(.binary(.divide, squares, sum))))
        let isNegative = try builder.add(.compare(.less, x, zero))
        let signed = try builder.add(.select(isNegative, builder.add(.unary(.negate, size)), size))
        return try builder.add(.select(isNothing, x, signed))
      }
    }
    return GraphTensor(value: value, count: tensor.count, element: .float)
  }

  /// One value (often NaN) is replaced, feature by feature.
  private func imputer(_ node: inout OperatorAttributes) throws(ReadError) -> GraphTensor {
    let tensor = try tensor(0, node)
    let values = try node.numbers("imputed_value_floats") ?? []
    let replaced = try node.number("replaced_value_float", default: 0)
    guard tensor.element == .float, values.count == 1 || values.count == tensor.count else {
      throw node.fault(.unsupported, "imputed_value_floats", "an Imputer of anything but float32, with one value for each feature or for all")
    }
    let value = try lower(node) { builder throws(ForestFault) in
      let isReplaced =
        replaced.isNaN
        ? try builder.add(.isNaN(tensor.value))
        : try builder.add(.compare(.equal, tensor.value, builder.add(.constant([Double(replaced)], .float32))))
      return try builder.add(
        .select(isReplaced, builder.add(.constant(Vector(values.map(Double.init)), .float32)), tensor.value))
    }
    return GraphTensor(value: value, count: tensor.count, element: .float)
  }

  /// Columns by position; or an entry of a table of labels, by an index that the model computes.
  private func extractor(_ node: OperatorAttributes) throws(ReadError) -> GraphValue {
    switch (try operand(0, node), try operand(1, node)) {
    case (.tensor(let tensor), .constant(let positions)):
      return .tensor(try columns(tensor, positions.numbers.map { Int(exactly: $0) ?? -1 }, node))
    case (.constant(let table), .tensor(let index)):
      guard index.count == 1, index.element == .integer, table.numbers.count == table.dimensions.last,
        !table.numbers.contains(where: \.isNaN)
      else { throw node.fault(.unsupported, "", "a table with more than one row") }
      let value = try lower(node) { builder throws(ForestFault) in
        try ClassifierLowering.pick(table.numbers, index.value, &builder)
      }
      let element: GraphTensor.Element =
        switch table.element {
        case .float: .float
        case .double: .double
        default: .integer
        }
      let converted = try add(.convert(value, to: element == .float ? .float32 : .float64), node)
      return .tensor(GraphTensor(value: converted, count: 1, element: element, rank: 1))
    case (.texts, .tensor): return .texts
    default: throw node.fault(.unsupported, "", "ArrayFeatureExtractor of anything but columns or labels")
    }
  }
}
