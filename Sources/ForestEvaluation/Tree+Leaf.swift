import ForestIR

extension Tree {
  /// The index of the leaf that the tree answers with, by following its splits one by one.
  ///
  /// - Complexity: O(depth), times the length of the linear forms on the way.
  func leaf(for features: [Double]) -> Int {
    var child = splits.isEmpty ? Child.leaf(0) : Child.split(0)
    while !child.isLeaf {
      let split = splits[child.index]
      let tested: Double, holds: Bool
      switch split.test {
      case .less:
        tested = features[Int(split.feature)]
        holds = tested < split.threshold
      case .lessOrEqual:
        tested = features[Int(split.feature)]
        holds = tested <= split.threshold
      case .linearLessOrEqual:
        tested = linearForms[Int(split.feature)].value(for: features)
        holds = tested <= split.threshold
      case .inSet:
        tested = features[Int(split.feature)]
        holds = categorySets[Int(split.threshold)].contains(tested)
      }
      let goesLeft = tested.isNaN ? split.nanGoesLeft : holds
      child = goesLeft ? split.left : split.right
    }
    return child.index
  }
}

extension Tree {
  /// Number `place` of what the leaf at `leaf` answers.
  func answer(ofLeaf leaf: Int, place: Int, for features: [Double]) -> Double {
    let plain = leaves[leaf * leafWidth + place]
    guard let form = leafForms?[leaf] else { return plain }
    var sum = form.offset
    for (feature, coefficient) in zip(form.features, form.coefficients) {
      let x = features[Int(feature)]
      if x.isNaN { return plain }
      sum = sum + coefficient * x
    }
    return sum
  }
}

extension LinearForm {
  /// The form's value in float64; NaN and infinities follow IEEE 754.
  func value(for features: [Double]) -> Double {
    var sum = offset
    for (i, coefficient) in coefficients.enumerated() { sum = sum + coefficient * features[i] }
    return sum
  }
}
