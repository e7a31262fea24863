import Decimals
import EventData
import ForestIR

extension Forest {
  /// The same forest behind a step that makes NaN of every input equal to `value`.
  ///
  /// Inputs and value are compared in the width in which the model reads its inputs, so that a stand-in which is no float32
  /// number is found where the model works on float32. Trees keep their numbers.
  func treatingAsMissing(_ value: Double) throws(ForestFault) -> Forest {
    let width = model.inputWidth
    var builder = ModelBuilder(inputCount: inputs.count, width: width)
    let standIn = try builder.add(.constant([width.rounded(value)], width))
    let nan = try builder.add(.constant([.nan], width))
    let isMissing = try builder.add(.compare(.equal, .inputs, standIn))
    let cleaned = try builder.add(.select(isMissing, nan, .inputs))
    let result = try builder.add(.members([model], cleaned))
    let note = Provenance.Note(
      .choice, "inputs equal to \(DecimalText.spelling(value)) are taken as missing (NaN), as asked for")
    return try Forest(
      inputs: inputs, model: builder.model(result: result), columns: columns,
      provenance: Provenance(
        trainer: provenance.trainer, kind: provenance.kind, format: provenance.format, source: provenance.source,
        facts: provenance.facts, notes: provenance.notes + [note]))
  }
}
