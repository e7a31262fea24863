import ForestIR

/// The public part of an emitted module: constants about the model, named tuples, and the functions to call.
struct PythonInterface {
  let request: EmissionRequest
  let program: Program
  let identifiers: PythonIdentifiers
  let names: PythonNames
  /// Whether the module has a way to score many events at once.
  let hasColumns: Bool

  /// What `from module import *` gives.
  var publicNames: [String] {
    ["INPUTS", "OUTPUTS", "MARGINS", "INPUT_COUNT", "OUTPUT_COUNT", "MARGIN_COUNT", "TREE_COUNT", "INPUT_PRECISION", "PROVENANCE"]
      + ["Input", "Output", "Inputs", "Outputs", "evaluate"] + (program.marginsEntry == nil ? [] : ["margins"])
      + ["leaves", "self_test"]
  }

  /// Rows as columns; whatever is no float32 is a float64 first, as for single events.
  private var columnInputs: String {
    guard program.inputType == .float32 else { return "numpy.ascontiguousarray(rows.T, \"f8\")" }
    return "numpy.array(rows.T, \"f4\" if rows.dtype == \"f4\" else \"f8\", order=\"C\").astype(\"f4\", copy=False)"
  }

  private static let columnConstants = """
    # From so many events on, arrays are scored column by column, this many events at a time.
    _FEWEST_ROWS = 64
    _CHUNK = 16384
    """

