import EventData
import FileBytes

extension ModelSummary {
  /// The summary for people: aligned lines of at most about 100 columns, harmless on a terminal.
  ///
  /// - Parameter emphasis: applied to headings; for instance makes them bold.
  public func text(emphasis: (String) -> String = { $0 }) -> String {
    var lines = [emphasis(PrintableText.line(fileName, limit: Self.width))]
    lines += PrintableText.wrapped("\(kind); trained by \(trainer)", width: Self.width)
    func section(_ title: String, _ body: [String]) {
      if !body.isEmpty { lines += ["", emphasis(title)] + body.map { $0.isEmpty ? "" : "  " + $0 } }
    }
    section("Forest", forestLines)
    section("Inputs", inputLines)
    section("Results", outputLines)
    section("How the file was read", Self.remarkLines(choices))
    section("Oddities", Self.remarkLines(oddities))
    section("Training", factLines)
    section("Identity", identityLines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static let width = 98

  private var forestLines: [String] {
    var table = TextTable([.left, .left])
    var size = "\(trees), \(NumberWords.count(depth, "split")) deep at most"
    if constantTrees > 0 { size += "; \(constantTrees) of a single leaf" }
    table.add(["trees", size])
    var nodes = "\(splits + leaves): \(NumberWords.count(splits, "split")), \(NumberWords.count(leaves, "leaf", "leaves"))"
    if linearSplits > 0 { nodes += "; \(NumberWords.count(linearSplits, "split")) on linear combinations" }
    table.add(["nodes", nodes])
    table.add(["precision", inputPrecision == "float32" ? "inputs are rounded to float32" : "inputs are taken as float64"])
    for (index, line) in PrintableText.wrapped(transformations.joined(separator: ", "), width: 80).enumerated()
    where !transformations.isEmpty {
      table.add([index == 0 ? "before trees" : "", line])
    }
    return table.lines
  }

  private var inputLines: [String] {
    // The widest layout that fits, giving up first the bars, then titles, then long names.
    let layouts = [(24, 24, 24, 10), (24, 24, 20, 5), (24, 24, 20, 0), (24, 24, 14, 0), (24, 24, 0, 0), (24, 14, 0, 0)]
    let tables = layouts.lazy.map { inputTable(label: $0.0, expression: $0.1, title: $0.2, bar: $0.3).lines }
    var lines = tables.first { $0.allSatisfy { $0.count <= Self.width - 2 } } ?? tables.last!
    if !mixedFeatures.isEmpty {
      lines += PrintableText.wrapped(
        "Trees read transformed inputs that mix those marked \"mixed\"; splits are counted for the transformed ones.",
        width: Self.width - 2)
    }
    return lines
  }

  /// A row for each input, and for each mixture of them that trees read, with texts and bars of limited width.
  private func inputTable(label: Int, expression: Int, title: Int, bar: Int) -> TextTable {
    let total = inputs.reduce(0) { $0 + $1.splits } + mixedFeatures.reduce(0) { $0 + $1.splits }
    let most = max(inputs.map(\.splits).max() ?? 0, mixedFeatures.map(\.splits).max() ?? 0)
    func use(_ splits: Int) -> [String] {
      [String(splits), NumberWords.percent(splits, of: total), NumberWords.bar(splits, of: most, width: bar)]
    }
    func text(_ text: String, _ limit: Int) -> String { limit == 0 ? "" : PrintableText.line(text, limit: limit) }
    let hasRanges = inputs.contains { $0.trainingRange != nil }, hasTitles = inputs.contains { !isSpoken($0.title, $0) }
    let hasExpressions = inputs.contains { $0.expression != $0.label && !$0.expression.isEmpty }
    var table = TextTable([.right, .left, .left, .left, .left, .right, .left, .right, .right, .right, .left])
    table.add([
      "#", "name", hasExpressions ? "expression" : "", hasTitles && title > 0 ? "title" : "",
      inputs.contains { !$0.unit.isEmpty } ? "unit" : "", hasRanges ? "lowest" : "", "", hasRanges ? "highest" : "", "splits",
      "", "",
    ])
    for (index, input) in inputs.enumerated() {
      let isDirect = input.splits > 0 || (!input.isSelector && mixedFeatures.isEmpty)
      table.add(
        [
          String(index + 1), text(input.label, label), input.expression == input.label ? "" : text(input.expression, expression),
          isSpoken(input.title, input) ? "" : text(input.title, title), text(input.unit, 10),
          input.trainingRange.map { NumberWords.short($0.lowest, digits: 4) } ?? "", input.trainingRange == nil ? "" : "…",
          input.trainingRange.map { NumberWords.short($0.highest, digits: 4) } ?? "",
        ] + (isDirect ? use(input.splits) : [input.isSelector ? "cuts only" : "mixed", "", ""]))
    }
    for feature in mixedFeatures {
      table.add(["", text("transformed input \(feature.index + 1)", label), "", "", "", "", "", ""] + use(feature.splits))
    }
    return table
  }

  /// Whether a title says nothing that the name or the expression does not say.
  private func isSpoken(_ title: String, _ input: InputSummary) -> Bool {
    title.isEmpty || title == input.label || title == input.expression
  }

  private var outputLines: [String] {
    outputs.flatMap { output -> [String] in
      var lines = PrintableText.wrapped(
        "\(output.name): \(output.meaning) (\(output.precision)\(output.isPrinted ? "" : "; offered to programs, not printed"))",
        width: Self.width - 4)
      if let range = output.range, range.lowest.isFinite || range.highest.isFinite {
        let exceptions = range.exceptions.map { ", or \(NumberWords.short($0))" }.joined()
        lines.append("possible: \(NumberWords.short(range.lowest)) … \(NumberWords.short(range.highest))\(exceptions)")
      }
      return lines.enumerated().map { $0.offset == 0 ? $0.element : "  " + $0.element }
    }
  }

  /// A paragraph for each remark; what is remarked in many places is said once.
  private static func remarkLines(_ remarks: [Remark]) -> [String] {
    var texts: [String] = []
    var places: [String: [String]] = [:]
    for remark in remarks {
      if places[remark.text] == nil { texts.append(remark.text) }
      places[remark.text, default: []].append(remark.place)
    }
    return texts.flatMap { text -> [String] in
      let places = places[text, default: []].filter { !$0.isEmpty }
      let place = places.first.map { first in
        places.count == 1 ? " (\(first))" : " (\(first) and \(NumberWords.count(places.count - 1, "more place")))"
      }
      return PrintableText.wrapped(text + (place ?? ""), width: width - 4).enumerated()
        .map { ($0.offset == 0 ? "- " : "  ") + $0.element }
    }
  }

  private var factLines: [String] {
    var table = TextTable([.left, .left])
    for fact in facts where !fact.name.hasPrefix(Self.optionPrefix) {
      for (index, line) in PrintableText.wrapped(fact.value, width: 74).enumerated() {
        table.add([index == 0 ? PrintableText.line(fact.name, limit: 20) : "", line])
      }
    }
    let options = facts.filter { $0.name.hasPrefix(Self.optionPrefix) }
      .map { "\($0.name.dropFirst(Self.optionPrefix.count))=\($0.value)" }
    for (index, line) in PrintableText.wrapped(options.joined(separator: " "), width: 74).enumerated() where !options.isEmpty {
      table.add([index == 0 ? "options" : "", line])
    }
    return table.lines
  }

  private static let optionPrefix = "option "

  private var identityLines: [String] {
    var table = TextTable([.left, .left])
    table.add(["format", PrintableText.line(format)])
    table.add(["source SHA-256", sourceSHA256 ?? ""])
    table.add(["meaning SHA-256", digest])
    table.add(["written as", defaultName])
    return table.lines
  }
}
