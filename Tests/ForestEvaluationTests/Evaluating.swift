import ForestEvaluation
import ForestIR
import ForestTesting

/// The result of a model of a single step that reads constants, by the reference.
func result(
  of step: (Value, Value, Value) -> ForestIR.Operation, _ a: [Double], _ b: [Double] = [0], _ c: [Double] = [0],
  width: Width = .float64, truths: (Bool, Bool, Bool) = (false, false, false)
) -> [Double] {
  let model = proven { () throws(ForestFault) in
    var builder = ModelBuilder(inputCount: 1, width: .float64)
    let zero = try builder.add(.constant([0], width))
    var operands: [Value] = []
    for (elements, isTruth) in [(a, truths.0), (b, truths.1), (c, truths.2)] {
      let numbers = try builder.add(.constant(Vector(elements), width))
      operands.append(isTruth ? try builder.add(.compare(.notEqual, numbers, zero)) : numbers)
    }
    return try builder.finish(step(operands[0], operands[1], operands[2]))
  }
  return ReferenceEvaluator(model).evaluate(row: [0]).results
}

/// A model of one ensemble that reads the inputs.
func model(_ ensemble: TreeEnsemble, inputs: Int = 1, width: Width = .float64) -> Model {
  proven { () throws(ForestFault) in
    var builder = ModelBuilder(inputCount: inputs, width: width)
    return try builder.finish(.trees(ensemble, .inputs))
  }
}

/// A tree of one split: leaf 0 with the value 1 on the left, leaf 1 with the value 2 on the right.
func stump(
  _ test: Split.Test = .less, _ threshold: Double, feature: Int = 0, nanGoesLeft: Bool = false,
  leaves: [Double] = [1, 2], forms: [LinearForm] = [], sets: [CategorySet] = []
) -> Tree {
  proven { () throws(ForestFault) in
    try Tree(
      splits: [
        Split(
          feature: feature, test: test, threshold: threshold, nanGoesLeft: nanGoesLeft, left: .leaf(0), right: .leaf(1))
      ],
      leaves: leaves, linearForms: forms, categorySets: sets)
  }
}
