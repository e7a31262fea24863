import ForestIR

/// The classes of a classifier, output by output.
struct TargetClasses {
  /// How many classes each output has.
  let counts: [Int]
  /// The classes themselves, where the file names them.
  let names: [[String]]?

  var total: Int { counts.reduce(0, +) }
  /// The classes of the only output.
  var count: Int { counts[0] }
  var isSingle: Bool { counts.count == 1 }
}

extension SmallValue {
  /// A class as text that tells classes apart: 1, 1.0 and true are the same class, the string "1" is another.
  fileprivate var className: String? {
    switch self {
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .bool(let value): value ? "1" : "0"
    case .string(let text): "\"" + text
    default: nil
    }
  }

  /// The classes of one output.
  fileprivate var classNames: [String]? {
    switch self {
    case .numbers(let numbers): return numbers.map { SmallValue.number($0).className! }
    case .list(let list):
      let names = list.compactMap(\.className)
      return names.count == list.count ? names : nil
    default: return nil
    }
  }
}

extension EstimatorLowering {
  /// The classes of a classifier, or those of the estimator around it, or what its tree's rows suggest.
  func classes(of estimator: Estimator, around: TargetClasses? = nil) throws(ReadError) -> TargetClasses {
    let outputs = try optionalCount("n_outputs_", of: estimator)
    var names: [[String]]?
    if let value = optional("classes_", of: estimator) {
      names = value.classNames.map { [$0] }
      if names == nil, case .list(let list) = value {
        let all = list.compactMap(\.classNames)
        if all.count == list.count { names = all }
      }
      guard let names else {
        throw fault(.malformed, estimator, "classes_", "classes are numbers, truth values or strings")
      }
      for (output, classes) in names.enumerated() {
        guard !classes.isEmpty else { throw fault(.inconsistent, estimator, "classes_", "no classes") }
        guard Set(classes).count == classes.count else {
          throw fault(.duplicate, estimator, "classes_", "a class comes twice among those of output \(output)")
        }
      }
    }
    var counts = names?.map(\.count)
    if let value = optional("n_classes_", of: estimator) {
      let own = value.flatNumbers?.compactMap { Int(exactly: $0) } ?? []
      guard !own.isEmpty, own.count == value.count ?? 1, own.allSatisfy({ (1...NodeArrays.nodeLimit).contains($0) }) else {
        throw fault(.malformed, estimator, "n_classes_", "a number of classes is needed here")
      }
      guard counts == nil || counts == own else {
        throw fault(.inconsistent, estimator, "n_classes_", "n_classes_ is \(own), but classes_ has \(counts!)")
      }
      counts = own
    }
    if counts == nil, let around { return around }
    if counts == nil, let tree = estimator.tree {
      counts = tree.rowShape.map { Array(repeating: $0.classes, count: $0.outputs) } ?? [tree.rowLength]
    }
    guard let counts, !counts.isEmpty else { throw fault(.missing, estimator, nil, "the classifier has no \"classes_\"") }
    if let outputs, outputs != counts.count {
      throw fault(.inconsistent, estimator, "n_outputs_", "n_outputs_ is \(outputs), but there are the classes of \(counts.count) outputs")
    }
    return TargetClasses(counts: counts, names: names)
  }

  /// The classes of a classifier that has one output and at least two classes.
  func severalClasses(of estimator: Estimator) throws(ReadError) -> TargetClasses {
    let classes = try classes(of: estimator)
    guard classes.isSingle else { throw fault(.unsupported, estimator, "classes_", "several outputs of this kind of classifier") }
    guard classes.count >= 2 else { throw fault(.inconsistent, estimator, "classes_", "a single class") }
    return classes
  }
}
