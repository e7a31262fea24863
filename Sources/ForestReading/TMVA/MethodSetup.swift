import ForestIR

/// A method of a weight file: the whole file, or a sub-method of a category.
///
/// Everything that the file says is here and has been checked for itself; how it is computed is decided in the
/// lowering files.
struct MethodSetup {
  enum Kind: String, CaseIterable {
    case bdt = "BDT"
    case dt = "DT"
    case boost = "Boost"
    case category = "Category"
  }

  let element: XMLElement
  let kind: Kind
  /// The part of `Method` after `::`; free text.
  let title: String
  let info: GeneralInfo
  let options: MethodOptions
  let analysis: GeneralInfo.Analysis
  /// Nil where the file names none: trees say how many there are.
  let variables: [TMVAVariable]?
  let spectators: [TMVAVariable]
  let targets: [TMVAVariable]
  let classes: ClassList?
  let transformations: [Transformation]

  /// - Parameter outer: the analysis of the method around this one, where there is one.
  init(
    _ element: XMLElement, _ context: TMVAContext, outer: GeneralInfo.Analysis? = nil
  ) throws(ReadError) {
    self.element = element
    let method = try context.required("Method", of: element)
    guard let separator = method.firstRange(of: "::") else {
      throw context.error(
        .malformed, element, attribute: "Method", "Method=\"\(method)\" does not have the form TYPE::NAME")
    }
    let type = String(method[..<separator.lowerBound])
    guard let kind = Kind(rawValue: type) else {
      throw context.error(
        .unsupported, element, attribute: "Method", "the method is a \(type), which is not made of decision trees here",
        hint: "BDT, DT, and Boost or Category of these are read")
    }
    self.kind = kind
    title = String(method[separator.upperBound...])
    let sections = try Sections(element, context)
    info = try GeneralInfo(sections["GeneralInfo"], context)
    options = try MethodOptions(sections["Options"], context)
    variables = try sections["Variables"].map { section throws(ReadError) in
      try VariableList(section, item: "Variable", count: "NVar", index: "VarIndex", context).items
    }
    spectators = try sections["Spectators"].map { section throws(ReadError) in
      try VariableList(section, item: "Spectator", count: "NSpec", index: "SpecIndex", context).items
    } ?? []
    targets = try sections["Targets"].map { section throws(ReadError) in
      try VariableList(section, item: "Target", count: "NTrgt", index: "TargetIndex", context).items
    } ?? []
    classes = try sections["Classes"].map { section throws(ReadError) in try ClassList(section, context) }
    analysis = try Self.analysis(
      info: info, outer: outer, hasTargets: !targets.isEmpty, classes: classes, element, context)
    let scope = TransformationScope(
      variables: variables ?? [], spectators: spectators, targets: targets, classCount: classes?.count)
    transformations = try Transformation.chain(sections["Transformations"], scope: scope, context)
    if let variables, variables.isEmpty {
      throw context.error(.missing, element, "the method has no variables")
    }
    try checkCounts(context)
    remarkOnTransformedClass(context)
  }

  /// The sections of the method, none of which may come twice.
  private struct Sections {
    private static let known: Set = [
      "GeneralInfo", "Options", "Variables", "Spectators", "Classes", "Targets", "Transformations", "MVAPdfs", "Weights",
    ]
    private var found: [String: XMLElement] = [:]

    init(_ element: XMLElement, _ context: TMVAContext) throws(ReadError) {
      for child in element.children {
        guard Self.known.contains(child.name) else {
          context.note(.oddity, "the unknown section \(child.name) was left out, as TMVA does", place: child.path)
          continue
        }
        guard found[child.name] == nil else {
          throw context.error(.duplicate, child, "the section \(child.name) occurs twice")
        }
        found[child.name] = child
      }
    }

    subscript(name: String) -> XMLElement? { found[name] }
  }

  private static func analysis(
    info: GeneralInfo, outer: GeneralInfo.Analysis?, hasTargets: Bool, classes: ClassList?, _ element: XMLElement,
    _ context: TMVAContext
  ) throws(ReadError) -> GeneralInfo.Analysis {
    if let outer {
      guard info.analysis ?? outer == outer else {
        throw context.error(.inconsistent, element, "a sub-method of another kind of analysis than the whole")
      }
      return outer
    }
    if let analysis = info.analysis { return analysis }
    guard !hasTargets, classes?.count ?? 0 <= 2 else {
      throw context.error(
        .missing, element, "the file does not say what kind of analysis it is (Info name=\"AnalysisType\")",
        hint: "add <Info name=\"AnalysisType\" value=\"Regression\"/> or Multiclass to GeneralInfo")
    }
    return .classification
  }

  private func checkCounts(_ context: TMVAContext) throws(ReadError) {
    if analysis == .regression, targets.count != 1 {
      throw context.error(.unsupported, element, "a regression of \(targets.count) targets; trees have one")
    }
    if analysis == .multiclass, classes?.count ?? 0 < 2 {
      throw context.error(.inconsistent, element, "a multiclass method of \(classes?.count ?? 0) classes")
    }
    if analysis != .classification, kind == .boost || kind == .dt {
      throw context.error(.unsupported, element, "a \(kind.rawValue) method of the analysis type \(analysis.rawValue)")
    }
  }

  /// `VarTransform=D_Signal` trained with a block that no reader ever uses again.
  private func remarkOnTransformedClass(_ context: TMVAContext) {
    guard !transformations.isEmpty, let name = Self.transformedClass(options.transformation) else { return }
    context.note(
      .choice,
      "trained with the transformation of the class \(name) (VarTransform=\(options.transformation)), but computed with "
        + "that of all classes together, as TMVA::Reader does: scores differ from those seen in training",
      place: element.path)
  }

  /// The first class that a `VarTransform` names, other than all of them.
  private static func transformedClass(_ text: String) -> String? {
    var level = 0
    var word = ""
    for character in text + "," {
      switch character {
      case "(": level += 1
      case ")": level -= 1
      case "," where level <= 0, "+" where level <= 0:
        if let underscore = word.firstIndex(of: "_") {
          let name = String(word[word.index(after: underscore)...])
          if !name.isEmpty, name != "AllClasses" { return name }
        }
        word = ""
      default: if level <= 0 { word.append(character) }
      }
    }
    return nil
  }

  /// The one element `Weights`.
  func weights(_ context: TMVAContext) throws(ReadError) -> XMLElement {
    guard let weights = element.children(named: "Weights").first else {
      throw context.error(.missing, element, "the method has no element Weights, hence no trees")
    }
    return weights
  }
}
