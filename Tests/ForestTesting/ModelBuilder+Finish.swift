package import ForestIR

extension ModelBuilder {
  /// Appends a last step; the model's result is that step's.
  package mutating func finish(_ step: ForestIR.Operation) throws(ForestFault) -> Model {
    let result = try add(step)
    return try model(result: result)
  }
}
