import ForestEvaluation
import ForestIR
import ForestTesting
import ForestWriting
import Testing

/// The planned program against the definition of right, before any language comes into play.
struct LoweringTests {
  @Test(arguments: [EmissionRequest.Layout.branches, .tables], 0..<60)
  func programsOfRandomForests(layout: EmissionRequest.Layout, seed: Int) throws {
    var generator = ForestGenerator(seed: UInt64(seed) + 1)
    generator.limits.onlyPlainTrees = layout == .branches
    let forest = generator.forest()
    let traits = TargetTraits(branchSplitLimit: 1000, maximumBranchDepth: 1000)
    let program = ProgramLowering.lower(forest, plan: try EmissionPlan(forest: forest, layout: layout, traits: traits))
    let interpreter = ProgramInterpreter(program)
    let reference = ReferenceEvaluator(forest)
    for row in ProbeRows(forest).rows(60, seed: UInt64(seed)) {
      let expected = reference.evaluate(row: row)
      let outputs = interpreter.outputs(row)
      #expect(sameBits(outputs, forest.printedColumns.map { expected.results[$0] }), "outputs of \(row)")
      #expect(sameBits(interpreter.margins(row), forest.marginColumns.map { expected.results[$0] }), "margins of \(row)")
      #expect(interpreter.leaves(row) == expected.leaves, "leaves of \(row)")
    }
  }

  @Test func everyRoutineStandsBehindThoseItCalls() throws {
    for seed in 0..<40 {
      for layout in [EmissionRequest.Layout.branches, .tables] {
        var generator = ForestGenerator(seed: UInt64(seed) + 1000)
        generator.limits.onlyPlainTrees = layout == .branches
        let forest = generator.forest()
        let traits = TargetTraits(branchSplitLimit: 1000, maximumBranchDepth: 1000)
        let program = ProgramLowering.lower(forest, plan: try EmissionPlan(forest: forest, layout: layout, traits: traits))
        var known: Set<String> = []
        for routine in program.routines {
          for called in routine.calledRoutines { #expect(known.contains(called), "\(routine.name) calls \(called)") }
          known.insert(routine.name)
        }
      }
    }
  }

  @Test func branchesOfDeepTreesAreRefused() throws {
    var generator = ForestGenerator(seed: 7)
    let forest = generator.plainForest(inputs: 4, trees: 3, depth: 6)
    #expect(throws: EmissionError.self) {
      try EmissionPlan(
        forest: forest, layout: .branches, traits: TargetTraits(branchSplitLimit: 10, maximumBranchDepth: 3))
    }
    let plan = try EmissionPlan(forest: forest, layout: .auto, traits: TargetTraits(branchSplitLimit: 100_000, maximumBranchDepth: 3))
    #expect(plan.trees == .tables)
  }

  @Test(arguments: [true, false]) func branchesOfVectorsAndSetsAreRefused(isVector: Bool) throws {
    let tree = try Tree(
      splits: [
        Split(feature: 0, test: isVector ? .less : .inSet, threshold: 0, nanGoesLeft: false, left: .leaf(0), right: .leaf(1))
      ],
      leaves: isVector ? [1, 2, 3, 4] : [1, 2], leafWidth: isVector ? 2 : 1,
      categorySets: isVector ? [] : [CategorySet([0])])
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let each = try builder.add(.trees(TreeEnsemble(trees: [tree], width: .float64, fold: .each), .inputs))
    let forest = try SampleForests.forest(builder.model(result: each))
    let traits = TargetTraits(branchSplitLimit: 1000, maximumBranchDepth: 1000)
    let error = #expect(throws: EmissionError.self) {
      try EmissionPlan(forest: forest, layout: .branches, traits: traits)
    }
    #expect(
      error?.message == "trees with vectors or linear models for leaves or with sets of categories are not written as nested conditions")
    #expect(try EmissionPlan(forest: forest, layout: .auto, traits: traits).trees == .tables)
  }
}

extension Routine {
  fileprivate var calledRoutines: [String] {
    switch body {
    case .tree(let code): return code.linearRoutine.map { [$0] } ?? []
    case .ranked: return []
    case .statements(let statements):
      var names: [String] = []
      for statement in statements { statement.collectCalls(&names) }
      return names
    }
  }
}

extension Statement {
  fileprivate func collectCalls(_ names: inout [String]) {
    switch self {
    case .comment, .array, .leave: break
    case .constant(_, let e), .variable(_, let e), .assign(_, let e), .return(let e): e.collectCalls(&names)
    case .assignElement(_, let i, let e):
      i.collectCalls(&names)
      e.collectCalls(&names)
    case .if(let c, let a, let b):
      c.collectCalls(&names)
      for s in a + b { s.collectCalls(&names) }
    case .while(let c, let body):
      c.collectCalls(&names)
      for s in body { s.collectCalls(&names) }
    case .for(_, let from, let to, let body):
      from.collectCalls(&names)
      to.collectCalls(&names)
      for s in body { s.collectCalls(&names) }
    case .call(let name, let arguments):
      names.append(name)
      for argument in arguments { argument.collectCalls(&names) }
    }
  }
}

extension Argument {
  fileprivate func collectCalls(_ names: inout [String]) {
    switch self {
    case .value(let e): e.collectCalls(&names)
    case .array(_, let offset), .table(_, let offset): offset?.collectCalls(&names)
    }
  }
}

extension Expression {
  fileprivate func collectCalls(_ names: inout [String]) {
    switch form {
    case .number, .truth, .variable: break
    case .element(_, let e), .table(_, let e), .negate(let e), .not(let e), .complement(let e), .convert(let e):
      e.collectCalls(&names)
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .both(let a, let b), .either(let a, let b):
      a.collectCalls(&names)
      b.collectCalls(&names)
    case .conditional(let c, let a, let b):
      for e in [c, a, b] { e.collectCalls(&names) }
    case .intrinsic(_, let arguments): for e in arguments { e.collectCalls(&names) }
    case .call(let name, let arguments), .leafValue(let name, let arguments), .leafNumber(let name, let arguments):
      names.append(name)
      for argument in arguments { argument.collectCalls(&names) }
    }
  }
}
