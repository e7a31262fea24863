import ForestIR

/// Makes the model of a whole method: transformations, trees, the handling of NaN, the way back to the target.
struct MethodLowering {
  let context: TMVAContext
  let dialect: ForestLowering.Dialect

  /// The model of a file: its result is the trainer's output, followed by the margin where there is one.
  struct Whole {
    var model: Model
    var layout: EventLayout
    var marginCount: Int
  }

  func whole(_ method: MethodSetup, _ body: MethodBody) throws(ReadError) -> Whole {
    let variableCount = try self.variableCount(method, body)
    let layout = EventLayout(
      variableCount: variableCount, spectatorsRead: spectatorsRead(method, body, variableCount: variableCount))
    var builder = ModelBuilder(inputCount: layout.count, width: .float32)
    do {
      let event = try Transformation.apply(method.transformations, to: .inputs, layout: layout, &builder)
      let variables = try leading(variableCount, of: event, layout: layout, &builder)
      var result = try evaluate(method, body, event: event, variables: variables, layout: layout, &builder)
      if method.analysis == .classification {
        // The trainer's reader gives −999 instead of a score where a transformed variable is NaN.
        let isBad = try builder.add(.any(builder.add(.isNaN(variables))))
        result.response = try builder.add(.select(isBad, builder.float64([-999]), result.response))
      }
      var parts = [try wide(result.response, &builder)]
      var marginCount = 0
      if let margin = result.margin {
        parts.append(margin)
        marginCount = builder.shape(of: margin).count
      }
      let final = parts.count == 1 ? parts[0] : try builder.add(.concatenate(parts))
      return Whole(model: try builder.model(result: final), layout: layout, marginCount: marginCount)
    } catch let error as ReadError {
      throw error
    } catch let fault as ForestFault {
      throw context.wrap(fault, method.element)
    } catch {
      throw context.error(.unsupported, method.element, "the model cannot be represented")
    }
  }

  /// The model of a sub-method: its own transformations and trees, no handling of NaN. One vector in, the response out.
  private func part(
    _ method: MethodSetup, _ body: MethodBody, variableCount: Int
  ) throws -> Model {
    let layout = EventLayout(variableCount: variableCount)
    var builder = ModelBuilder(inputCount: variableCount, width: .float32)
    let variables = try Transformation.apply(method.transformations, to: .inputs, layout: layout, &builder)
    let result = try evaluate(method, body, event: variables, variables: variables, layout: layout, &builder)
    return try builder.model(result: result.response)
  }

  /// Appends the steps from the transformed event to the response; a regression's is back on the scale of its target.
  private func evaluate(
    _ method: MethodSetup, _ body: MethodBody, event: Value, variables: Value, layout: EventLayout,
    _ builder: inout ModelBuilder
  ) throws -> ForestLowering.Result {
    var result: ForestLowering.Result
    let unsound = Transformation.unsoundPositions(after: method.transformations, layout: layout)
    switch body {
    case .forest(let section):
      result = try forest(section, method, method.options, variables, layout.variableCount, unsound: unsound, &builder)
    case .boost(let boost):
      var members: [Model] = []
      for member in boost.members {
        var inner = ModelBuilder(inputCount: layout.variableCount, width: .float32)
        let value = try forest(member.section, method, member.options, .inputs, layout.variableCount, unsound: unsound, &inner)
        members.append(try inner.model(result: value.response))
      }
      let values = try builder.add(.members(members, variables))
      result = ForestLowering.Result(response: try boost.mean(values, &builder), margin: nil)
    case .category(let category):
      guard unsound.isEmpty else {
        throw context.error(.notFinite, method.element, "a transformation before the categories has numbers that are not finite")
      }
      let response = try choose(category, method, event: event, layout: layout, &builder)
      result = ForestLowering.Result(response: response, margin: nil)
    }
    if method.analysis == .regression {
      result.response = try Transformation.invert(method.transformations, result.response, context, &builder)
    }
    return result
  }

