import ForestIR

/// Reads Python as petrify-bdt (1.x) and petrifyML (2.x) write it from TMVA models.
///
/// Indentation is the grammar here: each level is two blanks deeper than the one around it.
struct PetrifiedPythonParser {
  var code: CodeCursor
  var model = PetrifiedFunctions()
  private var builder = CodeTreeBuilder()

  init(file: String, bytes: [UInt8]) throws(ReadError) {
    code = try CodeCursor(file: file, bytes: bytes, language: .python, writer: "petrify-bdt or petrifyML")
    if let version = PetrifiedBanner.version(bytes) {
      model.writer = .petrifyML
      model.version = version
    }
  }

  mutating func parse() throws(ReadError) -> PetrifiedFunctions {
    if code.takeAll("from __future__ import print_function") { try code.endLine() }
    var isExpImported = false
    if code.takeAll("from math import exp") {
      isExpImported = true
      try code.endLine()
    }
    while true {
      try expectIndentation(0)
      try code.need("def")
      let start = code
      let name = try code.word()
      try code.expect("(args):")
      try code.endLine()
      if !model.trees.isEmpty, name == model.name { break }
      if model.trees.isEmpty {
        guard let base = PetrifiedFunctions.baseName(ofFirst: name, suffix: "") else {
          throw start.error(.unexpected, "the first function is called \(name), not …_000")
        }
        model.name = base
      }
      let expected = PetrifiedFunctions.treeName(model.name, model.trees.count)
      guard name == expected else { throw start.error(.unexpected, "a function \(name) where \(expected) is expected") }
      try tree()
    }
    try combination(isExpImported: isExpImported)
    if code.token.kind != .end { try main() }
    guard code.token.kind == .end else { throw code.differs("the end of the file") }
    return model
  }

  private func expectIndentation(_ depth: Int) throws(ReadError) {
    guard code.token.kind == .end || code.token.indentation == 2 * depth else {
      throw code.error(.unexpected, "an indentation of \(code.token.indentation) blanks where \(2 * depth) are expected")
    }
  }

  // MARK: Trees

