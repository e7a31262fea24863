import ForestEvaluation
package import ForestIR

/// What came of asking whether two forests are the same function.
package struct Equivalence: Sendable {
  package enum Proof: Sendable, Equatable {
    /// Tree by tree and step by step, for every event of the domain.
    case proved
    /// Not proved, and no event was found for which they differ.
    case agreesOnProbes
    /// There is an event for which they differ.
    case refuted
  }

  package let inputs: InputMatch
  package let columns: ColumnMatch
  package let domain: EventDomain
  /// For each pair of columns.
  package let proofs: [Proof]
  /// For each pair of columns what the probes said; the first forest's numbers are the expected ones.
  package let probes: [Verdict]
  package let probedRows: Int
  /// Probed rows that one of the forests refuses to answer.
  package let refusedRows: Int
  /// Whether every border of every tree was among the probes, as far as trees read inputs as they are.
  package let coversAllBorders: Bool
  package let example: Example?
  /// Where the forests part ways, as far as their structure tells.
  package let parting: [Parting]
  /// Too large to be compared tree by tree.
  package let isTooLarge: Bool
  /// Trees of both that are the same at the same place.
  package let treesAlike: Int
  /// A narrower domain in which the two are proved to be the same; nil if there is none or they are the same anyway.
  package let narrowerDomain: EventDomain?

  /// An event for which the two disagree.
  package struct Example: Sendable {
    /// A number for each joint input.
    package let inputs: [Double]
    /// The compared columns of each.
    package let a: [Double]
    package let b: [Double]
    /// All inputs are finite.
    var isPlain: Bool { inputs.allSatisfy(\.isFinite) }
  }

  /// A place where the forests part ways.
  package struct Parting: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
      /// An event reaches other leaves.
      case leaves(Double, Double)
      case treesTooLarge
      case order
      case count(Int, Int)
      case width(Width, Width)
      case steps(String, String)
    }
    package let kind: Kind
    /// The number of the tree in each forest, where it is one.
    package let treeA: Int?
    package let treeB: Int?

    package init(kind: Kind, treeA: Int?, treeB: Int?) {
      self.kind = kind
      self.treeA = treeA
      self.treeB = treeB
    }
  }

  package var isSame: Bool { !proofs.contains(.refuted) }
  package var isProved: Bool { proofs.allSatisfy { $0 == .proved } }

  /// What to do.
  package struct Plan: Sendable {
    package var roles: Set<Column.Role> = Set(Column.Role.allCases)
    package var byPosition = false
    package var domain: EventDomain = []
    /// How many rows may be probed.
    package var rows = 100_000
    package var threads = 1
    package init() {}
  }

  /// - Throws: `ForestFault` (`limit`) for a forest too large to be evaluated; (`shape`) if no column of one belongs to one of the other; (`structure`) if
  ///   probes refute a proof, which is a fault of this program.
  package init(_ a: Forest, _ b: Forest, _ plan: Plan) throws(ForestFault) {
    inputs = InputMatch(a.inputs, b.inputs, byPosition: plan.byPosition)
    columns = ColumnMatch(a.columns, b.columns, roles: plan.roles)
    domain = plan.domain
    guard !columns.pairs.isEmpty else { throw ForestFault(.shape, "no result of one model corresponds to a result of the other") }

    let structure = PairStructure(a, b, inputs: inputs, columns: columns, domain: plan.domain)
    let proved = structure?.proved ?? columns.pairs.map { _ in false }
    isTooLarge = structure == nil
    treesAlike = structure?.treesAlike ?? 0
    parting = structure?.parting ?? []

    var probes = try PairProbes(a, b, inputs: inputs, columns: columns, domain: plan.domain, threads: plan.threads)
    let isAllProved = !proved.contains(false)
    // A proof is held against a few events all the same.
    coversAllBorders = Self.probe(&probes, a, b, inputs, structure, rows: isAllProved ? min(plan.rows, 2000) : plan.rows)
    for (isProved, verdict) in zip(proved, probes.verdicts) where isProved && !verdict.isIdentical {
      throw ForestFault(.structure, "a proof that two models are the same is refuted by an event")
    }
    proofs = zip(proved, probes.verdicts).map { $0 ? .proved : $1.isIdentical ? .agreesOnProbes : .refuted }
    self.probes = probes.verdicts
    probedRows = probes.rows
    refusedRows = probes.refusedRows
    example = probes.example

    let narrower: [EventDomain] = [.withoutNaN, .float32, [.withoutNaN, .float32]].map { plan.domain.union($0) }
    let (inputs, columns) = (inputs, columns)
    narrowerDomain =
      isAllProved || isTooLarge
      ? nil
      : narrower.first { domain in
        domain != plan.domain
          && PairStructure(a, b, inputs: inputs, columns: columns, domain: domain)?.proved.contains(false) == false
      }
  }

  /// Asks events aimed at where the structures part, then at every border, then at every threshold.
  ///
  /// - Returns: whether all borders were asked.
  private static func probe(
    _ probes: inout PairProbes, _ a: Forest, _ b: Forest, _ inputs: InputMatch, _ structure: PairStructure?, rows: Int
  ) -> Bool {
    let set = ProbeSet((a, inputs.placesOfA), (b, inputs.placesOfB), count: inputs.pairs.count)
    var random = SplitMix64(seed: 0x636F_6D70_6172_65)
    let base = set.referenceRows(64)
    if let structure {
      for cell in structure.divergences.lazy.flatMap(\.cells).prefix(max(1, rows / 32)) {
        for (index, var row) in base.prefix(16).enumerated() {
          // The shortest numbers first, for people.
          _ = cell.move(&row, in: structure.table) { index < 4 ? 0 : random.below($0) }
          probes.add(row)
        }
      }
      for (input, value) in structure.table.comparedNumbers.prefix(max(1, rows / 32)) {
        let near = [value, value.nextDown, value.nextUp, Double(Float(value).nextDown), Double(Float(value).nextUp)]
        for (index, var row) in base.prefix(10).enumerated() {
          row[input] = near[index % near.count]
          probes.add(row)
        }
      }
    }
    probes.ask()

    var isComplete = false
    if let structure {
      // Three events to a question; of very many every so-manieth, and half of the rows are left to other combinations.
      let step = max(1, (structure.table.questionCount * 6 + rows - 1) / max(1, rows))
      isComplete = step == 1
      var counter = 0
      for root in structure.roots {
        structure.table.forEachBorder(in: root) { cell in
          counter += 1
          guard counter % step == 0 else { return true }
          var row = base[random.below(base.count)]
          if !cell.move(&row, in: structure.table, pick: { random.below($0) }) { isComplete = false }
          probes.add(row)
          if probes.rows >= rows { isComplete = false }
          return probes.rows < rows
        }
      }
    }
    var round: UInt64 = 0
    while probes.rows < rows {
      let covering = set.coveringRows(round: round)
      let hostile = set.hostileRows(max(500, covering.count), seed: round)
      for row in (covering + hostile).prefix(rows - probes.rows) { probes.add(row) }
      probes.ask()
      round += 1
      // Ten thousand rows, or all thresholds three times over.
      if round >= 3, probes.rows >= 10_000 { break }
    }
    probes.ask()
    return isComplete
  }
}
