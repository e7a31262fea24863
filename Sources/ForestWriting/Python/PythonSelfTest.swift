import ForestIR

/// The self-test of an emitted module: reference events, and the function that checks them.
struct PythonSelfTest {
  let request: EmissionRequest
  let program: Program

  func print(to printer: inout CodePrinter) throws(EmissionError) {
    let hasMargins = program.marginsEntry != nil
    printer.line()
    printer.line()
    printer.line("# Reference events for self_test(): \(SafeText.comment(request.referenceEvents.origin)).")
    let raw = hasMargins ? " the raw margins," : ""
    printer.line("# Each holds the inputs, the final outputs,\(raw) and a hash of the leaf numbers (see _leaf_hash).")
    printer.line("# Numbers are the shortest decimals that read back to the same float64.")
    printer.line("_REFERENCE_EVENTS = \"\"\"")
    for event in request.referenceEvents.events {
      guard event.inputs.count == program.inputCount, event.outputs.count == program.outputCount,
        !hasMargins || event.margins.count == program.marginCount, event.leaves.count == program.treeCount
      else {
        throw EmissionError(
          "a reference event does not have the shape of the forest", hint: "this is a fault of the program, not of the model")
      }
      let numbers = event.inputs + event.outputs + (hasMargins ? event.margins : [])
      printer.filled(numbers.map(\.description) + [PythonSelfTest.leafHash(event.leaves)], separator: " ")
    }
    printer.line("\"\"\"")
    printer.line(
      #"""


      def self_test() -> int:
          """How many stored reference events do not come out as they should: 0 if all is well.

          Leaves and raw margins must agree to the last bit. Final outputs may differ by 4 units in the last place of
          the trainer's precision, since exp and its like differ from one C library to another.
          """
          failures = 0
          for inputs, outputs, reference_margins, leaf_hash in _reference_events():
              is_right = _leaf_hash(leaves(inputs)) == leaf_hash
      """#)
    if hasMargins {
      printer.line("        is_right = is_right and all(map(_same_bits, margins(inputs), reference_margins))")
    }
    printer.line(
      #"""
              is_right = is_right and all(
                  _is_close(value, reference, quantity.precision)
                  for value, reference, quantity in zip(evaluate(inputs), outputs, OUTPUTS)
              )
              failures += not is_right
          return failures


      def _reference_events() -> Iterator[Tuple[List[float], List[float], List[float], int]]:
          words = _REFERENCE_EVENTS.split()
          size = INPUT_COUNT + OUTPUT_COUNT + MARGIN_COUNT + 1
          for start in range(0, len(words), size):
              numbers = list(map(float, words[start : start + size - 1]))
              outputs_end = INPUT_COUNT + OUTPUT_COUNT
              yield (
                  numbers[:INPUT_COUNT],
                  numbers[INPUT_COUNT:outputs_end],
                  numbers[outputs_end:],
                  int(words[start + size - 1], 16),
              )


      def _leaf_hash(numbers: Sequence[int]) -> int:
          """FNV-1a with 64 bits, over the leaf numbers as 32-bit words."""
          value = 0xCBF29CE484222325
          for number in numbers:
              value = (value ^ (number & 0xFFFFFFFF)) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
          return value


      def _same_bits(a: float, b: float) -> bool:
          """Whether two numbers have the same bits; NaN equals NaN."""
          return a != a and b != b or struct.pack("<d", a) == struct.pack("<d", b)


      def _is_close(a: float, b: float, precision: str) -> bool:
          """Whether two numbers are at most 4 units in the last place apart; NaN equals NaN."""
          if a != a or b != b:
              return a != a and b != b
          return abs(_steps(a, precision) - _steps(b, precision)) <= 4


      def _steps(value: float, precision: str) -> int:
          """How many numbers of the precision lie between 0 and value, with its sign."""
          if precision == "float32":
              bits = struct.unpack("i", struct.pack("f", value))[0]
              return bits if bits >= 0 else -(bits & 0x7FFFFFFF)
          bits = struct.unpack("<q", struct.pack("<d", value))[0]
          return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)
      """#)
  }

  /// FNV-1a with 64 bits, a 32-bit word a time, in hexadecimal.
  static func leafHash(_ leaves: [Int32]) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for leaf in leaves { value = (value ^ UInt64(UInt32(bitPattern: leaf))) &* 0x100_0000_01B3 }
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
