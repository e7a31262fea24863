import ForestIR

/// Writes a forest as one Python module without dependencies, for Python 3.8 and later; the module is a command too.
///
/// Results are those of every other back-end, bit for bit: operations are rounded one at a time, float32 after each
/// operation, and functions are the C library's.
package struct PythonEmitter: Emitter {
  package init() {}

  package var target: String { "python" }

  /// Trees deeper than this cannot be printed as branches: Python refuses more than 99 levels of indentation.
  package static let maximumBranchDepth = 90

  /// Python compiles a thousand splits printed as branches in some 50 ms; small forests run several times as fast as tables.
  package static let traits = TargetTraits(branchSplitLimit: 5000, maximumBranchDepth: maximumBranchDepth)

  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    let plan = try EmissionPlan(forest: request.forest, layout: request.layout, traits: PythonEmitter.traits)
    let program = ProgramLowering.lower(request.forest, plan: plan)
    // Many events at once go through tables.
    let tables = try plan.trees == .tables ? plan : EmissionPlan(forest: request.forest, layout: .tables, traits: PythonEmitter.traits)
    let columns = plan.trees == .tables ? program : ProgramLowering.lower(request.forest, plan: tables)
    return Emission([try file(for: program, columns: columns, request)])
  }

  /// Prints a planned program: `NAME.py`.
  ///
  /// - Parameter columns: the same with trees as tables, for many events at once.
  /// - Throws: `EmissionError` where a tree's branches are nested too deeply for Python, the module would hide one that it
  ///   needs, or reference events do not fit the forest.
  /// - Complexity: O(size of the program).
  func file(for program: Program, columns: Program? = nil, _ request: EmissionRequest) throws(EmissionError) -> EmittedFile {
    guard !PythonEmitter.neededModules.contains(request.name) else {
      throw EmissionError(
        "a module called \(request.name) would hide the one of Python's own library",
        hint: "choose another name with --name")
    }
    for routine in program.routines {
      if case .tree(let code) = routine.body, code.tree.depth > PythonEmitter.maximumBranchDepth {
        throw EmissionError(
          "a tree is \(code.tree.depth) splits deep; Python takes nested conditions up to \(PythonEmitter.maximumBranchDepth)",
          hint: "use --layout tables (or auto)")
      }
    }
    let identifiers = PythonIdentifiers(request.forest)
    let names = PythonNames(program)

    // What is computed comes first: it says which helpers are needed.
    var tables = CodePrinter(indentation: 4)
    var tablePrinter = PythonTables()
    for table in program.tables { tablePrinter.print(table, as: names.global(table.name), to: &tables) }
    var routines = CodePrinter(indentation: 4)
    var routinePrinter = PythonRoutines(program)
    let walk = PythonWalk(request.forest)
    var isGrown = false
    for routine in program.routines {
      if let walk, PythonWalk.replaces(routine) {
        walk.print(routine, names: names, isFirst: !isGrown, to: &routines)
        isGrown = true
      } else {
        routinePrinter.print(routine, to: &routines)
      }
    }
    var readers = tablePrinter.readers
    var neededHelpers = routinePrinter.expressions.helpers
    var columnPrinter = CodePrinter(indentation: 4)
    var columnFunctions = columns.flatMap { PythonColumnFunctions(forest: request.forest, program: $0, scalar: program) }
    if let found = columnFunctions?.print(to: &columnPrinter) {
      readers.formUnion(found)
      neededHelpers.formUnion(columnFunctions!.helpers)
    }
    let helpers = PythonRuntime.closure(of: neededHelpers.union(readers))

    var head = CodePrinter(indentation: 4)
    PythonBanner(request: request, program: program, identifiers: identifiers).print(to: &head)
    head.line()
    head.line("import collections.abc")
    let ownModules = ["os", "struct", "sys"] + (columnFunctions == nil ? [] : ["functools"])
    for module in Set(helpers.flatMap(\.modules)).union(ownModules).sorted() { head.line("import \(module)") }
    if program.inputType == .float32 || readers.contains("_float32s") { head.line("from array import array") }
    head.line("from typing import (")
    head.line("    IO, Any, Callable, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union,")
    head.line(")")
    head.line()
    let interface = PythonInterface(request: request, program: program, identifiers: identifiers, names: names, hasColumns: columnFunctions != nil)
    interface.printConstants(to: &head)
    interface.printFunctions(to: &head)

    head.line()
    head.line()
    head.line("# How it is computed: arithmetic that rounds as the trainer's program does, constants, functions.")
    for helper in helpers {
      head.line()
      if helper.code.contains("def ") { head.line() }
      head.line(helper.code)
    }
    for reader in PythonEmitter.readers where readers.contains(reader.name) {
      head.line()
      head.line()
      head.line(reader.code)
    }
    if !program.tables.isEmpty { head.line() }
    var tail = CodePrinter(indentation: 4)
    try PythonSelfTest(request: request, program: program).print(to: &tail)
    PythonDriver(request: request).print(to: &tail)
    return EmittedFile(name: request.name + ".py", bytes: head.bytes + tables.bytes + routines.bytes + columnPrinter.bytes + tail.bytes)
  }

  /// The functions that read tables from text.
  private static let readers: [(name: String, code: String)] = [
    (
      "_integers",
      #"""
      def _integers(text):
          """Whole numbers written in a text."""
          return tuple(map(int, text.split()))
      """#
    ),
    (
      "_floats",
      #"""
      def _floats(text):
          """Numbers written in a text."""
          return tuple(map(float, text.split()))
      """#
    ),
    (
      "_float32s",
      #"""
      def _float32s(text):
          """Numbers written in a text, each rounded to float32."""
          return tuple(array("f", map(float, text.split())))
      """#
    ),
  ]

  /// The modules that an emitted module imports, and those that they import: run as a command, a module of the same name
  /// would take their place.
  private static let neededModules: Set<String> = [
    "abc", "argparse", "array", "ast", "builtins", "codecs", "collections", "contextlib", "copy", "copyreg", "csv", "difflib",
    "encodings", "enum", "functools", "genericpath", "heapq", "importlib", "inspect", "io", "itertools", "keyword", "linecache",
    "math", "ntpath", "numpy", "operator", "os", "posix", "posixpath", "re", "reprlib", "site", "sre_compile", "sre_constants",
    "sre_parse", "stat", "string", "struct", "sys", "time", "token", "tokenize", "types", "typing", "warnings", "weakref",
  ]
}
