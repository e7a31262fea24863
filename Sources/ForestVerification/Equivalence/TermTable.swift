import ForestIR
import ForestEvaluation

/// Names one number of a computation in a `TermTable`.
struct TermID: Sendable, Hashable {
  let index: Int32
}

/// One number (or truth value) of a computation: an operation on others, without a trace of how vectors were laid out.
struct Term: Sendable, Hashable {
  enum Kind: UInt8, Sendable {
    case input, constant, refused
    case toFloat32, unary, binary, compare, isNaN, not, and, or, select
    /// A question of a tree: `a` is asked; `b` is where yes leads, `c` where no does.
    case upTo, member, isMissing
    /// The larger of two, as `Reduction.maximum` says.
    case larger
    /// An ordered list: everything before, and one more.
    case list
    case indexOfMaximum, lookUp, curve, inverseCurve, medianWindowMean, weightedMedian
  }

  var kind: Kind
  /// The number of the function, of a kind that has several; else 0.
  var function: UInt8 = 0
  /// The width of arithmetic; for questions of trees, whether NaN goes left.
  var flag = false
  var a: Int32 = -1
  var b: Int32 = -1
  var c: Int32 = -1
  /// A constant, a threshold, an input's number or the number of a side table.
  var bits: UInt64 = 0
}

/// All numbers that two or more computations have in common and those they have not: equal computations get equal names.
///
/// What is written in several ways becomes one term where that is exact: positions in vectors vanish, comparisons and thresholds
/// have one form, constants are folded, weights are multiplied into leaves, splits that decide nothing are left out.
/// Equal names mean equal functions, to the last bit (any NaN being any other); different names mean nothing.
struct TermTable: Sendable {
  /// What is assumed of the inputs.
  let domain: EventDomain
  private(set) var terms: [Term] = []
  private var traits: [Traits] = []
  private var ids: [Term: Int32] = [:]
  private var vectors: [Vector: Int] = [:]
  private var curves: [HistogramCurve: Int] = [:]
  private var sets: [CategorySet: Int] = [:]
  private var setList: [CategorySet] = []

  /// More terms than this are not compared one by one.
  static let limit = 1 << 25

  /// What holds of a term for all events.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt8
    static let isFloat32 = Traits(rawValue: 1)
    static let neverNaN = Traits(rawValue: 2)
    static let neverNegativeZero = Traits(rawValue: 4)
  }

  init(domain: EventDomain = []) { self.domain = domain }

  var isFull: Bool { terms.count >= Self.limit }

  subscript(id: TermID) -> Term { terms[Int(id.index)] }
  func traits(_ id: TermID) -> Traits { traits[Int(id.index)] }

  mutating func intern(_ term: Term, _ known: Traits = []) -> TermID {
    if let id = ids[term] { return TermID(index: id) }
    let id = Int32(terms.count)
    terms.append(term)
    traits.append(known)
    ids[term] = id
    return TermID(index: id)
  }

  // MARK: Ends

  /// The input of that number, as the caller hands it in.
  mutating func input(_ index: Int) -> TermID {
    var known: Traits = []
    if domain.contains(.float32) { known.insert(.isFloat32) }
    if domain.contains(.withoutNaN) { known.insert(.neverNaN) }
    return intern(Term(kind: .input, bits: UInt64(index)), known)
  }

  mutating func constant(_ value: Double) -> TermID {
    var known: Traits = []
    if Width.float32.holds(value) { known.insert(.isFloat32) }
    if !value.isNaN { known.insert(.neverNaN) }
    if !(value == 0 && value.sign == .minus) { known.insert(.neverNegativeZero) }
    return intern(Term(kind: .constant, bits: (value.isNaN ? Double.nan : value).bitPattern), known)
  }

  mutating func truth(_ value: Bool) -> TermID { constant(value ? 1 : 0) }
  /// Where there is no answer.
  mutating func refusal() -> TermID { intern(Term(kind: .refused), .neverNegativeZero) }

  /// The value of a constant; nil for everything else.
  func constantValue(_ id: TermID) -> Double? {
    let term = self[id]
    return term.kind == .constant ? Double(bitPattern: term.bits) : nil
  }

  /// The input that a term is, and whether it was rounded to float32; nil for everything computed.
  func input(behind id: TermID) -> Int? {
    let term = self[id]
    switch term.kind {
    case .input: return Int(term.bits)
    case .toFloat32:
      let inner = terms[Int(term.a)]
      return inner.kind == .input ? Int(inner.bits) : nil
    default: return nil
    }
  }

  // MARK: Side tables

  mutating func number(of vector: Vector) -> UInt64 { UInt64(Self.number(of: vector, in: &vectors)) }
  mutating func number(of curve: HistogramCurve) -> UInt64 { UInt64(Self.number(of: curve, in: &curves)) }
  mutating func number(of set: CategorySet) -> UInt64 {
    let number = Self.number(of: set, in: &sets)
    if number == setList.count { setList.append(set) }
    return UInt64(number)
  }
  func set(_ number: UInt64) -> CategorySet { setList[Int(number)] }

  private static func number<Key: Hashable>(of key: Key, in table: inout [Key: Int]) -> Int {
    if let number = table[key] { return number }
    table[key] = table.count
    return table.count - 1
  }
}