  func printFunctions(to printer: inout CodePrinter) {
    printClass(
      "Inputs", "One event: the numbers that the model reads, by name.",
      request.forest.inputs.indices.map { index in
        let input = request.forest.inputs[index]
        return (identifiers.inputs[index], input.label + (input.unit.isEmpty ? "" : " [\(input.unit)]"))
      }, to: &printer)
    printClass(
      "Outputs", "What the model makes of one event, by name.",
      request.forest.printedColumns.enumerated().map { (identifiers.outputs[$0.offset], request.forest.columns[$0.element].meaning) },
      to: &printer)
    printer.line(
      #"""


      # One event: Inputs, any other sequence of numbers in the order of INPUTS, or numbers by label.
      Event = Union[Inputs, Sequence[float], Mapping[str, float]]


      def evaluate(values: Any) -> Any:
          """The final outputs.

          For one event (Inputs, a sequence of numbers in the order of INPUTS, or a mapping from labels to numbers):
          Outputs. For a sequence of events: a list of Outputs. For a two-dimensional NumPy array (rows of events): an
          array of float64 (rows of outputs). A missing value is NaN. A wrong number of inputs raises ValueError.
          """
          return _apply(_evaluate_event, "outputs", values, OUTPUT_COUNT, "float64")

      """#)
    if program.marginsEntry != nil {
      printer.line(
        #"""

        def margins(values: Any) -> Any:
            """The raw margins: sums over the trees, before any response function; the same bits on every machine.

            For one event a tuple of float, else as evaluate().
            """
            return _apply(_margins_event, "margins", values, MARGIN_COUNT, "float64")

        """#)
    }
    printer.line(
      #"""

      def leaves(values: Any) -> Any:
          """The number of the leaf that each tree reaches, -1 for trees that were not asked.

          For one event a tuple of int, else as evaluate(), with arrays of int32.
          """
          return _apply(_leaves_event, "leaves", values, TREE_COUNT, "int32")


      def _apply(function: Callable[[Any], Any], kind: str, values: Any, width: int, dtype: str) -> Any:
          """Calls a function for the one event or for each of the events that values hold."""
          numpy = sys.modules.get("numpy")
          if numpy is not None and isinstance(values, numpy.ndarray):
              if values.ndim == 1:
                  return function(values.tolist())
              if values.ndim != 2 or values.shape[1] != INPUT_COUNT:
                  raise ValueError("expected rows of %d inputs, not an array of shape %s" % (INPUT_COUNT, values.shape))
              result = numpy.empty((values.shape[0], width), dtype=dtype)
      """#)
    if hasColumns {
      printer.line(
        """
                if len(values) >= _FEWEST_ROWS and values.dtype.kind in "fiub":
                    compute = _column_functions()[kind]
                    for start in range(0, len(values), _CHUNK):
                        rows = values[start : start + _CHUNK]
                        with numpy.errstate(all="ignore"):
                            x = \(columnInputs)
                            columns = [numpy.full(len(rows), -1, dtype)] * width
                            compute(len(rows), x, columns)
                        for index, column in enumerate(columns):
                            result[start : start + _CHUNK, index] = column
                    return result
        """)
    }
    printer.line(
      #"""
              for index, row in enumerate(values):
                  result[index] = function(row.tolist())
              return result
          if isinstance(values, collections.abc.Mapping):
              return function(values)
          if isinstance(values, (str, bytes)):
              raise TypeError("expected numbers, not text")
          if not isinstance(values, collections.abc.Sequence):
              values = list(values)
          if not values:
              return []
          if hasattr(values[0], "__len__"):
              return [function(event) for event in values]
          return function(values)


      def _rounded(event: Any) -> List[float]:
          """The numbers of one event in order, rounded to the precision of the model's inputs."""
          if isinstance(event, collections.abc.Mapping):
              missing = [label for label in _LABELS if label not in event]
              if missing:
                  raise ValueError("no value for %s" % ", ".join(map(repr, missing)))
              event = [event[label] for label in _LABELS]
          elif isinstance(event, (str, bytes)):
              raise TypeError("expected numbers, not text")
          elif len(event) != INPUT_COUNT:
              raise ValueError("the model reads %d inputs, not %d" % (INPUT_COUNT, len(event)))
      """#)
    printer.line(
      program.inputType == .float32 ? "    return array(\"f\", map(float, event)).tolist()" : "    return list(map(float, event))")
    printer.line(
      """


      _LABELS = tuple(quantity.label for quantity in INPUTS)
      \(hasColumns ? PythonInterface.columnConstants : "")


      def _evaluate_event(event: Event) -> Outputs:
          out = [0.0] * OUTPUT_COUNT
          \(entryCall(program.outputsEntry, "out"))
          return Outputs._make(out)
      """)
    if let marginsEntry = program.marginsEntry {
      printer.line(
        """


        def _margins_event(event: Event) -> Tuple[float, ...]:
            out = [0.0] * MARGIN_COUNT
            \(entryCall(marginsEntry, "out"))
            return tuple(out)
        """)
    }
    printer.line(
      """


      def _leaves_event(event: Event) -> Tuple[int, ...]:
          leaf = [-1] * TREE_COUNT
          \(entryCall(program.leavesEntry, "leaf"))
          return tuple(leaf)
      """)
  }

  /// A call of an entry point; entry points that other routines call with parts of arrays begin at 0 here.
  private func entryCall(_ name: String, _ result: String) -> String {
    let arrays = PythonArrays(program)
    let parts = ["_rounded(event)"] + (arrays.isShifted(name, 0) ? ["0"] : []) + [result] + (arrays.isShifted(name, 1) ? ["0"] : [])
    return "\(names.global(name))(\(parts.joined(separator: ", ")))"
  }

  private func printClass(
    _ name: String, _ summary: String, _ fields: [(name: String, remark: String)], to printer: inout CodePrinter
  ) {
    printer.line()
    printer.line()
    printer.line("class \(name)(NamedTuple):")
    printer.indented { printer in
      printer.line("\"\"\"\(summary)\"\"\"")
      printer.line()
      for field in fields {
        let remark = SafeText.lines(field.remark, width: 110 - 11 - field.name.count).first ?? ""
        printer.line("\(field.name): float" + (remark.isEmpty || remark == field.name ? "" : "  # \(remark)"))
      }
    }
  }
}
