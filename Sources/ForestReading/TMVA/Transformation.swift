import ForestIR

/// One step of the chain through which a method's variables pass before its trees see them.
///
/// Only the block of all classes is kept. A file stores one block a class and, with several classes, one of all
/// together, but not which of them was used in training; the trainer's reader always takes the last.
struct Transformation {
  /// A quantity of an event.
  enum Slot: Equatable {
    case variable(Int)
    case spectator(Int)
    case target(Int)

    var isTarget: Bool { if case .target = self { true } else { false } }
  }

  struct Interval {
    let lowest: Float
    let highest: Float
  }

  enum Kind {
    /// One interval for each input: mapped to −1…1.
    case normalize([Interval])
    /// A square matrix, row by row.
    case decorrelation([Double])
    /// Means, and eigenvectors row by row.
    case principalComponents(means: [Double], eigenvectors: [Double])
    /// One curve for each input; `flat` stops at the cumulative distribution.
    case gauss([HistogramCurve], flat: Bool)
    /// Inputs to outputs, unchanged.
    case rearrange
  }

  let kind: Kind
  /// What goes in, in order; targets last. All are read before any output is written.
  let inputs: [Slot]
  /// Where each result goes.
  let outputs: [Slot]
  /// The positions among the outputs whose numbers in the file are not finite: the training of this part failed, and
  /// nothing may depend on them.
  let unsoundOutputs: Set<Int>
  let element: XMLElement

  /// How many inputs exist while an event is evaluated: targets do not.
  var presentCount: Int { inputs.prefix { !$0.isTarget }.count }
  /// The position of the first target among the inputs, if the transformation is of the target.
  var targetPosition: Int? { inputs.firstIndex(of: .target(0)) }
}

/// The quantities that a transformation may name.
struct TransformationScope {
  var variables: [TMVAVariable]
  var spectators: [TMVAVariable]
  var targets: [TMVAVariable]
  /// Nil where the file lists no classes.
  var classCount: Int?

  /// How many class blocks a transformation has to have; nil where that is unknown.
  var blockCount: Int? { classCount.map { $0 > 1 ? $0 + 1 : max($0, 1) } }
}

extension Transformation {
  /// Reads a `Transformations` element.
  static func chain(
    _ section: XMLElement?, scope: TransformationScope, _ context: TMVAContext
  ) throws(ReadError) -> [Transformation] {
    guard let section else { return [] }
    var chain: [Transformation] = []
    for element in section.children {
      guard element.name == "Transform" else {
        throw context.error(.unexpected, element, "an element \(element.name) among the transformations")
      }
      chain.append(try Transformation(element, scope: scope, context))
    }
    return chain
  }

  init(_ element: XMLElement, scope: TransformationScope, _ context: TMVAContext) throws(ReadError) {
    self.element = element
    let name = try context.required("Name", of: element)
    let slots = try Self.slots(element, name: name, scope: scope, context)
    inputs = slots.inputs
    outputs = slots.outputs
    let blocks = ClassBlocks(transformation: element, expected: scope.blockCount, context: context)
    switch name {
    case "Normalize":
      kind = .normalize(try blocks.intervals(count: inputs.count))
      unsoundOutputs = []
    case "Decorrelation":
      let matrix = try blocks.matrix(size: inputs.count)
      kind = .decorrelation(matrix.elements)
      unsoundOutputs = Set(matrix.unsoundRows)
    case "PCA":
      let components = try blocks.principalComponents(count: inputs.count)
      kind = .principalComponents(means: components.means, eigenvectors: components.eigenvectors)
      unsoundOutputs = components.isSound ? [] : Set(inputs.indices)
    case "Gauss", "Uniform":
      let flat = name == "Uniform" || element.attribute("FlatOrGauss") == "Flat"
      let curves = try blocks.curves(count: inputs.count)
      kind = .gauss(curves.map(\.curve), flat: flat)
      unsoundOutputs = Set(curves.indices.filter { !curves[$0].isSound })
    case "Rearrange":
      kind = .rearrange
      unsoundOutputs = []
    default:
      throw context.error(
        .unsupported, element, attribute: "Name", "the transformation \"\(name)\" is not known",
        hint: "Normalize, Decorrelation, PCA, Gauss, Uniform and Rearrange are read")
    }
    try checkTargets(name: name, context)
    if !unsoundOutputs.isEmpty {
      context.note(
        .oddity, "the training of this transformation failed for \(unsoundOutputs.count) of \(outputs.count) quantities "
          + "(numbers that are not finite); no tree depends on them", place: element.path)
    }
  }

