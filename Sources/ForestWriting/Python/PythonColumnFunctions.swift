import ForestIR

/// The part of an emitted module that scores NumPy arrays.
struct PythonColumnFunctions {
  let forest: Forest
  /// Lowered with trees as tables.
  let program: Program
  let names: PythonColumnNames
  /// Tables that the module has anyway.
  let shared: Set<String>
  /// The helper functions that this part needs.
  private(set) var helpers: Set<String> = []

  /// Nil where the program has no such form.
  ///
  /// - Parameter scalar: the program that the module runs for single events.
  init?(forest: Forest, program: Program, scalar: Program) {
    let variation = PythonVariation(program)
    guard variation.isComplete else { return nil }
    let routines = Dictionary(uniqueKeysWithValues: scalar.routines.map { ($0.name, $0) })
    let arrays = PythonArrays(scalar)
    for name in variation.eventByEvent {
      guard let routine = routines[name], !routine.parameters.indices.contains(where: { arrays.isShifted(name, $0) }) else { return nil }
    }
    self.forest = forest
    self.program = program
    let tables = Dictionary(uniqueKeysWithValues: scalar.tables.map { ($0.name, $0.numbers) })
    shared = Set(program.tables.filter { tables[$0.name]?.hasSameBits(as: $0.numbers) ?? false }.map(\.name))
    names = PythonColumnNames(program, scalar: PythonNames(scalar), shared: shared)
  }

  /// - Returns: the functions that read tables from text, as far as they are needed.
  mutating func print(to printer: inout CodePrinter) -> Set<String> {
    var columns = PythonColumns(program, names: names)
    var routines = CodePrinter(indentation: 4)
    routines.indent()
    for routine in program.routines { columns.print(routine, to: &routines) }
    helpers = columns.expressions.scalar.helpers

    let treeTables = Set(program.tables.map(\.name)).intersection(PythonColumnFunctions.treeTables)
    let hasTrees = treeTables.contains("first_leaf")
    var tables = CodePrinter(indentation: 4)
    tables.indent()
    var tablePrinter = PythonTables()
    for table in program.tables where !shared.contains(table.name) { tablePrinter.print(table, as: names.tables[table.name]!, to: &tables) }
    let read = columns.expressions.columnTables.union(hasTrees ? treeTables : [])
    if hasTrees {
      for code in [PythonColumnTrees.code, PythonColumnTests.code, PythonColumnMasks.code, PythonColumnWalk.code] {
        printer.line("\n\n" + code)
      }
    }
    printer.line(
      #"""


      @functools.lru_cache(maxsize=None)
      def _column_functions() -> Dict[str, Callable[[int, Any, List[Any]], None]]:
          """The same computation for many events at once, each number being a column of an array."""
          import numpy
      """#)
    printer.verbatim(tables.bytes)
    printer.indented { printer in
      if !read.isEmpty { printer.line() }
      for table in program.tables where read.contains(table.name) {
        let type = PythonColumnExpressions.type(table.numbers.type)
        printer.line("\(names.column(ofTable: table.name)) = numpy.array(\(names.tables[table.name]!), \(type))")
      }
      if hasTrees { printTrees(treeTables, to: &printer) }
      printer.line(
        #"""

        def \#(names.each)(quick, careful, *columns):
            """What a function of Python's own gives, row by row."""
            lists = [column.tolist() for column in columns]
            try:
                return numpy.fromiter(map(quick, *lists), "f8", len(lists[0]))
            except (OverflowError, ValueError):
                return numpy.fromiter(map(careful, *lists), "f8", len(lists[0]))

        def \#(names.picked)(columns, place):
            """From each row the number in the column at its place."""
            columns = numpy.asarray(columns)
            return columns[numpy.clip(place, 0, len(columns) - 1), numpy.arange(columns.shape[1])]

        def \#(names.eventByEvent)(function, *arguments):
            """What a function for single events gives."""
            lists = [numpy.stack(a, axis=-1).tolist() if isinstance(a, list) or a.ndim == 2 else a.tolist() for a in arguments]
            return numpy.array(list(map(function, *lists)))

        def \#(names.among)(mask, function, x, out=None):
            """Calls a function for some of the rows."""
            chosen = numpy.flatnonzero(mask)
            part = [column[chosen] for column in x]
            if out is None:
                values = function(chosen.size, part)
                whole = numpy.zeros(mask.size, values.dtype)
                whole[chosen] = values
                return whole
            values = [column[chosen] for column in out]
            function(chosen.size, part, values)
            for place, column in enumerate(values):
                out[place] = out[place].copy()
                out[place][chosen] = column
        """#)
    }
    printer.verbatim(routines.bytes)
    printer.indented { printer in
      printer.line()
      printer.line("return {")
      printer.line("    \"outputs\": \(names.column(ofRoutine: program.outputsEntry)),")
      if let margins = program.marginsEntry { printer.line("    \"margins\": \(names.column(ofRoutine: margins)),") }
      printer.line("    \"leaves\": \(names.column(ofRoutine: program.leavesEntry)),")
      printer.line("}")
    }
    return tablePrinter.readers
  }

  /// What the walk over trees reads.
  private static let treeTables: Set<String> = [
    "first_leaf", "feature", "threshold", "left_child", "right_child", "rule", "set_place", "set_member",
  ]

  private func printTrees(_ tables: Set<String>, to printer: inout CodePrinter) {
    var starts: [Int] = [], count = 0
    for ensemble in forest.model.ensembles {
      starts.append(count)
      count += ensemble.trees.count
    }
    let splits = forest.model.ensembles.lazy.flatMap(\.trees).flatMap(\.splits)
    let rule = splits.first.map { TreeRule.code($0) } ?? 0
    func table(_ name: String, _ type: String = "i8") -> String {
      tables.contains(name) ? names.column(ofTable: name) : "numpy.zeros(0, \"\(type)\")"
    }
    printer.line("trees = _Trees(")
    printer.indented { printer in
      printer.line("numpy,")
      printer.line("(")
      printer.indented { $0.filled(starts.map(String.init)) }
      printer.line(starts.count == 1 ? ",)," : "),")
      let arguments = [
        table("first_leaf"), table("feature"), table("threshold", "f8"), table("left_child"), table("right_child"),
        tables.contains("rule") ? names.column(ofTable: "rule") : String(rule), table("set_place"), table("set_member"),
      ]
      for argument in arguments { printer.line(argument + ",") }
    }
    printer.line(")")
  }
}

extension Program.Table.Numbers {
  func hasSameBits(as other: Self) -> Bool {
    switch (self, other) {
    case (.float32(let a), .float32(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.float64(let a), .float64(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.integers(let a, _), .integers(let b, _)): a == b
    default: false
    }
  }
}
