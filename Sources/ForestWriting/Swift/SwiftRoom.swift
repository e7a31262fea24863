/// Room for the local arrays of a function, on the stack.
///
/// Up to 1,024 bytes the standard library gives temporary memory that is surely on the stack; beyond, it may take it from
/// the heap, so larger arrays are laid over a value made of vectors of 64 numbers and pairs of such.
struct SwiftRoom {
  typealias Local = (name: String, type: ScalarType, count: Int)
  private let arrays: [Local]

  init(_ arrays: [Local]) { self.arrays = arrays }

  private static func isSmall(_ array: Local) -> Bool {
    array.count * (array.type == .float64 ? 8 : array.type == .truth ? 1 : 4) <= 1024
  }

  /// Opens a closure for each array; what follows is their body, up to `close`.
  func open(result: String, to printer: inout CodePrinter) {
    for array in arrays {
      let type = SwiftProgram.name(array.type), name = array.name
      if Self.isSmall(array) {
        printer.line("return withUnsafeTemporaryAllocation(of: \(type).self, capacity: \(max(1, array.count))) {")
        printer.indent()
        printer.line("(\(name)_room: UnsafeMutableBufferPointer<\(type)>) -> \(result) in")
        printer.line("let \(name) = \(name)_room.baseAddress!")
      } else {
        printer.line("var \(name)_room = \(Self.block(type: array.type, count: array.count))")
        printer.line("return withUnsafeMutableBytes(of: &\(name)_room) { (\(name)_bytes: UnsafeMutableRawBufferPointer) -> \(result) in")
        printer.indent()
        let element = array.type == .truth ? "Bool" : type
        printer.line("let \(name) = \(name)_bytes.baseAddress!.bindMemory(to: \(element).self, capacity: \(array.count))")
      }
    }
  }

  func close(to printer: inout CodePrinter) {
    for _ in arrays {
      printer.outdent()
      printer.line("}")
    }
  }

  /// `(Twice(Twice(SIMD64<Double>())), SIMD64<Double>())`: blocks of 64, doubled as the binary digits of their number say.
  private static func block(type: ScalarType, count: Int) -> String {
    // A truth value takes a byte, 0 or 1, as a vector's element does.
    let unit = "SIMD64<\(type == .truth ? "UInt8" : SwiftProgram.name(type))>()"
    let blocks = (count + 63) / 64
    var parts: [String] = []
    for bit in stride(from: Int.bitWidth - 2, through: 0, by: -1) where blocks >> bit & 1 == 1 {
      parts.append(String(repeating: "Twice(", count: bit) + unit + String(repeating: ")", count: bit))
    }
    return parts.count == 1 ? parts[0] : "(" + parts.joined(separator: ", ") + ")"
  }

  /// What the larger rooms are built of.
  static func printSupport(to printer: inout CodePrinter) {
    printer.line("/// Two of a kind, one behind the other: room on the stack for long lists of numbers.")
    printer.line("private struct Twice<Half> {")
    printer.line("  var first: Half, second: Half")
    printer.line("  @inline(__always) init(_ half: Half) {")
    printer.line("    first = half")
    printer.line("    second = half")
    printer.line("  }")
    printer.line("}")
  }

  static func needsSupport(_ arrays: [Local]) -> Bool { arrays.contains { !isSmall($0) } }
}
