/// How a benchmark is to be run.
public struct BenchmarkChoices: Sendable {
  /// A table of events; nil: events made for the purpose, that take both sides of the splits about equally often.
  public var table: String?
  /// How many events; nil: 100,000, and 20,000 for large forests. If the table has fewer, rows are drawn from it at random.
  public var rows: Int?
  /// How many threads the evaluator uses besides one: 1 or more.
  public var threads = 1
  /// How often everything is measured, all targets in turn.
  public var rounds = 5
  /// How many seconds each measurement takes at least.
  public var seconds = 0.1
  public var layout = EmissionChoices.Layout.auto

  public init() {}
}
