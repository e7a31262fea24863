import CForestKernels

/// How much room kernels need: the most columns of ranks, sums and features of any ensemble.
struct RankedRoomSize: Sendable {
  private(set) var columns = 0
  private(set) var sums = 0
  private(set) var features = 0

  mutating func include(_ ranked: RankedTrees) {
    // A tree without splits ranks nothing, and is asked all the same.
    columns = max(columns, ranked.columns.count, 1)
    sums = max(sums, ranked.start.count)
    features = max(features, ranked.featureCount)
  }
}

/// Storage that kernels read and write, for a block of rows or for one event. It begins at multiples of 64 bytes, as registers do.
struct RankedRoom: ~Copyable {
  let ranks: UnsafeMutablePointer<UInt8>
  let sums64: UnsafeMutablePointer<Double>
  let sums32: UnsafeMutablePointer<Float>
  /// A column of a block's numbers, or the features of one event.
  let numbers64: UnsafeMutablePointer<Double>
  let numbers32: UnsafeMutablePointer<Float>
  /// The leaves of one event.
  let leaves: UnsafeMutablePointer<Int32>

  /// - Parameter trees: how many there are, where leaves are wanted.
  init(_ size: RankedRoomSize, trees: Int) {
    func room<Number: Numeric>(_ count: Int) -> UnsafeMutablePointer<Number> {
      let bytes = max(count, 1) * MemoryLayout<Number>.stride
      let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(to: Number.self, capacity: count)
      start.initialize(repeating: 0, count: count)
      return start
    }
    let rows = Int(FOREST_ROWS)
    ranks = room(size.columns * rows)
    sums64 = room(size.sums * rows)
    sums32 = room(size.sums * rows)
    let numbers = size.columns == 0 ? 0 : max(size.features, rows)
    numbers64 = room(numbers)
    numbers32 = room(numbers)
    leaves = room(trees)
  }

  deinit {
    for storage: UnsafeMutableRawPointer in [.init(ranks), .init(sums64), .init(sums32), .init(numbers64), .init(numbers32), .init(leaves)] {
      storage.deallocate()
    }
  }
}
