import ForestVerification

/// What came of comparing a model's original scores with what the targets compute, bit for bit.
public struct Comparison: Sendable {
  /// What one target did.
  public struct Result: Sendable {
    public let target: Target
    let verdict: Verdict

    /// How many rows were compared.
    public var rows: Int { verdict.rows }
    /// How many of them have every bit right. Any NaN equals any NaN.
    public var identicalRows: Int { verdict.identicalRows }
    /// The largest distance from the original, in numbers of the column's precision that lie between.
    public var worstULP: UInt64 { verdict.worstULP }
    /// The largest absolute distance from the original.
    public var worstDelta: Double { verdict.worstDelta }
    /// Numbers where NaN was expected, or the other way round; these count neither in `worstULP` nor in `worstDelta`.
    public var nanDisagreements: Int { verdict.nanDisagreements }
  }

  /// One for each target, in the order asked for.
  public let results: [Result]
  /// The names of the columns that were compared.
  public let columns: [String]
  /// The columns of the model's results that the reference file has not.
  public let columnsNotCompared: [String]
  /// The file of the original scores; nil: the reference evaluator's.
  public let referenceTable: String?
  public let dataTable: String
  public let rows: Int
  /// How far off a number may be, in units in the last place; 0: every bit counts.
  public let maximumULP: UInt64
  let inputs: [String]
  let model: PetrifiedModel

  /// Whether every target computes what it should.
  public var holds: Bool { results.allSatisfy { $0.verdict.holds(within: maximumULP) } }
}
