import ForestIR
import ForestVerification

/// How often trees ask for what.
struct FeatureUse {
  /// For each input, the splits that ask for it, as it is or through a transformation of its own.
  private(set) var splitsOfInput: [Int]
  /// For each element of the trees' vector that mixes several inputs, the splits that ask for it.
  private(set) var splitsOfMixture: [Int: Int] = [:]

  /// - Complexity: O(size of the model).
  init(_ forest: Forest) {
    var ofInput = [Int](repeating: 0, count: forest.inputs.count)
    var ofMixture: [Int: Int] = [:]
    forest.model.forEachEnsemble { ensemble, origins in
      for (feature, count) in ensemble.splitsOfFeature.enumerated() where count > 0 {
        switch origins[feature] {
        case .input(let input), .transformed(let input): ofInput[input] += count
        case .mixture: ofMixture[feature, default: 0] += count
        case .constant: break
        }
      }
    }
    splitsOfInput = ofInput
    splitsOfMixture = ofMixture
  }
}

extension Model {
  /// What is done to the inputs before trees see them, in the order of the steps; each kind of thing is said once.
  var transformationsBeforeTrees: [String] {
    var words: [String] = []
    collectTransformations(into: &words)
    return words
  }

  private func collectTransformations(into words: inout [String]) {
    var wanted: [Value] = []
    for step in steps {
      switch step {
      case .trees(_, let a), .members(_, let a): wanted.append(a)
      case .choose(let choice): wanted += choice.branches.map(\.argument)
      default: break
      }
    }
    let needed = needed(for: wanted)
    for (index, step) in steps.enumerated() {
      if needed[index + 1], let word = step.transformation(in: self), !words.contains(word) { words.append(word) }
      for model in step.models { model.collectTransformations(into: &words) }
    }
  }
}

extension Operation {
  /// What the step does to numbers on their way to trees, in a few words; nil for what only serves another step (comparisons,
  /// limits that keep a number inside the domain of a function, roundings).
  fileprivate func transformation(in model: Model) -> String? {
    switch self {
    case .binary(.minimum, _, _), .binary(.maximum, _, _): nil
    case .binary(.add, _, _), .binary(.subtract, _, _), .binary(.multiply, _, _), .binary(.divide, _, _),
      .unary(.negate, _):
      "shifted and scaled"
    case .binary(let function, _, _): function.rawValue
    case .unary(.inverseErrorFunction, _): "inverse error function"
    case .unary(let function, _): function.rawValue
    case .product(let matrix, _): "linear combinations (\(matrix.rows) × \(matrix.columns))"
    case .curve, .inverseCurve: "curves from histograms"
    case .select: "values replaced under conditions"
    case .gather(let a, let positions):
      positions.elementsEqual(0..<Int32(model.shape(of: a).count)) ? nil : "inputs selected or reordered"
    default: nil
    }
  }
}
