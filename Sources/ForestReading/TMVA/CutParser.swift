/// Reads the text of a cut.
///
/// | loosest first | | refused, because ROOT reads it unlike C or in a way nobody expects |
/// |---|---|---|
/// | `? :` | | |
/// | `\|\|`, then `&&` | | single `\|`, `&` |
/// | `< <= > >= == !=` | one of them | chains without parentheses: `==` binds tighter than `<` there |
/// | `+ -` | from left to right | |
/// | `* /`, or `%` | from left to right | `%` beside `*`, `/` or `%` without parentheses; `<<`, `>>` |
/// | `^` | | chains; a sign before the base |
/// | unary `- + !` | | |
struct CutParser {
  /// Longer or deeper formulas are refused.
  static let longestText = 32 * 1024
  static let deepest = 200
  static let mostParts = 4000

  struct Failure: Error, Equatable {
    let message: String
    /// In bytes of the text, from 0.
    let position: Int
    var isUnknownName = false
  }

  private let text: [UInt8]
  private let variables: [TMVAVariable]
  /// Whether a formula that is a variable's expression may stand for the variable.
  private let takesWholeExpressions: Bool
  private var position = 0
  private var depth = 0
  private var parts = 0

  /// Parses a cut over the given quantities; names mean an expression or else a label.
  static func parse(_ text: String, over variables: [TMVAVariable]) throws(Failure) -> CutExpression {
    guard text.utf8.count <= longestText else {
      throw Failure(message: "the cut is longer than \(longestText) bytes", position: 0)
    }
    do {
      var parser = CutParser(text, variables, takesWholeExpressions: false)
      return try parser.whole()
    } catch {
      guard error.isUnknownName else { throw error }
      // `abs(eta) < 1` may mean a variable that was declared as `abs(eta)`.
      var parser = CutParser(text, variables, takesWholeExpressions: true)
      if let found = try? parser.whole() { return found }
      throw error
    }
  }

  private init(_ text: String, _ variables: [TMVAVariable], takesWholeExpressions: Bool) {
    self.text = Array(text.utf8)
    self.variables = variables
    self.takesWholeExpressions = takesWholeExpressions
  }

  private mutating func whole() throws(Failure) -> CutExpression {
    let expression = try conditional()
    skipBlanks()
    guard position == text.count else { throw unexpected() }
    return expression
  }

  // MARK: Levels

  private mutating func conditional() throws(Failure) -> CutExpression {
    try descend()
    defer { depth -= 1 }
    let condition = try disjunction()
    guard take("?") else { return condition }
    let first = try conditional()
    guard take(":") else { throw unexpected() }
    return try part(.conditional(condition, then: first, otherwise: conditional()))
  }

  private mutating func disjunction() throws(Failure) -> CutExpression {
    var left = try conjunction()
    while take("||") { left = try part(.binary(.or, left, conjunction())) }
    return left
  }

  private mutating func conjunction() throws(Failure) -> CutExpression {
    var left = try comparison()
    while take("&&") { left = try part(.binary(.and, left, comparison())) }
    return left
  }

  private mutating func comparison() throws(Failure) -> CutExpression {
    let left = try sum()
    guard let comparison = comparisonOperator() else { return left }
    let result = try part(.binary(comparison, left, sum()))
    let place = position
    if comparisonOperator() != nil {
      throw Failure(message: "comparisons in a row need parentheses", position: place)
    }
    return result
  }

  private mutating func comparisonOperator() -> CutExpression.BinaryOperator? {
    if peek("<<") || peek(">>") { return nil }
    for candidate in [CutExpression.BinaryOperator.lessOrEqual, .greaterOrEqual, .equal, .notEqual, .less, .greater]
    where take(candidate.rawValue) {
      return candidate
    }
    return nil
  }

