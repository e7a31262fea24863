import CForestKernels
import ForestIR

/// Columns filled, changed and handed on as a whole: the loops in which each number costs a cycle or two.
///
/// Ranges are checked once a column; C functions get pointers to what was checked.
extension RowBlock {
  /// The inputs of events, which stand row by row from `position` on, rounded to a width.
  mutating func take(_ rows: Span<Double>, from position: Int, count: Int, inputCount: Int, _ width: Width) {
    guard count > 0 else { return }
    precondition(count <= stride && inputCount * stride <= cells.count)
    let stride = stride
    rows.extracting(position..<position + count * inputCount).withUnsafeBufferPointer { source in
      cells.withUnsafeMutableBufferPointer { target in
        forest_columns_of_rows(source.baseAddress!, count, inputCount, width == .float32 ? 1 : 0, target.baseAddress!, stride)
      }
    }
  }

  /// The rows of a column from a cell on, in float32, into `room.numbers32`.
  func takeNarrow(_ cell: Int, rows: Int) {
    cells.withUnsafeBufferPointer { forest_narrow($0.extracting(cell..<cell + rows).baseAddress!, rows, room.numbers32) }
  }

  /// Lends out the rows of a column from a cell on, followed by any numbers up to the multiple that kernels read.
  func withColumn(_ cell: Int, rows: Int, padded: Int, _ body: (UnsafePointer<Double>) -> Void) {
    cells.withUnsafeBufferPointer { cells in
      if cell + padded <= cells.count { return body(cells.baseAddress! + cell) }
      room.numbers64.update(from: cells.extracting(cell..<cell + rows).baseAddress!, count: rows)
      body(room.numbers64)
    }
  }

  /// Puts numbers into a column from a cell on.
  mutating func put(_ numbers: UnsafePointer<Double>, into cell: Int, rows: Int) {
    cells.withUnsafeMutableBufferPointer { $0.extracting(cell..<cell + rows).baseAddress!.update(from: numbers, count: rows) }
  }

  mutating func put(_ numbers: UnsafePointer<Float>, into cell: Int, rows: Int) {
    cells.withUnsafeMutableBufferPointer { forest_widen(numbers, rows, $0.extracting(cell..<cell + rows).baseAddress!) }
  }

  @inline(__always)
  mutating func fill(_ column: Int, _ x: Double, rows: Int) {
    let target = firstCell(of: column, rows: rows)
    var cells = cells.mutableSpan
    for row in 0..<rows { cells[unchecked: target &+ row] = x }
  }

  /// A column from another, number by number.
  @inline(__always)
  mutating func map(_ source: Int, to target: Int, _ rows: Int, _ function: (Double) -> Double) {
    let source = firstCell(of: source, rows: rows), target = firstCell(of: target, rows: rows)
    var cells = cells.mutableSpan
    for row in 0..<rows { cells[unchecked: target &+ row] = function(cells[unchecked: source &+ row]) }
  }

  /// A column from two others.
  @inline(__always)
  mutating func combine(_ a: Int, _ b: Int, to target: Int, _ rows: Int, _ function: (Double, Double) -> Double) {
    let a = firstCell(of: a, rows: rows), b = firstCell(of: b, rows: rows), target = firstCell(of: target, rows: rows)
    var cells = cells.mutableSpan
    for row in 0..<rows {
      cells[unchecked: target &+ row] = function(cells[unchecked: a &+ row], cells[unchecked: b &+ row])
    }
  }

  /// The first cell of a column all of whose rows are there.
  @inline(__always)
  private func firstCell(of column: Int, rows: Int) -> Int {
    let cell = column * stride
    precondition(column >= 0 && rows <= stride && cell + stride <= cells.count)
    return cell
  }
}
