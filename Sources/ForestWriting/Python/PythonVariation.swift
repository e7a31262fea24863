/// What differs from event to event, when a routine runs for many events at once; all else is one number for all of them.
///
/// Elements of arrays always differ, and so does what a routine returns. A local differs if something different is assigned to it, or
/// if only some of the events come by an assignment.
struct PythonVariation {
  private var names: [String: Set<String>] = [:]
  /// Routines that some events leave before others.
  private(set) var leftEarly: Set<String> = []
  /// Routines that must be called event by event: they write to different elements for different events.
  private(set) var eventByEvent: Set<String> = []
  /// Whether there is a way to run the whole program for many events at once.
  private(set) var isComplete = true

  /// - Complexity: O(size of the program · depth of assignments): callers stand behind those that they call, so that one pass from the
  ///   end finds what parameters are given.
  init(_ program: Program) {
    let routines = Dictionary(uniqueKeysWithValues: program.routines.map { ($0.name, $0) })
    for routine in program.routines.reversed() {
      guard case .statements(let statements) = routine.body else {
        isComplete = false
        return
      }
      var walk = Walk(differing: names[routine.name] ?? [], parameters: routine.parameters)
      var known = -1
      while known != walk.differing.count {
        known = walk.differing.count
        walk.visit(statements, region: 0)
      }
      names[routine.name] = walk.differing
      let writes = routine.parameters.contains { if case .output = $0.kind { true } else { false } }
      if walk.returnsEarly { leftEarly.insert(routine.name) }
      if walk.scatters || walk.returnsEarly && writes {
        eventByEvent.insert(routine.name)
        if writes { isComplete = false }
      }
      ProgramCalls.forEach(in: routine) { callee, arguments in
        guard let parameters = routines[callee]?.parameters, parameters.count == arguments.count else { return }
        for (parameter, argument) in zip(parameters, arguments) {
          switch argument {
          case .value(let value): if walk.differs(value) { names[callee, default: []].insert(parameter.name) }
          case .array: break
          case .table: isComplete = false
          }
        }
      }
    }
  }

  func differs(_ expression: Expression, in routine: String) -> Bool {
    Walk(differing: names[routine] ?? [], parameters: []).differs(expression)
  }

  func differs(_ name: String, in routine: String) -> Bool { names[routine]?.contains(name) ?? false }

  private struct Walk {
    var differing: Set<String>
    var returnsEarly = false
    var scatters = false
    /// The region in which each local is declared: what stands behind one differing condition is one region.
    private var home: [String: Int] = [:]
    private var regions = 0

    init(differing: Set<String>, parameters: [Routine.Parameter]) {
      self.differing = differing
      for parameter in parameters { home[parameter.name] = 0 }
    }

    func differs(_ expression: Expression) -> Bool {
      switch expression.form {
      case .number, .truth: false
      case .variable(let name): differing.contains(name)
      case .element, .call, .leafValue, .leafNumber: true
      case .table(_, let a), .negate(let a), .not(let a), .complement(let a), .convert(let a): differs(a)
      case .arithmetic(_, let a, let b), .compare(_, let a, let b), .both(let a, let b), .either(let a, let b):
        differs(a) || differs(b)
      case .conditional(let a, let b, let c): differs(a) || differs(b) || differs(c)
      case .intrinsic(_, let operands): operands.contains(where: differs)
      }
    }

    mutating func visit(_ statements: [Statement], region: Int) {
      for statement in statements { visit(statement, region) }
    }

    private mutating func within(_ isDivided: Bool, _ region: Int) -> Int {
      guard isDivided else { return region }
      regions += 1
      return regions
    }

    private mutating func visit(_ statement: Statement, _ region: Int) {
      switch statement {
      case .comment, .array, .call: break
      case .constant(let name, let value), .variable(let name, let value):
        home[name] = region
        if differs(value) { differing.insert(name) }
      case .assign(let name, let value):
        if differs(value) || home[name] != region { differing.insert(name) }
      case .assignElement(_, let index, _): if differs(index) { scatters = true }
      case .if(let condition, let then, let otherwise):
        let isDivided = differs(condition)
        let first = within(isDivided, region)
        visit(then, region: first)
        let second = within(isDivided, region)
        visit(otherwise, region: second)
      case .while(let condition, let body):
        let inner = within(differs(condition), region)
        visit(body, region: inner)
      case .for(let name, let from, let to, let body):
        let inner = within(differs(from) || differs(to), region)
        home[name] = inner
        if inner != region { differing.insert(name) }
        visit(body, region: inner)
      case .return: if region != 0 { returnsEarly = true }
      case .leave: if region != 0 { (returnsEarly, scatters) = (true, true) }
      }
    }
  }
}
