/// What is called how in the part of a module that runs for many events at once.
///
/// Locals keep their names; what that part needs itself is named around them. Tables and routines have the names of their scalar
/// likes with an ending.
struct PythonColumnNames {
  let scalar: PythonNames
  /// The names of tables by which uniform places are read.
  let tables: [String: String]
  private let tableColumns: [String: String]
  private let routineColumns: [String: String]
  /// The routine that finds leaves, by the type of its vector.
  private var finders: Set<String> = []

  let rows: String, picked: String, each: String, eventByEvent: String, among: String
  let result: String, live: String, mask: String, active: String, part: String, end: String, leafOf: String

  /// - Parameters:
  ///   - scalar: the names of the module for single events.
  ///   - shared: tables that the module has anyway.
  init(_ program: Program, scalar: PythonNames, shared: Set<String>) {
    self.scalar = scalar
    var taken = scalar.all
    func fresh(_ base: String) -> String {
      var name = base
      while !taken.insert(name).inserted { name += "_" }
      return name
    }
    var tables: [String: String] = [:], tableColumns: [String: String] = [:], routineColumns: [String: String] = [:]
    for table in program.tables {
      tables[table.name] = shared.contains(table.name) ? scalar.global(table.name) : fresh("_" + table.name + "_list")
      tableColumns[table.name] = fresh("_" + table.name + "_array")
    }
    for routine in program.routines { routineColumns[routine.name] = fresh("_" + routine.name + "_columns") }
    (self.tables, self.tableColumns, self.routineColumns) = (tables, tableColumns, routineColumns)
    finders = Set(program.routines.map(\.name).filter { $0 == "find_leaf" || $0 == "find_leaf_wide" })

    taken = Set(program.routines.flatMap(PythonColumnNames.locals).map(scalar.local))
    rows = fresh("rows")
    picked = fresh("picked")
    each = fresh("each")
    eventByEvent = fresh("event_by_event")
    among = fresh("among")
    result = fresh("result")
    live = fresh("live")
    mask = fresh("mask")
    active = fresh("active")
    part = fresh("part")
    end = fresh("end")
    leafOf = fresh("leaf_of")
  }

  func local(_ name: String) -> String { scalar.local(name) }
  func column(ofTable name: String) -> String { tableColumns[name]! }
  func column(ofRoutine name: String) -> String { routineColumns[name]! }
  /// What gives the leaves of one tree in the place of a routine, if it finds leaves.
  func leaves(of routine: String) -> String? { finders.contains(routine) ? leafOf : nil }

  /// The parameters and locals of a routine.
  private static func locals(_ routine: Routine) -> [String] {
    var names = routine.parameters.map(\.name)
    func walk(_ statements: [Statement]) {
      for statement in statements {
        switch statement {
        case .constant(let name, _), .variable(let name, _), .array(let name, _, _): names.append(name)
        case .if(_, let then, let otherwise):
          walk(then)
          walk(otherwise)
        case .while(_, let body): walk(body)
        case .for(let name, _, _, let body):
          names.append(name)
          walk(body)
        default: break
        }
      }
    }
    if case .statements(let statements) = routine.body { walk(statements) }
    return names
  }
}
