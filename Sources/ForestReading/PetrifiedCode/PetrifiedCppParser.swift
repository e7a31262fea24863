import ForestIR

/// Reads C++ as petrify-bdt (1.x) and petrifyML (2.x) write it.
///
/// Trees from TMVA are nested `if … else` in a function each; trees from scikit-learn are a `switch` in a loop. The function
/// that combines them, and perhaps a `main` for a trial, follow. No header names the writer for certain; the shapes differ
/// only in what does not compute.
struct PetrifiedCppParser {
  var code: CodeCursor
  var model = PetrifiedFunctions()
  private var builder = CodeTreeBuilder()
  /// Ends the names of trees that come from scikit-learn: the class.
  private var suffix = ""

  static let mostNodes = 1 << 26

  init(file: String, bytes: [UInt8]) throws(ReadError) {
    code = try CodeCursor(file: file, bytes: bytes, language: .cPlusPlus, writer: "petrify-bdt or petrifyML")
    if let version = PetrifiedBanner.version(bytes) {
      model.writer = .petrifyML
      model.version = version
    }
  }

  mutating func parse() throws(ReadError) -> PetrifiedFunctions {
    let known = ["vector", "cmath", "math.h", "iostream", "iomanip"]
    while let header = known.first(where: { code.standsDirective("#include <\($0)>") }) {
      try code.expectDirective("#include <\(header)>")
    }
    var isSigmoidDefined = false
    while code.token.kind != .end {
      if code.stands("int") {
        try main()
        break
      }
      if code.takeAll("inline double sigmoid(const double x) { return 1./(1+exp(-x)); }") {
        isSigmoidDefined = true
        model.writer = .petrifyML
        continue
      }
      guard model.name.isEmpty || !isCombined else { throw code.differs("the end of the file") }
      try function(isSigmoidDefined: isSigmoidDefined)
    }
    guard !model.trees.isEmpty else { throw code.error(.missing, "code without trees") }
    if !isCombined {
      guard model.trees.count == 1, isLone else {
        throw code.error(.missing, "the function that combines the \(model.trees.count) trees is missing")
      }
    }
    guard code.token.kind == .end else { throw code.differs("the end of the file") }
    return model
  }

  private var isCombined = false
  /// The only function is a tree of scikit-learn that answers with the number of the leaf's node.
  private var isLone = false

  private mutating func function(isSigmoidDefined: Bool) throws(ReadError) {
    try code.expect("template <typename C=std::vector<double>>")
    let isInline = try code.take("inline")
    if code.takeAll("std::vector<double>") {
      try multiclass()
      return
    }
    guard code.stands("int") || code.stands("double") else { throw code.differs("`int` or `double`") }
    let isInteger = try code.take("int")
    if !isInteger { try code.advance() }
    let start = code
    let name = try code.word()
    try code.expect("(const C& args) {")
    if code.stands("return"), isEndOfTrees(name) {
      guard !isInteger else { throw start.error(.unexpected, "the combining function returns an int") }
      try combination(isSigmoidDefined: isSigmoidDefined)
      return
    }
    guard !isLone else { throw start.differs("the end of the file") }
    if code.stands("static") || code.takeAll("int inode = 0;") {
      guard !isInline else { throw start.error(.unexpected, "a tree as a `switch` in an inline function") }
      if model.trees.isEmpty { suffix = "_000" }
      if model.trees.isEmpty, PetrifiedFunctions.baseName(ofFirst: name, suffix: suffix) == nil {
        guard isInteger else { throw start.error(.unexpected, "a single tree that does not answer with a node's number") }
        isLone = true
      } else {
        try checkName(name, at: start)
      }
      try switchTree(isInteger: isInteger)
    } else {
      try checkName(name, at: start)
      try nestedTree(isInteger: isInteger)
    }
    try code.expect("}")
  }

  private mutating func isEndOfTrees(_ name: String) -> Bool { !model.trees.isEmpty && name == model.name }

  /// Functions of trees are called `NAME_000`, `NAME_001`, …, with `_000` behind it for trees of scikit-learn.
  private mutating func checkName(_ name: String, at place: CodeCursor) throws(ReadError) {
    if model.trees.isEmpty {
      guard let base = PetrifiedFunctions.baseName(ofFirst: name, suffix: suffix) else {
        throw place.error(.unexpected, "the first function is called \(name), not …_000\(suffix)")
      }
      model.name = base
    }
    let expected = PetrifiedFunctions.treeName(model.name, model.trees.count) + suffix
    guard name == expected else { throw place.error(.unexpected, "a function \(name) where \(expected) is expected") }
  }

  // MARK: Nested branches

