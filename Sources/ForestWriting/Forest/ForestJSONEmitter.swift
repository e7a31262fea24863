import ForestIR

/// Writes a forest as what it is: the canonical JSON form of the IR, `NAME.forest.json`.
///
/// Nothing is lost. Read back it is an equal forest, with the same bytes as its canonical form.
package struct ForestJSONEmitter: Emitter {
  package init() {}

  package var target: String { "forest" }

  /// Layout, driver and reference events mean nothing here.
  ///
  /// - Complexity: O(nodes).
  package func emit(_ request: EmissionRequest) throws(EmissionError) -> Emission {
    Emission([EmittedFile(name: request.name + ".forest.json", bytes: request.forest.canonicalJSON)])
  }
}
