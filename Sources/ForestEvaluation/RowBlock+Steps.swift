import ForestIR

extension RowBlock {
  /// One step for the rows 0 ..< `rows`.
  mutating func perform(_ step: FlatStep, of forest: borrowing FlatForest, rows: Int, level: Int) {
    let result = step.result
    switch step.action {
    case .constant(let elements):
      for (element, x) in elements.enumerated() { fill(result.start + element, x, rows: rows) }
    case .convert(let a, let width):
      for element in 0..<result.count { copy(a.start + element, to: result.start + element, rows: rows, width) }
    case .unary(let function, let a, let width):
      map(function, a, width, into: result, rows)
    case .binary(let function, let a, let b, let width):
      combine(function, a, b, width, into: result, rows)

    case .compare(let comparison, let a, let b):
      combine(a, b, into: result, rows) { comparison.holds($0, $1) ? 1 : 0 }
    case .isNaN(let a):
      map(a, into: result, rows) { $0.isNaN ? 1 : 0 }
    case .not(let a):
      map(a, into: result, rows) { 1 - $0 }
    case .and(let a, let b):
      combine(a, b, into: result, rows) { $0 * $1 }
    case .or(let a, let b):
      combine(a, b, into: result, rows) { Swift.max($0, $1) }
    case .any(let a):
      fill(result.start, 0, rows: rows)
      for element in a.start..<a.start + a.count {
        accumulate(element, into: result.start, rows) { Swift.max($0, $1) }
      }
    case .select(let condition, let a, let b):
      select(condition, a, b, into: result, rows)

    case .gather(let sources):
      for (element, source) in sources.enumerated() { copy(source, to: result.start + element, rows: rows) }
    case .reduce(let reduction, let a, let width):
      reduce(reduction, a, width, into: result, rows)

    case .indexOfMaximum(let a):
      findMaximum(a, into: result.start, rows)
    case .lookUp(let tables, let a):
      for (element, table) in tables.enumerated() {
        map(a.start + element, to: result.start + element, rows) { table[$0] ?? .nan }
      }
    case .product(let matrix, let a):
      for i in 0..<matrix.rows {
        fill(result.start + i, 0, rows: rows)
        for j in 0..<matrix.columns {
          let m = matrix.elements.elements[i * matrix.columns + j]
          accumulate(a.start + j, into: result.start + i, rows) { $0 + m * $1 }
        }
      }
    case .curve(let curves, let a):
      for (element, curve) in curves.enumerated() {
        map(a.start + element, to: result.start + element, rows) { curve.value(at: $0) }
      }
    case .inverseCurve(let curves, let a):
      for (element, curve) in curves.enumerated() {
        map(a.start + element, to: result.start + element, rows) { curve.inverse(at: $0) }
      }
    case .medianWindowMean(let a, let weights, let halfWidth):
      medianWindowMeans(a, weights, halfWidth, into: result.start, rows)
    case .weightedMedian(let a, let weights):
      weightedMedians(a, weights, into: result.start, rows)

    case .walkedTrees(let ensemble):
      ask(ensemble, of: forest, into: result, rows: rows, level: level)
    case .rankedTrees(let trees, let firstTree):
      addRanked(trees, firstTree: firstTree, into: result, rows: rows, level: level, fewestRows: forest.fewestRankedRows)
    case .wideTrees(let trees, let firstTree):
      addWide(trees, firstTree: firstTree, into: result, rows: rows, level: level, fewestRows: forest.fewestWideRows)
    case .members(let models):
      var target = result.start
      for model in models {
        run(model, of: forest, rows: rows, level: level)
        guard step.need.isRead else { continue }
        for element in 0..<model.result.count { copy(model.result.start + element, to: target + element, rows: rows) }
        target += model.result.count
      }
    case .choose(let choice):
      choose(choice, of: forest, into: result, rows: rows, level: level, need: step.need)
    }
  }

  @inline(__always)
  private mutating func map(_ a: Columns, into result: Columns, _ rows: Int, _ function: (Double) -> Double) {
    for element in 0..<result.count { map(a.start + element, to: result.start + element, rows, function) }
  }

  @inline(__always)
  private mutating func combine(
    _ a: Columns, _ b: Columns, into result: Columns, _ rows: Int, _ function: (Double, Double) -> Double
  ) {
    for element in 0..<result.count {
      combine(a.column(element), b.column(element), to: result.start + element, rows, function)
    }
  }

  @inline(__always)
  mutating func accumulate(
    _ source: Int, into target: Int, _ rows: Int, _ function: (Double, Double) -> Double
  ) {
    combine(target, source, to: target, rows, function)
  }

  // What is asked of a function, and of the width, is asked once and not of each number.

  private mutating func map(_ function: UnaryFunction, _ a: Columns, _ width: Width, into result: Columns, _ rows: Int) {
    switch (function, width) {
    case (.negate, _): map(a, into: result, rows) { -$0 }
    case (.exponential, .float32):
      let table = SingleExponential.table
      map(a, into: result, rows) { table.value($0) }
    case (.exponential, .float64): map(a, into: result, rows) { CLibrary.exponential($0) }
    default: map(a, into: result, rows) { function.value($0, in: width) }
    }
  }

  private mutating func combine(
    _ function: BinaryFunction, _ a: Columns, _ b: Columns, _ width: Width, into result: Columns, _ rows: Int
  ) {
    switch (function, width) {
    case (.add, .float64): combine(a, b, into: result, rows) { $0 + $1 }
    case (.subtract, .float64): combine(a, b, into: result, rows) { $0 - $1 }
    case (.multiply, .float64): combine(a, b, into: result, rows) { $0 * $1 }
    case (.divide, .float64): combine(a, b, into: result, rows) { $0 / $1 }
    case (.add, .float32): combine(a, b, into: result, rows) { Double(Float($0) + Float($1)) }
    case (.subtract, .float32): combine(a, b, into: result, rows) { Double(Float($0) - Float($1)) }
    case (.multiply, .float32): combine(a, b, into: result, rows) { Double(Float($0) * Float($1)) }
    case (.divide, .float32): combine(a, b, into: result, rows) { Double(Float($0) / Float($1)) }
    default: combine(a, b, into: result, rows) { function.value($0, $1, in: width) }
    }
  }

  private mutating func select(_ condition: Columns, _ a: Columns, _ b: Columns, into result: Columns, _ rows: Int) {
    for element in 0..<result.count {
      let condition = condition.column(element) * stride
      let first = a.column(element) * stride, second = b.column(element) * stride
      let target = (result.start + element) * stride
      for row in 0..<rows {
        cells[target + row] = cells[condition + row] != 0 ? cells[first + row] : cells[second + row]
      }
    }
  }
}
