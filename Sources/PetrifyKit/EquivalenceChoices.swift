import ForestIR
import ForestVerification

/// How two models are compared.
///
///     var choices = EquivalenceChoices()
///     choices.withoutMissing = true
///     let report = try model.equivalence(with: other, choices)
public struct EquivalenceChoices: Sendable, Hashable {
  /// Which results are compared: some of `kinds`.
  public var results: Set<String> = Set(kinds)
  /// Inputs belong together by their order, whatever they are called.
  public var byPosition = false
  /// The inputs are float32 numbers, such as branches of type `F` hold.
  public var float32Inputs = false
  /// No input is NaN.
  public var withoutMissing = false
  /// How many events are asked, where no proof is found.
  public var rows = 100_000
  /// How many threads share the work.
  public var threads = 1

  public init() {}

  /// The kinds of results: raw sums over the trees, what the trainer reports, indices of classes.
  public static let kinds: [String] = Column.Role.allCases.map(\.rawValue)

  /// The kinds of a comma-separated list.
  ///
  /// - Throws: `PetrifyError` of the kind `usage` for an unknown name or an empty list.
  public static func kinds(_ list: String) throws(PetrifyError) -> Set<String> {
    var found: Set<String> = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard kinds.contains(String(part)) else {
        throw PetrifyError(
          .usage, nil, "no kind of results is called \"\(part)\"", hint: "available: \(kinds.joined(separator: ", "))")
      }
      found.insert(String(part))
    }
    return found
  }

  func plan() throws(PetrifyError) -> Equivalence.Plan {
    guard rows > 0, threads > 0 else { throw PetrifyError(.usage, nil, "at least one row and one thread are needed") }
    var plan = Equivalence.Plan()
    plan.roles = Set(results.compactMap(Column.Role.init(rawValue:)))
    plan.byPosition = byPosition
    if float32Inputs { plan.domain.insert(.float32) }
    if withoutMissing { plan.domain.insert(.withoutNaN) }
    plan.rows = rows
    plan.threads = threads
    return plan
  }
}