  private mutating func sum() throws(Failure) -> CutExpression {
    var left = try product()
    while true {
      if take("+") {
        left = try part(.binary(.add, left, product()))
      } else if take("-") {
        left = try part(.binary(.subtract, left, product()))
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(Failure) -> CutExpression {
    var left = try power()
    var isPlain = true
    while true {
      let place = position
      if take("%") {
        let right = try power()
        if case .number(let value) = right, value.magnitude < 1 {
          throw Failure(message: "a remainder of a division by 0", position: place)
        }
        left = try part(.binary(.remainder, left, right))
        if !isPlain || peek("*") || peek("/") || peek("%") {
          throw Failure(message: "% beside *, / or % needs parentheses", position: place)
        }
      } else if take("*") {
        left = try part(.binary(.multiply, left, power()))
      } else if take("/") {
        left = try part(.binary(.divide, left, power()))
      } else {
        return left
      }
      isPlain = false
      if peek("%") { throw Failure(message: "% beside *, / or % needs parentheses", position: position) }
    }
  }

  private mutating func power() throws(Failure) -> CutExpression {
    let start = skippingBlanks
    let hasSign = start < text.count && [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "!")].contains(text[start])
    let base = try signed()
    let place = position
    guard take("^") else { return base }
    if hasSign { throw Failure(message: "a sign before a power needs parentheses", position: start) }
    let result = try part(.binary(.power, base, signed()))
    if peek("^") { throw Failure(message: "powers in a row need parentheses", position: place) }
    return result
  }

  private mutating func signed() throws(Failure) -> CutExpression {
    try descend()
    defer { depth -= 1 }
    if take("-") { return try part(.negate(signed())) }
    if take("+") { return try signed() }
    if !peek("!="), take("!") { return try part(.not(signed())) }
    return try primary()
  }

  private mutating func primary() throws(Failure) -> CutExpression {
    skipBlanks()
    guard position < text.count else { throw Failure(message: "the cut ends too early", position: position) }
    if takesWholeExpressions, let index = takeWholeExpression() { return try part(.quantity(index)) }
    let byte = text[position]
    if take("(") {
      let inner = try conditional()
      guard take(")") else { throw unexpected() }
      return inner
    }
    if isDigit(byte) || byte == UInt8(ascii: ".") { return try number() }
    guard isNameStart(byte) else { throw unexpected() }
    return try name()
  }

  private mutating func number() throws(Failure) -> CutExpression {
    let start = position
    while position < text.count, isDigit(text[position]) || text[position] == UInt8(ascii: ".") { position += 1 }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      var end = position + 1
      if end < text.count, text[end] == UInt8(ascii: "+") || text[end] == UInt8(ascii: "-") { end += 1 }
      if end < text.count, isDigit(text[end]) {
        while end < text.count, isDigit(text[end]) { end += 1 }
        position = end
      }
    }
    let word = String(decoding: text[start..<position], as: UTF8.self)
    guard let value = NumberText.double(word), value.isFinite else {
      throw Failure(message: "\"\(word)\" is not a number", position: start)
    }
    if position < text.count, isNameStart(text[position]) { throw unexpected() }
    return try part(.number(value))
  }

  private mutating func name() throws(Failure) -> CutExpression {
    let start = position
    while position < text.count, isNamePart(text[position]) { position += 1 }
    while position + 1 < text.count, text[position] == UInt8(ascii: ":"), text[position + 1] == UInt8(ascii: ":") {
      position += 2
      while position < text.count, isNamePart(text[position]) { position += 1 }
    }
    let word = String(decoding: text[start..<position], as: UTF8.self)
    if peek("(") {
      guard let function = CutFunction(rawValue: word) else {
        throw Failure(message: "the function \(word) is not known", position: start, isUnknownName: true)
      }
      return try part(.call(function, arguments(of: function, at: start)))
    }
    if let index = quantity(called: word) { return try part(.quantity(index)) }
    switch word {
    case "true": return try part(.number(1))
    case "false": return try part(.number(0))
    case "pi": return try part(.call(.pi, []))
    default:
      throw Failure(message: "\(word) is no variable and no spectator", position: start, isUnknownName: true)
    }
  }

  private mutating func arguments(of function: CutFunction, at start: Int) throws(Failure) -> [CutExpression] {
    _ = take("(")
    var arguments: [CutExpression] = []
    if !take(")") {
      repeat { arguments.append(try conditional()) } while take(",")
      guard take(")") else { throw unexpected() }
    }
    guard arguments.count == function.argumentCount else {
      throw Failure(
        message: "\(function.rawValue) takes \(function.argumentCount) arguments, not \(arguments.count)", position: start)
    }
    return arguments
  }
}

// MARK: - Names, characters, limits

extension CutParser {
  private func quantity(called name: String) -> Int? {
    variables.firstIndex { $0.expression == name } ?? variables.firstIndex { $0.label == name }
  }

