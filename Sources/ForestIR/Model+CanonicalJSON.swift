extension Model {
  /// `{"inputs": …, "steps": […], "result": VALUE}`; the depth of models within models is bounded by the builder.
  func write(to text: inout JSONText) {
    text.object(.lines) { text in
      text.name("inputs")
      text.object(.line) { text in
        text.name("count")
        text.integer(inputShape.count)
        text.name("width")
        text.string(inputWidth.rawValue)
      }
      text.name("steps")
      text.array(.lines) { text in
        for (index, step) in steps.enumerated() {
          text.next()
          step.write(to: &text, value: Value(index: index + 1))
        }
      }
      text.name("result")
      text.integer(result.index)
    }
  }
}

extension Operation {
  /// One object: the value the step defines, its operation, the values it reads (`of`), and what else it needs.
  fileprivate func write(to text: inout JSONText, value: Value) {
    text.object(isLarge ? .lines : .line) { text in
      text.name("value")
      text.integer(value.index)
      text.name("operation")
      text.string(name)
      if !isChoice {
        text.name("of")
        text.integers(operands.map(\.index))
      }
      writeParameters(to: &text)
    }
  }

  private var isLarge: Bool {
    switch self {
    case .trees, .members, .choose, .product, .curve, .inverseCurve: true
    default: false
    }
  }

  private var isChoice: Bool {
    if case .choose = self { true } else { false }
  }

  private var name: StaticString {
    switch self {
    case .constant: "constant"
    case .convert: "convert"
    case .unary: "unary"
    case .binary: "binary"
    case .compare: "compare"
    case .isNaN: "isNaN"
    case .not: "not"
    case .and: "and"
    case .or: "or"
    case .any: "any"
    case .select: "select"
    case .gather: "gather"
    case .concatenate: "concatenate"
    case .reduce: "reduce"
    case .indexOfMaximum: "indexOfMaximum"
    case .lookUp: "lookUp"
    case .weightedMedian: "weightedMedian"
    case .product: "product"
    case .curve: "curve"
    case .inverseCurve: "inverseCurve"
    case .medianWindowMean: "medianWindowMean"
    case .trees: "trees"
    case .members: "members"
    case .choose: "choose"
    }
  }

  private func writeParameters(to text: inout JSONText) {
    switch self {
    case .constant(let vector, let width):
      text.name("width")
      text.string(width.rawValue)
      text.name("elements")
      text.numbers(vector.elements)
    case .convert(_, let width):
      text.name("to")
      text.string(width.rawValue)
    case .unary(let function, _):
      text.name("function")
      text.string(function.rawValue)
    case .binary(let function, _, _):
      text.name("function")
      text.string(function.rawValue)
    case .compare(let comparison, _, _):
      text.name("comparison")
      text.string(comparison.rawValue)
    case .isNaN, .not, .and, .or, .any, .select, .concatenate, .indexOfMaximum:
      break
    case .gather(_, let positions):
      text.name("positions")
      text.integers(positions)
    case .reduce(let reduction, _, let count):
      text.name("reduction")
      text.string(reduction.rawValue)
      text.name("count")
      text.integer(count)
    case .lookUp(let tables, _):
      text.name("tables")
      text.array(.lines) { text in
        for table in tables {
          text.next()
          text.numbers(table.elements)
        }
      }
    case .weightedMedian(_, let weights):
      text.name("weights")
      text.numbers(weights.elements)
    case .product(let matrix, _):
      text.name("matrix")
      matrix.write(to: &text)
    case .curve(let curves, _), .inverseCurve(let curves, _):
      text.name("curves")
      text.array(.lines) { text in
        for curve in curves {
          text.next()
          curve.write(to: &text)
        }
      }
    case .medianWindowMean(_, let weights, let halfWidth):
      text.name("half_width")
      text.integer(halfWidth)
      text.name("weights")
      text.numbers(weights.elements)
    case .trees(let ensemble, _):
      ensemble.writeMembers(to: &text)
    case .members(let models, _):
      text.name("models")
      text.array(.lines) { text in
        for model in models {
          text.next()
          model.write(to: &text)
        }
      }
    case .choose(let choice):
      choice.writeMembers(to: &text)
    }
  }
}

extension Choice {
  fileprivate func writeMembers(to text: inout JSONText) {
    text.name("ambiguity")
    text.string(ambiguity.rawValue)
    text.name("otherwise")
    text.integer(otherwise.index)
    text.name("branches")
    text.array(.lines) { text in
      for branch in branches {
        text.next()
        text.object(.lines) { text in
          text.name("condition")
          text.integer(branch.condition.index)
          text.name("argument")
          text.integer(branch.argument.index)
          text.name("model")
          branch.model.write(to: &text)
        }
      }
    }
  }
}

extension Matrix {
  /// A list of rows.
  fileprivate func write(to text: inout JSONText) {
    text.array(.lines) { text in
      for row in 0..<rows {
        text.next()
        text.numbers(Array(elements.elements[row * columns..<(row + 1) * columns]))
      }
    }
  }
}

extension HistogramCurve {
  fileprivate func write(to text: inout JSONText) {
    text.object(.lines) { text in
      switch axis {
      case .uniform(let lower, let upper):
        text.name("range")
        text.numbers([lower, upper])
      case .listed(let edges):
        text.name("edges")
        text.numbers(edges.elements)
      }
      text.name("contents")
      text.numbers(contents.elements)
      text.name("fine_bins")
      text.integer(fineBins)
      text.name("floor")
      text.number(floor)
    }
  }
}
