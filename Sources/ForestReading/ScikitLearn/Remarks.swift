import ForestIR

/// Where remarks on how a file was read are collected.
final class Remarks {
  private(set) var notes: [Provenance.Note] = []
  /// More remarks than this help nobody.
  private static let mostNotes = 200

  func note(_ kind: Provenance.Note.Kind, _ text: String, place: String = "") {
    guard notes.count < Self.mostNotes else { return }
    let note = Provenance.Note(kind, ReadError.printable(text), place: place)
    if !notes.contains(note) { notes.append(note) }
  }
}
