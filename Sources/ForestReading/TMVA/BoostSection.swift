import ForestIR

/// A method that is boosted as a whole: members with weights, each a forest or a tree of its own.
struct BoostSection {
  /// How the value v of a member with the cut s and the orientation o (±1) enters the mean.
  enum Transform: String, CaseIterable {
    /// `v·o > s·o ? 1 : −1`.
    case step
    /// `v`.
    case linear
    /// `ln(max(v, s) − s + exp(−1))`.
    case log
    /// `exp(−d²/2)`, d = v − s − 1.
    case gauss
  }

  struct Member {
    let section: ForestSection
    let options: MethodOptions
    let weight: Double
    let cut: Double
    let orientation: Double
  }

  let element: XMLElement
  let transform: Transform
  let members: [Member]

  init(_ element: XMLElement, options: MethodOptions, _ context: TMVAContext) throws(ReadError) {
    self.element = element
    let name = options.value(of: "Boost_Transform") ?? Transform.step.rawValue
    guard let transform = Transform(rawValue: name.lowercased()) else {
      throw context.error(
        .malformed, element, "the option Boost_Transform is \"\(name)\", which is none of "
          + Transform.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.transform = transform
    let stated = try context.count("NMethods", of: element)
    let elements = element.children(named: "Method")
    guard stated == elements.count, elements.count == element.children.count, element.trees == nil else {
      throw context.error(
        .inconsistent, element, attribute: "NMethods",
        "NMethods=\"\(stated)\", but there are \(elements.count) elements Method among \(element.children.count)")
    }
    var members: [Member] = []
    for method in elements { members.append(try Self.member(method, context)) }
    self.members = members
    let total = totalWeight
    guard total != 0, total.isFinite else {
      throw context.error(.outOfRange, element, "the weights of the members add up to \(total)")
    }
  }

  /// In the order of the file.
  var totalWeight: Double { members.reduce(0) { $0 + $1.weight } }

  private static func member(_ element: XMLElement, _ context: TMVAContext) throws(ReadError) -> Member {
    let options = try MethodOptions(string: element.attribute("Options") ?? "", at: element, context)
    let type = try context.required("MethodTypeName", of: element)
    let section: ForestSection
    switch type {
    case "DT":
      if let child = element.children.first {
        throw context.error(.unexpected, child, "an element \(child.name) in a member that is a single tree")
      }
      section = try ForestSection(singleTreeIn: element, context)
    case "BDT":
      guard let weights = element.children.first, element.children.count == 1, weights.name == "Weights" else {
        throw context.error(.missing, element, "a member that is a BDT must hold one element Weights")
      }
      section = try ForestSection(weights: weights, options: options, context)
    default:
      throw context.error(
        .unsupported, element, attribute: "MethodTypeName", "a boosted method of type \(type), which is not made of trees",
        hint: "boosted BDT and DT are read")
    }
    // Files up to TMVA 4.1.0 have no orientation.
    let hasOrientation = element.attribute("MethodSigCutOrientation") != nil
    return Member(
      section: section, options: options, weight: try context.double("Weight", of: element),
      cut: try context.double("MethodSigCut", of: element),
      orientation: hasOrientation ? try context.double("MethodSigCutOrientation", of: element) : 1)
  }
}

extension BoostSection {
  /// Appends the steps from the values of the members (float64, in order) to the weighted mean of what they enter as.
  func mean(_ values: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let cuts = try builder.float64(members.map(\.cut))
    let entering: Value
    switch transform {
    case .linear:
      entering = values
    case .step:
      let orientations = try builder.float64(members.map(\.orientation))
      let turned = try builder.add(.binary(.multiply, values, orientations))
      let limits = try builder.add(.binary(.multiply, cuts, orientations))
      let passes = try builder.add(.compare(.greater, turned, limits))
      entering = try builder.add(.select(passes, builder.float64([1]), builder.float64([-1])))
    case .log:
      let isBelow = try builder.add(.compare(.less, values, cuts))
      let raised = try builder.add(.select(isBelow, cuts, values))
      let above = try builder.add(.binary(.subtract, raised, cuts))
      let shifted = try builder.add(.binary(.add, above, builder.float64([Self.inverseOfE])))
      entering = try builder.add(.unary(.naturalLogarithm, shifted))
    case .gauss:
      let distance = try builder.add(.binary(.subtract, builder.add(.binary(.subtract, values, cuts)), builder.float64([1])))
      let half = try builder.add(.binary(.multiply, builder.float64([-0.5]), distance))
      let bell = try builder.add(.unary(.exponential, builder.add(.binary(.multiply, half, distance))))
      let isFar = try builder.add(
        .compare(.greater, builder.add(.unary(.absolute, distance)), builder.float64([39])))
      entering = try builder.add(.select(isFar, builder.float64([0]), bell))
    }
    let weighted = try builder.add(.binary(.multiply, entering, builder.float64(members.map(\.weight))))
    let sum = try builder.add(.reduce(.sum, weighted, count: 1))
    return try builder.add(.binary(.divide, sum, builder.float64([totalWeight])))
  }

  /// exp(−1), rounded to nearest.
  private static let inverseOfE = 0.36787944117144233
}