  /// A variable's whole expression at this place, if nothing beside it could tear it apart.
  private mutating func takeWholeExpression() -> Int? {
    var best: (index: Int, end: Int)?
    for (index, variable) in variables.enumerated() {
      let wanted = variable.expression.utf8.filter { $0 > 0x20 }
      guard let first = wanted.first, wanted.contains(where: { !isNamePart($0) }) || !isNameStart(first) else { continue }
      guard let end = match(wanted), end > best?.end ?? 0, isUndivided(wanted, to: end) else { continue }
      best = (index, end)
    }
    guard let best else { return nil }
    position = best.end
    return best.index
  }

  /// Where the text goes on after `wanted`, blanks aside; nil if it does not stand here.
  private func match(_ wanted: [UInt8]) -> Int? {
    var place = position
    for byte in wanted {
      while place < text.count, text[place] <= 0x20 { place += 1 }
      guard place < text.count, text[place] == byte else { return nil }
      place += 1
    }
    return place
  }

  /// A call (`abs(eta)`) or an element (`x[0]`) stands for itself; a formula with operators must stand alone between
  /// parentheses, logical operators or the ends of the cut.
  private func isUndivided(_ wanted: [UInt8], to end: Int) -> Bool {
    var next = end
    while next < text.count, text[next] <= 0x20 { next += 1 }
    let follower = next < text.count ? text[next] : UInt8(ascii: ")")
    if isNamePart(follower) && next == end { return false }
    let head = wanted.prefix { isNamePart($0) || $0 == UInt8(ascii: ":") }
    if !head.isEmpty, closesAtEnd(wanted, from: head.count) { return true }
    let leader = text[..<position].last { $0 > 0x20 } ?? UInt8(ascii: "(")
    let isComparison = wanted.contains { "<>=!&|?".utf8.contains($0) }
    let neighbours = Array((isComparison ? "()&|," : "()&|,<>=").utf8)
    return neighbours.contains(leader) && neighbours.contains(follower)
  }

  /// Whether the bracket that opens at `start` closes with the last byte and not before.
  private func closesAtEnd(_ bytes: [UInt8], from start: Int) -> Bool {
    var level = 0
    for index in start..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["): level += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): level -= 1
      default: break
      }
      if level == 0 { return index == bytes.count - 1 }
    }
    return false
  }

  private var skippingBlanks: Int {
    var place = position
    while place < text.count, text[place] <= 0x20 { place += 1 }
    return place
  }

  private mutating func skipBlanks() { position = skippingBlanks }

  private func peek(_ symbol: String) -> Bool { text[skippingBlanks...].starts(with: symbol.utf8) }

  private mutating func take(_ symbol: String) -> Bool {
    guard peek(symbol) else { return false }
    // `&&` and `||` are taken as wholes, and no single one of them is an operator here.
    position = skippingBlanks + symbol.utf8.count
    return true
  }

  private mutating func part(_ expression: CutExpression) throws(Failure) -> CutExpression {
    parts += 1
    guard parts <= Self.mostParts else {
      throw Failure(message: "the cut has more than \(Self.mostParts) parts", position: position)
    }
    return expression
  }

  private mutating func descend() throws(Failure) {
    depth += 1
    guard depth <= Self.deepest else {
      throw Failure(message: "the cut is nested more than \(Self.deepest) deep", position: position)
    }
  }

  private func unexpected() -> Failure {
    let place = skippingBlanks
    guard place < text.count else { return Failure(message: "the cut ends too early", position: place) }
    let word = String(decoding: text[place...].prefix(12), as: UTF8.self)
    return Failure(message: "\"\(word)\" is not understood here", position: place)
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private func isNameStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: ".") }
}
