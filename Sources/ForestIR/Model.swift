/// Names a vector in a model: 0 is the vector of inputs, i + 1 the result of step i.
package struct Value: Sendable, Hashable {
  package let index: Int
  package init(index: Int) { self.index = index }
  /// The vector that the model reads.
  package static let inputs = Value(index: 0)
}

/// What is known of a vector beforehand.
package struct Shape: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case number(Width)
    case truth
  }
  package let count: Int
  package let kind: Kind
  package init(count: Int, kind: Kind) {
    self.count = count
    self.kind = kind
  }
}

/// A computation from a vector of inputs to a vector of results: a list of steps, each from earlier vectors to a new one.
///
/// Inputs arrive as float64 and are rounded to the width of `inputShape` on entry. Every step is evaluated, in order, but
/// for the branches of a `choose` that are not taken; since no step has an effect beside its result, leaving out steps that
/// the wanted result does not need changes nothing.
///
/// **Trees are numbered** in the order of the steps; a step's own models count in their order, each with all its trees.
///
/// Only `ModelBuilder` makes models, so that a model always fits together.
package struct Model: Sendable, Hashable {
  package let inputShape: Shape
  package let steps: [Operation]
  package let result: Value
  /// The shape of each value: of the inputs, then of each step's result.
  package let shapes: [Shape]
  /// How many trees there are, those of inner models included.
  package let treeCount: Int

  init(inputShape: Shape, steps: [Operation], result: Value, shapes: [Shape], treeCount: Int) {
    self.inputShape = inputShape
    self.steps = steps
    self.result = result
    self.shapes = shapes
    self.treeCount = treeCount
  }

  package func shape(of value: Value) -> Shape { shapes[value.index] }
  package var resultShape: Shape { shapes[result.index] }
  /// The width to which inputs are rounded on entry.
  package var inputWidth: Width {
    if case .number(let width) = inputShape.kind { width } else { .float64 }
  }
}
