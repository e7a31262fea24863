import Decimals
import FileBytes
import ForestIR
import ForestReading
import ForestVerification

extension ModelEquivalence {
  /// The comparison for people: what was matched with what, a row for each result, where the models part ways, an event for
  /// which they differ, and a sentence that can be quoted.
  ///
  /// - Parameter emphasis: applied to headings; for instance makes them bold.
  public func text(emphasis: (String) -> String = { $0 }) -> String {
    var lines = head + [""]
    for (index, line) in table.lines.enumerated() { lines.append(index == 0 ? emphasis(line) : line) }
    if !found.isProved { lines += [""] + partingLines }
    if let example = found.example { lines += ["", emphasis("for example")] + exampleLines(example) }
    lines.append("")
    lines += PrintableText.wrapped(sentence, width: Self.width)
    return lines.joined(separator: "\n") + "\n"
  }

  private static let width = 98

  private var head: [String] {
    var table = TextTable([.left, .left])
    func add(_ name: String, _ text: String) {
      for (index, line) in PrintableText.wrapped(text, width: Self.width - 14).enumerated() { table.add([index == 0 ? name : "", line]) }
    }
    for (name, model) in [("A", a), ("B", b)] {
      let provenance = model.forest.provenance
      add(name, "\(model.path): \(NumberWords.count(model.treeCount, "tree")), \(provenance.kind); \(provenance.trainer)")
    }
    add("inputs", inputWords)
    if !renamedInputs.isEmpty, !a.readsByPosition, !b.readsByPosition {
      add("renamed", renamedInputs.map { "\($0.a) ↔ \($0.b)" }.joined(separator: ", "))
    }
    if !inputsOnlyInA.isEmpty { add("only in A", inputsOnlyInA.joined(separator: ", ")) }
    if !inputsOnlyInB.isEmpty { add("only in B", inputsOnlyInB.joined(separator: ", ")) }
    let others = [("A", a, found.columns.onlyA), ("B", b, found.columns.onlyB)].filter { !$0.2.isEmpty }.map { name, model, columns in
      "\(columns.map { model.forest.columns[$0].name }.joined(separator: ", ")) of \(name)"
    }
    if !others.isEmpty { add("not compared", others.joined(separator: "; ")) }
    add("events", domainWords(found.domain))
    return table.lines
  }

  private var inputWords: String {
    let pairs = found.inputs.pairs.filter { $0.a != nil && $0.b != nil }
    let isInOrder = zip(pairs, pairs.dropFirst()).allSatisfy { ($0.b ?? 0) < ($1.b ?? 0) }
    return "\(pairs.count) in common, matched by \(found.inputs.isByPosition ? "position" : "name")\(isInOrder ? "" : "; in another order in B")"
  }

  private func domainWords(_ domain: EventDomain) -> String {
    let kind = domain.contains(.float32) ? "float32 numbers" : "any numbers"
    return domain.contains(.withoutNaN) ? "\(kind), no NaN" : "\(kind), NaN (missing) too"
  }

  private var table: TextTable {
    var table = TextTable([.left, .left, .left, .right, .right, .right, .right])
    table.add(["result of A", "of B", "finding", "probed", "differing", "worst ULP", "worst |Δ|"])
    for result in results {
      let isNaN = result.verdict.nanDisagreements > 0
      let words: String =
        switch result.finding {
        case .identical: "identical (proved)"
        case .different: "different"
        default: "same where probed"
        }
      table.add([
        PrintableText.line(result.a, limit: 24), PrintableText.line(result.b, limit: 24), words, String(result.verdict.rows),
        String(result.differingRows), isNaN ? "nan" : Self.short(result.worstULP),
        isNaN ? "nan" : NumberWords.short(result.worstDelta, digits: 3),
      ])
    }
    return table
  }

  /// Large distances say no more than their size.
  private static func short(_ ulps: UInt64) -> String {
    ulps < 1_000_000 ? String(ulps) : NumberWords.short(Double(ulps), digits: 2)
  }

