import ForestIR

/// `Initialize`: the boost weights and the nested constructors of the nodes.
extension TMVAClassParser {
  mutating func initialize() throws(ReadError) {
    try code.expect("void \(model.className)::Initialize() {")
    // Releases from 6.14 name the two words that their numbers may be; which are refused where they count.
    if code.takeAll("double inf = std::numeric_limits<double>::infinity();") {
      try code.expect("double nan = std::numeric_limits<double>::quiet_NaN();")
    }
    var builder = CodeTreeBuilder()
    while try code.take("fBoostWeights") {
      try code.expect(".push_back(")
      // Only the weighted mean computes with the weights.
      if case .weightedMean = model.formula {
        model.weights.append(try code.number().value)
      } else {
        try skipNumber()
      }
      try code.expect("); fForest.push_back(")
      model.trees.append(try tree(&builder))
      try code.expect(");")
    }
    guard !model.trees.isEmpty else { throw code.error(.missing, "a class without trees") }
    try code.expect("return; };")
  }

  /// A number that nothing computes with: it may be infinite or NaN.
  private mutating func skipNumber() throws(ReadError) {
    _ = try code.take("-")
    if try code.take("inf") { return }
    if try code.take("nan") { return }
    _ = try code.number()
  }

  /// One tree: `NN(left, right, …)`, where `left` and `right` are constructors again, or `0`.
  ///
  /// Nodes end after both their children, so that a stack of finished subtrees is all that is needed, however deep.
  private mutating func tree(_ builder: inout CodeTreeBuilder) throws(ReadError) -> Tree {
    builder.removeAll()
    let start = code
    // For each constructor that is open: how many of its children were read.
    var open: [Int] = []
    while true {
      if try code.take("NN") {
        try code.need("(")
        open.append(0)
        continue
      }
      guard !open.isEmpty else { throw code.differs("`NN`") }
      if open[open.count - 1] < 2 {
        try code.need("0")
        builder.pushNothing()
      } else {
        try numbersOfNode(&builder)
        open.removeLast()
        try code.need(")")
        if open.isEmpty { break }
      }
      open[open.count - 1] += 1
      try code.need(",")
    }
    do {
      return try builder.tree()
    } catch {
      throw start.error(.unsupported, "the tree cannot be represented: \(error.message)")
    }
  }

  private mutating func numbersOfNode(_ builder: inout CodeTreeBuilder) throws(ReadError) {
    let place = code
    var form: LinearForm?
    if model.hasFisherCuts {
      guard fisherCount == model.variableCount + 1 else {
        throw code.error(.inconsistent, "nodes with \(fisherCount) Fisher coefficients for \(model.variableCount) variables")
      }
      let isFisher = try code.integer(0...fisherCount, "the number of Fisher coefficients") != 0
      try code.need(",")
      var coefficients: [Double] = []
      for _ in 0..<fisherCount {
        coefficients.append(try code.number().value)
        try code.need(",")
      }
      if isFisher, let offset = coefficients.popLast() { form = LinearForm(offset: offset, coefficients: coefficients) }
    }
    let variable = try code.integer(-1...Int(Int32.max), "the variable of a node")
    try code.need(",")
    let cut = code
    try skipNumber()
    try code.need(",")
    let upperIsRight = try code.integer(0...1, "the sense of a cut") == 1
    try code.need(",")
    let type = try code.integer(Int(Int32.min)...Int(Int32.max), "the type of a node")
    try code.need(",")
    let purity = code
    try skipNumber()
    try code.need(",")
    let response = code
    try skipNumber()

    guard type == 0 else {
      guard builder.popNothing(2) else { throw place.error(.inconsistent, "a leaf (type \(type)) with children") }
      switch model.leaf {
      case .nodeType: builder.pushLeaf(Double(type))
      case .purity: builder.pushLeaf(try value(at: purity, &model.responses))
      case .response: builder.pushLeaf(try value(at: response, &model.responses))
      }
      return
    }
    guard form != nil || (0..<model.variableCount).contains(variable) else {
      throw place.error(.outOfRange, "an inner node asks for variable \(variable) of \(model.variableCount)")
    }
    // A node sends an event to the right where the test holds, or, with a sense of 0, where it does not; with NaN it
    // never holds. In the IR's words: where `x <= cut` (`x < cut` for `>=`), or x is NaN, to the left, or with a sense of
    // 0 to the right.
    let isPushed = builder.pushSplit(
      variable: variable, form: form, test: form != nil ? .linearLessOrEqual : model.isStrictGreater ? .lessOrEqual : .less,
      threshold: try value(at: cut, &model.cuts), nanGoesFirst: true, isSwapped: !upperIsRight)
    guard isPushed else { throw place.error(.inconsistent, "an inner node (type 0) without two children") }
  }

  /// The number at a place that was passed already, now that it is known to count.
  private func value(at place: CodeCursor, _ digits: inout PrintedDigits) throws(ReadError) -> Double {
    var place = place
    let value = try place.number().value
    digits.take(value)
    return value
  }
}
