import ForestIR

/// What a user is told about a forest in another program's format: sentences without a full stop.
struct ExchangeNotes {
  private let forest: AdditiveForest
  private let exactness: SumExactness
  private let format: String
  private let sums: Width
  private var added: [String] = []

  init(_ forest: AdditiveForest, exactness: SumExactness, format: String, sumsIn sums: Width) {
    self.forest = forest
    self.exactness = exactness
    self.format = format
    self.sums = sums
  }

  mutating func add(_ notes: [String]) { added += notes }

  var all: [String] { [routing, sum] + added + scores }

  /// What the printed columns are of the sums, but for those that are a sum.
  var scores: [String] { forest.scores.filter { !$0.isRaw }.map(\.sentence) }

  /// Which leaves are reached.
  private var routing: String {
    switch (forest.inputWidth, forest.comparison) {
    case (.float64, .float32):
      "\(format) rounds inputs to float32, this model does not: the same leaves are reached for inputs that are float32 numbers"
    case (.float32, .float64): "the same leaves are reached; the rounding of inputs to float32 is in the thresholds"
    default: "the same leaves are reached"
    }
  }

  private var sum: String {
    switch exactness {
    case .sameArithmetic: "the raw sums are the same to the last bit: the same \(sums) additions in the same order"
    case .noRounding: "the raw sums are the same to the last bit: no sum of these leaves needs rounding, in float32 or float64"
    case .rounded(let bound):
      "the raw sums are rounded: \(format) adds in \(sums), this model in \(forest.width); they differ by at most \(ExchangeNotes.short(bound))"
    }
  }

  var roundingRefusal: EmissionError {
    guard case .rounded(let bound) = exactness else { return EmissionError("nothing is rounded", hint: "") }
    guard bound.isFinite else {
      return EmissionError("the sums of the leaves may be too large for float32", hint: "source code (cpp, python, swift) says every model")
    }
    return EmissionError(
      "\(format) adds in \(sums), this model in \(forest.width): raw sums may differ in their last digits, by at most \(ExchangeNotes.short(bound))",
      hint: "--allow-rounding writes it all the same")
  }

  /// Two digits, rounded up.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return value.description }
    var exponent = 0, scaled = value
    while scaled >= 100 {
      scaled /= 10
      exponent += 1
    }
    while scaled < 10 {
      scaled *= 10
      exponent -= 1
    }
    let digits = Int(scaled.rounded(.up)) + 1
    return digits % 10 == 0 ? "\(digits / 10)e\(exponent + 1)" : "\(digits / 10).\(digits % 10)e\(exponent + 1)"
  }
}

extension AdditiveForest {
  /// What the printed result of several columns is of the sums, where formats have a name for it; each in float64 with the C library's
  /// `exp`, except the first.
  enum Link: Sendable, Hashable {
    /// Nothing is told but the sums.
    case raw
    /// `1 / (1 + exp(−factor · raw))`.
    case logistic(factor: Double)
    /// `exp(raw − max) / Σ exp(raw − max)`, summed in order.
    case softmax
    case exponential
  }

  var link: Link {
    let formulas = Set(scores.compactMap(\.formula))
    if outputCount == 1 {
      if formulas.contains("1 / (1 + exp(-raw))") { return .logistic(factor: 1) }
      if formulas.contains("exp(raw)") { return .exponential }
      return .raw
    }
    let softmax = (0..<outputCount).map { "(exp(raw - max(raw)) / sum(exp(raw - max(raw))))[\($0)]" }
    return softmax.allSatisfy(formulas.contains) ? .softmax : .raw
  }
}
