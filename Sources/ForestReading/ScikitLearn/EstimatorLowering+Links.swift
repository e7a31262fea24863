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

  /// `exp(x − (log(Σ exp(x − max)) + max))`.
  mutating func softmaxByLogarithm(_ x: Value) throws(ReadError) -> Value {
    let largest = try add(.reduce(.maximum, x, count: 1))
    let powers = try apply(.exponential, apply(.subtract, x, largest))
    let logarithm = try apply(.naturalLogarithm, add(.reduce(.pairwiseSum, powers, count: 1)))
    return try apply(.exponential, apply(.subtract, x, apply(.add, logarithm, largest)))
  }
}
