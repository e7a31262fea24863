import ForestIR

/// Prints the query.
///
/// Engines bound what one expression may hold: SQLite a depth of 1000 and (before 3.46) a parser's stack of 100, which some twenty nested
/// `CASE` exhaust; 2000 columns. So trees are added in steps, one table expression each, and what lies deep in a tree is a column
/// of a table expression before.
struct SQLWriter {
  private let forest: AdditiveForest
  private let request: EmissionRequest
  private let notes: [String]
  /// Whether each sum is rounded to float32, where the engine's `REAL` is that.
  private let roundsSums: Bool

  /// Splits on a way that one expression holds.
  static let nestingLimit = 10
  /// Trees that one step adds.
  private static let stepLimit = 100
  /// Sums rounded one by one are nested.
  private static let roundedStepLimit = 10
  private static let columnLimit = 1900
  /// Columns for parts of trees in one step; a tree that needs more has a step of its own.
  private static let partLimit = 400

  init(_ forest: AdditiveForest, request: EmissionRequest, notes: [String]) {
    self.forest = forest
    self.request = request
    self.notes = notes
    roundsSums = !forest.exactness(inSumsOf: .float64).isExact
  }

  func text() throws(EmissionError) -> [UInt8] {
    guard forest.inputs.count + forest.outputCount <= Self.columnLimit - Self.partLimit else {
      throw EmissionError(
        "\(forest.inputs.count) inputs and \(forest.outputCount) sums are more columns than SQL engines hold", hint: "use another target")
    }
    var printer = CodePrinter()
    header(to: &printer)
    printer.line("WITH")
    printer.line("  -- Adapt this part to your table: its name, its key, and where each input comes from.")
    printer.line("  petrify_0 AS (")
    let inputs = forest.inputs.enumerated().map { "CAST(\(Self.quoted($1.label)) AS DOUBLE) AS x\($0)" }
    let sums = (0..<forest.outputCount).map { "\(Self.number(forest.start[$0])) AS s\($0)" }
    printer.line("    SELECT event_number,")
    let all = inputs + sums
    for (index, column) in all.enumerated() { printer.line("      \(column)\(index == all.count - 1 ? "" : ",")") }
    printer.line("    FROM events")
    printer.line("  )")
    var last = 0
    var step: [SQLTree] = []
    for tree in forest.trees.flatMap(\.parts) {
      let written = try SQLTree(tree)
      guard written.partCount <= Self.columnLimit - forest.inputs.count - forest.outputCount else {
        throw EmissionError(
          "tree \(tree.source ?? 0) has \(written.partCount) parts below \(Self.nestingLimit) splits, more columns than SQL engines hold",
          hint: "use another target")
      }
      let parts = step.reduce(0) { $0 + $1.partCount }
      if !step.isEmpty,
        step.count >= (roundsSums ? Self.roundedStepLimit : Self.stepLimit) || parts + written.partCount > Self.partLimit
      {
        print(step, after: &last, to: &printer)
        step = []
      }
      step.append(written)
    }
    if !step.isEmpty { print(step, after: &last, to: &printer) }
    let names = forest.outputCount == 1 ? ["raw"] : (0..<forest.outputCount).map { "raw_\($0)" }
    printer.line("SELECT event_number, \(names.enumerated().map { "s\($0) AS \($1)" }.joined(separator: ", "))")
    printer.line("FROM petrify_\(last)")
    printer.line(";")
    return printer.bytes
  }

  // MARK: Steps

  /// The table expressions that add some trees.
  private func print(_ trees: [SQLTree], after last: inout Int, to printer: inout CodePrinter) {
    let inputs = forest.inputs.indices.map { "x\($0)" }.joined(separator: ", ")
    let sums = (0..<forest.outputCount).map { "s\($0)" }.joined(separator: ", ")
    var carried = "event_number, \(inputs)"
    // The deepest parts first: others ask for them.
    let levels = trees.map(\.levels.count).max() ?? 0
    for level in (0..<levels).reversed() {
      var columns: [String] = []
      var names: [String] = []
      for (index, tree) in trees.enumerated() where level < tree.levels.count {
        for part in tree.levels[level] {
          let name = "p\(index)_\(part)"
          names.append(name)
          columns.append("\(tree.expression(from: part, tree: index)) AS \(name)")
        }
      }
      open(after: &last, to: &printer)
      printer.line("    SELECT \(carried), \(sums),")
      for (index, column) in columns.enumerated() { printer.line("      \(column)\(index == columns.count - 1 ? "" : ",")") }
      close(last, to: &printer)
      carried += ", " + names.joined(separator: ", ")
    }
    open(after: &last, to: &printer)
    printer.line("    SELECT event_number, \(inputs),")
    for output in 0..<forest.outputCount {
      let comma = output == forest.outputCount - 1 ? "" : ","
      var terms: [String] = []
      for (index, tree) in trees.enumerated() where tree.addsTo(output) {
        terms.append(tree.expression(from: 0, tree: index))
      }
      guard !terms.isEmpty else {
        printer.line("      s\(output)\(comma)")
        continue
      }
      printer.line("      \(roundsSums ? String(repeating: "CAST(", count: terms.count) : "")s\(output)")
      for term in terms { printer.line("        + \(term)\(roundsSums ? " AS REAL)" : "")") }
      printer.line("        AS s\(output)\(comma)")
    }
    close(last, to: &printer)
  }

  private func open(after last: inout Int, to printer: inout CodePrinter) {
    last += 1
    printer.line("  , petrify_\(last) AS MATERIALIZED (")
  }

  private func close(_ last: Int, to printer: inout CodePrinter) {
    printer.line("    FROM petrify_\(last - 1)")
    printer.line("  )")
  }

  // MARK: Header

  private func header(to printer: inout CodePrinter) {
    let provenance = request.forest.provenance
    func say(_ text: String) {
      let safe = SafeText.comment(text)
      printer.line(safe.isEmpty ? "--" : "-- " + safe)
    }
    say("\(request.name).sql: a trained decision forest as a query, for DuckDB, SQLite (3.35 and later) and others.")
    say("")
    say("Model     : \(provenance.trainer); \(provenance.kind)")
    if let source = provenance.source {
      say("Made from : \(source.fileName)")
      say("SHA-256   : \(source.sha256)")
    }
    say("Made by   : petrify \(request.toolVersion)")
    say("Digest    : \(request.meaningDigest)")
    say("Licence   : This file belongs to whoever generated it; petrify claims no rights in it.")
    say("")
    say("It reads a table \"events\" with a column event_number, which comes back with the sums, and these:")
    say("")
    for (index, input) in forest.inputs.enumerated() { say("input \(index): \(Self.quoted(input.label))") }
    say("")
    say("A missing value is NULL or NaN. Numbers are DOUBLE. What is promised:")
    for note in notes { say("* \(note)") }
    printer.line()
  }

  /// An identifier in quotes. No engine takes NUL in one, and a line break would end a comment.
  static func quoted(_ label: String) -> String {
    let plain = String(String.UnicodeScalarView(label.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    return "\"\(plain.replacingQuotes)\""
  }

  /// Always with an exponent: `0.1` is no DOUBLE but a DECIMAL to some engines.
  static func number(_ value: Double) -> String {
    value.isInfinite ? value < 0 ? "-9e999" : "9e999" : DecimalSpelling.scientific(value)
  }
}

extension String {
  fileprivate var replacingQuotes: String {
    var result = ""
    for character in unicodeScalars {
      result.unicodeScalars.append(character)
      if character == "\"" { result.unicodeScalars.append(character) }
    }
    return result
  }
}
