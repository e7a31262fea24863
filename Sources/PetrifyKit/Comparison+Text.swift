import Decimals
import FileBytes
import EventData
import ForestIR
import ForestVerification

extension Comparison {
  /// The comparison for people: a table with a row for each target, the first difference of each that has one, and a sentence
  /// that can be quoted.
  ///
  /// - Parameter emphasis: applied to the heading of the table; for instance makes it bold.
  public func text(emphasis: (String) -> String = { $0 }) -> String {
    var lines = head + [""]
    for (index, line) in table.lines.enumerated() { lines.append(index == 0 ? emphasis(line) : line) }
    for result in results {
      if let first = result.verdict.first { lines += [""] + details(of: first, result.target) }
    }
    lines.append("")
    lines += PrintableText.wrapped(sentence, width: 98)
    return lines.joined(separator: "\n") + "\n"
  }

  private var head: [String] {
    var table = TextTable([.left, .left])
    let summary = "\(NumberWords.count(model.treeCount, "tree")), \(model.forest.provenance.kind)"
    table.add(["model", PrintableText.line("\(model.path): \(summary)")])
    table.add(["events", PrintableText.line("\(dataTable): \(NumberWords.count(rows, "row"))")])
    let names = PrintableText.line(columns.joined(separator: ", "), limit: 60)
    table.add(["original", PrintableText.line("\(referenceTable ?? "the reference evaluator"): \(names)")])
    if !columnsNotCompared.isEmpty {
      table.add(["not compared", PrintableText.line("\(columnsNotCompared.joined(separator: ", ")): not in the original")])
    }
    if maximumULP > 0 { table.add(["accepted", "up to \(maximumULP) ulp"]) }
    return table.lines
  }

  private var table: TextTable {
    var table = TextTable([.left, .right, .right, .right, .right, .left])
    table.add(["target", "rows", "identical", "worst ULP", "worst |Δ|", "first difference"])
    for result in results {
      let verdict = result.verdict
      let isNaN = verdict.nanDisagreements > 0
      table.add([
        result.target.name, String(verdict.rows), String(verdict.identicalRows),
        isNaN ? "nan" : String(verdict.worstULP), isNaN ? "nan" : NumberWords.short(verdict.worstDelta, digits: 3),
        verdict.first.map { PrintableText.line("row \($0.row + 1), \($0.column)", limit: 40) } ?? "none",
      ])
    }
    return table
  }

  /// One difference with the bits of everything that belongs to it.
  private func details(of difference: Difference, _ target: Target) -> [String] {
    var table = TextTable([.left, .left, .left])
    func add(_ name: String, _ value: Double) {
      table.add(["  " + PrintableText.line(name, limit: 40), HexFloat.spelling(value), DecimalText.spelling(value)])
    }
    add("original", difference.expected)
    add(target.name, difference.found)
    for (input, value) in zip(inputs, difference.inputs) { add(input, value) }
    return [PrintableText.line("\(target.name), row \(difference.row + 1), \(difference.column):")] + table.lines
  }

  /// What came out, in one sentence for a paper.
  public var sentence: String {
    let original =
      referenceTable.map { "the original scores (\(Self.fileName($0)))" } ?? "the plain reference evaluation"
    let source = model.forest.provenance.source
    let file = source.map { "\($0.fileName) (SHA-256 \($0.sha256.prefix(12))…)" } ?? Self.fileName(model.path)
    let events = Self.fileName(dataTable)
    let good = results.filter(\.verdict.isIdentical)
    var clauses: [String] = []
    if !good.isEmpty {
      let names = NumberWords.list(good.map(\.target.title))
      clauses.append(
        "\(names) \(good.count == 1 ? "reproduces" : "reproduce") \(original) of \(file) "
          + "to the last bit for \(rows == 1 ? "the one event" : "all \(rows) events") in \(events)")
    }
    for result in results where !result.verdict.isIdentical {
      let verdict = result.verdict
      var size = "by at most \(verdict.worstULP) ulp (\(NumberWords.short(verdict.worstDelta, digits: 3)) in absolute terms)"
      if verdict.nanDisagreements > 0 {
        size = "with NaN on one side only in \(NumberWords.count(verdict.nanDisagreements, "value"))"
      }
      clauses.append(
        "\(result.target.title) differs from \(original) of \(file) "
          + "in \(verdict.rows - verdict.identicalRows) of \(rows) events in \(events), \(size)")
    }
    return PrintableText.line("With petrify \(PetrifyTool.version), \(clauses.joined(separator: "; ")).")
  }

  private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
