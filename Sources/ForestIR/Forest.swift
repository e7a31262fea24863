/// A trained decision forest: what its numbers mean, written down so exactly that everyone computes the same bits.
///
/// The meaning is in `model`, a short list of steps from the inputs to a vector of results; `inputs` and
/// `columns` name the two ends. Nothing in here depends on which program trained the forest; `provenance`
/// remembers it for people.
package struct Forest: Sendable, Equatable {
  /// What a caller hands in, in this order.
  package let inputs: [Input]
  /// How the results are computed.
  package let model: Model
  /// What each element of the model's result is, in order.
  package let columns: [Column]
  package let provenance: Provenance

  /// - Throws: `ForestFault` unless there is one input for each input of the model, at least one column, and one
  ///   column for each element of the model's result, with unique names among those that are printed.
  package init(inputs: [Input], model: Model, columns: [Column], provenance: Provenance) throws(ForestFault) {
    guard inputs.count == model.inputShape.count else {
      throw ForestFault(.shape, "\(inputs.count) inputs are described, the model reads \(model.inputShape.count)")
    }
    guard columns.count == model.resultShape.count, !columns.isEmpty else {
      throw ForestFault(.shape, "\(columns.count) columns are described, the model gives \(model.resultShape.count)")
    }
    guard case .number = model.resultShape.kind else {
      throw ForestFault(.shape, "the model's result must be numbers")
    }
    var seen: Set<String> = []
    for column in columns where column.isPrinted && !seen.insert(column.name).inserted {
      throw ForestFault(.duplicate, "two printed columns are called \"\(column.name)\"")
    }
    guard columns.contains(where: \.isPrinted) else { throw ForestFault(.shape, "no column is printed") }
    self.inputs = inputs
    self.model = model
    self.columns = columns
    self.provenance = provenance
  }

  /// The same forest with other remarks about where it came from.
  package func with(provenance: Provenance) -> Forest {
    Forest(checked: inputs, model: model, columns: columns, provenance: provenance)
  }

  private init(checked inputs: [Input], model: Model, columns: [Column], provenance: Provenance) {
    self.inputs = inputs
    self.model = model
    self.columns = columns
    self.provenance = provenance
  }

  /// The positions in the result of the columns that make up the final output, in order.
  package var printedColumns: [Int] { columns.indices.filter { columns[$0].isPrinted } }
  /// The positions in the result of the raw margins, in order; empty for a forest that has none.
  package var marginColumns: [Int] { columns.indices.filter { columns[$0].role == .margin } }
}