  /// Where the structures part, at most a few places.
  private var partingLines: [String] {
    if found.isTooLarge { return ["The models are too large to be compared tree by tree."] }
    let shown = found.parting.prefix(5).map { PrintableText.line(words(for: $0), limit: Self.width) }
    let rest = found.parting.count - shown.count
    return shown + (rest > 0 ? ["and \(NumberWords.count(rest, "place")) more"] : [])
  }

  /// One place in words; trees are counted from 0, as trainers do.
  func words(for parting: Equivalence.Parting) -> String {
    let trees: String =
      switch (parting.treeA, parting.treeB) {
      case (let a?, let b?): a == b ? "tree \(a)" : "tree \(a) of A and tree \(b) of B"
      case (let a?, nil): "tree \(a) of A and a constant in B"
      case (nil, let b?): "a constant in A and tree \(b) of B"
      case (nil, nil): "a tree"
      }
    switch parting.kind {
    case .leaves(let a, let b):
      return "\(trees): some events reach \(DecimalText.spelling(a)) in A and \(DecimalText.spelling(b)) in B"
    case .treesTooLarge: return "\(trees): of different shape, and too large to be laid over each other"
    case .order: return "the same numbers are added in another order, and so rounded differently"
    case .count(let a, let b): return "A adds \(a) numbers and B adds \(b), constants included"
    case .width(let a, let b): return "A adds in \(a) and B in \(b)"
    case .steps(let a, let b): return a == b ? "before or behind the trees: \(a), but not the same one" : "before or behind the trees: \(a) in A, \(b) in B"
    }
  }

  /// An event with the bits of everything that belongs to it.
  private func exampleLines(_ example: Equivalence.Example) -> [String] {
    var table = TextTable([.left, .left, .left])
    func add(_ name: String, _ value: Double) {
      table.add(["  " + PrintableText.line(name, limit: 40), HexFloat.spelling(value), DecimalText.spelling(value)])
    }
    for (name, value) in zip(jointInputs, example.inputs) { add(name, value) }
    for (index, result) in results.enumerated() {
      add("\(result.a) of A", example.a[index])
      add("\(result.b) of B", example.b[index])
    }
    return table.lines
  }

  /// What came out, in one or two sentences for a paper.
  public var sentence: String {
    let names = [a, b].map { model in
      let source = model.forest.provenance.source, name = ModelReading.shortName(model.path)
      // A canonical form keeps what is known of the file it came from.
      return source.map { "\(name) (\($0.fileName == name ? "" : "from \($0.fileName), ")SHA-256 \($0.sha256.prefix(12))…)" } ?? name
    }
    let which = NumberWords.list(results.map { $0.a == $0.b ? $0.a : "\($0.a) ↔ \($0.b)" })
    let events = NumberWords.count(probedRows, "event")
    var words = "With petrify \(PetrifyTool.version), \(names[0]) and \(names[1]) "
    switch finding {
    case .identical:
      words += "are the same function (\(which)): proved from their structure, for all events (\(domainWords(found.domain)))."
    case .different:
      let wrong = results.filter { $0.finding == .different }.map(\.a)
      words += "are different functions: \(NumberWords.list(wrong)) \(wrong.count == 1 ? "differs" : "differ"); an event is shown."
    default:
      let aim = found.coversAllBorders ? "on both sides of every split of every tree" : "at and beside the thresholds"
      words += "gave the same bits (\(which)) for \(events) \(aim) (\(domainWords(found.domain))); this is no proof."
    }
    if let narrower = found.narrowerDomain {
      var options: [String] = []
      if narrower.contains(.float32), !found.domain.contains(.float32) { options.append("--float32") }
      if narrower.contains(.withoutNaN), !found.domain.contains(.withoutNaN) { options.append("--no-missing") }
      words += " They are proved to be the same for \(domainWords(narrower)) (\(options.joined(separator: " ")))."
    }
    return PrintableText.line(words)
  }
}