  /// `if args[2] >= 0.5:` … `else:` … down to `return 1`, with a stack of the branches that are open.
  private mutating func tree() throws(ReadError) {
    struct Branch {
      var variable: Int
      var isUpper: Bool
      var cut: Double
      var isSecond = false
    }
    let start = code
    builder.removeAll()
    var open: [Branch] = []
    while true {
      try expectIndentation(open.count + 1)
      if try code.take("if") {
        try code.need("args")
        try code.need("[")
        let variable = try code.integer(0...TMVAClassParser.mostVariables, "an index into the inputs")
        try code.need("]")
        let isUpper = code.stands(">=")
        guard isUpper || code.stands("<") else { throw code.differs("`>=` or `<`") }
        try code.advance()
        let cut = try code.number().value
        model.cuts.take(cut)
        try code.need(":")
        try code.endLine()
        open.append(Branch(variable: variable, isUpper: isUpper, cut: cut))
        continue
      }
      if code.stands("fisher") {
        throw code.error(.unsupported, "a cut on a Fisher discriminant, which these writers get wrong")
      }
      try code.need("return")
      let literal = try code.number()
      // Integers are the votes of leaves, which lose nothing.
      if !literal.isInteger { model.values.take(literal.value) }
      builder.pushLeaf(literal.value)
      try code.endLine()
      while let branch = open.last {
        guard branch.isSecond else {
          try expectIndentation(open.count)
          try code.need("else")
          try code.need(":")
          try code.endLine()
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

  // MARK: The combination

  private mutating func combination(isExpImported: Bool) throws(ReadError) {
    let depth = code.token.indentation
    guard depth > 0 else { throw code.error(.unexpected, "a function without a body") }
    if code.takeAll("result = []") {
      try code.endLine()
      try multiclass(indentation: depth, isExpImported: isExpImported)
      return
    }
    try code.need("return")
    if code.takeAll("2.0/(1.0+exp(-2.0*(") {
      guard isExpImported else { throw code.error(.missing, "exp is not imported from math") }
      try calls(0..<model.trees.count, weighted: false)
      try code.expect(")))-1.0")
      model.formula = .gradient
      model.writer = .petrifyML
    } else {
      try code.need("(")
      try calls(0..<model.trees.count, weighted: true)
      try code.expect(") /")
      let norm = try code.number().value
      // Where C++ has an infinity or NaN, Python raises an error.
      guard norm != 0 else { throw code.error(.outOfRange, "the score is divided by 0") }
      model.formula = .weightedMean(norm: norm)
    }
    try code.endLine()
  }

  private mutating func calls(_ indices: some Sequence<Int>, weighted: Bool) throws(ReadError) {
    for (place, index) in indices.enumerated() {
      if place > 0 { try code.need("+") }
      if weighted {
        let start = code
        let weight = try code.number()
        guard !weight.isInteger else { throw start.error(.unexpected, "a weight without a point") }
        model.weights.append(weight.value)
        try code.need("*")
      }
      let name = PetrifiedFunctions.treeName(model.name, index)
      guard code.token.kind == .word, code.text == name else { throw code.differs("`\(name)`") }
      try code.advance()
      try code.expect("(args)")
    }
  }

  private mutating func multiclass(indentation: Int, isExpImported: Bool) throws(ReadError) {
    guard isExpImported else { throw code.error(.missing, "exp is not imported from math") }
    model.writer = .petrifyML
    try code.expect("vals = [")
    let count = try classCount(from: code)
    for index in 0..<count {
      if index > 0 { try code.need(",") }
      try code.expect("exp(")
      try calls(stride(from: index, to: model.trees.count, by: count), weighted: false)
      try code.expect(")")
    }
    try code.expect("]")
    try code.endLine()
    let lines: [(Int, String)] = [
      (0, "for ic in range(\(count)):"), (2, "norm = 0.0"), (2, "for jc in range(\(count)):"), (4, "if (ic == jc): continue"),
      (4, "norm += vals[jc] / vals[ic]"), (2, "result.append(1.0 / (1.0 + norm))"), (0, "return result"),
    ]
    for (depth, line) in lines {
      guard code.token.indentation == indentation + depth else { throw code.error(.unexpected, "another indentation than petrifyML's") }
      try code.expect(line)
      try code.endLine()
    }
    model.formula = .multiclass(count)
  }

  private func classCount(from start: CodeCursor) throws(ReadError) -> Int {
    var ahead = start
    var count = 0
    while ahead.token.kind != .lineEnd, ahead.token.kind != .end {
      if ahead.stands("exp") { count += 1 }
      try ahead.advance()
    }
    guard (2...max(2, model.trees.count)).contains(count), count <= model.trees.count else {
      throw start.error(.outOfRange, "\(count) classes of \(model.trees.count) trees")
    }
    return count
  }

  // MARK: A trial

  /// What runs when the file is started as a program; it says how many inputs there are.
  private mutating func main() throws(ReadError) {
    try expectIndentation(0)
    try code.expect("if __name__ ==")
    _ = try code.quoted()
    try code.expect(":")
    try code.endLine()
    try code.expect("args = [")
    var count = 0
    while !code.stands("]") {
      if count > 0 { try code.need(",") }
      _ = try code.number()
      count += 1
    }
    try code.advance()
    try code.endLine()
    model.statedInputs = count
    try code.expect("x = \(model.name)(args)")
    try code.endLine()
    // petrify-bdt prints x, petrifyML an f-string with 15 digits.
    try code.expect("print(")
    if try code.take("x") {
      try code.need(")")
    } else {
      while code.token.kind != .lineEnd, code.token.kind != .end { try code.advance() }
    }
    if code.token.kind == .lineEnd { try code.advance() }
  }
}
