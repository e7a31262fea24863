import ForestIR

/// Two forests as terms of one table, and what follows from it.
struct PairStructure {
  let table: TermTable
  /// For each pair of columns, whether they are proved to be the same.
  let proved: [Bool]
  let divergences: [Divergence]
  let parting: [Equivalence.Parting]
  /// The trees of both, each once.
  let roots: [TermID]
  /// How many trees of the first are also in the second.
  let treesAlike: Int

  /// - Returns: nil if the forests are too large for it.
  init?(_ a: Forest, _ b: Forest, inputs: InputMatch, columns: ColumnMatch, domain: EventDomain) {
    var table = TermTable(domain: domain)
    var trees: (a: [TermID: Int], b: [TermID: Int]) = ([:], [:])
    let joint = inputs.pairs.indices.map { table.input($0) }
    guard let left = try? table.results(of: a.model, reading: inputs.placesOfA.map { joint[$0] }, trees: &trees.a),
      let right = try? table.results(of: b.model, reading: inputs.placesOfB.map { joint[$0] }, trees: &trees.b)
    else { return nil }
    var comparison = TermComparison(table)
    proved = columns.pairs.map { comparison.areSame(left[$0.a], right[$0.b]) }
    divergences = comparison.divergences
    let labels = inputs.pairs.map { pair in pair.a.map { a.inputs[$0].label } ?? pair.b.map { b.inputs[$0].label } ?? "" }
    var parting: [Equivalence.Parting] = []
    var seen: Set<Equivalence.Parting> = []
    for divergence in divergences {
      let kind: Equivalence.Parting.Kind =
        switch divergence.kind {
        case .leaves(let a, let b): .leaves(table.constantValue(a) ?? .nan, table.constantValue(b) ?? .nan)
        case .tooLong: .treesTooLarge
        case .order: .order
        case .count(let a, let b): .count(a, b)
        case .width(let a, let b): .width(a, b)
        case .step: .steps(table.words(for: divergence.a, labels), table.words(for: divergence.b, labels))
        }
      let place = Equivalence.Parting(kind: kind, treeA: trees.a[divergence.a], treeB: trees.b[divergence.b])
      if seen.insert(place).inserted { parting.append(place) }
    }
    self.parting = parting
    roots = Set(trees.a.keys).union(trees.b.keys).sorted { $0.index < $1.index }
    treesAlike = trees.a.keys.reduce(0) { $0 + (trees.b[$1] == nil ? 0 : 1) }
    self.table = table
  }
}

extension TermTable {
  /// What a term does, for people.
  ///
  /// - Parameter labels: of the joint inputs.
  func words(for id: TermID, _ labels: [String]) -> String {
    let term = self[id]
    let width = term.flag ? "float32" : "float64"
    switch term.kind {
    case .input: return "the input \(labels[Int(term.bits)])"
    case .constant: return "the constant \(Double(bitPattern: term.bits))"
    case .refused: return "no answer"
    case .toFloat32: return "rounding to float32"
    case .unary: return "\(UnaryFunction.allCases[Int(term.function)].rawValue) in \(width)"
    case .binary: return "\(BinaryFunction.allCases[Int(term.function)].rawValue) in \(width)"
    case .compare, .isNaN, .not, .and, .or: return "a condition"
    case .select: return "a choice by a condition"
    case .upTo, .member, .isMissing: return "a tree"
    case .larger: return "a maximum"
    case .list: return "a list"
    case .indexOfMaximum: return "the index of a maximum"
    case .lookUp: return "a look-up in a table"
    case .curve, .inverseCurve: return "a curve"
    case .medianWindowMean, .weightedMedian: return "a median"
    }
  }
}
