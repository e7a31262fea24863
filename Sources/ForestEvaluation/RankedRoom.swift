import CForestKernels

/// How much room kernels need: the most columns of ranks, sums and features of any ensemble.
struct RankedRoomSize: Sendable {
  private(set) var columns = 0
  private(set) var sums = 0
  private(set) var features = 0
  /// The same for trees that are asked by ranks of 16 bits, column 0 included.
  private(set) var wideColumns = 0
  private(set) var wideSums = 0

  mutating func include(_ ranked: RankedTrees) {
    // A tree without splits ranks nothing, and is asked all the same.
    columns = max(columns, ranked.columns.count, 1)
    sums = max(sums, ranked.start.count)
    features = max(features, ranked.featureCount)
  }

  mutating func include(_ wide: WideTrees) {
    wideColumns = max(wideColumns, wide.columns.count + 1)
    wideSums = max(wideSums, wide.start.count)
    features = max(features, wide.featureCount)
  }
}

/// Storage that kernels read and write, for a block of rows or for one event. It begins at multiples of 64 bytes, as registers do.
struct RankedRoom: ~Copyable {
  let ranks: UnsafeMutablePointer<UInt8>
  let wideRanks: UnsafeMutablePointer<UInt16>
  let sums64: UnsafeMutablePointer<Double>
  let sums32: UnsafeMutablePointer<Float>
  /// A column of a block's numbers, or the features of one event.
  let numbers64: UnsafeMutablePointer<Double>
  let numbers32: UnsafeMutablePointer<Float>
  /// The leaves of one event.
  let leaves: UnsafeMutablePointer<Int32>
  /// The places of the leaves of one event, or of one tree.
  let places: UnsafeMutablePointer<UInt32>

  /// - Parameters:
  ///   - rows: the most that are asked at once by ranks of 16 bits.
  ///   - trees: how many there are, where leaves are wanted.
  init(_ size: RankedRoomSize, rows wideRows: Int, trees: Int) {
    func room<Number: Numeric>(_ count: Int) -> UnsafeMutablePointer<Number> {
      let bytes = max(count, 1) * MemoryLayout<Number>.stride
      let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(to: Number.self, capacity: count)
      start.initialize(repeating: 0, count: count)
      return start
    }
    let rows = size.columns == 0 ? 0 : Int(FOREST_ROWS)
    let wideRows = size.wideColumns == 0 ? 0 : RankedRoom.padded(wideRows)
    ranks = room(size.columns * rows)
    wideRanks = room(size.wideColumns * wideRows)
    let sums = max(size.sums * rows, size.wideSums * wideRows), numbers = max(size.features, rows, wideRows)
    sums64 = room(sums)
    sums32 = room(sums)
    numbers64 = room(numbers)
    numbers32 = room(numbers)
    leaves = room(trees)
    places = room(trees == 0 ? 0 : max(trees, wideRows))
  }

  /// Rows with as many more as a group of wide ranks needs.
  static func padded(_ rows: Int) -> Int { (rows + Int(FOREST_LANES) - 1) / Int(FOREST_LANES) * Int(FOREST_LANES) }

  deinit {
    for storage: UnsafeMutableRawPointer in [
      .init(ranks), .init(wideRanks), .init(sums64), .init(sums32), .init(numbers64), .init(numbers32), .init(leaves), .init(places),
    ] {
      storage.deallocate()
    }
  }
}
