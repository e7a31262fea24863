import ForestEvaluation
import ForestIR

/// Asks two forests the same events and keeps count.
struct PairProbes {
  private let evaluators: (a: Evaluator, b: Evaluator)
  private let places: (a: [Int], b: [Int])
  private let columns: [(pair: ColumnMatch.Pair, name: String, width: Width)]
  private let domain: EventDomain
  private let inputCount: Int
  private let threads: Int
  private var waiting: [[Double]] = []

  /// For each pair of columns what came out; the first forest's numbers are the expected ones.
  private(set) var verdicts: [Verdict]
  private(set) var rows = 0
  /// Rows that at least one forest refuses to answer; they are not compared unless only one does.
  private(set) var refusedRows = 0
  private(set) var example: Equivalence.Example?

  /// Rows that are asked together.
  private static let blockSize = 4096

  init(_ a: Forest, _ b: Forest, inputs: InputMatch, columns: ColumnMatch, domain: EventDomain, threads: Int) throws(ForestFault) {
    evaluators = (try Evaluator(a), try Evaluator(b))
    places = (inputs.placesOfA, inputs.placesOfB)
    inputCount = inputs.pairs.count
    self.columns = columns.pairs.map { pair in
      let left = a.columns[pair.a], right = b.columns[pair.b]
      return (pair, left.name, left.width == .float32 && right.width == .float32 ? .float32 : .float64)
    }
    self.domain = domain
    self.threads = threads
    verdicts = columns.pairs.map { _ in Verdict() }
  }

  /// Takes an event; it is asked with the next block.
  mutating func add(_ row: [Double]) {
    var row = row
    if domain.contains(.float32) { row = row.map(Width.float32.rounded) }
    if domain.contains(.withoutNaN) { row = row.map { $0.isNaN ? 0 : $0 } }
    waiting.append(row)
    if waiting.count == Self.blockSize { ask() }
  }

  /// Asks what waits.
  mutating func ask() {
    let a = evaluators.a.evaluate(rows: waiting.flatMap { row in places.a.map { row[$0] } }, threads: threads)
    let b = evaluators.b.evaluate(rows: waiting.flatMap { row in places.b.map { row[$0] } }, threads: threads)
    let refusedByA = Set(a.ambiguousRows), refusedByB = Set(b.ambiguousRows)
    for (index, inputs) in waiting.enumerated() {
      let isRefused = (refusedByA.contains(index), refusedByB.contains(index))
      if isRefused.0 || isRefused.1 { refusedRows += 1 }
      if isRefused.0 && isRefused.1 { continue }
      var left = columns.map { a.results[index * a.columnCount + $0.pair.a] }
      var right = columns.map { b.results[index * b.columnCount + $0.pair.b] }
      if isRefused.0 { left = left.map { _ in .nan } }
      if isRefused.1 { right = right.map { _ in .nan } }
      var differs = isRefused.0 != isRefused.1
      for (column, meaning) in columns.enumerated() {
        let before = verdicts[column].identicalRows
        verdicts[column].compare(
          expected: left[column...column], found: right[column...column], columns: [(meaning.name, meaning.width)], inputs: inputs)
        if verdicts[column].identicalRows == before { differs = true }
      }
      // The first event, or the first with plain numbers only.
      guard differs, example == nil || (!example!.isPlain && inputs.allSatisfy(\.isFinite)) else { continue }
      example = Equivalence.Example(inputs: inputs, a: left, b: right)
    }
    rows += waiting.count
    waiting.removeAll(keepingCapacity: true)
  }
}
