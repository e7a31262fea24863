import ForestIR

/// What a tree operator of versions 1 and 3 makes of its scores at the end, in float32.
enum ScoreTransform: String {
  case none = "NONE"
  case softmax = "SOFTMAX"
  case logistic = "LOGISTIC"
  case softmaxZero = "SOFTMAX_ZERO"
  case probit = "PROBIT"

  /// Appends the steps for a vector of at least two scores, which are rounded to float32 first.
  func apply(_ scores: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let scores = try builder.add(.convert(scores, to: .float32))
    switch self {
    case .none, .probit: return scores
    case .logistic: return try Self.logistic(scores, .float32, &builder)
    case .softmax: return try Self.softmax(scores, .float32, &builder)
    case .softmaxZero:
      // exp(x − max), but x · exp(−max) for a score of nothing, which is left out of the sum.
      let largest = try Self.maximum(scores, &builder)
      let exponentials = try builder.add(.unary(.exponential, builder.add(.binary(.subtract, scores, largest))))
      let scale = try builder.add(.unary(.exponential, builder.add(.unary(.negate, largest))))
      let small = try builder.add(.binary(.multiply, scores, scale))
      let above = try builder.add(.compare(.greater, scores, builder.add(.constant([Double(Float(0.0000001))], .float32))))
      let below = try builder.add(.compare(.less, scores, builder.add(.constant([-Double(Float(0.0000001))], .float32))))
      let counts = try builder.add(.or(above, below))
      let nothing = try builder.add(.constant([0], .float32))
      let sum = try builder.add(.reduce(.sum, builder.add(.select(counts, exponentials, nothing)), count: 1))
      return try builder.add(.binary(.divide, builder.add(.select(counts, exponentials, small)), sum))
    }
  }

  /// `v = 1 / (1 + exp(−|x|))`, and 1 − v for x < 0.
  static func logistic(_ x: Value, _ width: Width, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let one = try builder.add(.constant([1], width))
    let exponential = try builder.add(.unary(.exponential, builder.add(.unary(.negate, builder.add(.unary(.absolute, x))))))
    let v = try builder.add(.binary(.divide, one, builder.add(.binary(.add, one, exponential))))
    let isNegative = try builder.add(.compare(.less, x, builder.add(.constant([0], width))))
    return try builder.add(.select(isNegative, builder.add(.binary(.subtract, one, v)), v))
  }

  static func softmax(_ x: Value, _ width: Width, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let shifted = try builder.add(.binary(.subtract, x, maximum(x, &builder)))
    let exponentials = try builder.add(.unary(.exponential, shifted))
    return try builder.add(.binary(.divide, exponentials, builder.add(.reduce(.sum, exponentials, count: 1))))
  }

  private static func maximum(_ x: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    try builder.add(.reduce(.maximum, x, count: 1))
  }
}
