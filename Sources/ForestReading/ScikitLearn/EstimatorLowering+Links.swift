import ForestIR

// From raw scores to probabilities, each operation as the trainer does it.

extension EstimatorLowering {
  /// The probabilities of two classes: `1 / (1 + exp(−x))` for the second, and what is left to 1 for the first.
  mutating func logistic(_ x: Value) throws(ReadError) -> Value {
    let one = try constant([1])
    let power = try apply(.exponential, apply(.negate, x))
    let second = try apply(.divide, one, apply(.add, one, power))
    let first = try apply(.subtract, one, second)
    return try add(.concatenate([first, second]))
  }

  /// `exp(x − max) / Σ exp(x − max)`.
  ///
  /// - Parameter sum: pairwise where the trainer's numbers of an event lie side by side, else in order.
  mutating func softmax(_ x: Value, sum: Reduction) throws(ReadError) -> Value {
    let largest = try add(.reduce(.maximum, x, count: 1))
    let powers = try apply(.exponential, apply(.subtract, x, largest))
    return try apply(.divide, powers, add(.reduce(sum, powers, count: 1)))
  }

  /// `exp(x − L)`, where L is the logarithm of Σ exp(x) as SciPy has it: `log(Σ exp(x − max)) + max`, and from 1.15 on
  /// `log1p(s / m) + log(m) + max`, with m the number of elements equal to the maximum and s the sum over all others.
  mutating func softmaxByLogarithm(_ x: Value) throws(ReadError) -> Value {
    let largest = try add(.reduce(.maximum, x, count: 1))
    let powers = try apply(.exponential, apply(.subtract, x, largest))
    let logarithm: Value
    if usesNewLogarithms {
      let isLargest = try add(.compare(.equal, x, largest))
      let zero = try constant([0])
      let others = try add(.reduce(.pairwiseSum, add(.select(isLargest, zero, powers)), count: 1))
      let count = try add(.reduce(.pairwiseSum, add(.select(isLargest, constant([1]), zero)), count: 1))
      let rest = try apply(.logarithmOfOnePlus, apply(.divide, others, count))
      logarithm = try apply(.add, rest, apply(.naturalLogarithm, count))
    } else {
      logarithm = try apply(.naturalLogarithm, add(.reduce(.pairwiseSum, powers, count: 1)))
    }
    return try apply(.exponential, apply(.subtract, x, apply(.add, logarithm, largest)))
  }
}