  private func checkTargets(name: String, _ context: TMVAContext) throws(ReadError) {
    for (input, output) in zip(inputs, outputs) where input.isTarget != output.isTarget {
      throw context.error(.unsupported, element, "a target is transformed into something else, or the other way round")
    }
    if let position = targetPosition, unsoundOutputs.contains(position) {
      throw context.error(.notFinite, element, "the transformation of the target has numbers that are not finite")
    }
    guard inputs.dropFirst(presentCount).allSatisfy(\.isTarget) else {
      throw context.error(
        .unsupported, element, "a target stands before a variable in the selection, which TMVA's own reader mixes up")
    }
    if inputs.contains(where: \.isTarget), name == "Decorrelation" || name == "PCA" {
      throw context.error(
        .unsupported, element, "a \(name) transformation of a target has no inverse",
        hint: "train with another transformation of the target")
    }
  }

  /// What goes in and where it goes to.
  private static func slots(
    _ element: XMLElement, name: String, scope: TransformationScope, _ context: TMVAContext
  ) throws(ReadError) -> (inputs: [Slot], outputs: [Slot]) {
    let selections = element.children(named: "Selection")
    guard let selection = selections.first else {
      // Before TMVA 4.1.2: all variables in order; Normalize also all targets.
      var slots = scope.variables.indices.map { Slot.variable($0) }
      if name == "Normalize" {
        slots += scope.targets.indices.map { Slot.target($0) }
      } else {
        context.note(
          .choice,
          "a transformation of before TMVA 4.1.2 without a selection is applied to all variables, as the ROOT that trained it "
            + "did; current ROOT applies nothing", place: element.path)
      }
      guard !slots.isEmpty else {
        throw context.error(.missing, element, "there are no variables that the transformation could apply to")
      }
      return (slots, slots)
    }
    guard selections.count == 1 else { throw context.error(.duplicate, selections[1], "a second selection") }
    let inputs = try Self.slots(selection, list: "Input", count: "NInputs", scope: scope, context)
    let outputs = try Self.slots(selection, list: "Output", count: "NOutputs", scope: scope, context)
    guard inputs.count == outputs.count else {
      throw context.error(
        .inconsistent, selection, "\(inputs.count) inputs, but \(outputs.count) outputs")
    }
    return (inputs, outputs)
  }

  private static func slots(
    _ selection: XMLElement, list: String, count: String, scope: TransformationScope, _ context: TMVAContext
  ) throws(ReadError) -> [Slot] {
    let lists = selection.children(named: list)
    guard lists.count == 1 else {
      throw context.error(
        lists.isEmpty ? .missing : .duplicate, selection, "a selection must have one element \(list), not \(lists.count)")
    }
    let entries = lists[0].children(named: list)
    let stated = try context.count(count, of: lists[0])
    guard stated == entries.count, stated > 0 else {
      throw context.error(
        .inconsistent, lists[0], attribute: count, "\(count)=\"\(stated)\", but there are \(entries.count) entries")
    }
    var slots: [Slot] = []
    for entry in entries {
      let slot = try Self.slot(entry, scope: scope, context)
      if list == "Output" && slots.contains(slot) {
        throw context.error(.duplicate, entry, "two results go to the same place")
      }
      slots.append(slot)
    }
    return slots
  }

  private static func slot(
    _ entry: XMLElement, scope: TransformationScope, _ context: TMVAContext
  ) throws(ReadError) -> Slot {
    let label = entry.attribute("Label")
    let expression = entry.attribute("Expression")
    let candidates: [TMVAVariable]
    let make: (Int) -> Slot
    let type = try context.required("Type", of: entry)
    switch type {
    case "Variable": (candidates, make) = (scope.variables, Slot.variable)
    case "Spectator": (candidates, make) = (scope.spectators, Slot.spectator)
    case "Target": (candidates, make) = (scope.targets, Slot.target)
    default:
      throw context.error(
        .malformed, entry, attribute: "Type", "Type=\"\(type)\" is none of Variable, Target and Spectator")
    }
    let found = candidates.firstIndex { $0.label == label || $0.expression == expression }
    guard let found else {
      throw context.error(
        .missing, entry, attribute: "Label",
        "the transformation names \"\(label ?? expression ?? "")\", which is no \(type.lowercased()) of this method")
    }
    return make(found)
  }
}
