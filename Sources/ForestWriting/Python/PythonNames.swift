/// What the parts of a program are called in Python.
///
/// Tables and routines become private names of the module: an underscore is put in front. Locals keep their names. Names
/// that would hide something are given an underscore at the end.
struct PythonNames {
  private let globals: [String: String]
  /// All private names of the module.
  let all: Set<String>

  init(_ program: Program) {
    var globals: [String: String] = [:]
    var taken = PythonNames.ownGlobals
    for name in program.tables.map(\.name) + program.routines.map(\.name) where globals[name] == nil {
      var spelled = "_" + name
      while !taken.insert(spelled).inserted { spelled += "_" }
      globals[name] = spelled
    }
    self.globals = globals
    all = taken
  }

  /// A table's or a routine's name. Every name in use has been handed to `init`.
  func global(_ name: String) -> String { globals[name] ?? "_" + name }

  func local(_ name: String) -> String { PythonNames.hiding.contains(name) ? name + "_" : name }

  /// The private names that the module needs besides the program's own.
  private static let ownGlobals: Set<String> = Set(PythonRuntime.helpers.map(\.name)).union([
    "_LABELS", "_REFERENCE_EVENTS", "_float32", "_apply", "_column_positions", "_csv_field", "_evaluate_event", "_floats", "_float32s",
    "_integers", "_is_close", "_leaf_hash", "_leaves_event", "_margins_event", "_number", "_reference_events",
    "_rounded", "_same_bits", "_steps", "_DataError", "_score", "_Trees", "_Shape", "_Asked", "_Tests", "_Single", "_Masks", "_Walk", "_float32s_at", "_roots", "_grown", "_column_functions", "_columns", "_CHUNK", "_FEWEST_ROWS",
  ])

  /// Python's words, and the built-in names that emitted routines use.
  private static let hiding: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield", "range", "float", "int", "abs", "bool",
  ]
}