  /// `if (args[2] >= 0.5) { … } else { … }` down to `return 1;`, with a stack of the branches that are open.
  private mutating func nestedTree(isInteger: Bool) throws(ReadError) {
    struct Branch {
      var variable: Int
      var isUpper: Bool
      var cut: Double
      /// The first of the two blocks has ended.
      var isSecond = false
    }
    let start = code
    builder.removeAll()
    var open: [Branch] = []
    while true {
      if try code.take("if") {
        try code.need("(")
        let (variable, isUpper) = try comparison()
        let cut = try code.number().value
        model.cuts.take(cut)
        try code.need(")")
        try code.need("{")
        open.append(Branch(variable: variable, isUpper: isUpper, cut: cut))
        continue
      }
      if code.stands("double") {
        throw code.error(.unsupported, "a cut on a Fisher discriminant, which these writers get wrong (their code does not compile)")
      }
      try code.need("return")
      builder.pushLeaf(try leaf(isInteger: isInteger))
      try code.need(";")
      while let branch = open.last {
        try code.need("}")
        guard branch.isSecond else {
          try code.need("else")
          try code.need("{")
          open[open.count - 1].isSecond = true
          break
        }
        open.removeLast()
        guard builder.pushBranches(variable: branch.variable, isUpper: branch.isUpper, cut: branch.cut) else {
          throw code.error(.inconsistent, "a branch without two sides")
        }
      }
      if open.isEmpty { break }
    }
    do {
      model.trees.append(try builder.tree())
    } catch {
      throw start.error(.unsupported, "the tree cannot be represented: \(error.message)")
    }
  }

  /// `args[2] >=` or `args[2] <`
  private mutating func comparison() throws(ReadError) -> (variable: Int, isUpper: Bool) {
    try code.need("args")
    try code.need("[")
    let variable = try code.integer(0...TMVAClassParser.mostVariables, "an index into the inputs")
    try code.need("]")
    let isUpper = code.stands(">=")
    guard isUpper || code.stands("<") else { throw code.differs("`>=` or `<`") }
    try code.advance()
    return (variable, isUpper)
  }

  private mutating func leaf(isInteger: Bool) throws(ReadError) -> Double {
    if isInteger { return Double(try code.integer(Int(Int32.min)...Int(Int32.max), "a leaf of an int function")) }
    let value = try code.number().value
    model.values.take(value)
    return value
  }

  // MARK: A switch in a loop

  private mutating func switchTree(isInteger: Bool) throws(ReadError) {
    let start = code
    // petrifyML prints 15 digits after the point, petrify-bdt the shortest text of the number; its values have 8 digits.
    var values: [Double] = []
    if !isInteger {
      try code.expect("static const double values[")
      let count = try code.integer(1...Self.mostNodes, "the number of nodes")
      try code.expect("] = {")
      for index in 0..<count {
        if index > 0 { try code.need(",") }
        values.append(try number(\.values))
      }
      try code.expect("}; int inode = 0;")
    }
    try code.expect("while (1) { switch (inode) {")
    var tree = CodeNodeTable()
    while try code.take("case") {
      guard tree.count < Self.mostNodes, try code.integer(0...Self.mostNodes, "a case") == tree.count else {
        throw code.error(.unexpected, "the case of node \(tree.count) is expected")
      }
      try code.need(":")
      if try code.take("return") {
        if isInteger {
          guard try code.integer(0...Self.mostNodes, "a leaf") == tree.count else {
            throw code.error(.unexpected, "leaf \(tree.count) answers with the number of another node")
          }
          tree.addLeaf(Double(tree.count))
        } else {
          try code.expect("values[")
          let index = try code.integer(0...Self.mostNodes, "the index of a value")
          guard index == tree.count, index < values.count else {
            throw code.error(.outOfRange, "leaf \(tree.count) takes value \(index) of \(values.count)")
          }
          try code.need("]")
          tree.addLeaf(values[index])
        }
        try code.need(";")
      } else {
        try code.expect("inode = (args[")
        let variable = try code.integer(0...TMVAClassParser.mostVariables, "an index into the inputs")
        try code.expect("] <=")
        let cut = try number(\.cuts)
        try code.expect(") ?")
        let left = try code.integer(0...Self.mostNodes, "a child")
        try code.need(":")
        let right = try code.integer(0...Self.mostNodes, "a child")
        try code.expect("; break;")
        tree.addSplit(variable: variable, cut: cut, left: left, right: right)
      }
    }
    try code.expect("} } return -1;")
    guard isInteger || values.count == tree.count else {
      throw start.error(.inconsistent, "\(values.count) values for \(tree.count) nodes")
    }
    do {
      model.trees.append(try tree.tree())
    } catch {
      throw start.error(.unsupported, "the tree cannot be represented: \(error.message)")
    }
  }

  /// A number of a tree of scikit-learn. Those of petrifyML show by their 15 digits after the point who wrote them.
  private mutating func number(
    _ kind: WritableKeyPath<PetrifiedFunctions, PrintedDigits>
  ) throws(ReadError) -> Double {
    let literal = try code.number()
    // Decided by the first number.
    if model[keyPath: kind].count == 0, let point = literal.digits.firstIndex(of: UInt8(ascii: ".")),
      literal.digits.endIndex - point == 16, !literal.digits.contains(UInt8(ascii: "e"))
    {
      model[keyPath: kind].declare(.decimals(15))
    }
    model[keyPath: kind].take(literal.value)
    return literal.value
  }

