package import ForestIR

/// From a forest to a program: what is computed is planned here, once, for all languages.
package enum ProgramLowering {
  /// - Complexity: O(nodes + elements of all vectors).
  package static func lower(_ forest: Forest, plan: EmissionPlan) -> Program {
    let program = ProgramBuilder(pool: TreePool(ensembles: forest.model.ensembles, layout: plan.trees))
    program.collectCurves(of: forest.model)
    let inputType = ScalarType(forest.model.inputWidth)
    let printed = forest.printedColumns, margins = forest.marginColumns

    func root(givenStep: Int? = nil) -> ModelLowering {
      ModelLowering(model: forest.model, program: program, firstEnsemble: 0, firstTree: 0, path: [], givenStep: givenStep)
    }
    func entry(_ name: String, _ comment: String, elements: [Int]) -> String {
      _ = program.claim(name)
      var lowering = root()
      lowering.lowerResult(elements: elements) { position, expression in
        .assignElement(of: "out", at: .int(position), expression.converted(to: .float64))
      }
      program.add(
        Routine(
          name, comment: comment, parameters: [.init("x", .input(inputType)), .init("out", .output(.float64))],
          result: .nothing, body: .statements(lowering.statements)))
      return name
    }

    let outputsEntry = entry("compute_outputs", "The final outputs of one event.", elements: printed)
    let marginsEntry = margins.isEmpty ? nil : entry("compute_margins", "The raw margins of one event.", elements: margins)

    _ = program.claim("compute_leaves")
    var leaves = root()
    if forest.model.asksConditionally {
      leaves.statements.append(
        .for("i", from: .int(0), to: .int(forest.model.treeCount), [
          .assignElement(of: "leaf", at: .local("i", .int32), .int(-1))
        ]))
    }
    leaves.lowerLeaves()
    program.add(
      Routine(
        "compute_leaves", comment: "The leaf that one event reaches in each tree.",
        parameters: [.init("x", .input(inputType)), .init("leaf", .output(.int32))], result: .nothing,
        body: .statements(leaves.statements)))

    let ranked = plan.ranked.map { program.rankedProgram($0, in: forest, root: root) }
    return Program(
      tables: program.tables, routines: program.routines, outputsEntry: outputsEntry, marginsEntry: marginsEntry,
      leavesEntry: "compute_leaves", inputType: inputType, inputCount: forest.inputs.count, outputCount: printed.count,
      marginCount: margins.count, treeCount: forest.model.treeCount,
      ranked: ranked)
  }
}

extension Model {
  /// Whether some trees are asked for some events only.
  var asksConditionally: Bool {
    steps.contains { step in
      if case .choose = step { return step.treeCount > 0 }
      return step.models.contains(where: \.asksConditionally)
    }
  }
}
