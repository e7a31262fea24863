import ForestIR

/// A method that chooses between sub-methods by cuts on an event.
struct CategorySection {
  struct Branch {
    let element: XMLElement
    let cut: CutExpression
    /// What each variable of the sub-method is in the whole: a variable, or a spectator (counted on from the variables).
    let map: [Int]
    let method: MethodSetup
    /// The trees of a BDT or a DT, the members of a boosted method.
    let body: MethodBody
  }

  let element: XMLElement
  let branches: [Branch]

  init(_ whole: MethodSetup, _ context: TMVAContext) throws(ReadError) {
    let element = try whole.weights(context)
    self.element = element
    guard let variables = whole.variables else {
      throw context.error(.missing, whole.element, "a Category method without Variables: its cuts cannot be understood")
    }
    let stated = try context.count("NSubMethods", of: element)
    let elements = element.children(named: "SubMethod")
    guard stated == elements.count, elements.count == element.children.count, element.trees == nil, stated > 0 else {
      throw context.error(
        .inconsistent, element, attribute: "NSubMethods",
        "NSubMethods=\"\(stated)\", but there are \(elements.count) elements SubMethod among \(element.children.count)")
    }
    var branches: [Branch] = []
    for sub in elements {
      branches.append(try Self.branch(sub, of: whole, variables: variables, context))
    }
    self.branches = branches
  }

  private static func branch(
    _ element: XMLElement, of whole: MethodSetup, variables: [TMVAVariable], _ context: TMVAContext
  ) throws(ReadError) -> Branch {
    let quantities = variables + whole.spectators
    let text = try context.required("Cut", of: element)
    let cut: CutExpression
    do {
      cut = try CutParser.parse(text, over: quantities)
    } catch {
      throw context.error(
        .unsupported, element, attribute: "Cut", "the cut \"\(text)\" is not understood: \(error.message)",
        hint: "the cut must be a formula over the method's variables and spectators")
    }
    let method = try MethodSetup(element, context, outer: whole.analysis)
    guard method.kind != .category else {
      throw context.error(.unsupported, element, attribute: "Method", "a category within a category")
    }
    let map = try map(element, variables: variables, spectators: whole.spectators, context)
    if let own = method.variables, own.count != map.count {
      throw context.error(
        .inconsistent, element, attribute: "Variables",
        "the sub-method has \(own.count) variables, but \(map.count) are handed to it")
    }
    if map != Array(0..<map.count) {
      context.note(
        .choice, "this sub-method reads its own selection of the variables, as it was trained; TMVA from ROOT 6.06 or so on may read "
          + "the first \(map.count) variables instead", place: element.path)
    }
    return Branch(element: element, cut: cut, map: map, method: method, body: try MethodBody(method, context))
  }

  /// The labels in `Variables`, looked up among variables and spectators; empty means all variables.
  private static func map(
    _ element: XMLElement, variables: [TMVAVariable], spectators: [TMVAVariable], _ context: TMVAContext
  ) throws(ReadError) -> [Int] {
    let text = element.attribute("Variables")?.trimmed ?? ""
    if text.isEmpty { return Array(variables.indices) }
    var map: [Int] = []
    for label in splitLabels(text) {
      let found = (variables + spectators).indices.filter { (variables + spectators)[$0].label == label }
      guard let index = found.first else {
        throw context.error(
          .missing, element, attribute: "Variables", "the sub-method reads \"\(label)\", which is no variable and no spectator")
      }
      guard found.count == 1 else {
        throw context.error(
          .inconsistent, element, attribute: "Variables", "\"\(label)\" is the label of several variables or spectators")
      }
      map.append(index)
    }
    return map
  }

  /// Labels are separated by single colons; a double colon (`TMath::Min(a,b)`) belongs to a label.
  private static func splitLabels(_ text: String) -> [String] {
    var labels: [String] = []
    var label = ""
    let characters = Array(text)
    var index = 0
    while index < characters.count {
      if characters[index] == ":", index + 1 < characters.count, characters[index + 1] == ":" {
        label += "::"
        index += 1
      } else if characters[index] == ":" {
        labels.append(label.trimmed)
        label = ""
      } else {
        label.append(characters[index])
      }
      index += 1
    }
    labels.append(label.trimmed)
    return labels.filter { !$0.isEmpty }
  }
}

/// What a method is made of.
enum MethodBody {
  case forest(ForestSection)
  case boost(BoostSection)
  indirect case category(CategorySection)

  init(_ method: MethodSetup, _ context: TMVAContext) throws(ReadError) {
    switch method.kind {
    case .bdt:
      self = .forest(try ForestSection(weights: method.weights(context), options: method.options, context))
    case .dt:
      self = .forest(try ForestSection(singleTreeIn: method.element, context))
    case .boost:
      self = .boost(try BoostSection(method.weights(context), options: method.options, context))
    case .category:
      self = .category(try CategorySection(method, context))
    }
    if method.kind != .dt, method.element.trees != nil {
      throw context.error(.unexpected, method.element, "a tree stands outside of Weights")
    }
  }

  /// The largest number of variables that any node reads.
  var variablesRead: Int {
    switch self {
    case .forest(let section): section.variablesRead
    case .boost(let boost): boost.members.map(\.section.variablesRead).max() ?? 0
    case .category: 0
    }
  }
}

extension CutExpression {
  /// All quantities that the cut reads.
  var quantities: Set<Int> {
    switch self {
    case .number: []
    case .quantity(let index): [index]
    case .negate(let part), .not(let part): part.quantities
    case .binary(_, let left, let right): left.quantities.union(right.quantities)
    case .call(_, let parts): parts.reduce(into: []) { $0.formUnion($1.quantities) }
    case .conditional(let condition, let first, let second):
      condition.quantities.union(first.quantities).union(second.quantities)
    }
  }
}
