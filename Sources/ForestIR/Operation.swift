/// One step of a model: how a vector comes from earlier ones.
///
/// **Arithmetic** works element by element on vectors of one width; a vector of length 1 is repeated to the length of its
/// partners. Each operation is rounded once, in that width, and nothing is ever fused or reordered.
package enum Operation: Sendable, Hashable {
  // Constants, widths
  case constant(Vector, Width)
  /// To the other width: float64 to float32 is rounded to nearest even, float32 to float64 is exact.
  case convert(Value, to: Width)

  // Arithmetic
  case unary(UnaryFunction, Value)
  case binary(BinaryFunction, Value, Value)

  // Truth values
  case compare(Comparison, Value, Value)
  case isNaN(Value)
  case not(Value)
  case and(Value, Value)
  case or(Value, Value)
  /// One truth value: whether any element is true.
  case any(Value)
  /// Where the condition holds the elements of the first vector, else those of the second.
  case select(Value, Value, Value)

  // Shape
  /// The elements at the given positions, in the given order; a position may come more than once.
  case gather(Value, [Int32])
  /// All elements of all vectors, in order.
  case concatenate([Value])
  /// The elements are dealt out in turn to `count` heaps (element i to heap i mod count) and each heap is reduced,
  /// in order, to one element.
  case reduce(Reduction, Value, count: Int)
  /// One float64 number: the index of the largest element, the first of equal ones. A NaN is passed over unless it comes first.
  case indexOfMaximum(Value)
  /// Element i becomes its position in table i: the first entry that equals it (−0 equals 0), or NaN where none does (NaN never).
  /// Entries need not be numbers of the vector's width.
  case lookUp([Vector], Value)

  // Linear maps and curves, float64
  case product(Matrix, Value)
  /// Element i through curve i.
  case curve([HistogramCurve], Value)
  /// Element i through the inverse of curve i.
  case inverseCurve([HistogramCurve], Value)
  /// One number: the mean of a window around the weighted median.
  ///
  ///     total = Σ weights, in order;  sort the pairs (x, weight) by x, ascending, equal ones in their order
  ///     s = 0.0, t = 0;  while s <= total / 2:  s += weight of pair t;  t += 1
  ///     lo = max(0, t − 1 − halfWidth);  hi = min(n − 1, t − 1 + halfWidth)
  ///     the sum of x of the pairs lo…hi, from 0.0, in order, divided by hi − lo + 1
  ///
  /// The weights are finite and not negative, with a positive total. (The loop ends within n steps by then, save for
  /// rounding; t never exceeds n.) NaN among x: it sorts behind everything.
  case medianWindowMean(Value, weights: Vector, halfWidth: Int)

  /// One number: a weighted median.
  ///
  /// The pairs (x, weight) are sorted as above; c[t] is the sum of the first t + 1 weights, from the first, in that order. The result is
  /// the x of the first pair with `c[t] >= 0.5 · c[n−1]`. The weights are finite and not negative, with a positive total.
  case weightedMedian(Value, weights: Vector)

  // Forests
  case trees(TreeEnsemble, Value)
  /// The results of whole models that all read the same vector, one after another.
  case members([Model], Value)
  case choose(Choice)
}

/// Asks one of several models, by conditions.
///
/// The condition that holds decides which model is evaluated; the trees of the others are not asked. If none holds, the
/// result is `otherwise`.
package struct Choice: Sendable, Hashable {
  package struct Branch: Sendable, Hashable {
    /// A single truth value.
    package let condition: Value
    package let model: Model
    /// The vector that the model reads.
    package let argument: Value
    package init(condition: Value, model: Model, argument: Value) {
      self.condition = condition
      self.model = model
      self.argument = argument
    }
  }

  /// What it means when several conditions hold.
  package enum Ambiguity: String, Sendable, Hashable, CaseIterable {
    /// The first of them decides.
    case first
    /// There is no answer: no tree is asked, every element of the result is NaN, and an evaluator reports the row.
    case refused
  }

  package let branches: [Branch]
  package let otherwise: Value
  package let ambiguity: Ambiguity

  package init(branches: [Branch], otherwise: Value, ambiguity: Ambiguity) {
    self.branches = branches
    self.otherwise = otherwise
    self.ambiguity = ambiguity
  }
}
