import ForestIR

/// The program part of an emitted module: reads a table of events, writes a table of scores.
struct PythonDriver {
  let request: EmissionRequest

  func print(to printer: inout CodePrinter) {
    printer.line(
      #"""


      class _DataError(Exception):
          """Something is wrong with the table of events."""


      def main(arguments: Optional[Sequence[str]] = None) -> int:
          """The command: scores the CSV on standard input, or tests the module. Returns the exit code."""
          arguments = sys.argv[1:] if arguments is None else list(arguments)
          with open(1, "w", encoding="utf-8", errors="surrogateescape", newline="", closefd=False) as output:
              if arguments in (["-h"], ["--help"]):
                  output.write((__doc__ or "").strip() + "\n")
                  return 0
              if arguments == ["--selftest"]:
                  failures = self_test()
                  output.write("%d of %d reference events are wrong\n" % (failures, len(list(_reference_events()))))
                  return 1 if failures else 0
              if arguments:
                  sys.stderr.write("error: unknown argument %r\nhint: see --help\n" % arguments[0])
                  return 64
              try:
                  with open(0, "r", encoding="utf-8-sig", errors="surrogateescape", newline="", closefd=False) as lines:
                      _score(lines, output)
              except _DataError as error:
                  sys.stderr.write("standard input:%s\n" % str(error).encode("ascii", "backslashreplace").decode())
                  return 65
          return 0


      def _score(lines: Iterable[str], output: IO[str]) -> None:
          """Reads events, writes their final outputs."""
          import csv

          csv.field_size_limit(0x7FFFFFFF)
          reader = csv.reader(lines, strict=True)
          try:
              header = next(reader, None)
              if header is None:
                  raise _DataError("1: error: there is no header")
              columns = _column_positions(header)
              output.write(",".join(_csv_field(quantity.name) for quantity in OUTPUTS) + "\n")
              for row in reader:
                  if len(row) != len(header):
                      # A line without any text is an empty field where there is one column, else nothing at all.
                      if row:
                          raise _DataError(
                              "%d: error: %d fields under a header of %d" % (reader.line_num, len(row), len(header))
                          )
                      if len(header) > 1:
                          continue
                      row = [""]
                  try:
                      event = [_number(row[column]) for column in columns]
                  except ValueError as error:
                      raise _DataError("%d: error: %s" % (reader.line_num, error)) from None
                  output.write(",".join(map(repr, _evaluate_event(event))) + "\n")
          except csv.Error as error:
              raise _DataError("%d: error: %s" % (reader.line_num, error)) from None


      """#)
    if request.forest.inputs.contains(where: \.isUnnamed) {
      printer.line(
        #"""
        def _column_positions(header: Sequence[str]) -> Sequence[int]:
            """The model names no inputs: columns are taken by position."""
            if len(header) != INPUT_COUNT:
                raise _DataError("1: error: the model reads %d columns, not %d" % (INPUT_COUNT, len(header)))
            return range(INPUT_COUNT)
        """#)
    } else {
      printer.line(
        #"""
        def _column_positions(header: Sequence[str]) -> Sequence[int]:
            """Where the columns of the inputs stand in a table; columns are found by label, in any order."""
            positions: Dict[str, List[int]] = {}
            for position, name in enumerate(header):
                positions.setdefault(name, []).append(position)
            result = []
            for label in _LABELS:
                found = positions.get(label, [])
                if not found:
                    import difflib

                    near = difflib.get_close_matches(label, header, 1, 0.0)
                    hint = "\nhint: the nearest is %r" % near[0] if near else ""
                    raise _DataError("1: error: there is no column %r%s" % (label, hint))
                if len(found) > 1:
                    raise _DataError("1: error: there are %d columns %r" % (len(found), label))
                result.append(found[0])
            return result
        """#)
    }
    printer.line(
      #"""


      def _number(text: str) -> float:
          """The float64 nearest to the written number; an empty field is NaN."""
          if not text:
              return float("nan")
          # float() knows more than tables should hold: 1_000, digits of other scripts.
          if "_" in text or not text.isascii():
              raise ValueError("not a number: %r" % text)
          try:
              return float(text)
          except ValueError:
              raise ValueError("not a number: %r" % text) from None


      def _csv_field(text: str) -> str:
          """Text as a field of a table, in quotes where it needs them."""
          if any(character in text for character in ',"\r\n'):
              return '"' + text.replace('"', '""') + '"'
          return text


      if __name__ == "__main__":
          try:
              sys.exit(main())
          except OSError as error:
              # Mostly a reader of our output that has gone away.
              sys.stderr.write("error: %s\n" % error)
              os._exit(74)
      """#)
  }
}