  /// One forest, behind its preselection where it has one.
  private func forest(
    _ section: ForestSection, _ method: MethodSetup, _ options: MethodOptions, _ variables: Value, _ variableCount: Int,
    unsound: Set<Int>, _ builder: inout ModelBuilder
  ) throws -> ForestLowering.Result {
    try section.refuseUse(of: unsound, context)
    let lowering = ForestLowering(
      section: section, options: options, analysis: method.analysis, classCount: method.classes?.count ?? 0,
      variableCount: variableCount, dialect: dialect, context: context)
    guard method.analysis == .classification, let preselection = section.preselection else {
      return try lowering.lower(variables, &builder)
    }
    guard preselection.variableCount == variableCount else {
      throw context.error(
        .inconsistent, section.element,
        "there are preselection cuts for \(preselection.variableCount) variables, but there are \(variableCount) variables")
    }
    if preselection.cuts.isEmpty { return try lowering.lower(variables, &builder) }
    var inner = ModelBuilder(inputCount: variableCount, width: .float32)
    let response = try lowering.lower(.inputs, &inner).response
    let answer = try preselection.answer(variables, &builder)
    let isOpen = try builder.add(.compare(.equal, answer, builder.float64([0])))
    let branch = Choice.Branch(condition: isOpen, model: try inner.model(result: response), argument: variables)
    return ForestLowering.Result(
      response: try builder.add(.choose(Choice(branches: [branch], otherwise: answer, ambiguity: .first))), margin: nil)
  }

  /// One sub-method, by its cut: none gives 0 (NaN where there is no score), several are an error of the event.
  private func choose(
    _ category: CategorySection, _ whole: MethodSetup, event: Value, layout: EventLayout, _ builder: inout ModelBuilder
  ) throws -> Value {
    func position(_ quantity: Int) -> Int {
      quantity < layout.variableCount ? quantity : layout.spectators[quantity - layout.variableCount] ?? 0
    }
    var cuts = try CutLowering(event: event, positions: position, &builder)
    var branches: [Choice.Branch] = []
    for branch in category.branches {
      let condition = try cuts.condition(branch.cut, &builder)
      let selection = branch.map.map { Int32(position($0)) }
      let argument = selection == (0..<layout.count).map({ Int32($0) }) ? event : try builder.add(.gather(event, selection))
      let model = try part(branch.method, branch.body, variableCount: branch.map.count)
      branches.append(Choice.Branch(condition: condition, model: model, argument: argument))
    }
    let otherwise: Value
    switch whole.analysis {
    case .classification: otherwise = try builder.float64([0])
    case .regression: otherwise = try builder.float32([.nan])
    case .multiclass: otherwise = try builder.float32([Float](repeating: .nan, count: whole.classes?.count ?? 1))
    }
    if whole.analysis != .classification {
      context.note(.choice, "an event that passes no cut gets NaN; TMVA returns nothing for it", place: category.element.path)
    }
    return try builder.add(.choose(Choice(branches: branches, otherwise: otherwise, ambiguity: .refused)))
  }

  // MARK: Sizes

  private func variableCount(_ method: MethodSetup, _ body: MethodBody) throws(ReadError) -> Int {
    if let variables = method.variables { return variables.count }
    context.note(
      .choice, "the file names no variables; they are called x0, x1, … up to the highest that a tree asks for",
      place: method.element.path)
    return max(1, body.variablesRead)
  }

  /// The spectators that a cut, a map or a transformation reads.
  private func spectatorsRead(_ method: MethodSetup, _ body: MethodBody, variableCount: Int) -> Set<Int> {
    var read: Set<Int> = []
    for slot in method.transformations.flatMap({ $0.inputs + $0.outputs }) {
      if case .spectator(let index) = slot { read.insert(index) }
    }
    if case .category(let category) = body {
      for branch in category.branches {
        for quantity in branch.cut.quantities.union(branch.map) where quantity >= variableCount {
          read.insert(quantity - variableCount)
        }
      }
    }
    return read
  }

  /// The variables of an event without its spectators.
  private func leading(
    _ count: Int, of event: Value, layout: EventLayout, _ builder: inout ModelBuilder
  ) throws(ForestFault) -> Value {
    layout.count == count ? event : try builder.add(.gather(event, (0..<count).map { Int32($0) }))
  }

  private func wide(_ value: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    guard case .number(.float32) = builder.shape(of: value).kind else { return value }
    return try builder.add(.convert(value, to: .float64))
  }
}
