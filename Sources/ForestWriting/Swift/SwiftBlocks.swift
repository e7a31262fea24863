import ForestRanking

/// Many events at once: from rows of inputs to rows of outputs, a block of 64 after the other.
struct SwiftBlocks {
  private let program: Program
  private let ranked: RankedProgram

  /// Fewer events are computed one by one.
  static let fewestRows = 16
  /// A block's vectors lie on the stack; with more bytes than this events are computed one by one.
  private static let comfortableBytes = 1 << 17

  /// Nil where blocks would be too large, or there are no ranked trees.
  init?(_ swift: SwiftProgram) {
    guard let ranked = swift.program.ranked else { return nil }
    program = swift.program
    self.ranked = ranked
    let bytes = allRooms.reduce(0) { $0 + $1.count * ($1.type == .float32 ? 4 : 8) }
    // Functions of a C library may be missing; what does without them must still be there.
    guard bytes <= SwiftBlocks.comfortableBytes, !swift.libraryRoutines.contains(ranked.featuresEntry ?? "") else { return nil }
    needsLibrary = swift.libraryRoutines.contains(ranked.outputs.entry)
  }

  private var needsLibrary = false

  /// The rooms that the printed functions need.
  var rooms: [SwiftRoom.Local] { allRooms }

  private var inputs: SwiftRoom.Local { ("events", program.inputType, SwiftRanked.rows * program.inputCount) }
  private var allRooms: [SwiftRoom.Local] { rooms(withFeatures: true) + [inputs] }

  private func rooms(withFeatures: Bool) -> [SwiftRoom.Local] {
    let features: SwiftRoom.Local = ("features", ranked.featureType, SwiftRanked.rows * ranked.featureCount)
    return SwiftRanked(ranked: ranked).rooms + (ranked.featuresEntry == nil ? [] : [features])
      + [("sum", ranked.sumType, ranked.ensemble.start.count)]
  }

  func printFunctions(to printer: inout CodePrinter) {
    let element = SwiftProgram.name(program.inputType), other = program.inputType == .float32 ? "Double" : "Float"
    SwiftRanked(ranked: ranked).printBlock(to: &printer)
    printer.line()
    if needsLibrary { printer.line("#if \(SwiftProgram.hasLibrary)") }
    let parameters = { (type: String) in
      "_ x: UnsafePointer<\(type)>, _ rows: Int, _ stride: Int, _ out: UnsafeMutablePointer<Double>, _ outStride: Int"
    }
    let rooms = rooms(withFeatures: true)
    printer.line("/// The final outputs of up to \(SwiftRanked.rows) events.")
    printer.line("private static func outputs_of_block(")
    printer.line("  \(parameters(element))")
    printer.line(") {")
    printer.indented { printer in
      let room = SwiftRoom(rooms)
      room.open(result: "Void", to: &printer)
      printer.line("outputs_of_block_in_room(")
      printer.line("  x, rows, stride, out, outStride, \(rooms.map(\.name).joined(separator: ", ")))")
      room.close(to: &printer)
    }
    printer.line("}")
    printer.line()
    printer.line("private static func outputs_of_block_in_room(")
    printer.line("  \(parameters(element)),")
    printer.indented { $0.filled(rooms.map { "_ \($0.name): UnsafeMutablePointer<\(SwiftProgram.name($0.type))>" }) }
    printer.line(") {")
    printer.indented { printer in
      let count = ranked.ensemble.start.count
      var (features, stride) = ("x", "stride")
      if let entry = ranked.featuresEntry {
        printer.line("for row in 0..<rows { \(SwiftProgram.function(entry))(x + row * stride, features + row * \(ranked.featureCount)) }")
        (features, stride) = ("features", "\(ranked.featureCount)")
      }
      printer.line("ranked_block(")
      printer.line("  \(features), rows, \(stride), UnsafeMutableRawPointer(ranks), UnsafeMutableRawPointer(leaf), UnsafeMutableRawPointer(reach), sums)")
      printer.line("for row in 0..<rows {")
      printer.line("  for k in 0..<\(count) { sum[k] = sums[k * \(SwiftRanked.rows) + row] }")
      printer.line("  \(SwiftProgram.function(ranked.outputs.entry))(x + row * stride, sum, out + row * outStride)")
      printer.line("}")
    }
    printer.line("}")
    printer.line()
    printer.line("/// The same for inputs in another precision.")
    printer.line("private static func outputs_of_rounded_block(")
    printer.line("  \(parameters(other))")
    printer.line(") {")
    printer.indented { printer in
      let room = SwiftRoom([inputs])
      room.open(result: "Void", to: &printer)
      printer.line("for row in 0..<rows {")
      printer.line("  for i in 0..<inputCount { events[row * inputCount + i] = \(element)(x[row * stride + i]) }")
      printer.line("}")
      printer.line("outputs_of_block(events, rows, inputCount, out, outStride)")
      room.close(to: &printer)
    }
    printer.line("}")
    if needsLibrary { printer.line("#endif") }
  }
}
