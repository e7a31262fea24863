import ForestIR
import ForestVerification

extension Benchmark {
  /// The benchmark for people: a table with a row for each target.
  ///
  /// - Parameter emphasis: applied to the heading of the table; for instance makes it bold.
  public func text(emphasis: (String) -> String = { $0 }) -> String {
    var lines = head + [""]
    for (index, line) in (holds ? table : differences).lines.enumerated() { lines.append(index == 0 ? emphasis(line) : line) }
    lines.append("")
    for note in notes { lines += PrintableText.wrapped(note, width: 98) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var head: [String] {
    var table = TextTable([.left, .left])
    let summary = "\(NumberWords.count(model.treeCount, "tree")), \(model.forest.provenance.kind)"
    table.add(["model", PrintableText.line("\(model.path): \(summary)")])
    let origin =
      dataTable.map { distinctRows < rows ? "\($0), \(distinctRows) of them different" : $0 }
      ?? "made so that both sides of splits are taken"
    table.add(["events", PrintableText.line("\(NumberWords.count(rows, "row")): \(origin)")])
    return table.lines
  }

  private var table: TextTable {
    var table = TextTable([.left, .right, .right, .right, .right, .right, .right, .right])
    table.add([
      "ns per event", "one call each", "one call for all", usesThreads ? "with \(threads) threads" : "", "convert", "compile",
      "source", "program",
    ])
    for result in results {
      guard let times = result.times else { continue }
      table.add([
        result.target.name, Self.nanoseconds(times.single), Self.nanoseconds(times.batch),
        times.batchWithThreads.map(Self.nanoseconds) ?? "", Self.time(result.conversionSeconds),
        result.compilationSeconds.map(Self.time) ?? "", result.sourceBytes.map(Self.size) ?? "",
        result.programBytes.map(Self.size) ?? "",
      ])
    }
    return table
  }

  private var usesThreads: Bool { results.contains { $0.times?.batchWithThreads != nil } }

  private var differences: TextTable {
    var table = TextTable([.left, .right, .right, .left])
    table.add(["target", "compared", "identical", "first difference"])
    for result in results {
      table.add([
        result.target.name, String(result.comparedRows), String(result.identicalRows),
        result.verdict.first.map { PrintableText.line("row \($0.row % result.batchRows + 1), \($0.column)", limit: 40) }
          ?? "none",
      ])
    }
    return table
  }

  private var notes: [String] {
    guard holds else {
      return ["Not measured: a target computes other numbers than the evaluator. `petrify diff` shows them bit by bit."]
    }
    let rounds = results.first?.times?.single.rounds.count ?? 0
    var notes = [
      "Medians of \(NumberWords.count(rounds, "round")) of all targets in turn, processor time of one thread"
        + (usesThreads ? " (with \(threads) threads: time that passes)" : "")
        + ". All bits were compared first. Events are handed over as \(isFloat ? "float32" : "float64"), to the evaluator as"
        + " float64."
    ]
    if results.contains(where: { $0.batchRows < rows }) {
      notes.append("Python was asked \(results.map(\.batchRows).min() ?? 0) events.")
    }
    if distinctRows < Self.learnableRows, distinctRows < rows || dataTable != nil {
      notes.append(
        "So few different events flatter: a processor learns their branches by heart. Give more rows, or none: then events are made.")
    }
    return notes
  }

  /// Fewer different events than this may be learnt by a branch predictor.
  private static let learnableRows = 1000

  private static func nanoseconds(_ timing: Timing) -> String {
    let value = timing.median
    return value < 10 ? NumberWords.short(value, digits: 2) : String(Int(value.rounded()))
  }

  private static func time(_ seconds: Double) -> String {
    seconds < 0.0995
      ? "\(NumberWords.short(seconds * 1000, digits: 2)) ms" : "\(NumberWords.short(seconds, digits: seconds < 99.5 ? 2 : 4)) s"
  }

  private static func size(_ bytes: Int) -> String {
    if bytes < 1000 { return "\(bytes) B" }
    let kilobytes = Double(bytes) / 1000
    return kilobytes < 999.5
      ? "\(NumberWords.short(kilobytes, digits: 3)) kB"
      : "\(NumberWords.short(kilobytes / 1000, digits: kilobytes < 99_950 ? 3 : 4)) MB"
  }
}
