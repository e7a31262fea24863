import CForestKernels
import ForestIR
import ForestRanking

/// The trees of a model that can be asked by ranks.
struct RankedTreesOfModel: Sendable {
  /// The step that asks them, and the vector that they read.
  let step: Int
  let features: Value
  let layout: RankedProgram.Layout
  /// The width of leaf values and sums.
  let width: Width
}

extension Model {
  /// The wide ranks of one event lie on the stack.
  private static let wideColumnLimit = 1024

  /// The model's trees laid out for ranks, if all of them are asked by one step of the model itself, and no column asks for more than
  /// ranks can say.
  ///
  /// - Parameter wide: whether ranks may have 16 bits if bytes are not enough.
  /// - Complexity: O(n log n) for n splits.
  func rankedTrees(wide: Bool) -> RankedTreesOfModel? {
    guard ensembles.count == 1 else { return nil }
    for (index, step) in steps.enumerated() {
      guard case .trees(let ensemble, let features) = step, case .number(let width) = shape(of: features).kind else { continue }
      if let ranked = RankedEnsemble(ensemble, featureWidth: width) {
        return RankedTreesOfModel(step: index, features: features, layout: .bytes(ranked), width: ranked.width)
      }
      guard wide, let ranked = WideEnsemble(ensemble, featureWidth: width), ranked.columns.count <= Model.wideColumnLimit else {
        return nil
      }
      return RankedTreesOfModel(step: index, features: features, layout: .wide(ranked), width: ranked.width)
    }
    return nil
  }
}

extension ProgramBuilder {
  /// Adds the routines that compute many events together: from inputs to features, and from sums on.
  func rankedProgram(
    _ trees: RankedTreesOfModel, in forest: Forest, root: (_ givenStep: Int?) -> ModelLowering
  ) -> RankedProgram {
    let model = forest.model, inputType = ScalarType(model.inputWidth)
    let featureType = model.scalarType(of: trees.features), sumType = ScalarType(trees.width)
    let featureCount = model.shape(of: trees.features).count

    var featuresEntry: String?
    if trees.features != .inputs {
      var lowering = root(nil)
      lowering.lower(elements: Array(0..<featureCount), of: trees.features) { position, expression in
        .assignElement(of: "out", at: .int(position), expression)
      }
      _ = claim("compute_features")
      featuresEntry = "compute_features"
      add(
        Routine(
          "compute_features", comment: "What the trees read.",
          parameters: [.init("x", .input(inputType)), .init("out", .output(featureType))], result: .nothing,
          body: .statements(lowering.statements)))
    }

    func continuation(_ name: String, _ comment: String, elements: [Int]) -> RankedProgram.Continuation {
      _ = claim(name)
      var lowering = root(trees.step)
      lowering.lowerResult(elements: elements) { position, expression in
        .assignElement(of: "out", at: .int(position), expression.converted(to: .float64))
      }
      add(
        Routine(
          name, comment: comment,
          parameters: [.init("x", .input(inputType)), .init("sums", .input(sumType)), .init("out", .output(.float64))],
          result: .nothing, body: .statements(lowering.statements)))
      return .init(entry: name, readsInputs: lowering.readsInputs)
    }
    let outputs = continuation(
      "outputs_of_sums", "The final outputs of one event, given the sums of its trees.", elements: forest.printedColumns)
    let margins =
      forest.marginColumns.isEmpty
      ? nil
      : continuation("margins_of_sums", "The raw margins of one event, given the sums of its trees.", elements: forest.marginColumns)

    return RankedProgram(
      layout: trees.layout, featureType: featureType, sumType: sumType, featureCount: featureCount,
      leafNumbers: leafNumbers(trees.layout), featuresEntry: featuresEntry, outputs: outputs, margins: margins)
  }

  private func leafNumbers(_ layout: RankedProgram.Layout) -> [Int32]? {
    switch layout {
    case .bytes(let ranked): leafNumbers(ranked)
    case .wide(let wide):
      zip(pool.ensembles[0].trees, wide.trees).flatMap { tree, one in
        wide.leafIndices[Int(one.first_node)..<Int(one.first_node + one.node_count)].map {
          $0 < 0 ? -1 : tree.number(ofLeaf: Int($0))
        }
      }
    }
  }

  private func leafNumbers(_ ranked: RankedEnsemble) -> [Int32]? {
    var numbers: [Int32] = [], areSame = true
    for (tree, one) in zip(pool.ensembles[0].trees, ranked.trees) {
      let first = Int(one.first_leaf) / ranked.leafWidth
      for (count, index) in ranked.leafIndices[first..<first + Int(one.leaf_count)].enumerated() {
        numbers.append(tree.number(ofLeaf: Int(index)))
        if numbers.last != Int32(count) { areSame = false }
      }
    }
    return areSame ? nil : numbers
  }
}
