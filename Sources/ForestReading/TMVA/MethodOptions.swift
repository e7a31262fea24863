import ForestIR

/// How trees were boosted, as far as it decides how they are added up.
enum BoostType: String, CaseIterable {
  case adaBoost = "AdaBoost"
  case realAdaBoost = "RealAdaBoost"
  case adaCost = "AdaCost"
  case bagging = "Bagging"
  case adaBoostR2 = "AdaBoostR2"
  case gradient = "Grad"
  /// Of TMVA up to 4.1.
  case regBoost = "RegBoost"

  /// Names are compared without regard to case.
  init?(named name: String) {
    guard let type = BoostType.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else { return nil }
    self = type
  }
}

/// The options of a method that decide what its trees mean, with the trainer's defaults, and all others as text.
struct MethodOptions {
  var boostType = BoostType.adaBoost
  var usesYesNoLeaf = true
  var doesPreselection = false
  /// `VarTransform`, a trace of how variables were transformed in training.
  var transformation = ""
  /// Everything the file says, in its order.
  private(set) var all: [(name: String, value: String, isModified: Bool)] = []

  init() {}

  /// The `Options` element of a method.
  init(_ element: XMLElement?, _ context: TMVAContext) throws(ReadError) {
    guard let element else { return }
    for option in element.children(named: "Option") {
      let name = try context.required("name", of: option)
      // The trainer cuts a value at its first blank.
      let value = String(option.text.trimmed.prefix { !$0.isWhitespace })
      all.append((name, value, option.attribute("modified")?.lowercased() == "yes"))
      if let complaint = set(name, to: value) {
        throw context.error(.malformed, option, complaint, hint: "this option decides what the leaves mean, so it is not guessed at")
      }
    }
    let unknown = all.map(\.name).filter { !Self.isKnown($0) }
    if !unknown.isEmpty {
      context.note(
        .oddity, "options that are not known here were ignored: \(unknown.joined(separator: ", "))", place: element.path)
    }
    if value(of: "UseWeightedTrees").map(Self.truth) == .some(.some(false)) {
      context.note(
        .choice, "UseWeightedTrees=False is ignored and trees are weighted, as TMVA does since 4.2.0", place: element.path)
    }
  }

  /// The option string of a member of a boosted method: `~name=value:!name:name`.
  ///
  /// Here, unlike in an `Options` element, the trainer derives the leaves' meaning from the boost type.
  init(string: String, at element: XMLElement, _ context: TMVAContext) throws(ReadError) {
    for part in string.split(separator: ":") {
      var word = part.trimmed
      word.removeAll { $0 == "~" }
      let isNegated = word.hasPrefix("!")
      if isNegated { word.removeFirst() }
      if word.isEmpty || word.hasPrefix("Boost_") { continue }
      let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = sides[0].trimmed
      let value = sides.count == 2 ? sides[1].trimmed : (isNegated ? "False" : "True")
      all.append((name, value, true))
      if let complaint = set(name, to: value) {
        throw context.error(.malformed, element, attribute: "Options", complaint)
      }
    }
    if boostType == .realAdaBoost || boostType == .adaCost { usesYesNoLeaf = false }
  }

  func value(of name: String) -> String? {
    all.last { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// Returns what is wrong with the value, if anything.
  private mutating func set(_ name: String, to value: String) -> String? {
    func truth(_ keep: (Bool) -> Void) -> String? {
      guard let truth = Self.truth(value) else { return "the option \(name) is \"\(value)\", neither true nor false" }
      keep(truth)
      return nil
    }
    switch name.lowercased() {
    case "boosttype":
      guard let type = BoostType(named: value) else {
        return "the option BoostType is \"\(value)\", which is none of "
          + BoostType.allCases.map(\.rawValue).joined(separator: ", ")
      }
      boostType = type
      return nil
    case "useyesnoleaf": return truth { usesYesNoLeaf = $0 }
    case "dopreselection": return truth { doesPreselection = $0 }
    case "useweightedtrees": return truth { _ in }
    case "vartransform":
      transformation = value
      return nil
    default: return nil
    }
  }

  static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "1", "true", "ktrue", "t": true
    case "0", "false", "kfalse", "f": false
    default: nil
    }
  }

  private static func isKnown(_ name: String) -> Bool {
    let name = name.lowercased()
    return known.contains(name) || name.hasPrefix("boost_")
  }

  /// What the trainer's versions write, in lower case.
  private static let known = Set(
    """
    v verbositylevel verbose vartransform vartransformtype h help createmvapdfs ignorenegweightsintraining
    txtweightfilesonly d normalise nsmoothmvapdf nbinsmvapdf nbinssignal nbinsbkg
    ntrees maxdepth minnodesize ncuts boosttype adaboostr2loss usebaggedboost shrinkage adaboostbeta
    userandomisedtrees usenvars usepoissonnvars baggedsamplefraction useyesnoleaf negweighttreatment css cts_sb ctb_ss
    cbb nodepuritylimit separationtype regressionlossfunctionbdtg huberquantile doboostmonitor usefishercuts
    minlincorrforfisher useexclusivevars dopreselection sigtobkgfraction prunemethod prunestrength pruningvalfraction
    skipnormalization neventsmin usebaggedgrad gradbaggingfraction usentrainevents nnodesmax useweightedtrees
    prunebeforeboost renormbyclass nonegweightsintraining
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
