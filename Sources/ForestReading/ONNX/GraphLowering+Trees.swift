import ForestIR

/// The three tree operators.
extension GraphLowering {
  func regressor(_ node: inout OperatorAttributes) throws(ReadError) -> [GraphValue] {
    let (features, numbers) = try treeInput(&node, takesIntegers: false)
    let count = try targetCount(&node)
    let tables = try TreeTables(prefix: "target", targetCount: count, &node, numbers)
    let name = try node.text("aggregate_function", default: "SUM")
    guard let aggregate = EnsembleLowering.Aggregate(rawValue: name) else {
      throw node.fault(.unsupported, "aggregate_function", "the fold \"\(JSONCursor.clipped(name))\" is not known")
    }
    let lowering = EnsembleLowering(
      assembly: try assembly(tables, count, features, node), aggregate: aggregate, baseValues: try baseValues(&node, numbers),
      transform: try transform(&node), width: numbers.width, outputWidth: .float32, path: node.path, context: context)
    let result = try lower(node) { builder throws(ForestFault) in try lowering.lower(features.value, &builder) }
    trees = (result, numbers.width, tables.trees.count, "\(node.operatorName), \(aggregate.rawValue)")
    return [.tensor(GraphTensor(value: result.scores, count: count, element: .float))]
  }

  func ensemble(_ node: inout OperatorAttributes) throws(ReadError) -> [GraphValue] {
    guard treeVersion >= 5 else { throw node.fault(.unsupported, "", "TreeEnsemble came with version 5 of ai.onnx.ml") }
    let (features, numbers) = try treeInput(&node, takesIntegers: false)
    let count = try targetCount(&node)
    let tables = try TreeTables(version5: &node, targetCount: count, numbers)
    let code = try node.integer("aggregate_function", default: 1)
    let aggregates: [EnsembleLowering.Aggregate] = [.average, .sum, .minimum, .maximum]
    guard let index = Int(exactly: code), aggregates.indices.contains(index) else {
      throw node.fault(.unsupported, "aggregate_function", "the fold \(code) is not known")
    }
    let transform = try node.integer("post_transform", default: 0)
    guard transform == 0 else {
      throw node.fault(
        .unsupported, "post_transform", "post_transform \(transform): runtimes differ in what it means in version 5",
        hint: "write 0, and a Sigmoid or Softmax node behind the trees")
    }
    let lowering = EnsembleLowering(
      assembly: try assembly(tables, count, features, node), aggregate: aggregates[index], baseValues: [], transform: .none,
      width: numbers.width, outputWidth: numbers.width, path: node.path, context: context)
    let result = try lower(node) { builder throws(ForestFault) in try lowering.lower(features.value, &builder) }
    trees = (result, numbers.width, tables.trees.count, "TreeEnsemble, \(aggregates[index].rawValue)")
    return [.tensor(GraphTensor(value: result.scores, count: count, element: features.element))]
  }

  func classifier(_ node: inout OperatorAttributes) throws(ReadError) -> [GraphValue] {
    let (features, numbers) = try treeInput(&node, takesIntegers: true)
    let integers = try node.integers("classlabels_int64s") ?? []
    let texts = try node.texts("classlabels_strings") ?? []
    guard integers.isEmpty != texts.isEmpty else {
      throw node.fault(.inconsistent, "classlabels_int64s", "class labels must be integers or texts, either the one or the other")
    }
    let count = integers.count + texts.count
    guard (2...Self.targetLimit).contains(count) else {
      throw node.fault(.unsupported, "classlabels_int64s", "a classifier with \(count) classes")
    }
    for label in integers where abs(Double(label)) > 0x1p53 {
      throw node.fault(.outOfRange, "classlabels_int64s", "the label \(label) has more than 53 bits")
    }
    let tables = try TreeTables(prefix: "class", targetCount: count, &node, numbers)
    let baseValues = try baseValues(&node, numbers)
    guard baseValues.isEmpty || baseValues.count == count || (count == 2 && baseValues.count == 1) else {
      throw node.fault(.inconsistent, "base_values", "\(baseValues.count) base values for \(count) classes")
    }
    let transform = try transform(&node)
    let lowering = ClassifierLowering(
      assembly: try assembly(tables, count, features, node), baseValues: baseValues, transform: transform,
      labels: texts.isEmpty ? integers.map(Double.init) : (0..<count).map(Double.init), width: numbers.width)
    let result = try lower(node) { builder throws(ForestFault) in try lowering.lower(features.value, &builder) }
    trees = (result.trees, numbers.width, tables.trees.count, "TreeEnsembleClassifier, \(count) classes, \(transform.rawValue)")
    return [
      texts.isEmpty ? .tensor(GraphTensor(value: result.label, count: 1, element: .integer, rank: 1)) : .texts,
      .tensor(GraphTensor(value: result.trees.scores, count: count, element: .float)),
    ]
  }

  // MARK: What they have in common

  /// More targets or classes than this are refused.
  private static let targetLimit = 1 << 20

  private func treeInput(
    _ node: inout OperatorAttributes, takesIntegers: Bool
  ) throws(ReadError) -> (features: GraphTensor, numbers: NumberColumns) {
    guard trees == nil else {
      throw node.fault(.unsupported, "", "a second tree operator; models with one are read", hint: "write the whole forest as one operator")
    }
    guard node.inputs.count == 1 else { throw node.fault(.inconsistent, "", "a tree operator has one input, not \(node.inputs.count)") }
    var features = try tensor(0, node)
    guard features.rank == 2 else { throw node.fault(.inconsistent, "", "the trees read a tensor of one dimension") }
    if features.element == .integer {
      guard takesIntegers else {
        throw node.fault(.unsupported, "", "\(node.operatorName) reads integers, which no runtime computes", hint: "put a Cast to float before it")
      }
      features.value = try add(.convert(features.value, to: .float32), node)
      features.element = .float
    }
    return (features, NumberColumns(width: features.width, takesTensors: treeVersion >= 3))
  }

  private func targetCount(_ node: inout OperatorAttributes) throws(ReadError) -> Int {
    let count = try node.integer("n_targets")
    guard (1...Int64(Self.targetLimit)).contains(count) else { throw node.fault(.outOfRange, "n_targets", "\(count) targets") }
    return Int(count)
  }

  private func assembly(
    _ tables: TreeTables, _ count: Int, _ features: GraphTensor, _ node: OperatorAttributes
  ) throws(ReadError) -> TreeAssembly {
    guard tables.featureCount <= features.count else {
      throw node.fault(.outOfRange, "nodes_featureids", "the trees ask for feature \(tables.featureCount - 1) of \(features.count)")
    }
    return TreeAssembly(tables, targetCount: count, featureCount: features.count)
  }

  private func baseValues(_ node: inout OperatorAttributes, _ numbers: NumberColumns) throws(ReadError) -> [Double] {
    let values = try numbers.column("base_values", &node) ?? []
    guard values.allSatisfy(\.isFinite) else { throw node.fault(.notFinite, "base_values", "a base value is not finite") }
    return values
  }

  private func transform(_ node: inout OperatorAttributes) throws(ReadError) -> ScoreTransform {
    let name = try node.text("post_transform", default: "NONE")
    guard let transform = ScoreTransform(rawValue: name) else {
      throw node.fault(.unsupported, "post_transform", "the transform \"\(JSONCursor.clipped(name))\" is not known")
    }
    guard transform != .probit else {
      throw node.fault(.unsupported, "post_transform", "PROBIT: its last bits are not known, and runtimes leave a column unset")
    }
    return transform
  }
}