  // MARK: The combination

  private mutating func combination(isSigmoidDefined: Bool) throws(ReadError) {
    isCombined = true
    try code.expect("return")
    if isSigmoidDefined {
      try code.expect("sigmoid(")
      let scale = try code.number().value
      try code.expect("*(")
      try calls(0..<model.trees.count, weighted: false)
      try code.expect("));")
      model.formula = .sigmoid(scale: scale)
    } else if code.takeAll("2.0/(1.0+exp(-2.0*(") {
      try calls(0..<model.trees.count, weighted: false)
      try code.expect(")))-1.0;")
      model.formula = .gradient
      model.writer = .petrifyML
    } else if try code.take("(") {
      try calls(0..<model.trees.count, weighted: true)
      try code.expect(") /")
      model.formula = .weightedMean(norm: try code.number().value)
      try code.expect(";")
    } else {
      let scale = try code.number().value
      try code.expect("*(")
      try calls(0..<model.trees.count, weighted: false)
      try code.expect(");")
      model.formula = .scaledSum(scale: scale)
      model.values.declare(.significant(8))
    }
    try code.expect("}")
  }

  /// `NAME_000(args) + NAME_001(args) + …`, each perhaps after `0.5*`.
  private mutating func calls(_ indices: some Sequence<Int>, weighted: Bool) throws(ReadError) {
    for (place, index) in indices.enumerated() {
      if place > 0 { try code.need("+") }
      if weighted {
        model.weights.append(try code.number().value)
        try code.need("*")
      }
      let name = PetrifiedFunctions.treeName(model.name, index) + suffix
      guard code.token.kind == .word, code.text == name else { throw code.differs("`\(name)`") }
      try code.advance()
      try code.expect("(args)")
    }
  }

  /// petrifyML's multiclass function.
  private mutating func multiclass() throws(ReadError) {
    let start = code
    let name = try code.word()
    guard isEndOfTrees(name) else { throw start.differs("a function of a tree") }
    isCombined = true
    model.writer = .petrifyML
    try code.expect("(const C& args) { std::vector<double> result; std::vector<double> vals = {")
    // The number of classes is known only at the end: read ahead for it.
    let count = try classCount(from: code)
    for index in 0..<count {
      if index > 0 { try code.need(",") }
      try code.expect("exp(")
      try calls(stride(from: index, to: model.trees.count, by: count), weighted: false)
      try code.expect(")")
    }
    try code.expect(
      """
      }; for (int ic = 0; ic < \(count); ic++) { double norm = 0.0; for (int jc = 0; jc < \(count); jc++) {
      if (ic == jc) continue; norm += vals[jc] / vals[ic]; } result.push_back(1.0 / (1.0 + norm)); }
      return result; }
      """)
    model.formula = .multiclass(count)
  }

  private func classCount(from start: CodeCursor) throws(ReadError) -> Int {
    var ahead = start
    var count = 0
    while !ahead.stands("}") {
      guard ahead.token.kind != .end else { throw ahead.differs("`}`") }
      if ahead.stands("exp") { count += 1 }
      try ahead.advance()
    }
    guard (2...model.trees.count).contains(count) else {
      throw start.error(.outOfRange, "\(count) classes of \(model.trees.count) trees")
    }
    return count
  }

  // MARK: A trial

  /// The `main` that a writer adds on request; it says how many inputs there are.
  private mutating func main() throws(ReadError) {
    guard isCombined else { throw code.differs("a function of a tree") }
    try code.expect("int main() {")
    if code.takeAll("std::cout << std::fixed << std::setprecision(15) << \(model.name)(std::vector<double>{") {
      model.statedInputs = try list(until: "}")
      try code.expect(") << std::endl; }")
      return
    }
    try code.expect("std::vector<double> args(")
    if try code.take("{") {
      model.statedInputs = try list(until: "}")
      try code.expect("); const auto& x = \(model.name)(args); std::cout << std::fixed << std::setprecision(15);")
      if case .multiclass = model.formula {
        try code.expect("for (const double d : x) { std::cout << d << \"\"; }")
      } else {
        try code.expect("std::cout << x;")
      }
      try code.expect("std::cout << std::endl; return 0; }")
    } else {
      try code.expect("1.0,")
      model.statedInputs = try code.integer(0...TMVAClassParser.mostVariables, "the number of inputs")
      try code.expect("); double x = \(model.name)(args); std::cout << x << std::endl; return bool(x); }")
    }
  }

  private mutating func list(until end: StaticString) throws(ReadError) -> Int {
    var count = 0
    while !code.stands(end) {
      if count > 0 { try code.need(",") }
      _ = try code.number()
      count += 1
    }
    try code.advance()
    return count
  }
}
